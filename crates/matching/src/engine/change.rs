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
