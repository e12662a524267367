//! `--fair`: what is aimed at instead of the greatest value, and what that costs beside it.

use matching::fairness;
use matching::table::{Organisation, Tables};
use matching::{Answer, Options, Refusal};
use std::fmt::{self, Write as _};
use std::str::FromStr;

/// What a plan aims at before its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    /// The worst-served need gets as much as it can, then the next.
    WorstFirst,
    /// No organisation gives more than so much of all units that are given.
    Share { permille: u32 },
    /// Drawn with this seed; no pair is chosen with a greater chance.
    Draw { seed: u64, permille: u32 },
}

/// What `--fair` takes.
const WANTED: &str = "worst-first, share=PERMILLE, or draw=SEED,PERMILLE";

impl FromStr for Aim {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let permille = |typed: &str| {
            let number = typed.parse().ok().filter(|n| (1..=1000).contains(n));
            number.ok_or_else(|| format!("{typed:?} is not a whole number of per mille from 1 to 1000"))
        };
        match typed.split_once('=') {
            None if typed == "worst-first" => Ok(Self::WorstFirst),
            Some(("share", most)) => Ok(Self::Share {
                permille: permille(most)?,
            }),
            Some(("draw", rest)) => {
                let Some((seed, chance)) = rest.split_once(',') else {
                    return Err(format!("a draw has a seed and the greatest chance; wanted {WANTED}"));
                };
                let number = seed.parse();
                Ok(Self::Draw {
                    seed: number.map_err(|_| format!("the seed {seed:?} is not a whole number from 0 to 2^64 - 1"))?,
                    permille: permille(chance)?,
                })
            }
            _ => Err(format!("wanted {WANTED}")),
        }
    }
}

impl fmt::Display for Aim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WorstFirst => write!(f, "worst-first"),
            Self::Share { permille } => write!(f, "share={permille}"),
            Self::Draw { seed, permille } => write!(f, "draw={seed},{permille}"),
        }
    }
}

impl Aim {
    /// Whether luck decides.
    pub(super) fn drawn(self) -> bool {
        matches!(self, Self::Draw { .. })
    }

    /// In words, for who is told that it leaves no room.
    pub(super) fn words(self) -> String {
        let why = match self {
            Self::WorstFirst => "the worst-served need gets as much as it can".to_owned(),
            Self::Share { permille } => format!("no organisation gives more than {permille} per mille of all units"),
            Self::Draw { permille, .. } => format!(
                "a pair is chosen with a chance of {permille} per mille at most, and gets one unit unless nothing is limited"
            ),
        };
        format!("--fair {self}: {why}")
    }
}

/// A fair plan, and the plan of greatest value that it stands beside.
pub(super) struct Fair {
    pub aim: Aim,
    pub best_objective: i128,
    pub best_weighted_unmet: i128,
    /// Of a draw: the value that is to be expected, in thousandths.
    pub expected: Option<i128>,
    /// The tables with the bounds that keep needs short in this plan.
    pub told: Tables,
}

/// Chances are given in per mille.
const PARTS: u32 = 1000;

fn offers(organisations: &[Organisation]) -> Vec<Vec<u32>> {
    organisations.iter().map(|o| o.offers.clone()).collect()
}

/// The fair plan; its certificate speaks of [`proof`]'s problem.
pub(super) fn made(tables: &Tables, aim: Aim, options: &Options<'_>) -> Result<(Answer, Fair), Refusal> {
    let problem = &tables.problem;
    let fair = |best: &Answer, expected, told| Fair {
        aim,
        best_objective: best.objective,
        best_weighted_unmet: best.weighted_unmet,
        expected,
        told,
    };
    match aim {
        Aim::WorstFirst => {
            let made = fairness::leximin(problem, options)?;
            let told = proof(tables, aim, &made.answer.units);
            Ok((made.answer, fair(&made.best, None, told)))
        }
        Aim::Share { permille } => {
            let organisations = tables.organisations();
            let members = offers(&organisations);
            let made = fairness::bounded_share(problem, &members, permille, options)?;
            let given = made.answer.units.iter().map(|&u| i128::from(u)).sum();
            let told = Tables {
                problem: fairness::sharing_of(problem, &members, permille, given),
                ..with_shares(tables, &organisations)
            };
            Ok((made.answer, fair(&made.best, None, told)))
        }
        Aim::Draw { seed, permille } => {
            let drawn = fairness::lottery(problem, permille, PARTS, seed, options)?;
            let answer = drawn.answer(problem)?;
            Ok((answer, fair(&drawn.best, Some(drawn.expected), tables.clone())))
        }
    }
}

impl Fair {
    /// What the report says of it.
    pub(super) fn json(&self, objective: i128) -> String {
        let mut text = format!(
            "{{\"aim\": \"{}\", \"best_objective\": {}, \"best_weighted_unmet\": {}, \"cost\": {}",
            self.aim,
            self.best_objective,
            self.best_weighted_unmet,
            self.best_objective - objective
        );
        if let Some(expected) = self.expected {
            let (sign, size) = (if expected < 0 { "-" } else { "" }, expected.unsigned_abs());
            let parts = u128::from(PARTS);
            let _ = write!(
                text,
                ", \"expected_objective\": {sign}{}.{:03}",
                size / parts,
                size % parts
            );
        }
        text.push('}');
        text
    }
}

fn with_shares(tables: &Tables, organisations: &[Organisation]) -> Tables {
    let gives = |o: &Organisation| format!("what {} gives", tables.organisation(o));
    Tables {
        added: organisations.iter().map(gives).collect(),
        ..tables.clone()
    }
}

/// The tables with the bounds of the problem that the prices of this plan speak of: both who writes a report and who
/// checks it work them out, so that a report cannot state others.
pub(super) fn proof(tables: &Tables, aim: Aim, units: &[i64]) -> Tables {
    let problem = &tables.problem;
    match aim {
        Aim::WorstFirst => {
            let mut got = vec![0i64; problem.needs.len()];
            for (pair, &units) in problem.pairs.iter().zip(units) {
                got[pair.need as usize] = got[pair.need as usize].saturating_add(units);
            }
            let gets = tables.need_ids.iter().zip(&got).filter(|(_, units)| **units > 0);
            Tables {
                problem: fairness::keeping(problem, &got),
                added: gets.map(|(need, _)| format!("what need {need} gets")).collect(),
                ..tables.clone()
            }
        }
        Aim::Share { permille } => {
            let organisations = tables.organisations();
            Tables {
                problem: fairness::sharing(problem, &offers(&organisations), permille),
                ..with_shares(tables, &organisations)
            }
        }
        Aim::Draw { .. } => tables.clone(),
    }
}

/// Who gives more than the share, if anybody.
pub(super) fn beyond_share(tables: &Tables, permille: u32, units: &[i64]) -> Option<String> {
    let organisations = tables.organisations();
    let kept = fairness::keeps_share(&tables.problem, &offers(&organisations), permille, units);
    let (at, given, all) = kept.err()?;
    let who = organisations
        .get(at)
        .map(|o| tables.organisation(o))
        .unwrap_or_default();
    Some(format!(
        "{who} gives {given} of {all} units, more than {permille} per mille"
    ))
}
