//! Heaps that lie in a slice, ranked by what they are told to look at.

use crate::number::Cost;

/// Children of a place in a heap: four of them lie side by side, and the heap is half as deep as with two.
const BRANCHES: usize = 4;

/// Moves the last entry up to where it belongs; the highest `rank` is on top.
#[inline(always)]
pub(super) fn lift<T: Copy, C: Cost>(heap: &mut [T], rank: impl Fn(&T) -> C) {
    let mut at = heap.len() - 1;
    while at > 0 {
        let parent = (at - 1) / BRANCHES;
        if rank(&heap[at]) <= rank(&heap[parent]) {
            return;
        }
        heap.swap(at, parent);
        at = parent;
    }
}

/// Moves an entry down to where it belongs.
#[inline(always)]
pub(super) fn sink<T: Copy, C: Cost>(heap: &mut [T], mut at: usize, rank: impl Fn(&T) -> C) {
    let Some(&moving) = heap.get(at) else { return };
    let own = rank(&moving);
    loop {
        let first = BRANCHES * at + 1;
        let end = (first + BRANCHES).min(heap.len());
        let Some(children) = heap.get(first..end) else { break };
        // Which is the highest is hard to foresee: two and two, and nothing hangs on it but what is chosen.
        let higher = |a: (C, usize), b: (C, usize)| if b.0 > a.0 { b } else { a };
        let ranked = |child: usize| (rank(&children[child]), child);
        let top = if children.len() == BRANCHES {
            higher(higher(ranked(0), ranked(1)), higher(ranked(2), ranked(3)))
        } else {
            (0..children.len()).map(ranked).fold((own, 0), higher)
        };
        if top.0 <= own {
            break;
        }
        let child = first + top.1;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moving;
}

/// Makes a heap of what lies in any order.
pub(super) fn heap_up<T: Copy, C: Cost>(heap: &mut [T], rank: impl Fn(&T) -> C) {
    for at in (0..heap.len().div_ceil(BRANCHES)).rev() {
        sink(heap, at, &rank);
    }
}
