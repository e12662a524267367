//! The books follow when the network changes under them.

use super::{Books, Engine};
use crate::network::Network;
use crate::number::{Cost, Units};

impl<C: Cost, U: Units> Books<C, U> {
    /// Takes the units of an offer out of the account; what it had stays noted, to be kept where nothing speaks against it.
    pub(crate) fn withdraw(&mut self, net: &Network<C, U>, offer: usize) {
        for e in net.start[offer] as usize..net.start[offer + 1] as usize {
            self.excess[net.head[e] as usize] -= self.flow[e].wide();
        }
        self.excess[net.parent[offer] as usize] += self.through[offer];
        self.through[offer] = 0;
    }

    /// Pairs come in between those there were: both lists say which pair of the same larger network stands at each place, in
    /// order.
    pub(crate) fn spread(&mut self, had: &[u32], now: &[u32]) {
        let mut place: Vec<u32> = Vec::with_capacity(had.len());
        for (at, pair) in now.iter().enumerate() {
            if had.get(place.len()) == Some(pair) {
                place.push(at as u32);
            }
        }
        let mut flow = vec![U::default(); now.len()];
        let mut listed = vec![false; now.len()];
        for (e, &at) in place.iter().enumerate() {
            (flow[at as usize], listed[at as usize]) = (self.flow[e], self.listed[e]);
        }
        (self.flow, self.listed) = (flow, listed);
        for (e, _) in self.held.iter_mut().flatten() {
            *e = place[*e as usize];
        }
    }
}

impl<'n, C: Cost, U: Units> Engine<'n, C, U> {
    /// Goes on with books laid aside.
    pub(crate) fn take_up(net: &'n Network<C, U>, books: Books<C, U>) -> Self {
        let mut engine = Self { net, books };
        engine.looks = 0;
        engine.reach = engine.price.iter().map(|p| p.wide().abs()).max().unwrap_or(0);
        engine
    }

    /// Offers withdrawn give again, as is best for them at present prices; then needs and groups whose limits changed let pass
    /// what is right.
    pub(crate) fn change(&mut self, offers: &[u32], limits: &[u32]) {
        let net = self.net;
        let mut scratch = Vec::new();
        for &offer in offers {
            let i = offer as usize;
            self.respond_offer(i, &mut scratch);
            self.note_less::<false>(i, C::default());
            for e in net.start[i] as usize..net.start[i + 1] as usize {
                let need = net.head[e] as usize;
                let cost = net.cost[e] + self.price[i] - self.price[need];
                if self.flow[e] != net.cap[e] {
                    self.note_less::<true>(need, cost);
                }
            }
        }
        // Needs and inner groups come before those around them.
        for &node in limits {
            self.settle(node as usize);
        }
    }
}
