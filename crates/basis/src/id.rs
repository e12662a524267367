use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, marker::PhantomData, str::FromStr};
use uuid::Uuid;

use crate::{Chance, Moment};

/// A thing that has ids of its own; `NAME` is what the journal and the API call it.
pub trait Kind: 'static {
    const NAME: &'static str;
}

/// An id that cannot be mistaken for another kind's: `Id<Call>` is not `Id<Offer>`. UUIDv7, so it sorts by birth.
pub struct Id<T>(Uuid, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// A fresh id: the moment first, chance after it (RFC 9562 section 5.7).
    pub fn fresh(now: Moment, chance: &dyn Chance) -> Self {
        let mut random = [0u8; 10];
        chance.fill(&mut random);
        let millis = now.as_millisecond().max(0) as u64;
        Self(
            uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid(),
            PhantomData,
        )
    }
    /// An id that is always the same for the same name: reference data keeps its addresses over every fresh start.
    pub fn named(name: &str) -> Self {
        // FNV-1a twice, with two bases, is plenty for a few hundred fixed names that no stranger chooses.
        let mix = |seed: u64| {
            name.bytes()
                .fold(seed, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3))
        };
        let (a, b) = (mix(0xcbf2_9ce4_8422_2325), mix(0x6c62_272e_07bb_0142));
        let mut bytes = [0u8; 16];
        bytes[..8].copy_from_slice(&a.to_be_bytes());
        bytes[8..].copy_from_slice(&b.to_be_bytes());
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid(), PhantomData)
    }
    pub fn uuid(&self) -> Uuid {
        self.0
    }
    pub fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<T> FromStr for Id<T> {
    type Err = uuid::Error;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Uuid::try_parse(s).map(Self::from_uuid)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let s = std::borrow::Cow::<str>::deserialize(d)?;
        s.parse().map_err(serde::de::Error::custom)
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident => $name:literal, $id:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $kind {}
        impl Kind for $kind { const NAME: &'static str = $name; }
        pub type $id = Id<$kind>;
    )*};
}

// Ids of all rooms live here, so that one room can hold another's id without knowing the room.
kinds! {
    /// A person who can sign in.
    Account => "account", AccountId;
    /// A signed-in browser.
    Session => "session", SessionId;
    /// Who may act for which body, what for, until when, by which letter.
    Mandate => "mandate", MandateId;
    /// A scoped, expiring key to the API.
    Token => "token", TokenId;
    /// Anything one can act for: an office, a department, an organisation.
    Body => "body", BodyId;
    /// A local government of any level, ours or a partner's (decision 9.1: never a city point).
    Government => "government", GovernmentId;
    /// A tie between two local governments.
    Relation => "relation", RelationId;
    Agreement => "agreement", AgreementId;
    /// A pair of institutions working together under a relation.
    Link => "link", LinkId;
    FactRow => "fact", FactId;
    PolicyLine => "policy-line", PolicyLineId;
    PlanItem => "plan-item", PlanItemId;
    Call => "call", CallId;
    Need => "need", NeedId;
    Offer => "offer", OfferId;
    Allocation => "allocation", AllocationId;
    Award => "award", AwardId;
    Undertaking => "undertaking", UndertakingId;
    Milestone => "milestone", MilestoneId;
    Deliverable => "deliverable", DeliverableId;
    Instalment => "instalment", InstalmentId;
    Aim => "aim", AimId;
    Evaluation => "evaluation", EvaluationId;
    Attachment => "attachment", AttachmentId;
    Job => "job", JobId;
    Letter => "letter", LetterId;
    Import => "import", ImportId;
}

#[cfg(test)]
mod tests {
    use super::*;
    struct Zero;
    impl Chance for Zero {
        fn fill(&self, b: &mut [u8]) {
            b.fill(7);
        }
    }
    #[test]
    fn ids_sort_by_birth_and_round_trip() {
        let a: CallId = Id::fresh(Moment::from_millisecond(1_000).unwrap(), &Zero);
        let b: CallId = Id::fresh(Moment::from_millisecond(2_000).unwrap(), &Zero);
        assert!(a < b);
        assert_eq!(a.to_string().parse::<CallId>().unwrap(), a);
        assert_eq!(a.uuid().get_version_num(), 7);
        assert_eq!(
            serde_json::from_str::<CallId>(&serde_json::to_string(&b).unwrap()).unwrap(),
            b
        );
    }
    #[test]
    fn named_ids_stay_and_differ() {
        assert_eq!(RelationId::named("CQP001"), RelationId::named("CQP001"));
        assert_ne!(RelationId::named("CQP001"), RelationId::named("CQP002"));
    }
}
