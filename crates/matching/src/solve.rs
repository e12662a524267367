//! From a problem to a checked answer.

use crate::answer::{Answer, Certificate, Refusal, Told, Unmet};
use crate::check;
use crate::conflict;
use crate::engine::{Books, Engine, Stop};
use crate::laminar::Forest;
use crate::network::{Broken, Network, Overlay};
use crate::number::{Cost, Units};
use crate::problem::{ByOffer, Pair, Problem, Rule, Side, Status};
use crate::start::{self, Bar, MANY_PAIRS, NEAR, Start, WORTH_A_THREAD, near_part, reduced};

/// How to solve.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// Asked now and then; once it says true the best allocation so far comes back, with its gap.
    /// The library has no clock of its own.
    pub stop: Option<&'a (dyn Fn() -> bool + Sync)>,
    /// Threads to use; 0 and 1 mean the caller's own. The answer does not depend on it.
    pub threads: usize,
    /// Leaves out why needs stay short: [`crate::causes::tell`] tells it when somebody asks.
    pub causes_later: bool,
}

impl Options<'_> {
    pub(crate) fn stopped(&self) -> bool {
        self.stop.is_some_and(|stop| stop())
    }
}

/// The best allocation, proved.
///
/// # Errors
/// [`Refusal::Invalid`] with every fault, [`Refusal::TooLarge`] where exact arithmetic could overflow,
/// [`Refusal::Conflict`] when forced pairs, group minima and rules cannot hold together, and
/// [`Refusal::TimeUp`] when `options.stop` struck before any allocation was found.
pub fn solve(problem: &Problem, options: &Options<'_>) -> Result<Answer, Refusal> {
    solve_from(problem, None, options)
}

/// The best allocation, found from an earlier answer to nearly the same problem.
///
/// `earlier` may come from a problem with other values, limits or pairs; its prices are used as far as offers,
/// needs and groups have the same places, its units as far as pairs have. The result is as exact as [`solve`]'s
/// (among allocations equally good it may keep more of the earlier one).
///
/// # Errors
/// As [`solve`].
pub fn resolve(problem: &Problem, earlier: &Answer, options: &Options<'_>) -> Result<Answer, Refusal> {
    solve_from(problem, Some(earlier), options)
}

fn solve_from(problem: &Problem, earlier: Option<&Answer>, options: &Options<'_>) -> Result<Answer, Refusal> {
    let by_offer = problem.sound().map_err(Refusal::Invalid)?;
    let forest = Forest::new(problem);
    if !problem.rules.is_empty() || !forest.crossing.is_empty() {
        return crate::rules::solve(problem, &forest, &by_offer, earlier, options);
    }
    match flow(problem, &forest, &by_offer, &Overlay::default(), earlier, options)? {
        Some(solved) => finish(problem, solved, earlier.map(|e| &e.units[..]), options),
        None => Err(Refusal::Conflict(conflict::explain(problem, &|| options.stopped()))),
    }
}

/// Refuses numbers whose sums could leave 128 bits wherever minima are weighed.
pub(crate) fn countable(problem: &Problem, weight: i128) -> Result<(), Refusal> {
    let weighed = |sum: i128, n: &crate::Need| sum.checked_add(i128::from(n.min).checked_mul(i128::from(n.priority))?);
    let unmet = problem.needs.iter().try_fold(0i128, weighed);
    // Room for prices in fractions, and for a few such sums one on another.
    let fits = unmet.and_then(|unmet| unmet.checked_mul(weight)?.checked_mul(1 << 12));
    fits.map(|_| ()).ok_or(Refusal::TooLarge("minima and priorities are"))
}

/// What the flow found, before it is checked.
pub(crate) struct Solved {
    pub units: Vec<i64>,
    pub certificate: Certificate,
}

/// How far the numbers on pairs reach.
struct Extent {
    /// Units over all pairs, each with as many as it can ever carry; too many to count are the most there can be.
    carried: i64,
    /// Largest value, whatever its sign.
    largest: i128,
    /// The same of free pairs.
    of_free: i128,
    /// Most units on one pair.
    most: i64,
}

impl Extent {
    fn of(problem: &Problem) -> Self {
        let mut extent = Self {
            carried: 0,
            largest: 0,
            of_free: 0,
            most: 0,
        };
        let (mut largest, mut of_free) = (0, 0);
        for pair in &problem.pairs {
            extent.carried = extent.carried.saturating_add(check::most_units(problem, pair));
            let value = pair.value.unsigned_abs();
            largest = largest.max(value);
            if pair.status == Status::Free {
                of_free = of_free.max(value);
            }
            extent.most = extent.most.max(pair.max_units);
        }
        (extent.largest, extent.of_free) = (i128::from(largest), i128::from(of_free));
        extent
    }
}

/// Largest sums that can occur, or which number is too large for them.
fn span(problem: &Problem, extent: &Extent, weight: i128, overlay: &Overlay, groups: usize) -> Result<i128, Refusal> {
    let large = || Refusal::TooLarge("values and priorities are");
    let scale = overlay.scale.max(1);
    let value = if overlay.values.is_empty() {
        extent.largest.checked_mul(scale).ok_or_else(large)?
    } else {
        overlay.values.iter().map(|v| v.abs()).max().unwrap_or(0)
    };
    let nodes = problem.needs.len().min(problem.offers.len()) as i128 + 2;
    let bonus = problem.needs.iter().map(|n| n.priority).max().unwrap_or(0);
    let bonus = i128::from(bonus)
        .checked_mul(weight)
        .and_then(|b| b.checked_mul(scale))
        .and_then(|b| b.checked_mul(2 * groups as i128 + 4))
        .ok_or_else(large)?;
    value
        .checked_mul(2 * nodes)
        .and_then(|v| v.checked_add(bonus))
        .and_then(|v| v.checked_mul(8))
        .filter(|&v| v <= i128::ROOM)
        .ok_or_else(large)
}

/// Solves the part of the problem that is a flow; `None` when nothing satisfies it.
pub(crate) fn flow(
    problem: &Problem,
    forest: &Forest,
    by_offer: &ByOffer,
    overlay: &Overlay,
    earlier: Option<&Answer>,
    options: &Options<'_>,
) -> Result<Option<Solved>, Refusal> {
    let extent = Extent::of(problem);
    if extent.carried > 1 << 61 {
        return Err(Refusal::TooLarge("units are"));
    }
    let least = check::least_weight_of(problem, Some(extent.of_free)).ok_or(Refusal::TooLarge("values are"))?;
    countable(problem, least)?;
    // A weight with some room lasts when values change (to many times what they are); earlier prices then still hold. Where
    // rules are priced, `rules` forms its bounds with the least weight, so the flow must weigh by that too.
    let plain = problem.rules.is_empty() && forest.crossing.is_empty();
    let roomy = |times: u128| {
        u128::try_from(least)
            .ok()
            .filter(|_| plain)
            .and_then(|least| least.checked_mul(times)?.checked_next_power_of_two())
            .and_then(|roomy| i128::try_from(roomy).ok())
            .unwrap_or(least)
    };
    let span_of = |weight| span(problem, &extent, weight, overlay, forest.order.len());
    let fits = |weight, room| span_of(weight).is_ok_and(|span| span <= room);
    let narrow = extent.most <= i64::from(u32::MAX);
    let lay = |weight, wide| Job {
        problem,
        forest,
        by_offer,
        overlay,
        earlier,
        options,
        weight,
        wide,
    };
    // Half the memory is worth less room where solving anew is quick.
    let less = (problem.pairs.len() < WORTH_A_THREAD).then(|| roomy(2));
    let mut weights = [Some(roomy(16)), less].into_iter().flatten();
    let small = weights.find(|&weight| fits(weight, i32::ROOM));
    if narrow && let Some(weight) = small {
        let job = lay(weight, false);
        match job.run::<i32, u32>() {
            Err(Stop::Range) => {}
            done => return job.done(done),
        }
    }
    let weight = if fits(roomy(16), i64::ROOM) { roomy(16) } else { least };
    if narrow && span_of(weight)? <= i64::ROOM {
        let job = lay(weight, false);
        match job.run::<i64, u32>() {
            Err(Stop::Range) => {}
            done => return job.done(done),
        }
    }
    span_of(weight)?;
    let job = lay(weight, true);
    let done = job.run::<i128, i64>();
    job.done(done)
}

struct Job<'a> {
    problem: &'a Problem,
    forest: &'a Forest,
    by_offer: &'a ByOffer,
    overlay: &'a Overlay,
    earlier: Option<&'a Answer>,
    options: &'a Options<'a>,
    weight: i128,
    wide: bool,
}

impl Job<'_> {
    fn done(&self, done: Result<Solved, Stop>) -> Result<Option<Solved>, Refusal> {
        match done {
            Ok(solved) => Ok(Some(solved)),
            Err(Stop::TimeUp) => Err(Refusal::TimeUp),
            Err(Stop::Range | Stop::Work) => Err(Refusal::TooLarge(if self.wide {
                "prices became"
            } else {
                "values are"
            })),
            Err(Stop::Stuck(_)) => Ok(None),
        }
    }

    fn run<C: Cost, U: Units>(&self) -> Result<Solved, Stop> {
        let net = Network::<C, U>::new(
            self.problem,
            self.forest,
            self.by_offer,
            self.weight,
            self.overlay,
            false,
        )
        .map_err(|Broken| Stop::Stuck(Vec::new()))?;
        let stop = || self.options.stopped();
        let threads = self.options.threads;
        if let Some(earlier) = self.earlier {
            let start = self.warm_start(&net, earlier);
            // Where the whole market has shifted, a cold start is quicker than mending.
            match narrowed(&net, start, WARM_LOOKS * net.nodes(), &stop) {
                Err(Stop::Work) => {}
                done => return done.map(|done| self.collect(&net, &done)),
            }
        }
        let start = start::cold(&net, threads, &stop);
        narrowed(&net, start, usize::MAX, &stop).map(|done| self.collect(&net, &done))
    }

    /// Prices, units and pairs to start from, as far as places are the same.
    fn warm_start<C: Cost, U: Units>(&self, net: &Network<C, U>, earlier: &Answer) -> Start<C, U> {
        let (price, flow) = start_of(self.problem, self.forest, net, earlier);
        let bar = Bar::of(net, &price, NEAR);
        let small = near_part(net, &price, &flow, &bar, &[], self.options.threads);
        let flow = small.pair.iter().map(|&e| flow[e as usize]).collect();
        Start { price, small, flow }
    }

    fn collect<C: Cost, U: Units>(&self, net: &Network<C, U>, done: &(Vec<C>, Vec<U>)) -> Solved {
        let (price, flow) = done;
        let problem = self.problem;
        // Where every pair was laid out in the order given, their places are the same.
        let mut units: Vec<i64> = if net.pair.is_empty() && flow.len() == problem.pairs.len() {
            flow.iter().map(|units| units.wide()).collect()
        } else {
            let mut units: Vec<i64> = problem
                .pairs
                .iter()
                .map(|p| if p.status == Status::Forced { p.max_units } else { 0 })
                .collect();
            for (edge, flow) in flow.iter().enumerate() {
                units[net.pair_of(edge)] = flow.wide();
            }
            units
        };
        for &(pair, least, _) in &self.overlay.pairs {
            units[pair as usize] += least;
        }
        let scale = self.overlay.scale.max(1);
        let certificate = certificate(problem, self.forest, net, price, self.weight, scale);
        Solved { units, certificate }
    }
}

/// Prices and units of an earlier answer, as far as places are the same.
pub(crate) fn start_of<C: Cost, U: Units>(
    problem: &Problem,
    forest: &Forest,
    net: &Network<C, U>,
    earlier: &Answer,
) -> (Vec<C>, Vec<U>) {
    let mut price = vec![C::default(); net.nodes()];
    let old = &earlier.certificate;
    let ratio = |p: i128| C::of(p.clamp(-C::ROOM / 8, C::ROOM / 8));
    let mut set = |node: usize, own: Option<&i128>, sign: i128| {
        let own = own.map_or(0, |&p| p.saturating_mul(sign));
        price[node] = price[net.parent[node] as usize] + ratio(own);
    };
    // Parents before children: groups from the outermost in, then what hangs on them.
    for (place, &g) in forest.order.iter().enumerate().rev() {
        let sign = if problem.groups[g as usize].side == Side::Offer {
            1
        } else {
            -1
        };
        set(net.first_group() + place, old.groups.get(g as usize), sign);
    }
    for need in 0..net.needs {
        set(net.offers + need, old.needs.get(need), -1);
    }
    for offer in 0..net.offers {
        set(offer, old.offers.get(offer), 1);
    }
    let flow = (0..net.head.len())
        .map(|edge| U::of(earlier.units.get(net.pair_of(edge)).copied().unwrap_or(0).max(0)))
        .collect();
    (price, flow)
}

/// What the prices of nodes say of the limits between them.
pub(crate) fn certificate<C: Cost, U: Units>(
    problem: &Problem,
    forest: &Forest,
    net: &Network<C, U>,
    price: &[C],
    weight: i128,
    scale: i128,
) -> Certificate {
    // A node's price over its parent's is the price of the limit between them.
    let own = |node: usize| price[node].wide() - price[net.parent[node] as usize].wide();
    let mut certificate = Certificate {
        weight,
        offers: (0..net.offers).map(own).collect(),
        needs: (0..net.needs).map(|need| -own(net.offers + need)).collect(),
        groups: vec![0; problem.groups.len()],
        loads: problem
            .rules
            .iter()
            .filter(|r| matches!(r, Rule::Load { .. }))
            .map(|_| 0)
            .collect(),
        scale,
        apart: false,
    };
    for (place, &g) in forest.order.iter().enumerate() {
        let price = own(net.first_group() + place);
        let offer_side = problem.groups[g as usize].side == Side::Offer;
        certificate.groups[g as usize] = if offer_side { price } else { -price };
    }
    certificate
}

/// Steps a warm start may look at per node before it is given up: about what a cold start costs.
const WARM_LOOKS: usize = 500;

/// Runs the engine on the pairs that can matter, then looks at all others, and takes in those that would have.
fn narrowed<C: Cost, U: Units>(
    net: &Network<C, U>,
    start: Start<C, U>,
    most_looks: usize,
    stop: &dyn Fn() -> bool,
) -> Result<(Vec<C>, Vec<U>), Stop> {
    let Start {
        mut price,
        mut small,
        mut flow,
    } = start;
    let mut whole = false;
    // Books that go on once pairs have come in: with those, and with the offers that want them.
    let mut kept: Option<(Books<C, U>, Vec<u32>)> = None;
    let zero = C::default();
    loop {
        let mut engine = match kept.take() {
            Some((books, offers)) => {
                let mut engine = Engine::take_up(&small, books);
                engine.change(&offers, &[]);
                engine
            }
            None => Engine::new(&small, price, flow),
        };
        engine.most_looks = most_looks;
        let done = engine.run(stop);
        match done {
            // Out of time: the flow is not balanced yet; whoever collects it takes what fits.
            Ok(()) | Err(Stop::TimeUp) => {}
            // Not for want of pairs left out?
            Err(Stop::Stuck(_)) if small.head.len() < net.head.len() => whole = true,
            Err(other) => return Err(other),
        }
        price = (0..net.nodes()).map(|node| engine.price(node)).collect();
        flow = vec![U::default(); net.head.len()];
        for (e, &units) in engine.flow.iter().enumerate() {
            flow[small.pair[e] as usize] = units;
        }
        let mut books = engine.books;
        // Of the pairs the engine had, only full ones cost less than nothing.
        let wanting = |offer: &u32| {
            let offer = *offer as usize;
            let pairs = net.start[offer] as usize..net.start[offer + 1] as usize;
            let mut pairs = flow[pairs.clone()].iter().zip(pairs);
            pairs.any(|(&units, e)| units == U::default() && reduced(net, &price, offer, e) < zero)
        };
        let missing: Vec<u32> = (0..net.offers as u32).filter(wanting).collect();
        if matches!(done, Err(Stop::TimeUp)) || (done.is_ok() && missing.is_empty()) {
            return Ok((price, flow));
        }
        let goes_on = done.is_ok() && missing.len() < net.offers / FEW_WANT && net.head.len() < MANY_PAIRS;
        if goes_on {
            for &offer in &missing {
                books.withdraw(&small, offer as usize);
            }
        } else {
            // Let go before a wider network is laid out: the two need not be held at once.
            books = Books::default();
        }
        let had = std::mem::take(&mut small.pair);
        drop(small);
        let mut next = 0;
        small = net.narrow(|offer, e| {
            let old = had.get(next) == Some(&(e as u32));
            next += usize::from(old);
            old | whole | (reduced(net, &price, offer, e) < zero)
        });
        if goes_on {
            books.spread(&had, &small.pair);
            kept = Some((books, missing));
            (price, flow) = (Vec::new(), Vec::new());
        } else {
            flow = small.pair.iter().map(|&e| flow[e as usize]).collect();
        }
    }
}

/// Where fewer than one offer in so many wants pairs that were put aside, the books go on; not in a large network, whose books and
/// two layouts would lie in memory at once.
const FEW_WANT: usize = 8;

/// What every at-most limit still has room for.
pub(crate) struct Room {
    offers: Vec<i64>,
    needs: Vec<i64>,
    groups: Vec<i64>,
    of_offer: Vec<Vec<u32>>,
    of_need: Vec<Vec<u32>>,
}

impl Room {
    pub(crate) fn new(problem: &Problem) -> Self {
        let any = !problem.groups.is_empty();
        let mut of_offer = vec![Vec::new(); if any { problem.offers.len() } else { 0 }];
        let mut of_need = vec![Vec::new(); if any { problem.needs.len() } else { 0 }];
        for (at, group) in problem.groups.iter().enumerate() {
            let of = if group.side == Side::Offer {
                &mut of_offer
            } else {
                &mut of_need
            };
            for &m in &group.members {
                of[m as usize].push(at as u32);
            }
        }
        Self {
            offers: problem.offers.iter().map(|o| o.capacity).collect(),
            needs: problem.needs.iter().map(|n| n.max).collect(),
            groups: problem.groups.iter().map(|g| g.max).collect(),
            of_offer,
            of_need,
        }
    }

    fn groups_of(&self, pair: &Pair) -> impl Iterator<Item = usize> {
        let offer = self.of_offer.get(pair.offer as usize).into_iter();
        let need = self.of_need.get(pair.need as usize).into_iter();
        offer.chain(need).flatten().map(|&g| g as usize)
    }

    /// Most units more that this pair can take.
    pub(crate) fn most(&self, pair: &Pair) -> i64 {
        let ends = self.offers[pair.offer as usize].min(self.needs[pair.need as usize]);
        self.groups_of(pair).map(|g| self.groups[g]).fold(ends, i64::min).max(0)
    }

    pub(crate) fn take(&mut self, pair: &Pair, units: i64) {
        self.offers[pair.offer as usize] -= units;
        self.needs[pair.need as usize] -= units;
        let groups: Vec<usize> = self.groups_of(pair).collect();
        for g in groups {
            self.groups[g] -= units;
        }
    }
}

/// Takes of an unfinished flow what keeps every at-most limit, forced pairs first; to `fill` adds what is worth it.
pub(crate) fn fitting(problem: &Problem, units: &[i64], fill: bool) -> Vec<i64> {
    let mut room = Room::new(problem);
    let mut taken = vec![0i64; units.len()];
    let mut met = vec![0i64; problem.needs.len()];
    let mut take = |at: usize, wanted: &dyn Fn(i64) -> i64| {
        let pair = &problem.pairs[at];
        let lacks = problem.needs[pair.need as usize].min - met[pair.need as usize];
        let most = wanted(lacks).min(room.most(pair));
        if most > 0 {
            room.take(pair, most);
            met[pair.need as usize] += most;
            taken[at] += most;
        }
    };
    let pairs = || problem.pairs.iter().enumerate();
    for (at, pair) in pairs().filter(|p| p.1.status == Status::Forced) {
        take(at, &|_| pair.max_units);
    }
    for (at, _) in pairs().filter(|p| p.1.status == Status::Free) {
        take(at, &|_| units[at]);
    }
    if fill {
        for (at, pair) in pairs().filter(|p| p.1.status == Status::Free) {
            let left = pair.max_units - units[at].min(pair.max_units);
            take(at, &|lacks| if pair.value > 0 { left } else { left.min(lacks) });
        }
    }
    taken
}

/// Steps the search for the causes of unmet minima may take over all needs together, laying out included: some
/// thousandths of a second. Beyond, `Unmet::told` says so, and [`crate::causes::tell`] tells with more patience.
const CAUSE_STEPS: usize = 250_000;

/// Needs below their minimum; what causes it, as far as that is quickly told.
pub(crate) fn unmet(problem: &Problem, answer: &Answer) -> Vec<Unmet> {
    with_causes(problem, answer, missing(problem, &answer.units))
}

/// Needs below their minimum, without causes.
fn missing(problem: &Problem, units: &[i64]) -> Vec<Unmet> {
    let mut got = vec![0i128; problem.needs.len()];
    for (pair, &units) in problem.pairs.iter().zip(units) {
        if units != 0 {
            got[pair.need as usize] += i128::from(units);
        }
    }
    let mut list = Vec::new();
    for (at, need) in problem.needs.iter().enumerate() {
        let units = i128::from(need.min) - got[at];
        if units > 0 {
            list.push(Unmet {
                need: at as u32,
                units: units as i64,
                causes: Vec::new(),
                loosen: Vec::new(),
                told: Told::Not,
            });
        }
    }
    list
}

fn with_causes(problem: &Problem, answer: &Answer, mut list: Vec<Unmet>) -> Vec<Unmet> {
    crate::causes::of(problem, answer, &mut list, CAUSE_STEPS, &|| false);
    list
}

/// Sums the allocation up and asks the checker. Where the time ran out first, an `earlier` allocation that still holds comes
/// back if it is the better one.
pub(crate) fn finish(
    problem: &Problem,
    solved: Solved,
    earlier: Option<&[i64]>,
    options: &Options<'_>,
) -> Result<Answer, Refusal> {
    let Solved { units, certificate } = solved;
    let mut answer = Answer {
        units,
        objective: 0,
        weighted_unmet: 0,
        unmet_min_units: 0,
        bound: i128::MAX,
        unmet_bound: 0,
        proved: false,
        searched: false,
        certificate,
        unmet: Vec::new(),
    };
    // Hardly ever looked at: only where the time ran out.
    let held = earlier.filter(|_| options.stopped()).and_then(|units| {
        let totals = check::totals(problem, units).ok()?;
        Some((totals, units))
    });
    // The bound stands on the prices alone, so it can be formed while the units are summed up.
    let apart = options.threads > 1 && problem.pairs.len() > WORTH_A_THREAD;
    let sums = |units: &[i64]| -> Result<(Option<Vec<i64>>, check::Totals, Vec<Unmet>), Refusal> {
        let (fitted, totals) = match check::totals(problem, units) {
            Ok(totals) => (None, totals),
            Err(_) => {
                let fitted = fitting(problem, units, true);
                let totals = check::totals(problem, &fitted);
                match (totals, held) {
                    (Ok(totals), _) => (Some(fitted), totals),
                    (Err(_), Some((totals, units))) => (Some(units.to_vec()), totals),
                    (Err(_), None) => return Err(Refusal::TimeUp),
                }
            }
        };
        let missing = if totals.unmet_min_units == 0 {
            Vec::new()
        } else {
            missing(problem, fitted.as_deref().unwrap_or(units))
        };
        Ok((fitted, totals, missing))
    };
    let sums = |units: &[i64]| (sums(units), check::least_weight(problem));
    let ((sums, least), bound) = if apart {
        std::thread::scope(|scope| {
            let bound = scope.spawn(|| check::bound_of(problem, &answer.certificate, false));
            let sums = sums(&answer.units);
            let bound = bound.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (sums, bound)
        })
    } else {
        let bound = check::bound_of(problem, &answer.certificate, false);
        (sums(&answer.units), bound)
    };
    let (mut fitted, mut totals, mut missing_now) = sums?;
    let worth = |t: &check::Totals| (std::cmp::Reverse(t.weighted_unmet), t.objective);
    if let Some((held, units)) = held.filter(|(held, _)| worth(held) > worth(&totals)) {
        missing_now = missing(problem, units);
        (fitted, totals) = (Some(units.to_vec()), held);
    }
    if let Some(units) = fitted {
        answer.units = units;
    }
    answer.objective = totals.objective;
    answer.weighted_unmet = totals.weighted_unmet;
    answer.unmet_min_units = totals.unmet_min_units;
    let mut bound = bound;
    answer.proved = check::agrees(&answer, totals, least, bound).is_ok();
    if !answer.proved {
        // Perhaps because some limits are wider than what their pairs carry.
        bound = check::bound(problem, &answer.certificate);
        answer.proved = check::agrees(&answer, totals, least, bound).is_ok();
    }
    if answer.proved {
        answer.bound = answer.objective;
        answer.unmet_bound = answer.weighted_unmet;
    } else if let Ok(bound) = bound {
        set_bounds(problem, &mut answer, bound);
    }
    answer.unmet = if options.causes_later {
        missing_now
    } else {
        with_causes(problem, &answer, missing_now)
    };
    Ok(answer)
}

/// What a bound on `scale x (value - weight x weighted_unmet)` says of value and unmet minima apart.
pub(crate) fn set_bounds(problem: &Problem, answer: &mut Answer, bound: i128) {
    let whole = bound.div_euclid(answer.certificate.scale.max(1));
    set_bounds_by(problem, answer, answer.certificate.weight, whole);
}

/// What a bound on `value - weight x weighted_unmet` says of both apart.
pub(crate) fn set_bounds_by(problem: &Problem, answer: &mut Answer, weight: i128, whole: i128) {
    let weight = weight.max(1);
    answer.bound = whole
        .saturating_add(weight.saturating_mul(answer.weighted_unmet))
        .min(most_of(problem, 1));
    let lowest = most_of(problem, -1).saturating_sub(whole);
    answer.unmet_bound = (-((-lowest).div_euclid(weight))).max(0).min(answer.weighted_unmet);
}

/// What all pairs with values of this sign could bring together.
pub(crate) fn most_of(problem: &Problem, sign: i64) -> i128 {
    let part = problem.pairs.iter().filter(|p| p.value.signum() == sign);
    part.map(|p| i128::from(p.value) * i128::from(check::most_units(problem, p)))
        .sum()
}
