//! Seeded instances and their binary form, which the OR-Tools script reads with numpy.

use matching::{Need, Offer, Pair, Problem, Status};
use std::io::{self, Read, Write};

/// SplitMix64.
#[derive(Debug)]
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }
    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as u64) as i64
    }
}

/// Kinds of instances, by name.
pub const KINDS: [&str; 9] = [
    "plain", "even", "scarce", "ranked", "tight", "surplus", "equal", "places", "ladder",
];

/// One instance. `degree` pairs per offer, needs drawn without repeats.
///
/// - plain: one unit per offer, needs take about as many with a minimum, values 0 to 999
/// - even: about as many units offered as wanted, values 0 to 999
/// - scarce: half of what the minima ask is offered
/// - ranked: as scarce, with priorities from 1 to 100
/// - tight: as even, every need asks for all it can take
/// - surplus: twice as many units offered as the needs can take
/// - equal: as even, all values equal (degenerate)
/// - short: as even, but one need in a hundred asks for more than its offers have (not in the tables)
/// - places: value falls with distance on a map; each offer may serve its nearest needs (long exchanges)
/// - ladder: value = rank x rank with a narrow window (adversarial for auctions: every bid is a small step)
pub fn make(kind: &str, offers: usize, needs: usize, degree: usize, seed: u64) -> Problem {
    let mut dice = Dice(seed ^ ((offers as u64) << 20) ^ needs as u64);
    let mut problem = Problem::default();
    let degree = degree.min(needs);
    let per_need = (offers * 2).div_ceil(needs).max(1) as i64;
    for _ in 0..offers {
        problem.offers.push(Offer {
            capacity: dice.range(1, 3),
        });
    }
    for _ in 0..needs {
        // One need in a hundred asks for more than those who could serve it have.
        let max = match kind {
            "short" if problem.needs.len() % 100 == 0 => per_need * 20,
            "plain" => dice.range(1.max(per_need / 4), (per_need * 3 / 4).max(1)),
            "scarce" | "ranked" => dice.range(per_need * 2, per_need * 5),
            "surplus" => dice.range(1.max(per_need / 4), (per_need * 3 / 4).max(1)),
            _ => dice.range(1.max(per_need / 2), per_need * 3 / 2),
        };
        let min = match kind {
            "scarce" | "ranked" => max * 2 / 3,
            "tight" => max,
            "short" if max == per_need * 20 => max,
            _ => dice.range(0, max / 2),
        };
        problem.needs.push(Need {
            min,
            max,
            priority: dice.range(1, if kind == "ranked" { 100 } else { 5 }),
        });
    }
    let side = (needs as f64).sqrt().ceil().max(1.0) as i64;
    let mut seen = vec![u32::MAX; needs];
    for offer in 0..offers as u32 {
        let at = (dice.below(side as u64) as i64, dice.below(side as u64) as i64);
        let fine = (dice.range(0, 99), dice.range(0, 99));
        let home = dice.below(needs as u64) as i64;
        let mut got = 0;
        let mut reach = 3;
        let mut tries = 0;
        while got < degree {
            tries += 1;
            if tries % (4 * degree) == 0 {
                reach += 1;
            }
            let need = match kind {
                "places" => {
                    let x = (at.0 + dice.range(-reach, reach)).rem_euclid(side);
                    let y = (at.1 + dice.range(-reach, reach)).rem_euclid(side);
                    (x * side + y) as usize % needs
                }
                "ladder" => (home + dice.range(-(reach * degree as i64), reach * degree as i64))
                    .rem_euclid(needs as i64) as usize,
                _ => dice.below(needs as u64) as usize,
            };
            if seen[need] == offer {
                continue;
            }
            seen[need] = offer;
            got += 1;
            let value = match kind {
                "equal" => 7,
                "places" => {
                    let (x, y) = (need as i64 / side, need as i64 % side);
                    let far = |a: i64, b: i64, f: i64| {
                        let d = (a - b).abs();
                        d.min(side - d) * 100 + f / 2
                    };
                    let (dx, dy) = (far(at.0, x, fine.0), far(at.1, y, fine.1));
                    1000 - (((dx * dx + dy * dy) as f64).sqrt() as i64).min(999)
                }
                "ladder" => (i64::from(offer) % 1000) * (need as i64 % 1000) / 100,
                _ => dice.range(0, 999),
            };
            problem.pairs.push(Pair {
                offer,
                need: need as u32,
                value,
                max_units: if kind == "plain" { 1 } else { dice.range(1, 3) },
                status: Status::Free,
            });
        }
    }
    problem
}

/// Changes the capacity of one offer in a hundred and the values of its pairs; tells which.
pub fn change(problem: &mut Problem, seed: u64) -> Vec<u32> {
    let mut dice = Dice(seed);
    let mut hit = vec![false; problem.offers.len()];
    for (at, offer) in problem.offers.iter_mut().enumerate() {
        if dice.below(100) == 0 {
            hit[at] = true;
            offer.capacity = dice.range(0, 3);
        }
    }
    for pair in &mut problem.pairs {
        if hit[pair.offer as usize] {
            pair.value += dice.range(-100, 100);
        }
    }
    (0..hit.len() as u32).filter(|&offer| hit[offer as usize]).collect()
}

/// Little-endian: offers, needs, pairs; capacities; min, max, priority; then per pair offer, need, value, units.
pub fn write(problem: &Problem, mut out: impl Write) -> io::Result<()> {
    let mut buffer: Vec<i64> = vec![
        problem.offers.len() as i64,
        problem.needs.len() as i64,
        problem.pairs.len() as i64,
    ];
    buffer.extend(problem.offers.iter().map(|o| o.capacity));
    buffer.extend(problem.needs.iter().flat_map(|n| [n.min, n.max, n.priority]));
    buffer.extend(
        problem
            .pairs
            .iter()
            .flat_map(|p| [i64::from(p.offer), i64::from(p.need), p.value, p.max_units]),
    );
    for chunk in buffer.chunks(1 << 16) {
        let bytes: Vec<u8> = chunk.iter().flat_map(|v| v.to_le_bytes()).collect();
        out.write_all(&bytes)?;
    }
    Ok(())
}

/// Reads what [`write`] wrote.
pub fn read(mut input: impl Read) -> io::Result<Problem> {
    let mut next = || -> io::Result<i64> {
        let mut bytes = [0u8; 8];
        input.read_exact(&mut bytes)?;
        Ok(i64::from_le_bytes(bytes))
    };
    let (offers, needs, pairs) = (next()?, next()?, next()?);
    let mut problem = Problem::default();
    problem.offers.reserve_exact(offers as usize);
    problem.needs.reserve_exact(needs as usize);
    problem.pairs.reserve_exact(pairs as usize);
    for _ in 0..offers {
        problem.offers.push(Offer { capacity: next()? });
    }
    for _ in 0..needs {
        problem.needs.push(Need {
            min: next()?,
            max: next()?,
            priority: next()?,
        });
    }
    for _ in 0..pairs {
        problem.pairs.push(Pair {
            offer: next()? as u32,
            need: next()? as u32,
            value: next()?,
            max_units: next()?,
            status: Status::Free,
        });
    }
    Ok(problem)
}
