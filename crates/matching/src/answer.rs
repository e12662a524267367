//! What comes back: the allocation, its proof, and why.

use crate::problem::Fault;

/// A limit that binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// The offer gives all it has.
    OfferCapacity(u32),
    /// The need takes no more.
    NeedMax(u32),
    /// Units below this need's minimum weigh as much, so they are not taken from it.
    NeedMin(u32),
    /// The pair carries its most units.
    PairMax(u32),
    /// Somebody forced the pair: it carries exactly its most units.
    PairForced(u32),
    /// Somebody forbade the pair.
    PairForbidden(u32),
    /// The group has reached its at-most bound.
    GroupMax(u32),
    /// The group must keep its at-least bound.
    GroupMin(u32),
    /// A rule beyond the flow (place in [`crate::Problem::rules`]).
    Rule(u32),
    /// The need has no pair at all.
    NoPair(u32),
    /// The need's minimum weighs nothing (priority 0), so that values alone decide.
    NoPriority(u32),
}

/// How sure the causes of a shortage are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Told {
    /// Looking for them was more work than was allowed, and none are given.
    #[default]
    Not,
    /// They are enough to cause it; the work that was allowed did not show that all are needed.
    Enough,
    /// They are enough, and none of them can be left out.
    Minimal,
    /// They are enough, and no fewer would be.
    Smallest,
    /// The smallest set has so many limits that naming them says nothing: there is too little in all that reaches the need.
    Many(u32),
    /// None: the need could have more. The allocation is not the best, since time ran out.
    Open,
}

/// A need that did not get its minimum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// Place in [`crate::Problem::needs`].
    pub need: u32,
    /// Units missing below its minimum.
    pub units: i64,
    /// The smallest set of limits that causes it: if these stand, the need cannot get more, however far all other limits
    /// move. [`Limit::NeedMin`] stands when that need keeps what it has of its minimum.
    pub causes: Vec<Limit>,
    /// The fewest limits to loosen: if each of these gives way the need can get more, and not if one of them stays. Empty
    /// where that was too much work to find out.
    pub loosen: Vec<Limit>,
    /// How sure `causes` is.
    pub told: Told,
}

/// The proof: a price per offer, need, group and load rule in units of value / `scale`, for a problem in which
/// every missing minimum unit costs `priority x weight`.
///
/// Read a price as "one more unit of room here is worth so much"; at a need or group below what its minimum
/// asks it is negative. [`crate::check::check`] needs nothing else to confirm that no allocation is better.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// What a missing minimum unit of priority 1 costs; so large that no sum of values outweighs it.
    pub weight: i128,
    /// Price of each offer's capacity. Its scarcity: what a further unit of it would bring.
    pub offers: Vec<i128>,
    /// Price of a place at each need.
    pub needs: Vec<i128>,
    /// Price of each group's bound; 0 for groups that the flow does not carry.
    pub groups: Vec<i128>,
    /// Price of each [`crate::Rule::Load`], in their order; never negative.
    pub loads: Vec<i128>,
    /// Prices are given in this fraction of one value; 1 unless rules beyond the flow need finer ones.
    pub scale: i128,
    /// Whether each offer's own limits (capacity, loads over its pairs alone, all or nothing) are looked at offer by offer
    /// instead of being priced: tighter, where loads do not let units be split.
    pub apart: bool,
}

/// An allocation with its proof.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Units of each pair, in the order of [`crate::Problem::pairs`].
    pub units: Vec<i64>,
    /// Total value of the allocation.
    pub objective: i128,
    /// Sum of priority x units missing below minima.
    pub weighted_unmet: i128,
    /// Units missing below minima, unweighted.
    pub unmet_min_units: i128,
    /// No allocation with this `weighted_unmet` has a greater total value than this.
    pub bound: i128,
    /// No allocation has a smaller `weighted_unmet` than this.
    pub unmet_bound: i128,
    /// True only if the checker agreed that nothing better exists.
    pub proved: bool,
    /// True when a search through all branches ended: nothing better exists, though the prices alone may leave a
    /// gap. Only with rules beyond the flow.
    pub searched: bool,
    /// The prices the proof stands on.
    pub certificate: Certificate,
    /// Needs below their minimum, with what causes it.
    pub unmet: Vec<Unmet>,
}

impl Answer {
    /// How far it may be from the best, as a share: of the value, or of the unmet minima where that is more. 0 only when nothing
    /// better is possible.
    pub fn gap(&self) -> f64 {
        if self.proved || self.searched {
            return 0.0;
        }
        let share = |more: i128, of: i128| more.max(0) as f64 / of.unsigned_abs().max(1) as f64;
        let value = share(self.bound.saturating_sub(self.objective), self.bound);
        let unmet = share(
            self.weighted_unmet.saturating_sub(self.unmet_bound),
            self.weighted_unmet,
        );
        value.max(unmet)
    }
}

/// Demands that cannot hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conflict {
    /// Forced pairs in it (places in [`crate::Problem::pairs`]). With any one of these or of `groups`
    /// let go, the others can hold together, unless `minimal` is false.
    pub forced: Vec<u32>,
    /// Groups whose at-least bound is in it.
    pub groups: Vec<u32>,
    /// Rules in it (places in [`crate::Problem::rules`]).
    pub rules: Vec<u32>,
    /// The limits they collide with.
    pub limits: Vec<Limit>,
    /// Whether the search for the smallest set ran to its end.
    pub minimal: bool,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The question itself is wrong, with everything that is.
    Invalid(Vec<Fault>),
    /// Numbers so large that exact arithmetic in 128 bits could overflow; says which.
    TooLarge(&'static str),
    /// No allocation satisfies the forced pairs and group minima.
    Conflict(Conflict),
    /// Time ran out before any allocation was found that satisfies the group minima and rules.
    TimeUp,
    /// What was asked cannot be combined with something in the problem; says what.
    Beyond(&'static str),
}

impl core::fmt::Display for Refusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Invalid(faults) => write!(f, "{} faults in the problem", faults.len()),
            Self::TooLarge(what) => write!(f, "{what} too large for exact arithmetic"),
            Self::Conflict(c) => write!(
                f,
                "no allocation satisfies {} forced pairs and {} group minima together",
                c.forced.len(),
                c.groups.len()
            ),
            Self::TimeUp => write!(f, "time ran out before an allocation was found"),
            Self::Beyond(what) => write!(f, "{what}"),
        }
    }
}

impl core::error::Error for Refusal {}
