//! What is asked: needs, offers, the pairs that may meet, and the limits on them.

/// What a programme needs. Units are whole and never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Units without which the need is not met. Falling short of it costs `priority` per unit.
    pub min: i64,
    /// Units beyond which nothing more is taken. At least `min`.
    pub max: i64,
    /// Weight of one missing unit below `min`; 0 means that nobody minds.
    pub priority: i64,
}

/// What a party offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Units it can give over all needs together.
    pub capacity: i64,
}

/// Whether the solver may choose about a pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// The solver chooses between 0 and `max_units`.
    #[default]
    Free,
    /// Carries exactly `max_units`.
    Forced,
    /// Carries nothing.
    Forbidden,
}

/// An offer that may serve a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Place in [`Problem::offers`].
    pub offer: u32,
    /// Place in [`Problem::needs`].
    pub need: u32,
    /// Value of each unit; may be negative.
    pub value: i64,
    /// Most units this pair may carry.
    pub max_units: i64,
    /// Free, forced or forbidden.
    pub status: Status,
}

/// The side a group is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Members are offers.
    Offer,
    /// Members are needs.
    Need,
}

/// A bound on the units of several offers, or several needs, together (forced pairs count).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Whether members are offers or needs.
    pub side: Side,
    /// Places in [`Problem::offers`] or [`Problem::needs`], each at most once.
    pub members: Vec<u32>,
    /// At least so many units over all members.
    pub min: i64,
    /// At most so many.
    pub max: i64,
}

/// A rule that a flow cannot carry. Solved by branching over the flow; see `docs/matching.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Sum of `weight x units` over the pairs is at most `max`: hours of a person over several calls.
    /// Weights are not negative.
    Load {
        /// (place in [`Problem::pairs`], weight of one unit).
        terms: Vec<(u32, i64)>,
        /// Most the sum may be.
        max: i64,
    },
    /// The offers used at all may cost at most `max` together. Costs are not negative.
    Budget {
        /// (places in [`Problem::offers`], cost if any of them is used at all): parts of what is paid for as one.
        costs: Vec<(Vec<u32>, i64)>,
        /// Most they may cost together.
        max: i64,
    },
    /// The offer is used up to its capacity or not at all.
    AllOrNothing {
        /// Place in [`Problem::offers`].
        offer: u32,
    },
    /// At most one of these offers is used.
    Exclusive {
        /// Places in [`Problem::offers`].
        offers: Vec<u32>,
    },
}

/// The whole question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// Needs; their place is their number.
    pub needs: Vec<Need>,
    /// Offers; their place is their number.
    pub offers: Vec<Offer>,
    /// Pairs; at most one for the same offer and need.
    pub pairs: Vec<Pair>,
    /// Bounds on several offers or needs together.
    pub groups: Vec<Group>,
    /// Rules beyond a flow.
    pub rules: Vec<Rule>,
}

/// What is wrong with one part of a [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A need has a negative number.
    NegativeNeed(u32),
    /// A need's `min` is above its `max`.
    NeedMinAboveMax(u32),
    /// An offer's capacity is negative.
    NegativeCapacity(u32),
    /// A pair's `max_units` is negative.
    NegativeUnits(u32),
    /// A pair names an offer that is not there.
    UnknownOffer(u32),
    /// A pair names a need that is not there.
    UnknownNeed(u32),
    /// A pair repeats the offer and need of an earlier pair.
    DuplicatePair(u32),
    /// A group has a negative bound.
    NegativeGroup(u32),
    /// A group's `min` is above its `max`.
    GroupMinAboveMax(u32),
    /// A group without members asks for units.
    EmptyGroup(u32),
    /// A group names a member that is not there.
    UnknownMember(u32),
    /// A group names the same member twice.
    DuplicateMember(u32),
    /// A rule names a pair or an offer that is not there.
    UnknownInRule(u32),
    /// A rule has a negative number.
    NegativeRule(u32),
}

impl Problem {
    /// Everything that is wrong, in the order of needs, offers, pairs, groups, rules.
    pub fn faults(&self) -> Vec<Fault> {
        self.sound().err().unwrap_or_default()
    }

    /// The pairs of each offer, which the search for faults needs anyway; or everything that is wrong.
    pub(crate) fn sound(&self) -> Result<ByOffer, Vec<Fault>> {
        let mut faults = Vec::new();
        for (at, need) in self.needs.iter().enumerate() {
            if need.min < 0 || need.max < 0 || need.priority < 0 {
                faults.push(Fault::NegativeNeed(at as u32));
            } else if need.min > need.max {
                faults.push(Fault::NeedMinAboveMax(at as u32));
            }
        }
        for (at, offer) in self.offers.iter().enumerate() {
            if offer.capacity < 0 {
                faults.push(Fault::NegativeCapacity(at as u32));
            }
        }
        let by_offer = self.pair_faults(&mut faults);
        for (at, group) in self.groups.iter().enumerate() {
            let at = at as u32;
            if group.min < 0 || group.max < 0 {
                faults.push(Fault::NegativeGroup(at));
            } else if group.min > group.max {
                faults.push(Fault::GroupMinAboveMax(at));
            } else if group.members.is_empty() && group.min > 0 {
                faults.push(Fault::EmptyGroup(at));
            }
            let bound = match group.side {
                Side::Offer => self.offers.len(),
                Side::Need => self.needs.len(),
            };
            if group.members.iter().any(|&m| m as usize >= bound) {
                faults.push(Fault::UnknownMember(at));
            }
            let mut members = group.members.clone();
            members.sort_unstable();
            if members.windows(2).any(|w| w[0] == w[1]) {
                faults.push(Fault::DuplicateMember(at));
            }
        }
        for (at, rule) in self.rules.iter().enumerate() {
            self.rule_faults(at as u32, rule, &mut faults);
        }
        match by_offer {
            Some(by_offer) if faults.is_empty() => Ok(by_offer),
            _ => Err(faults),
        }
    }

    /// `None` where a pair names an offer or a need that is not there.
    fn pair_faults(&self, faults: &mut Vec<Fault>) -> Option<ByOffer> {
        let (offers, needs) = (self.offers.len(), self.needs.len());
        let mut sound = true;
        let mut counts = Counts::new(offers);
        // As long as offers come in order, repeats show at once: the need was last seen with the same offer.
        let mut seen = vec![u32::MAX; needs];
        let mut repeats = Vec::new();
        for (at, pair) in self.pairs.iter().enumerate() {
            let at = at as u32;
            if pair.max_units < 0 {
                faults.push(Fault::NegativeUnits(at));
            }
            let known = (pair.offer as usize) < offers;
            if !known {
                faults.push(Fault::UnknownOffer(at));
            }
            let Some(last) = seen.get_mut(pair.need as usize) else {
                faults.push(Fault::UnknownNeed(at));
                sound = false;
                continue;
            };
            if !known {
                sound = false;
                continue;
            }
            counts.add(pair.offer);
            if *last == pair.offer {
                repeats.push(at);
            }
            *last = pair.offer;
        }
        if !sound {
            return None;
        }
        let sorted = counts.sorted;
        let by_offer = counts.by_offer(self);
        if !sorted {
            repeats = self.repeats(&by_offer);
        }
        faults.extend(repeats.into_iter().map(Fault::DuplicatePair));
        Some(by_offer)
    }

    /// Pairs that repeat the offer and need of another; every pair must name an offer and a need that are there.
    pub(crate) fn duplicate_pairs(&self) -> Vec<u32> {
        self.repeats(&ByOffer::new(self))
    }

    fn repeats(&self, by_offer: &ByOffer) -> Vec<u32> {
        // Each offer's pairs are brought together by counting; the last offer seen at each need
        // then finds repeats without a hash of two million keys.
        let mut seen = vec![u32::MAX; self.needs.len()];
        let mut repeats = Vec::new();
        for offer in 0..self.offers.len() {
            for at in by_offer.of(offer) {
                let last = &mut seen[self.pairs[at as usize].need as usize];
                if *last == offer as u32 {
                    repeats.push(at);
                }
                *last = offer as u32;
            }
        }
        repeats.sort_unstable();
        repeats
    }

    fn rule_faults(&self, at: u32, rule: &Rule, faults: &mut Vec<Fault>) {
        let offer_there = |o: u32| (o as usize) < self.offers.len();
        let (known, plain) = match rule {
            Rule::Load { terms, max } => (
                terms.iter().all(|t| (t.0 as usize) < self.pairs.len()),
                *max >= 0 && terms.iter().all(|t| t.1 >= 0),
            ),
            Rule::Budget { costs, max } => (
                costs.iter().flat_map(|c| &c.0).all(|&o| offer_there(o)),
                *max >= 0 && costs.iter().all(|c| c.1 >= 0),
            ),
            Rule::AllOrNothing { offer } => (offer_there(*offer), true),
            Rule::Exclusive { offers } => (offers.iter().all(|&o| offer_there(o)), true),
        };
        if !known {
            faults.push(Fault::UnknownInRule(at));
        }
        if !plain {
            faults.push(Fault::NegativeRule(at));
        }
    }
}

/// The pairs of each offer, in the order given, without copying them.
pub(crate) struct ByOffer {
    start: Vec<u32>,
    /// Empty when the pairs already stand in the order of their offers.
    order: Vec<u32>,
}

/// How many pairs each offer has, counted as they come.
struct Counts {
    start: Vec<u32>,
    sorted: bool,
    last: u32,
}

impl Counts {
    fn new(offers: usize) -> Self {
        Self {
            start: vec![0; offers + 1],
            sorted: true,
            last: 0,
        }
    }

    fn add(&mut self, offer: u32) {
        self.start[offer as usize + 1] += 1;
        self.sorted &= offer >= self.last;
        self.last = offer;
    }

    fn by_offer(self, problem: &Problem) -> ByOffer {
        let Self { mut start, sorted, .. } = self;
        for at in 1..start.len() {
            start[at] += start[at - 1];
        }
        let mut order = Vec::new();
        if !sorted {
            let mut next = start.clone();
            order = vec![0u32; problem.pairs.len()];
            for (at, pair) in problem.pairs.iter().enumerate() {
                let place = &mut next[pair.offer as usize];
                order[*place as usize] = at as u32;
                *place += 1;
            }
        }
        ByOffer { start, order }
    }
}

impl ByOffer {
    /// Every pair must name an offer that is there.
    pub(crate) fn new(problem: &Problem) -> Self {
        let mut counts = Counts::new(problem.offers.len());
        for pair in &problem.pairs {
            counts.add(pair.offer);
        }
        counts.by_offer(problem)
    }

    pub(crate) fn of(&self, offer: usize) -> impl Iterator<Item = u32> + '_ {
        let range = self.start[offer]..self.start[offer + 1];
        range.map(|at| {
            if self.order.is_empty() {
                at
            } else {
                self.order[at as usize]
            }
        })
    }
}
