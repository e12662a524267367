//! From what offers pick on their own to an allocation that keeps every limit.

use super::apart::{Apart, Item, Lists, Pays, Picked, Prices, SCALE};
use super::pick::{Choice, Picker};
use crate::fairness::Seed;
use crate::problem::{Pair, Status};

/// What is still asked of the prices, in eighths, when offers pick anew: who brings most for the places left comes first.
const FADING: [i64; 4] = [7, 6, 4, 0];

/// Rounds over all offers in which each may pick anew among what the others leave.
const ROUNDS: u32 = 4;

/// Places taken so far, and what all of it is worth.
struct Places<'a> {
    apart: &'a Apart<'a>,
    needs: Vec<i64>,
    groups: Vec<i64>,
    shared: Vec<i64>,
    /// By group, units that its needs lack to their minima.
    wanted: Vec<i64>,
    /// Whether groups keep room for what their needs lack.
    keeps_room: bool,
    /// Units of each item.
    units: Vec<i64>,
    /// In values: what is allocated, less what minima lack; first units that groups lack.
    lacks: i64,
    worth: i128,
}

impl<'a> Places<'a> {
    fn new(apart: &'a Apart<'a>, items: usize) -> Self {
        let problem = apart.problem;
        let mut places = Self {
            apart,
            needs: vec![0; problem.needs.len()],
            groups: vec![0; problem.groups.len()],
            shared: vec![0; apart.shared.len()],
            wanted: vec![0; problem.groups.len()],
            keeps_room: true,
            units: vec![0; items],
            lacks: problem.groups.iter().map(|g| g.min).sum(),
            worth: 0,
        };
        for (at, need) in problem.needs.iter().enumerate() {
            places.worth -= i128::from(need.min) * i128::from(need.priority) * apart.weight;
            if need.priority > 0 {
                for &g in apart.groups_of_need.of(at) {
                    places.wanted[g as usize] += need.min;
                }
            }
        }
        for (at, pair) in problem.pairs.iter().enumerate() {
            if pair.status == Status::Forced {
                places.add(pair.offer as usize, at, pair.need as usize, pair.value, pair.max_units);
            }
        }
        places
    }

    fn add(&mut self, offer: usize, pair: usize, need: usize, value: i64, units: i64) {
        let apart = self.apart;
        let of = &apart.problem.needs[need];
        let lacked = (of.min - self.needs[need]).max(0);
        self.needs[need] += units;
        let lacks = (of.min - self.needs[need]).max(0);
        self.worth += i128::from(value) * i128::from(units);
        self.worth += i128::from(lacked - lacks) * i128::from(of.priority) * apart.weight;
        let groups = apart.groups_of_need.of(need).iter();
        if lacks != lacked && of.priority > 0 {
            for &g in groups.clone() {
                self.wanted[g as usize] += lacks - lacked;
            }
        }
        for &g in groups.chain(apart.groups_of_offer.of(offer)) {
            let least = apart.problem.groups[g as usize].min;
            let slot = &mut self.groups[g as usize];
            let lacked = (least - *slot).max(0);
            *slot += units;
            self.lacks += (least - *slot).max(0) - lacked;
        }
        for &(row, a) in apart.shared_of.of(pair) {
            self.shared[row as usize] += a * units;
        }
    }

    fn take(&mut self, offer: usize, item: usize, units: i64) {
        let it = self.apart.item(item);
        let value = self.apart.problem.pairs[it.pair as usize].value;
        self.units[item] += units;
        self.add(offer, it.pair as usize, it.need as usize, value, units);
    }

    /// Units that a need lacks to a minimum that counts.
    fn lacks(&self, need: usize) -> i64 {
        let of = &self.apart.problem.needs[need];
        if of.priority > 0 {
            (of.min - self.needs[need]).max(0)
        } else {
            0
        }
    }

    /// Most units more that everything but the offer itself leaves to this item.
    fn room(&self, offer: usize, item: Item) -> i64 {
        let apart = self.apart;
        let need = item.need as usize;
        let of = &apart.problem.needs[need];
        let mut room = item.most.min(of.max - self.needs[need]);
        let left = |g: u32| apart.problem.groups[g as usize].max - self.groups[g as usize];
        for &g in apart.groups_of_offer.of(offer) {
            room = room.min(left(g));
        }
        let lacks = self.lacks(need);
        for &g in apart.groups_of_need.of(need) {
            room = room.min(left(g));
            if self.keeps_room {
                room = room.min(lacks + (left(g) - self.wanted[g as usize]).max(0));
            }
        }
        for &(row, a) in apart.shared_of.of(item.pair as usize) {
            if a > 0 {
                room = room.min((apart.shared[row as usize].1 - self.shared[row as usize]) / a);
            }
        }
        room.max(0)
    }

    /// Whether everything this item lies under is within its limits.
    fn holds(&self, item: Item) -> bool {
        let apart = self.apart;
        let need = item.need as usize;
        let within = |g: &u32| self.groups[*g as usize] <= apart.problem.groups[*g as usize].max;
        let shared = |row: u32| self.shared[row as usize] <= apart.shared[row as usize].1;
        self.needs[need] <= apart.problem.needs[need].max
            && apart.groups_of_need.of(need).iter().all(within)
            && apart.shared_of.of(item.pair as usize).iter().all(|s| shared(s.0))
    }

    /// Takes what was picked as far as there is room: one offer's items may lie under the same group.
    fn take_picked(&mut self, offer: usize, taken: &[(u32, i64)]) {
        for &(item, units) in taken {
            let units = units.min(self.room(offer, self.apart.item(item as usize)));
            if units > 0 {
                self.take(offer, item as usize, units);
            }
        }
    }

    fn give_back(&mut self, offer: usize) -> Vec<(u32, i64)> {
        let mut had = Vec::new();
        for item in self.apart.items_of(offer) {
            let units = self.units[item];
            if units > 0 {
                self.take(offer, item, -units);
                had.push((item as u32, units));
            }
        }
        had
    }

    fn whole_or_nothing(&mut self, offer: usize) {
        let own = self.apart.own(offer);
        let sum: i64 = self.apart.items_of(offer).map(|i| self.units[i]).sum();
        if own.whole && !own.used && sum != own.capacity {
            self.give_back(offer);
        }
    }
}

/// What settling needs beside the offers' own view.
pub(super) struct Settler<'a> {
    apart: &'a Apart<'a>,
    offer_of: Vec<u32>,
    by_need: Lists<u32>,
}

/// Rounds of polishing before it is looked up anew who misses what.
const REVIEW: u32 = 1_000;
/// Offers around one need that pick again together.
const AROUND: usize = 200;
/// Needs looked at on the way from one that lacks a unit to one that can spare it: at first, and where that does not do.
const WAYS: [usize; 2] = [50, 2_000];
/// Items looked at for minima before it is better to wait for better prices.
const WORK_PER_ITEM: usize = 10;
const LEAST_WORK: usize = 5_000_000;

impl<'a> Settler<'a> {
    pub(super) fn new(apart: &'a Apart<'a>) -> Self {
        let offers = (0..apart.offers()).map(|o| (o as u32, apart.items_of(o).len()));
        let offer_of: Vec<u32> = offers.flat_map(|(o, items)| std::iter::repeat_n(o, items)).collect();
        let items = (0..offer_of.len()).map(|at| (apart.item(at).need, at as u32));
        let by_need = Lists::new(apart.problem.needs.len(), items);
        Self {
            apart,
            offer_of,
            by_need,
        }
    }

    /// An allocation from what the offers picked at these prices: whoever loses most by it keeps what it picked, the
    /// others pick again among what is left, and then each improves while it can.
    pub(super) fn settle(&self, prices: &Prices, picked: &Picked, stop: &dyn Fn() -> bool) -> Vec<i64> {
        let apart = self.apart;
        let pays = apart.pays(prices);
        let problem = apart.problem;
        // Needs whose places too many picked, there or in a group around them.
        let group_over = |g: &u32| picked.groups[*g as usize] > problem.groups[*g as usize].max;
        let over: Vec<bool> = (0..problem.needs.len())
            .map(|n| picked.needs[n] > problem.needs[n].max || apart.groups_of_need.of(n).iter().any(group_over))
            .collect();
        let mut picker = Picker::default();
        let items = self.offer_of.len();
        // What each offer would lose without the needs that too many picked.
        let mut order: Vec<(i64, u32)> = Vec::with_capacity(apart.offers());
        let mut chosen = picked.chosen.iter().peekable();
        for offer in 0..apart.offers() {
            let (mut contested, mut has) = (false, 0);
            while let Some(&(_, item, units)) = chosen.next_if(|c| c.0 as usize == offer) {
                let item = apart.item(item as usize);
                contested |= over[item.need as usize];
                has += units * apart.profit(&pays, offer, item);
            }
            let loss = if contested {
                let free = |item: Item| if over[item.need as usize] { 0 } else { item.most };
                self.choose(&mut picker, offer, &pays, free);
                has - picker.pick(apart, offer)
            } else {
                i64::MAX
            };
            order.push((loss, offer as u32));
        }
        order.sort_by_key(|o| (std::cmp::Reverse(o.0), o.1));
        let mut places = Places::new(apart, items);
        for &(_, offer) in &order {
            let offer = offer as usize;
            self.choose(&mut picker, offer, &pays, |item| places.room(offer, item));
            picker.pick(apart, offer);
            self.take_picked(&mut places, &mut picker, offer);
        }
        let fading = FADING.map(|eighths| pays.faded(eighths));
        for round in 0..ROUNDS {
            let mut better = false;
            for pays in &fading {
                better |= self.improve(&mut places, &mut picker, pays, stop);
            }
            if stop() || !(self.serve_minima(&mut places, stop) || better && round == 0) {
                break;
            }
        }
        if places.wanted.iter().any(|&w| w > 0) {
            // What is kept for minima that nobody can serve is for others after all.
            places.keeps_room = false;
            self.improve(&mut places, &mut picker, &fading[FADING.len() - 1], stop);
        }
        self.units(&places)
    }

    /// Units by pair.
    fn units(&self, places: &Places<'_>) -> Vec<i64> {
        let pairs = self.apart.problem.pairs.iter();
        let forced = |p: &Pair| if p.status == Status::Forced { p.max_units } else { 0 };
        let mut units: Vec<i64> = pairs.map(forced).collect();
        for (item, &of) in places.units.iter().enumerate() {
            units[self.apart.item(item).pair as usize] = of;
        }
        units
    }

    /// Takes an allocation apart around one need after another, in an order that is the same everywhere, lets the offers
    /// there pick again by prices and then by values, and keeps what is worth more. Ends after `most` needs, or when `enough`
    /// says that its worth is.
    pub(super) fn polish(
        &self,
        prices: &Prices,
        units: &[i64],
        most: u32,
        enough: i128,
        stop: &dyn Fn() -> bool,
    ) -> Vec<i64> {
        let apart = self.apart;
        let pays = apart.pays(prices);
        let mut places = Places::new(apart, self.offer_of.len());
        places.keeps_room = false;
        for (item, &offer) in self.offer_of.iter().enumerate() {
            let units = units[apart.item(item).pair as usize];
            if units > 0 {
                places.take(offer as usize, item, units);
            }
        }
        let fading = FADING.map(|eighths| pays.faded(eighths));
        let mut picker = Picker::default();
        let mut dice = Seed(0);
        let mut missed: Vec<(i64, u32, u32)> = Vec::new();
        for round in 0..most {
            if stop() || places.worth >= enough || apart.problem.needs.is_empty() {
                break;
            }
            if missed.is_empty() && round % REVIEW == 0 {
                missed = self.missed(&places, &mut picker, &pays);
            }
            // By turns where somebody misses most, and anywhere.
            let (first, need) = match missed.pop_if(|_| round % 2 == 0) {
                Some((_, offer, need)) => (Some(offer), need as usize),
                None => (None, dice.below(apart.problem.needs.len() as u64) as usize),
            };
            let near = self.by_need.of(need).iter();
            let mut around: Vec<u32> = near.map(|&i| self.offer_of[i as usize]).collect();
            for at in (1..around.len()).rev() {
                around.swap(at, dice.below(at as u64 + 1) as usize);
            }
            if let Some(at) = around.iter().position(|&o| Some(o) == first) {
                around.swap(0, at);
            }
            around.truncate(AROUND);
            let before = (places.lacks, places.worth);
            let had: Vec<_> = around.iter().map(|&o| places.give_back(o as usize)).collect();
            for &offer in &around {
                let offer = offer as usize;
                self.choose(&mut picker, offer, &pays, |item| places.room(offer, item));
                picker.pick(apart, offer);
                self.take_picked(&mut places, &mut picker, offer);
            }
            for pays in &fading {
                for &offer in &around {
                    self.pick_anew(&mut places, &mut picker, pays, offer as usize);
                }
            }
            if places.lacks > before.0 || (places.lacks == before.0 && places.worth < before.1) {
                for &offer in &around {
                    places.give_back(offer as usize);
                }
                for (&offer, had) in around.iter().zip(had) {
                    for (item, units) in had {
                        places.take(offer as usize, item as usize, units);
                    }
                }
            }
        }
        self.units(&places)
    }

    /// Which offers miss something at these prices, how much, and the need where they would rather be, or where they are
    /// to nobody's good. Who misses most comes last.
    fn missed(&self, places: &Places<'_>, picker: &mut Picker, pays: &Pays) -> Vec<(i64, u32, u32)> {
        let apart = self.apart;
        let mut missed = Vec::new();
        for offer in 0..apart.offers() {
            self.choose(picker, offer, pays, |item| item.most);
            picker.pick(apart, offer);
            let profit = |at: usize| apart.profit(pays, offer, apart.item(at));
            let wanted = |at: usize| picker.taken.iter().find(|t| t.0 as usize == at).map_or(0, |t| t.1);
            let misses = |at: usize| (wanted(at) - places.units[at]) * profit(at);
            let items = apart.items_of(offer);
            let Some(most) = items.clone().max_by_key(|&at| misses(at)) else {
                continue;
            };
            let sum: i64 = items.map(misses).sum();
            if sum > 0 {
                missed.push((sum, offer as u32, apart.item(most).need));
            }
        }
        missed.sort_unstable();
        missed
    }

    fn take_picked(&self, places: &mut Places<'_>, picker: &mut Picker, offer: usize) {
        let taken = std::mem::take(&mut picker.taken);
        places.take_picked(offer, &taken);
        picker.taken = taken;
        places.whole_or_nothing(offer);
    }

    /// What an offer may pick: what brings it something at these prices, as far as there is room.
    fn choose(&self, picker: &mut Picker, offer: usize, pays: &Pays, room: impl Fn(Item) -> i64) {
        let apart = self.apart;
        picker.choices.clear();
        let whole = apart.own(offer).whole;
        for at in apart.items_of(offer) {
            let item = apart.item(at);
            let profit = apart.profit(pays, offer, item);
            if profit <= 0 && !whole {
                continue;
            }
            let most = room(item);
            if most > 0 {
                let item = at as u32;
                picker.choices.push(Choice { profit, most, item });
            }
        }
    }

    /// Lets each offer pick anew by values less what it pays, among what the others leave. Whether anything got better.
    fn improve(&self, places: &mut Places<'_>, picker: &mut Picker, pays: &Pays, stop: &dyn Fn() -> bool) -> bool {
        let mut any = false;
        for offer in 0..self.apart.offers() {
            if offer % 4096 == 0 && stop() {
                return false;
            }
            any |= self.pick_anew(places, picker, pays, offer);
        }
        any
    }

    /// Lets one offer pick anew among what the others leave, by values less what it pays; it keeps what it had if that is
    /// truly worth no less.
    fn pick_anew(&self, places: &mut Places<'_>, picker: &mut Picker, pays: &Pays, offer: usize) -> bool {
        let apart = self.apart;
        let problem = apart.problem;
        let before = (places.lacks, places.worth);
        let had = places.give_back(offer);
        picker.choices.clear();
        let whole = apart.own(offer).whole;
        for at in apart.items_of(offer) {
            let item = apart.item(at);
            let value = apart.profit(pays, offer, item) / SCALE;
            if value <= 0 && !whole && places.lacks == 0 && places.lacks(item.need as usize) == 0 {
                continue;
            }
            let most = places.room(offer, item);
            if most == 0 {
                continue;
            }
            let need = &problem.needs[item.need as usize];
            // Units that fill a minimum first, and what each of them is worth beside its value.
            let lacks = (need.min - places.needs[item.need as usize]).clamp(0, most);
            let bonus = (i128::from(need.priority) * apart.weight) as i64;
            let mut add = |profit: i64, most: i64| {
                if most > 0 && (profit > 0 || whole) {
                    picker.choices.push(Choice {
                        profit,
                        most,
                        item: at as u32,
                    });
                }
            };
            let asked = self.asked(places, offer, item);
            if asked > 0 {
                // A group that lacks units comes before everything.
                add(
                    value.saturating_add(bonus).saturating_add(apart.first()),
                    asked.min(most),
                );
                add(value, most - asked.min(most));
            } else {
                add(value.saturating_add(bonus), lacks);
                add(value, most - lacks);
            }
        }
        picker.pick(apart, offer);
        self.take_picked(places, picker, offer);
        let after = (places.lacks, places.worth);
        if after.0 > before.0 || (after.0 == before.0 && after.1 <= before.1) {
            if after != before || !had.is_empty() {
                places.give_back(offer);
                for &(item, units) in &had {
                    places.take(offer, item as usize, units);
                }
            }
            return false;
        }
        true
    }

    /// Units that some group of this item still lacks.
    fn asked(&self, places: &Places<'_>, offer: usize, item: Item) -> i64 {
        let apart = self.apart;
        let groups = apart.groups_of_need.of(item.need as usize).iter();
        let lack = |g: &u32| apart.problem.groups[*g as usize].min - places.groups[*g as usize];
        groups
            .chain(apart.groups_of_offer.of(offer))
            .map(lack)
            .max()
            .unwrap_or(0)
            .max(0)
    }

    /// Moves single units from needs that can spare them to needs below their minimum, over other needs where no offer
    /// serves both: by short ways first, then by long ones, as far as the work is worth it. Whether any moved.
    fn serve_minima(&self, places: &mut Places<'_>, stop: &dyn Fn() -> bool) -> bool {
        let needs = &self.apart.problem.needs;
        let mut any = false;
        let mut work = LEAST_WORK.max(WORK_PER_ITEM * self.offer_of.len());
        for longest in WAYS {
            for (need, of) in needs.iter().enumerate().filter(|n| n.1.priority > 0) {
                while places.needs[need] < of.min {
                    if work == 0 || stop() {
                        return any;
                    }
                    if !self.bring(places, need, longest, &mut work) {
                        break;
                    }
                    any = true;
                }
            }
        }
        any
    }

    /// Brings one more unit to a need, looking at no more than `longest` others. Every item looked at is work.
    fn bring(&self, places: &mut Places<'_>, to: usize, longest: usize, work: &mut usize) -> bool {
        let apart = self.apart;
        let needs = &apart.problem.needs;
        // By need reached: which need it gives a unit to, and the items that its offer takes and lets go for it.
        let mut way: std::collections::HashMap<u32, (u32, u32, u32)> = std::collections::HashMap::new();
        let mut queue = vec![to as u32];
        let mut at = 0;
        while at < queue.len() && queue.len() < longest && *work > 0 {
            let need = queue[at];
            at += 1;
            for &take in self.by_need.of(need as usize) {
                let offer = self.offer_of[take as usize] as usize;
                *work = work.saturating_sub(1);
                if apart.own(offer).whole || places.units[take as usize] >= apart.item(take as usize).most {
                    continue;
                }
                for drop in apart.items_of(offer) {
                    *work = work.saturating_sub(1);
                    let from = apart.item(drop).need;
                    if places.units[drop] == 0 || from as usize == to || way.contains_key(&from) {
                        continue;
                    }
                    if !self.fits(places, offer, take as usize, drop) {
                        continue;
                    }
                    way.insert(from, (need, take, drop as u32));
                    queue.push(from);
                    let of = &needs[from as usize];
                    let spare = places.needs[from as usize] > of.min || of.priority < needs[to].priority;
                    if spare && self.walk(places, &way, from, to) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Whether the offer can take one unit of one item for one of another.
    fn fits(&self, places: &Places<'_>, offer: usize, take: usize, drop: usize) -> bool {
        let apart = self.apart;
        let more = apart.weights(offer, take).iter().zip(apart.weights(offer, drop));
        let rooms = apart.load_max(apart.own(offer)).iter().enumerate().zip(more);
        rooms.clone().all(|((load, max), (&gains, &loses))| {
            if gains <= loses {
                return true;
            }
            let carried = apart
                .items_of(offer)
                .map(|i| places.units[i] * apart.weights(offer, i)[load]);
            carried.sum::<i64>() + gains - loses <= *max
        })
    }

    /// Moves one unit along the way found, or nothing.
    fn walk(
        &self,
        places: &mut Places<'_>,
        way: &std::collections::HashMap<u32, (u32, u32, u32)>,
        from: u32,
        to: usize,
    ) -> bool {
        let apart = self.apart;
        let before = (places.lacks, places.worth);
        let mut done: Vec<(usize, usize, usize)> = Vec::new();
        let mut need = from;
        let mut whole = true;
        while need as usize != to {
            let Some(&(next, take, drop)) = way.get(&need) else {
                return false;
            };
            let (take, drop) = (take as usize, drop as usize);
            let offer = self.offer_of[take] as usize;
            whole &= places.units[drop] > 0 && self.fits(places, offer, take, drop);
            if !whole {
                break;
            }
            whole = places.units[take] < apart.item(take).most;
            if !whole {
                break;
            }
            places.take(offer, drop, -1);
            places.take(offer, take, 1);
            done.push((offer, take, drop));
            need = next;
        }
        // On the way a group may be over its limit for a moment; at the end none is.
        let holds = || done.iter().all(|&(_, take, _)| places.holds(apart.item(take)));
        if whole && places.lacks <= before.0 && places.worth > before.1 && holds() {
            return true;
        }
        for (offer, take, drop) in done.into_iter().rev() {
            places.take(offer, take, -1);
            places.take(offer, drop, 1);
        }
        false
    }
}
