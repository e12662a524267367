//! What other rooms and readers see of the register.

use basis::{
    AccountId, AgreementId, BodyId, Confidence, Field, GovernmentId, Id, LinkId, Moment, Point, RelationId, Text, code,
};
use serde::Serialize;

use crate::{GovCard, RelationKind, RelationStatus, SignedDate};

/// One relation, as a row of the register.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RelationCard {
    pub id: RelationId,
    pub own: GovCard,
    pub partner: GovCard,
    pub kind: RelationKind,
    pub status: RelationStatus,
    /// Set while it applies for a closer stage; see [`crate::Relation::upgrade_from`].
    pub upgrade_from: Option<RelationStatus>,
    pub signed: Option<SignedDate>,
    /// Sources contradict each other about it.
    pub disputed: bool,
    pub confidence: Confidence,
    pub source: String,
    pub reference: String,
    pub illustrative: bool,
}
impl RelationCard {
    /// Whether everybody may see it: something was signed, and somebody says so.
    pub fn is_open(&self) -> bool {
        self.standing().is_open() && !self.source.is_empty()
    }
    /// Where it stands in the open, whatever it applies for.
    pub fn standing(&self) -> RelationStatus {
        self.status.standing(self.upgrade_from)
    }
    /// Something lives or can live; an application for more ends nothing.
    pub fn is_living(&self) -> bool {
        self.standing().is_living()
    }
}

/// Two institutions that work together under a relation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LinkCard {
    pub id: LinkId,
    pub relation: RelationId,
    pub field: Field,
    pub own_name: Text,
    pub partner_name: Text,
    pub what: Text,
    /// As the source says it: "2012", "2011-2013".
    pub since: Option<String>,
    pub source: String,
    pub own_body: Option<BodyId>,
    pub partner_body: Option<BodyId>,
    pub made_at: Moment,
    pub illustrative: bool,
}
impl LinkCard {
    pub fn year(&self) -> Option<i16> {
        self.since.as_deref().and_then(crate::signed::year_in)
    }
}

/// What was signed under a relation, and at which occasion (R21).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AgreementCard {
    pub id: AgreementId,
    pub relation: RelationId,
    pub title: Text,
    pub signed: Option<SignedDate>,
    pub occasion: Option<String>,
    pub source: String,
    pub made_at: Moment,
    pub illustrative: bool,
}

/// A hospital, library, museum or school where a government is (R75: kinds are open-ended).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InstitutionCard {
    pub id: Id<InstitutionCard>,
    pub government: GovernmentId,
    pub field: Field,
    pub kind: String,
    pub name: Text,
    pub detail: Option<String>,
    pub point: Option<Point>,
    pub source: String,
    pub illustrative: bool,
}

/// Something that happened, with where accounts of it differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventRecord {
    pub id: Id<EventRecord>,
    pub day: String,
    pub title: Text,
    pub relation: Option<RelationId>,
    pub corroboration: Option<String>,
    pub discrepancy: Option<String>,
    pub source: Option<String>,
}

store::row! {
    /// A published count, of some scope on some day.
    #[derive(PartialEq, Serialize)]
    pub struct CountRow {
        pub day: String,
        pub scope: String,
        pub sister_pairs: i64,
        pub municipal: Option<i64>,
        pub district: Option<i64>,
        pub friendly_exchange: Option<i64>,
        pub countries: Option<i64>,
        pub source: String,
    }
}

code! {
    /// Whose officer speaks.
    pub enum Side { Us => "us", Them => "them" }
}
store::coded!(Side);

/// A word between officers of both sides about a relation. Never public.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InsideNote {
    pub id: Id<InsideNote>,
    pub relation: RelationId,
    pub answers: Option<Id<InsideNote>>,
    pub side: Side,
    pub account: AccountId,
    pub body: Option<BodyId>,
    /// The field it is about: that field's department reads it, too.
    pub field: Option<Field>,
    pub words: String,
    pub at: Moment,
    pub illustrative: bool,
}
