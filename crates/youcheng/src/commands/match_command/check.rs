//! `youcheng match --check`: looks at an allocation and its report with the checker, which shares nothing with the solver.
//!
//! Exit 0 what they say holds, 1 a file could not be read, 2 bad input, 4 something they say does not hold.

use super::fair::{self, Aim};
use super::{MatchArgs, list, read, tables};
use matching::check::{self, Flaw};
use matching::table::{self, Tables};
use matching::{Answer, Certificate, Limit};
use serde::Deserialize;
use std::process::ExitCode;

/// What a report says of an allocation.
#[derive(Deserialize)]
struct Report {
    objective: i128,
    weighted_unmet: i128,
    unmet_min_units: i128,
    bound: Option<i128>,
    unmet_bound: Option<i128>,
    gap: Option<f64>,
    proved: bool,
    #[serde(default)]
    searched: bool,
    fair: Option<Fairness>,
    certificate: Prices,
}

/// What it says of fairness.
#[derive(Deserialize)]
struct Fairness {
    aim: String,
    best_objective: i128,
    cost: i128,
}

#[derive(Deserialize)]
struct Prices {
    weight: i128,
    scale: i128,
    apart: bool,
    offers: Vec<i128>,
    needs: Vec<i128>,
    groups: Vec<i128>,
}

pub(super) fn run(args: &MatchArgs) -> Result<ExitCode, String> {
    let tables = match tables(args)? {
        Ok(tables) => tables,
        Err(faults) => return Ok(list(args, &faults)),
    };
    let units = match table::read_allocation(&tables, &read(&args.out)?) {
        Ok(units) => units,
        Err(faults) => return Ok(list(args, &faults)),
    };
    let report: Report = match serde_json::from_slice(&read(&args.report)?) {
        Ok(report) => report,
        Err(error) => {
            let path = args.report.display();
            eprintln!("{path}:{}:{}: {error}", error.line(), error.column());
            return Ok(ExitCode::from(2));
        }
    };
    let (proved, searched) = (report.proved, report.searched);
    let mut wrong = Vec::new();
    let aim = match &report.fair {
        None => None,
        Some(fair) => match fair.aim.parse::<Aim>() {
            Ok(aim) => Some(aim),
            Err(error) => {
                eprintln!("{}:0:0: fair: aim: {error}", args.report.display());
                return Ok(ExitCode::from(2));
            }
        },
    };
    if let Some(asked) = args.fair.filter(|asked| Some(*asked) != aim) {
        wrong.push(match aim {
            Some(aim) => format!("the report says that the plan aims at {aim}, not at {asked}"),
            None => format!("the report says that the plan aims at the greatest value, not at {asked}"),
        });
    }
    if let Some(fair) = report
        .fair
        .as_ref()
        .filter(|f| f.best_objective - f.cost != report.objective)
    {
        wrong.push(format!(
            "fair: a cost of {} from {} does not leave an objective of {}",
            fair.cost, fair.best_objective, report.objective
        ));
    }
    wrong.extend(beyond(&report));
    let answer = answer(units, report);
    wrong.extend(faults(&tables, &answer, aim, proved));
    if !wrong.is_empty() {
        for fault in wrong {
            eprintln!("{fault}");
        }
        return Ok(ExitCode::from(4));
    }
    println!(
        "The allocation keeps every limit. Its total value is {}, its weighted unmet minimum {}.",
        answer.objective, answer.weighted_unmet
    );
    match aim {
        Some(Aim::Share { permille }) => println!("No organisation gives more than {permille} per mille of all units."),
        Some(Aim::Draw { .. }) => {
            println!("It was drawn; drawing again with the same seed shows whether it is what was drawn.")
        }
        Some(Aim::WorstFirst) | None => {}
    }
    if proved {
        let of = match aim {
            None | Some(Aim::Draw { .. }) => "no allocation",
            Some(Aim::WorstFirst) => "no allocation in which every need gets at least as many units as here",
            Some(Aim::Share { .. }) => "no allocation that keeps the share",
        };
        println!("The prices prove it: {of} leaves less unmet, and none of those that leave as little is worth more.");
        if aim == Some(Aim::WorstFirst) {
            println!("That these are the most units for the worst-served needs is not something prices can confirm.");
        }
    } else {
        println!("The report does not say that it is proved, and the prices were not asked to.");
        if searched {
            println!("It says that a search through all branches found nothing better; prices cannot confirm that.");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What a report says of how much better an allocation could be, where it contradicts itself.
fn beyond(report: &Report) -> Vec<String> {
    let (bound, unmet) = (report.bound, report.unmet_bound);
    let best = report.proved || report.searched;
    let (value, missing) = (report.objective, report.weighted_unmet);
    let mut wrong = Vec::new();
    if let Some(bound) = bound.filter(|&bound| bound < value || (best && bound != value)) {
        wrong.push(format!("bound: {bound} does not go with an objective of {value}"));
    }
    if let Some(unmet) = unmet.filter(|&unmet| unmet > missing || (best && unmet != missing)) {
        wrong.push(format!(
            "unmet_bound: {unmet} does not go with a weighted_unmet of {missing}"
        ));
    }
    let stated = Answer {
        objective: value,
        weighted_unmet: missing,
        bound: bound.unwrap_or(value),
        unmet_bound: unmet.unwrap_or(missing),
        proved: best,
        ..Answer::default()
    };
    if let Some(gap) = report.gap.filter(|gap| (gap - stated.gap()).abs() > 1e-9) {
        wrong.push(format!(
            "gap: {gap} is not what objective and bounds come to, {}",
            stated.gap()
        ));
    }
    wrong
}

fn answer(units: Vec<i64>, report: Report) -> Answer {
    let prices = report.certificate;
    Answer {
        units,
        objective: report.objective,
        weighted_unmet: report.weighted_unmet,
        unmet_min_units: report.unmet_min_units,
        certificate: Certificate {
            weight: prices.weight,
            offers: prices.offers,
            needs: prices.needs,
            groups: prices.groups,
            loads: Vec::new(),
            scale: prices.scale,
            apart: prices.apart,
        },
        ..Answer::default()
    }
}

/// Everything that does not hold.
fn faults(tables: &Tables, answer: &Answer, aim: Option<Aim>, proved: bool) -> Vec<String> {
    let totals = match check::totals(&tables.problem, &answer.units) {
        Ok(totals) => totals,
        Err(flaw) => return vec![say(tables, flaw)],
    };
    let stated = [
        ("objective", answer.objective, totals.objective),
        ("weighted_unmet", answer.weighted_unmet, totals.weighted_unmet),
        ("unmet_min_units", answer.unmet_min_units, totals.unmet_min_units),
    ];
    let wrong = stated.into_iter().filter(|(_, said, is)| said != is);
    let mut wrong: Vec<String> = wrong
        .map(|(name, said, is)| format!("{name}: the report says {said}, the allocation adds up to {is}"))
        .collect();
    if let Some(Aim::Share { permille }) = aim {
        wrong.extend(fair::beyond_share(tables, permille, &answer.units));
    }
    if proved && wrong.is_empty() {
        let bounded = aim.map(|aim| fair::proof(tables, aim, &answer.units));
        let tables = bounded.as_ref().unwrap_or(tables);
        wrong.extend(
            check::check(&tables.problem, answer)
                .err()
                .map(|flaw| say(tables, flaw)),
        );
    }
    wrong
}

fn say(tables: &Tables, flaw: Flaw) -> String {
    match flaw {
        Flaw::Shape => "the certificate has not as many prices as the tables have rows".into(),
        Flaw::Pair(p) => format!("too few or too many units: {}", tables.describe(Limit::PairMax(p))),
        Flaw::Offer(o) => format!("more units than it has: {}", tables.describe(Limit::OfferCapacity(o))),
        Flaw::Need(n) => format!("more units than it takes: {}", tables.describe(Limit::NeedMax(n))),
        Flaw::Group(g) => format!("too few or too many units: {}", tables.group(g)),
        Flaw::Rule(r) => tables.describe(Limit::Rule(r)),
        Flaw::Totals => "a total is not what the units add up to".into(),
        Flaw::Weight => "the certificate weighs missing minimum units too little".into(),
        Flaw::NotProved { short } => format!(
            "the report says proved, but the prices leave room for {short} more (in value, times the certificate's scale)"
        ),
        Flaw::Overflow => "the numbers are too large to check".into(),
    }
}
