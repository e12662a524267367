//! Which groups nest or do not overlap: those stay in the flow as a forest.

use crate::problem::{Problem, Side};

/// Nobody above: the node hangs on the root.
pub(crate) const TOP: u32 = u32::MAX;

/// The groups that the flow carries, and how they hang together.
#[derive(Debug, Default)]
pub(crate) struct Forest {
    /// Places in `Problem::groups`, offer side first, children before parents within a side.
    pub order: Vec<u32>,
    /// How many of `order` are on the offer side.
    pub offer_groups: usize,
    /// For each of `order`, its parent's place in `order`, or `TOP`.
    pub parent: Vec<u32>,
    /// For each offer, the place in `order` of its innermost group, or `TOP`.
    pub of_offer: Vec<u32>,
    /// The same for needs.
    pub of_need: Vec<u32>,
    /// Places in `Problem::groups` that cross another one and so leave the flow.
    pub crossing: Vec<u32>,
}

impl Forest {
    pub(crate) fn new(problem: &Problem) -> Self {
        let mut forest = Self::default();
        forest.of_offer = forest.add(problem, Side::Offer, problem.offers.len());
        forest.offer_groups = forest.order.len();
        forest.of_need = forest.add(problem, Side::Need, problem.needs.len());
        forest
    }

    fn add(&mut self, problem: &Problem, side: Side, members: usize) -> Vec<u32> {
        let mut groups: Vec<u32> = (0..problem.groups.len() as u32)
            .filter(|&g| {
                let group = &problem.groups[g as usize];
                group.side == side && !group.members.is_empty()
            })
            .collect();
        // Smaller first, so that a group meets its subsets before itself.
        groups.sort_by_key(|&g| (problem.groups[g as usize].members.len(), g));
        let mut inner = vec![TOP; members];
        let mut outer = vec![TOP; members];
        let mut count = vec![0usize; groups.len() + self.order.len()];
        for g in groups {
            let list = &problem.groups[g as usize].members;
            for &m in list {
                if outer[m as usize] != TOP {
                    count[outer[m as usize] as usize] += 1;
                }
            }
            let mut nests = true;
            for &m in list {
                let top = outer[m as usize];
                if top != TOP && count[top as usize] != 0 {
                    let size = problem.groups[self.order[top as usize] as usize].members.len();
                    nests &= count[top as usize] == size;
                    count[top as usize] = 0;
                }
            }
            if !nests {
                self.crossing.push(g);
                continue;
            }
            let place = self.order.len() as u32;
            self.order.push(g);
            self.parent.push(TOP);
            for &m in list {
                let top = outer[m as usize];
                if top == TOP {
                    inner[m as usize] = place;
                } else {
                    self.parent[top as usize] = place;
                }
                outer[m as usize] = place;
            }
        }
        inner
    }
}
