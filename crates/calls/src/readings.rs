//! Who of the panel reads what. Without a division every member scores every offer; where there are many, the same solver
//! that gives offers to needs gives readers to offers, and an officer accepts or changes what it proposes.

use access::{Asking, House};
use basis::{AccountId, CallId, Check, Fail, OfferId, Refusal};
use matching::{Options, Pair, Problem, Status};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Entry, Query};

use crate::call::{Call, CallStatus};
use crate::panel::{LEAST_SEATS, Maker, Seat};
use crate::{neighbours, store as sql};

/// A member who can be given offers to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    pub account: AccountId,
    /// What this member reads now; none for all.
    pub readings: Option<Vec<OfferId>>,
    /// Scores are in: what was read stays as it is.
    pub fixed: bool,
    /// Offers this member stands close to: declared, or of a body of their own.
    pub barred: BTreeSet<OfferId>,
}
impl Reader {
    fn may(&self, offer: OfferId) -> bool {
        !self.barred.contains(&offer)
    }
    fn has(&self, offer: OfferId) -> bool {
        self.may(offer) && self.readings.as_ref().is_some_and(|r| r.contains(&offer))
    }
}

/// Who reads what, as proposed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    pub readers: BTreeMap<OfferId, BTreeSet<AccountId>>,
    /// The most that one member reads.
    pub most: i64,
    /// Offers that get fewer readers than wanted, and how many are missing.
    pub short: BTreeMap<OfferId, i64>,
    /// The checker agreed that no division misses fewer readers under this most, or keeps more of what is divided now.
    pub proved: bool,
}

/// A division with so many readers for each offer. Offers are the solver's needs, members its offers: a reading is a unit, a
/// tie forbids a pair, and scores that are in are forced. Without a stated most for each member, the smallest under which as
/// few readings as possible are missing: so nobody reads much more than another. What is divided now stays where it can; the
/// rest is drawn from a digest of call, offer and member, so that neither order nor officer steers who reads whom.
///
/// # Errors
/// A refusal when the numbers are beyond exact arithmetic.
pub fn propose(
    call: CallId,
    offers: &[OfferId],
    readers: &[Reader],
    wanted: i64,
    most: Option<i64>,
) -> Result<Proposal, Refusal> {
    let all = offers.len() as i64;
    let missing = |most: i64| divide(call, offers, readers, wanted, most).map(|p| p.short.values().sum::<i64>());
    let most = match most {
        Some(most) => most,
        None => {
            let least = missing(all)?;
            let (mut low, mut high) = (0, all);
            while low < high {
                let middle = (low + high) / 2;
                if missing(middle)? <= least {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            high
        }
    };
    divide(call, offers, readers, wanted, most)
}
fn divide(call: CallId, offers: &[OfferId], readers: &[Reader], wanted: i64, most: i64) -> Result<Proposal, Refusal> {
    let mut pairs = Vec::new();
    let mut fixed_at = vec![0; offers.len()];
    for (r, reader) in readers.iter().enumerate() {
        for (o, &offer) in offers.iter().enumerate() {
            let read = reader.fixed && reader.may(offer) && reader.readings.as_ref().is_none_or(|r| r.contains(&offer));
            let status = match (reader.fixed, read) {
                (true, true) => Status::Forced,
                (true, false) => Status::Forbidden,
                (false, _) if reader.may(offer) => Status::Free,
                (false, _) => Status::Forbidden,
            };
            fixed_at[o] += i64::from(status == Status::Forced);
            pairs.push(Pair {
                offer: r as u32,
                need: o as u32,
                value: drawn(call, offer, reader.account) + if reader.has(offer) { STAYS } else { 0 },
                max_units: 1,
                status,
            });
        }
    }
    // Who has handed in read what they read, also where that is more than is wanted now.
    let capacity = |r: &Reader| if r.fixed { offers.len() as i64 } else { most };
    let problem = Problem {
        needs: fixed_at
            .iter()
            .map(|fixed| matching::Need {
                min: wanted,
                max: wanted.max(*fixed),
                priority: 1,
            })
            .collect(),
        offers: readers
            .iter()
            .map(|r| matching::Offer { capacity: capacity(r) })
            .collect(),
        pairs,
        ..Default::default()
    };
    let answer =
        matching::solve(&problem, &Options::default()).map_err(|_| Refusal::page("refusal-allocation-too-large"))?;
    let mut out = Proposal {
        readers: offers.iter().map(|o| (*o, BTreeSet::new())).collect(),
        most,
        proved: answer.proved,
        ..Default::default()
    };
    for (pair, units) in problem.pairs.iter().zip(&answer.units) {
        if *units > 0 {
            let (offer, reader) = (offers[pair.need as usize], &readers[pair.offer as usize]);
            out.readers.entry(offer).or_default().insert(reader.account);
        }
    }
    for (offer, read) in &out.readers {
        let lacking = wanted - read.len() as i64;
        if lacking > 0 {
            out.short.insert(*offer, lacking);
        }
    }
    Ok(out)
}
/// Worth more than any draw, so that a division that stands is changed no more than it must be.
const STAYS: i64 = 1_000_000;
fn drawn(call: CallId, offer: OfferId, member: AccountId) -> i64 {
    let digest = Sha256::digest(format!("{call}:{offer}:{member}"));
    i64::from(u16::from_be_bytes([digest[0], digest[1]]))
}

/// Members whose seats count, each with the offers they stand close to.
pub(crate) async fn readers(
    q: &impl Query,
    seats: &[Seat],
    makers: &[Maker],
    now: basis::Moment,
) -> Result<Vec<Reader>, Fail> {
    let mut close: HashMap<AccountId, BTreeSet<OfferId>> = HashMap::new();
    let counting: Vec<&Seat> = seats.iter().filter(|s| s.counts()).collect();
    for maker in makers {
        if let (None, Some(account)) = (maker.body, maker.account) {
            close.entry(account).or_default().insert(maker.offer);
        }
    }
    let mut bodies: HashMap<basis::BodyId, Vec<OfferId>> = HashMap::new();
    for maker in makers {
        if let Some(body) = maker.body {
            bodies.entry(body).or_default().push(maker.offer);
        }
    }
    for (account, body) in
        neighbours::bodies_of(q, &counting.iter().map(|s| s.account).collect::<Vec<_>>(), now).await?
    {
        let offers = bodies.get(&body).map(Vec::as_slice).unwrap_or_default();
        close.entry(account).or_default().extend(offers);
    }
    let reader = |s: &&Seat| {
        let mut barred = close.remove(&s.account).unwrap_or_default();
        barred.extend(s.conflict.iter().flat_map(|c| c.offers.iter().copied()));
        Reader {
            account: s.account,
            readings: s.readings.clone(),
            fixed: s.scored_at.is_some(),
            barred,
        }
    };
    Ok(counting.iter().map(reader).collect())
}

/// A member and an offer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct ReadingInput {
    pub offer: String,
    pub account: String,
}
/// How the panel's reading is divided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct ReadingsInput {
    /// "propose": as the solver divides it; "set": as `readings` say, for the offers named; "lift": everybody reads all.
    pub how: String,
    /// Readers wanted for each offer; two if empty.
    pub wanted: String,
    /// The most that one member reads; evenly shared if empty.
    pub most: String,
    /// With "set": the offers whose readers are said here. Others keep theirs.
    pub offers: Vec<String>,
    pub readings: Vec<ReadingInput>,
}
/// So many readers for each offer, and the most for each member, as typed.
pub(crate) fn wanted(c: &mut Check, wanted: &str, most: &str) -> (i64, Option<i64>) {
    let wanted = match wanted.trim() {
        "" => LEAST_SEATS as i64,
        typed => c.number("wanted", typed, LEAST_SEATS as i64..=20),
    };
    let most = (!most.trim().is_empty()).then(|| c.number("most", most, 1..=1_000_000));
    (wanted, most)
}

/// Divides the reading: members score the offers they are given, and no others. Scores that are in stay as they are.
///
/// # Errors
/// Refusals at their fields, with every offer that would have too few readers; a denial.
pub async fn divide_reading(house: &House, asking: &Asking, id: CallId, input: &ReadingsInput) -> Result<CallId, Fail> {
    let mut c = Check::new();
    let how = c.one_of::<How>("how", &input.how);
    let (wanted, most) = wanted(&mut c, &input.wanted, &input.most);
    c.done(())?;
    let tx = asking.begin(house).await?;
    let call = sql::load(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "panel.seat", &crate::review::at_stake(&tx, &call, &[]).await?)?;
    if !sql::hold_in_review(&tx, id).await? {
        return Err(Refusal::page("refusal-call-not-in-review").into());
    }
    sql::hold_seats(&tx, id).await?;
    let seats = sql::seats(&tx, id).await?;
    let makers = sql::makers(&tx, id).await?;
    let offers: Vec<OfferId> = makers.iter().map(|m| m.offer).collect();
    let readers = readers(&tx, &seats, &makers, tx.now()).await?;
    let next: BTreeMap<OfferId, BTreeSet<AccountId>> = match how {
        Some(How::Propose) => propose(id, &offers, &readers, wanted, most)?.readers,
        Some(How::Set) => said(input, &offers, &readers)?,
        _ => BTreeMap::new(),
    };
    if how != Some(How::Lift) {
        enough(&offers, &readers, &next)?;
    }
    for seat in seats.iter().filter(|s| s.counts() && s.scored_at.is_none()) {
        let own = || {
            offers
                .iter()
                .copied()
                .filter(|o| next.get(o).is_some_and(|r| r.contains(&seat.account)))
        };
        let readings: Option<Vec<OfferId>> = (how != Some(How::Lift)).then(|| own().collect());
        sql::save_readings(&tx, id, seat.account, readings.as_deref()).await?;
    }
    tx.journal(Entry::of("panel.divided", id).after(serde_json::json!({ "how": how, "readers": next })));
    tx.done(id).await
}
basis::code! {
    /// What becomes of the division.
    pub enum How { Propose => "propose", Set => "set", Lift => "lift" }
}
/// What an officer says of some offers, laid over what is divided now.
fn said(
    input: &ReadingsInput,
    offers: &[OfferId],
    readers: &[Reader],
) -> Result<BTreeMap<OfferId, BTreeSet<AccountId>>, Vec<Refusal>> {
    let mut c = Check::new();
    let mut next: BTreeMap<OfferId, BTreeSet<AccountId>> = offers.iter().map(|o| (*o, now(readers, *o))).collect();
    for raw in &input.offers {
        match raw
            .trim()
            .parse::<OfferId>()
            .ok()
            .and_then(|o| Some((o, next.get_mut(&o)?)))
        {
            // Who has handed in stays a reader, whatever is said.
            Some((offer, set)) => {
                *set = readers
                    .iter()
                    .filter(|r| r.fixed && reads(r, offer))
                    .map(|r| r.account)
                    .collect()
            }
            None => c.refuse(Refusal::at("offers", "refusal-not-in-list")),
        }
    }
    for r in &input.readings {
        let found = r
            .offer
            .trim()
            .parse::<OfferId>()
            .ok()
            .zip(r.account.trim().parse::<AccountId>().ok());
        let found = found.and_then(|(offer, account)| {
            let reader = readers.iter().find(|r| r.account == account)?;
            Some((offer, reader, next.get_mut(&offer)?))
        });
        let at = format!("offer-{}", r.offer.trim());
        match found {
            Some((offer, reader, _)) if !reader.may(offer) => c.refuse(Refusal::at(at, "refusal-reader-close")),
            Some((offer, reader, _)) if reader.fixed && !reads(reader, offer) => {
                c.refuse(Refusal::at(at, "refusal-reader-fixed"));
            }
            Some((_, reader, set)) => {
                set.insert(reader.account);
            }
            None => c.refuse(Refusal::at(at, "refusal-not-in-list")),
        }
    }
    c.done(next)
}
fn reads(r: &Reader, offer: OfferId) -> bool {
    r.may(offer) && r.readings.as_ref().is_none_or(|list| list.contains(&offer))
}
/// Who reads an offer as things stand.
pub(crate) fn now(readers: &[Reader], offer: OfferId) -> BTreeSet<AccountId> {
    readers.iter().filter(|r| reads(r, offer)).map(|r| r.account).collect()
}
/// Each offer has two readers, where two can read it at all.
fn enough(
    offers: &[OfferId],
    readers: &[Reader],
    next: &BTreeMap<OfferId, BTreeSet<AccountId>>,
) -> Result<(), Vec<Refusal>> {
    let mut c = Check::new();
    for offer in offers {
        let could = readers
            .iter()
            .filter(|r| if r.fixed { reads(r, *offer) } else { r.may(*offer) })
            .count();
        let have = next.get(offer).map_or(0, BTreeSet::len);
        c.ensure(have >= could.min(LEAST_SEATS), || {
            Refusal::at(format!("offer-{offer}"), "refusal-readers-few").with("least", could.min(LEAST_SEATS))
        });
    }
    c.done(())
}
/// For an award: two members at least have scored the offer, where the reading is divided at all.
pub(crate) fn heard(seats: &[Seat], offer: OfferId) -> Result<(), Refusal> {
    let divided = seats.iter().any(|s| s.counts() && s.readings.is_some());
    let heard = seats.iter().filter(|s| s.sees_others() && s.must_score(offer)).count();
    if divided && heard < LEAST_SEATS {
        return Err(Refusal::at("offer", "refusal-readers-few").with("least", LEAST_SEATS));
    }
    Ok(())
}
/// Whether the reading can be divided now.
pub(crate) fn open_to_division(call: &Call) -> bool {
    call.status == CallStatus::InReview && call.mode == crate::call::Mode::Outsourcing
}

#[cfg(test)]
mod tests {
    use super::*;
    use basis::Id;
    use proptest::prelude::*;

    fn reader(name: &str, barred: &[&str]) -> Reader {
        Reader {
            account: Id::named(name),
            readings: None,
            fixed: false,
            barred: barred.iter().map(|o| Id::named(o)).collect(),
        }
    }
    fn load(p: &Proposal, name: &str) -> usize {
        p.readers.values().filter(|r| r.contains(&Id::named(name))).count()
    }
    #[test]
    fn readings_are_shared_evenly_and_ties_kept_out() {
        let offers: Vec<OfferId> = (0..9).map(|i| Id::named(&i.to_string())).collect();
        let readers = [reader("a", &["0", "1"]), reader("b", &[]), reader("c", &["0"])];
        let p = propose(Id::named("c"), &offers, &readers, 2, None).unwrap();
        assert!(p.proved);
        assert_eq!(
            p.short,
            BTreeMap::from([(Id::named("0"), 1)]),
            "only b may read the first"
        );
        let loads = ["a", "b", "c"].map(|n| load(&p, n));
        assert_eq!((loads.iter().sum::<usize>(), p.most), (17, 6));
        assert!(loads.iter().all(|l| *l <= 6));
        // A change keeps what stands: a member more takes over no more than it needs to.
        let mut kept: Vec<Reader> = readers
            .iter()
            .map(|r| Reader {
                readings: Some(
                    offers
                        .iter()
                        .copied()
                        .filter(|o| p.readers[o].contains(&r.account))
                        .collect(),
                ),
                ..r.clone()
            })
            .collect();
        assert_eq!(
            propose(Id::named("c"), &offers, &kept, 2, Some(6)).unwrap().readers,
            p.readers
        );
        kept[1].fixed = true;
        kept.push(reader("d", &[]));
        let q = propose(Id::named("c"), &offers, &kept, 2, None).unwrap();
        assert_eq!(load(&q, "b"), load(&p, "b"), "scores that are in stay");
        assert!(q.short.is_empty() && q.most <= 5);
    }
    #[test]
    fn who_says_too_few_readers_is_told_where() {
        let offers: Vec<OfferId> = vec![Id::named("x"), Id::named("y")];
        let readers = [reader("a", &["x"]), reader("b", &[]), reader("c", &[])];
        let one = |offer: &str, account: &str| ReadingInput {
            offer: Id::<basis::Offer>::named(offer).to_string(),
            account: Id::<basis::Account>::named(account).to_string(),
        };
        let input = |readings| ReadingsInput {
            offers: offers.iter().map(ToString::to_string).collect(),
            readings,
            ..Default::default()
        };
        let close = said(&input(vec![one("x", "a")]), &offers, &readers).unwrap_err();
        assert_eq!(close[0].code, "refusal-reader-close");
        let few = said(
            &input(vec![one("x", "b"), one("y", "a"), one("y", "c")]),
            &offers,
            &readers,
        )
        .unwrap();
        let at = enough(&offers, &readers, &few).unwrap_err();
        assert_eq!(
            (at.len(), at[0].field.as_deref()),
            (1, Some(format!("offer-{}", offers[0]).as_str()))
        );
        let well = said(
            &input(vec![one("x", "b"), one("x", "c"), one("y", "a"), one("y", "c")]),
            &offers,
            &readers,
        );
        assert!(enough(&offers, &readers, &well.unwrap()).is_ok());
    }
    proptest! {
        /// Nobody reads what they stand close to, nobody reads more than the most, and the least most is tight.
        #[test]
        fn a_proposal_keeps_its_limits(ties in proptest::collection::vec(proptest::collection::vec(0usize..8, 0..4), 2..5), wanted in 2i64..4) {
            let offers: Vec<OfferId> = (0..8).map(|i| Id::named(&i.to_string())).collect();
            let readers: Vec<Reader> = ties.iter().enumerate().map(|(i, t)| {
                let names: Vec<String> = t.iter().map(ToString::to_string).collect();
                reader(&format!("r{i}"), &names.iter().map(String::as_str).collect::<Vec<_>>())
            }).collect();
            let p = propose(Id::named("c"), &offers, &readers, wanted, None).unwrap();
            prop_assert!(p.proved);
            for (offer, by) in &p.readers {
                prop_assert!(by.iter().all(|a| readers.iter().any(|r| r.account == *a && r.may(*offer))));
                let could = readers.iter().filter(|r| r.may(*offer)).count() as i64;
                prop_assert_eq!(by.len() as i64, wanted.min(could), "all is read that can be");
            }
            for r in &readers { prop_assert!(p.readers.values().filter(|b| b.contains(&r.account)).count() as i64 <= p.most); }
            if p.most > 0 {
                let less = propose(Id::named("c"), &offers, &readers, wanted, Some(p.most - 1)).unwrap();
                prop_assert!(less.short.values().sum::<i64>() > p.short.values().sum::<i64>());
            }
        }
    }
}
