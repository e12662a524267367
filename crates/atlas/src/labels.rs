//! Names beside their points, by rule: each name has some twenty places around its point, some a little farther with
//! a line to it, and rows at the sides of the picture. Simulated annealing with a fixed seed picks among them; what
//! still collides in the end is left out, the less important first, so that no two names ever overlap.
use crate::frame::Rect;

pub const TEXT: f64 = 13.5;
const UP: f64 = 10.5;
const DOWN: f64 = 4.0;
const ROW: f64 = 17.0;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    pub fn name(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

/// A name to be placed.
#[derive(Clone, Debug)]
pub struct Item {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    /// Higher is dropped later.
    pub weight: f64,
}

/// Where a name came to stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    pub rect: Rect,
    pub x: f64,
    /// The base line.
    pub y: f64,
    pub anchor: Anchor,
    /// A line from the name to its point, from the name's end.
    pub leader: Vec<(f64, f64)>,
    cost: f64,
    /// The box around the name and its line, to tell quickly that two are far apart.
    reach: Rect,
}

/// What is in the way.
pub struct Ground<'a> {
    /// Names must stay within.
    pub area: Rect,
    /// Nothing may cover these.
    pub taken: &'a [Rect],
    /// Lines that are better not covered, and how much worse it is to cover one of them.
    pub lines: &'a [(Vec<(f64, f64)>, f64)],
    /// Whether rows at the sides may be used.
    pub margins: (bool, bool),
}

fn spot(x: f64, y: f64, w: f64, anchor: Anchor, cost: f64, leader: Vec<(f64, f64)>) -> Spot {
    let x0 = match anchor {
        Anchor::Start => x,
        Anchor::Middle => x - w / 2.0,
        Anchor::End => x - w,
    };
    let rect = Rect {
        x0,
        y0: y - UP,
        x1: x0 + w,
        y1: y + DOWN,
    };
    let reach = leader.iter().fold(rect, |r, (x, y)| Rect {
        x0: r.x0.min(*x),
        y0: r.y0.min(*y),
        x1: r.x1.max(*x),
        y1: r.y1.max(*y),
    });
    Spot {
        rect,
        x,
        y,
        anchor,
        leader,
        cost,
        reach: reach.grown(2.0),
    }
}

type Segment = ((f64, f64), (f64, f64));

fn segments(line: &[(f64, f64)]) -> impl Iterator<Item = Segment> + '_ {
    line.windows(2).map(|w| (w[0], w[1]))
}

fn side(a: (f64, f64), b: (f64, f64), c: (f64, f64)) -> f64 {
    (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
}

fn cross(p: Segment, q: Segment) -> bool {
    side(p.0, p.1, q.0) * side(p.0, p.1, q.1) < 0.0 && side(q.0, q.1, p.0) * side(q.0, q.1, p.1) < 0.0
}

/// Whether a segment touches a box (Liang and Barsky).
fn touches(s: Segment, r: &Rect) -> bool {
    let ((x, y), (x2, y2)) = s;
    let (dx, dy) = (x2 - x, y2 - y);
    let (mut t0, mut t1) = (0f64, 1f64);
    for (p, q) in [(-dx, x - r.x0), (dx, r.x1 - x), (-dy, y - r.y0), (dy, r.y1 - y)] {
        if p == 0.0 {
            if q < 0.0 {
                return false;
            }
        } else if p < 0.0 {
            t0 = t0.max(q / p);
        } else {
            t1 = t1.min(q / p);
        }
    }
    t0 <= t1
}

const CLASH: f64 = 60.0;

fn between(a: &Spot, b: &Spot) -> f64 {
    if !a.reach.meets(&b.reach) {
        return 0.0;
    }
    let mut cost = 0.0;
    if a.rect.grown(1.0).meets(&b.rect) {
        cost += CLASH;
    }
    let (ra, rb) = (a.rect.grown(1.5), b.rect.grown(1.5));
    cost += 14.0 * segments(&a.leader).filter(|s| touches(*s, &rb)).count() as f64;
    cost += 14.0 * segments(&b.leader).filter(|s| touches(*s, &ra)).count() as f64;
    for s in segments(&a.leader) {
        cost += 9.0 * segments(&b.leader).filter(|t| cross(s, *t)).count() as f64;
    }
    cost
}

fn candidates(i: usize, items: &[Item], ground: &Ground) -> Vec<Spot> {
    use Anchor::{End, Middle, Start};
    let Item { x, y, width: w, .. } = items[i];
    let mut all = Vec::new();
    for (d, more) in [(8.0, 0.0), (12.0, 0.5)] {
        for (dx, dy, anchor, cost) in [
            (d, 4.0, Start, 0.0),
            (-d, 4.0, End, 0.15),
            (0.0, -d - 1.0, Middle, 0.3),
            (0.0, d + 10.0, Middle, 0.3),
            (d - 2.0, -d + 4.0, Start, 0.35),
            (d - 2.0, d + 5.0, Start, 0.35),
            (2.0 - d, -d + 4.0, End, 0.45),
            (2.0 - d, d + 5.0, End, 0.45),
            (4.0 - w / 2.0, -d - 1.0, Middle, 0.5),
            (w / 2.0 - 4.0, -d - 1.0, Middle, 0.5),
            (4.0 - w / 2.0, d + 10.0, Middle, 0.5),
            (w / 2.0 - 4.0, d + 10.0, Middle, 0.5),
        ] {
            all.push(spot(x + dx, y + dy, w, anchor, cost + more, Vec::new()));
        }
    }
    for (far, more) in [(26.0, 0.0), (40.0, 0.5), (56.0, 1.1), (76.0, 1.9)] {
        for k in 0..16 {
            let turn = f64::from(k) * std::f64::consts::TAU / 16.0;
            let (ex, ey) = (x + far * turn.cos(), y + far * turn.sin());
            let (anchor, gap) = match turn.cos() {
                c if c > 0.3 => (Start, 3.0),
                c if c < -0.3 => (End, -3.0),
                _ => (Middle, 0.0),
            };
            let base = if anchor == Middle && turn.sin() < 0.0 {
                ey - 5.0
            } else if anchor == Middle {
                ey + 12.0
            } else {
                ey + 4.0
            };
            let from = 6.0 / far;
            let near = (x + (ex - x) * from, y + (ey - y) * from);
            all.push(spot(ex + gap, base, w, anchor, 2.2 + more, vec![(ex, ey), near]));
        }
    }
    let widest = items.iter().map(|i| i.width).fold(0.0, f64::max);
    let rows = ((ground.area.height() - UP - DOWN) / ROW) as u32;
    for (on, left) in [(ground.margins.0, true), (ground.margins.1, false)] {
        for r in (0..=rows).filter(|_| on) {
            let base = ground.area.y0 + UP + f64::from(r) * ROW;
            let (at, out, bend) = if left {
                let at = ground.area.x0 + widest;
                (at, at + 4.0, at + 14.0)
            } else {
                let at = ground.area.x1 - widest;
                (at, at - 4.0, at - 14.0)
            };
            // A line that would run back over its own name is of no use.
            if (left && x < bend + 4.0) || (!left && x > bend - 4.0) {
                continue;
            }
            let (tx, ty) = (x - bend, y - (base - 4.0));
            let length = tx.hypot(ty).max(1.0);
            let near = (x - tx / length * 6.0, y - ty / length * 6.0);
            let cost = 4.0 + length * 0.02 + ty.abs() * 0.01;
            let leader = vec![(out, base - 4.0), (bend, base - 4.0), near];
            all.push(spot(at, base, w, if left { End } else { Start }, cost, leader));
        }
    }
    all.retain(|s| {
        let clear = |r: &Rect| !s.rect.meets(r);
        ground.area.holds(&s.rect)
            && ground.taken.iter().all(clear)
            && items.iter().all(|o| clear(&Rect::around(o.x, o.y, 5.5)))
    });
    for s in &mut all {
        // The one that is told about is the one to find at a glance: near its point, if at all possible.
        if items[i].weight > 100.0 && !s.leader.is_empty() {
            s.cost *= 4.0;
        }
        for (line, worse) in ground.lines {
            if segments(line).any(|t| touches(t, &s.rect)) {
                s.cost += worse;
            }
        }
        for t in segments(&s.leader) {
            let passed = items
                .iter()
                .enumerate()
                .filter(|(j, o)| *j != i && touches(t, &Rect::around(o.x, o.y, 5.0)));
            s.cost += 5.0 * passed.count() as f64;
            s.cost += 5.0 * ground.taken.iter().filter(|r| touches(t, r)).count() as f64;
        }
    }
    all
}

/// Finds a spot for every name that can have one.
pub fn lay_out(items: &[Item], ground: &Ground) -> Vec<Option<Spot>> {
    let spots: Vec<Vec<Spot>> = (0..items.len()).map(|i| candidates(i, items, ground)).collect();
    // The last state of each name stands for "left out".
    let mut state: Vec<usize> = spots.iter().map(Vec::len).collect();
    let cost = |i: usize, at: usize, state: &[usize]| -> f64 {
        let Some(s) = spots[i].get(at) else {
            return 20.0 + items[i].weight;
        };
        let others = (0..items.len())
            .filter(|j| *j != i)
            .filter_map(|j| spots[j].get(state[j]));
        s.cost + others.map(|o| between(s, o)).sum::<f64>()
    };
    let best = |i: usize, state: &[usize]| -> usize {
        let mut best = (f64::MAX, 0);
        for at in 0..=spots[i].len() {
            let c = cost(i, at, state);
            if c < best.0 {
                best = (c, at);
            }
        }
        best.1
    };
    // A start from the names with the least choice, then chance, then nothing but improvement.
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|&i| (spots[i].len(), i));
    for &i in &order {
        state[i] = best(i, &state);
    }
    let mut seed = 0x9E37_79B9_7F4A_7C15u64;
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) as f64 / (1u64 << 53) as f64
    };
    let total = |state: &[usize]| -> f64 {
        let pairs: f64 = (0..items.len())
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .filter_map(|(i, j)| Some(between(spots[i].get(state[i])?, spots[j].get(state[j])?)))
            .sum();
        let own = |i: usize| spots[i].get(state[i]).map_or(20.0 + items[i].weight, |s| s.cost);
        pairs + (0..items.len()).map(own).sum::<f64>()
    };
    let steps = items.len() * 400;
    let mut kept = (total(&state), state.clone());
    // Three walks from the same start, as a single one may end in a poor corner.
    for _ in 0..3 {
        let mut state = state.clone();
        for step in 0..steps {
            let heat = 6.0 * (0.02f64).powf(step as f64 / steps as f64);
            let i = ((next() * items.len() as f64) as usize).min(items.len() - 1);
            let at = ((next() * (spots[i].len() + 1) as f64) as usize).min(spots[i].len());
            let change = cost(i, at, &state) - cost(i, state[i], &state);
            if change <= 0.0 || next() < (-change / heat).exp() {
                state[i] = at;
            }
        }
        for _ in 0..8 {
            for &i in &order {
                state[i] = best(i, &state);
            }
        }
        let end = total(&state);
        if end < kept.0 {
            kept = (end, state);
        }
    }
    let mut state = kept.1;
    // What must not be is taken out: overlapping names, the lighter one first.
    let mut light: Vec<usize> = (0..items.len()).collect();
    light.sort_by(|a, b| items[*a].weight.total_cmp(&items[*b].weight).then(b.cmp(a)));
    for i in light {
        let clash = spots[i].get(state[i]).is_some_and(|s| {
            (0..items.len())
                .filter(|j| *j != i)
                .filter_map(|j| spots[j].get(state[j]))
                .any(|o| between(s, o) >= 14.0)
        });
        if clash {
            state[i] = spots[i].len();
        }
    }
    (0..items.len()).map(|i| spots[i].get(state[i]).cloned()).collect()
}

/// A spot that is not to be moved.
pub fn fixed(rect: Rect, x: f64, y: f64, anchor: Anchor) -> Spot {
    Spot {
        rect,
        x,
        y,
        anchor,
        leader: Vec::new(),
        cost: 0.0,
        reach: rect,
    }
}
