//! Where a cold start begins: prices and units from the auction.

use crate::auction::{Auction, SHORT_CALLS};
use crate::network::Network;
use crate::number::{Cost, Units};

/// What the engine starts from: a price per node, the pairs that can matter at those prices, and units on each of these.
pub(crate) struct Start<C, U> {
    pub price: Vec<C>,
    pub small: Network<C, U>,
    pub flow: Vec<U>,
}

/// Starting prices and units of a problem nothing is known of.
pub(crate) fn cold<C: Cost, U: Units>(net: &Network<C, U>, threads: usize, stop: &dyn Fn() -> bool) -> Start<C, U> {
    let value = net.cost.iter().map(|c| c.wide().abs()).max().unwrap_or(0);
    // A first step wider than what lies between an offer's near pairs would only mix them up; one much finer
    // than the values would let prices climb for ages.
    let first = (value / 5).min(spread(net, NEAR) / 3).max(value / 256).max(1);
    let mut fine = steps(first / 5, 8);
    if net.head.len() < MANY_PAIRS {
        // The engine searches a small network quicker than the last bids are made.
        fine.truncate(2);
    }
    let given: i128 = net.high[..net.offers].iter().map(|&u| i128::from(u)).sum();
    let asked: i128 = net.knee.iter().map(|&u| i128::from(u)).sum();
    if given >= asked {
        let (start, quick) = phases(net, foretaste(net, first, stop), &[first], &fine, threads, stop);
        if quick {
            return start;
        }
    }
    // Minima compete: every need calls from the start with all that its minimum is worth, and the first steps are as
    // large as what is at stake between minima.
    let bonus = net.bonus.iter().map(|b| b.wide()).max().unwrap_or(0);
    let mut coarse = steps(bonus / 5, 10);
    coarse.retain(|&eps| eps > first);
    coarse.push(first);
    let floor = net.bonus.iter().map(|&b| -b).collect();
    completed(net, phases(net, floor, &coarse, &fine, threads, stop).0)
}

/// A foretaste is taken of one offer in so many.
const TASTE: usize = 4;

/// Prices of needs such as a part of the market makes them, and a little lower: most bids serve only to find out about what they
/// will be, which a part of the offers does at a part of the cost. Where minima compete a part says too little.
fn foretaste<C: Cost, U: Units>(net: &Network<C, U>, eps: i128, stop: &dyn Fn() -> bool) -> Vec<C> {
    let zero = vec![C::default(); net.needs];
    if net.offers < 8 * TASTE {
        return zero;
    }
    let few = net.thinned(TASTE);
    let mut auction = Auction::new(&few, zero, vec![U::default(); few.head.len()]);
    auction.run(C::of(eps), stop);
    // What is too high would have to be called down, which costs more than a few bids.
    let margin = C::of(2 * eps);
    let lower = |price: &C| (*price - margin).max(C::default());
    auction.price.iter().map(lower).collect()
}

/// From so many pairs on a network is large: the auction goes on to the last step, and memory counts for more than laying out.
pub(crate) const MANY_PAIRS: usize = 500_000;

/// Runs the auction from these prices of needs: in `coarse` steps on all pairs, offers alone bidding, then in `fine` ones
/// on the near pairs. False when needs fought for too long; they stand where they stood then.
fn phases<C: Cost, U: Units>(
    net: &Network<C, U>,
    price: Vec<C>,
    coarse: &[i128],
    fine: &[i128],
    threads: usize,
    stop: &dyn Fn() -> bool,
) -> (Start<C, U>, bool) {
    let mut auction = Auction::new(net, price, vec![U::default(); net.head.len()]);
    for &eps in coarse {
        auction.run(C::of(eps), stop);
    }
    // Those are too dear as yet to look near to anybody.
    let wanting = auction.wanting();
    // What the offers bid on all pairs is let go before they bid on the near ones: the two need not be held at once.
    let (needs, profits, all) = auction.end();
    let price = node_prices(net, &needs, &profits);
    drop(profits);
    let step = coarse.last().copied().unwrap_or(1);
    let few = if net.head.len() < WORTH_A_THREAD {
        NEAR_OF_FEW
    } else {
        NEAR
    };
    // Prices that do not tell pairs apart yet leave more of them to choose from.
    let mut bar = Bar::of(net, &price, few);
    if step > 1 && bar.next.wide() <= step {
        bar = Bar::of(net, &price, NEAR_IN_DOUBT);
    }
    let small = near_part(net, &price, &all, &bar, &wanting, threads);
    let flow: Vec<U> = small.pair.iter().map(|&e| all[e as usize]).collect();
    drop((all, price));
    let mut auction = Auction::new(&small, needs, flow);
    if coarse.len() > 1 {
        auction.most_looks = SHORT_CALLS;
    }
    let quick = fine.iter().all(|&eps| auction.run(C::of(eps), stop));
    let (needs, profits, flow) = auction.end();
    let price = node_prices(net, &needs, &profits);
    let start = Start { price, flow, small };
    (start, quick)
}

/// Where minima compete the last bids can move prices so far that pairs put aside would be taken. Those come in before the engine
/// starts: afterwards it would have to search anew.
fn completed<C: Cost, U: Units>(net: &Network<C, U>, start: Start<C, U>) -> Start<C, U> {
    let Start { price, mut small, flow } = start;
    let zero = C::default();
    let better = |offer: usize, e: usize| reduced(net, &price, offer, e) < zero;
    // What earns more than the least unit is either full, and then among the near pairs, or was put aside.
    let beside = |offer: usize| {
        let near = &small.pair[small.start[offer] as usize..small.start[offer + 1] as usize];
        let mut pairs = net.start[offer]..net.start[offer + 1];
        pairs.any(|e| better(offer, e as usize) && near.binary_search(&e).is_err())
    };
    if !sample(net.offers).any(beside) {
        return Start { price, small, flow };
    }
    // Let go before a wider one is laid out: the two need not be held at once.
    let pairs = std::mem::take(&mut small.pair);
    drop(small);
    let mut next = 0;
    let wide = net.narrow(|offer, e| {
        let near = pairs.get(next) == Some(&(e as u32));
        next += usize::from(near);
        near | better(offer, e)
    });
    let mut had = pairs.iter().zip(flow).peekable();
    let flow = wide.pair.iter().map(|e| {
        had.next_if(|(near, _)| *near == e)
            .map_or(U::default(), |(_, units)| units)
    });
    let flow = flow.collect();
    Start {
        price,
        small: wide,
        flow,
    }
}

/// Reduced cost of a pair.
pub(crate) fn reduced<C: Cost, U: Units>(net: &Network<C, U>, price: &[C], offer: usize, e: usize) -> C {
    net.cost[e] + price[offer] - price[net.head[e] as usize]
}

/// Prices of all nodes from what the auction knows.
fn node_prices<C: Cost, U: Units>(net: &Network<C, U>, needs: &[C], offers: &[C]) -> Vec<C> {
    let mut price = vec![C::default(); net.nodes()];
    price[..net.offers].copy_from_slice(offers);
    for (need, &p) in needs.iter().enumerate() {
        price[net.offers + need] = -p;
    }
    price
}

/// Pairs of each offer that are kept when others are put aside.
pub(crate) const NEAR: usize = 8;
/// In a small network, where laying out counts for more.
const NEAR_OF_FEW: usize = 6;
/// Where prices do not tell pairs apart yet.
const NEAR_IN_DOUBT: usize = 12;

/// Steps from `first` down to 1, each the last one divided by `ratio`.
fn steps(first: i128, ratio: i128) -> Vec<i128> {
    let mut steps: Vec<i128> = std::iter::successors(Some(first), |eps| Some(eps / ratio))
        .take_while(|&eps| eps > 1)
        .collect();
    steps.push(1);
    steps
}

/// What lies between the best pair of an offer and the one of this rank, at half of the offers, before there are prices.
fn spread<C: Cost, U: Units>(net: &Network<C, U>, count: usize) -> i128 {
    let mut price = vec![C::default(); net.nodes()];
    for offer in sample(net.offers) {
        let range = net.start[offer] as usize..net.start[offer + 1] as usize;
        price[offer] = range.map(|e| -net.cost[e]).max().unwrap_or_default();
    }
    Bar::of(net, &price, count).next.wide()
}

/// Offers that are looked at to see how far their pairs lie apart.
const SAMPLE: usize = 128;

fn sample(offers: usize) -> impl Iterator<Item = usize> {
    (0..offers).step_by(offers.div_ceil(SAMPLE).max(1))
}

/// The reduced cost up to which pairs are near.
pub(crate) struct Bar<C> {
    at: C,
    /// Half of the offers have no more than so many pairs up to it.
    count: usize,
    /// At half of the offers the next pair costs no more than this.
    next: C,
    /// So many pairs lie right at it that it tells nothing apart.
    blunt: bool,
}

impl<C: Cost> Bar<C> {
    /// Such that half of the offers have no more than `count` pairs up to it.
    pub(crate) fn of<U: Units>(net: &Network<C, U>, price: &[C], count: usize) -> Self {
        let mut seen: Vec<C> = Vec::new();
        let mut ranked: Vec<C> = Vec::new();
        let mut nexts: Vec<C> = Vec::new();
        for offer in sample(net.offers) {
            let range = net.start[offer] as usize..net.start[offer + 1] as usize;
            if range.len() > count {
                let first = seen.len();
                seen.extend(range.map(|e| reduced(net, price, offer, e)));
                let (_, at, beyond) = seen[first..].select_nth_unstable(count - 1);
                ranked.push(*at);
                nexts.extend(beyond.iter().min());
            }
        }
        if ranked.is_empty() {
            return Self {
                at: C::FAR,
                count,
                next: C::FAR,
                blunt: false,
            };
        }
        let middle = ranked.len() / 2;
        let at = *ranked.select_nth_unstable(middle).1;
        let next = *nexts.select_nth_unstable(middle).1;
        let below = seen.iter().filter(|&&c| c <= at).count();
        Self {
            at,
            count,
            next,
            blunt: below > 3 * count * ranked.len() / 2,
        }
    }
}

/// Picks the `count` pairs of each offer with the least reduced cost, and those that carry units.
fn best_of<C: Cost, U: Units>(
    net: &Network<C, U>,
    price: &[C],
    flow: &[U],
    count: usize,
) -> impl FnMut(usize, usize) -> bool {
    let mut seen: Vec<C> = Vec::new();
    let mut bar = C::FAR;
    let mut equal = 0;
    let mut last = usize::MAX;
    move |offer, e| {
        let cost = |e: usize| net.cost[e] - price[net.head[e] as usize];
        if last != offer {
            last = offer;
            let range = net.start[offer] as usize..net.start[offer + 1] as usize;
            bar = C::FAR;
            if range.len() > count {
                seen.clear();
                seen.extend(range.map(cost));
                let (below, &mut at, _) = seen.select_nth_unstable(count - 1);
                bar = at;
                equal = 1 + below.iter().filter(|&&c| c == at).count();
            }
        }
        let own = cost(e);
        if own == bar && equal > 0 {
            equal -= 1;
            return true;
        }
        flow[e] != U::default() || own < bar
    }
}

/// Says of a pair whether it can matter at these prices: those up to the bar, and those that carry units.
pub(crate) fn nearby<'a, C: Cost, U: Units>(
    net: &'a Network<C, U>,
    price: &'a [C],
    flow: &'a [U],
    bar: &'a Bar<C>,
) -> impl FnMut(usize, usize) -> bool + 'a {
    let mut ranked = bar.blunt.then(|| best_of(net, price, flow, bar.count));
    move |offer, e| match &mut ranked {
        Some(ranked) => ranked(offer, e),
        None => (reduced(net, price, offer, e) <= bar.at) | (flow[e] != U::default()),
    }
}

/// The same network with only the pairs that can matter at these prices, and all of needs that are `wanting`.
pub(crate) fn near_part<C: Cost, U: Units>(
    net: &Network<C, U>,
    price: &[C],
    flow: &[U],
    bar: &Bar<C>,
    wanting: &[bool],
    threads: usize,
) -> Network<C, U> {
    let near = || {
        let mut near = nearby(net, price, flow, bar);
        let wants = |e: usize| !wanting.is_empty() && wanting[net.head[e] as usize - net.offers];
        move |offer, e| near(offer, e) | wants(e)
    };
    if threads > 1 && net.head.len() > WORTH_A_THREAD {
        net.narrow_apart(near)
    } else {
        net.narrow(near())
    }
}

/// From so many pairs on, a thread of its own is worth starting.
pub(crate) const WORTH_A_THREAD: usize = 50_000;
