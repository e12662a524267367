//! `matching-bench compare [PYTHON] [quick|full] [MOST_ROUNDS]` prints the tables of docs/performance-matching.md; PYTHON is an
//! interpreter with `ortools` and `numpy`. `all PYTHON` is what `cargo xtask bench matching` runs. The other commands are its parts:
//! `make KIND OFFERS NEEDS DEGREE SEED FILE`, `solve FILE [ROUNDS] [warm]`, `stand FILE ROUNDS`, `hours OFFERS NEEDS DEGREE SECONDS [KIND]`,
//! `medium PYTHON COUNT` (random middle-sized instances against OR-Tools), `plot PYTHON FILE.svg` (time against size).

mod compare;
mod instances;
mod plot;

use matching::{Answer, Changes, Group, Options, Rule, Side, Standing, resolve, solve};
use std::io::{BufReader, BufWriter};
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

type Fallible = Result<(), Box<dyn std::error::Error>>;

fn run(args: &[String]) -> Fallible {
    let arg = |at: usize| args.get(at).map(String::as_str).ok_or("too few arguments");
    match arg(0)? {
        "make" => {
            let problem = instances::make(
                arg(1)?,
                arg(2)?.parse()?,
                arg(3)?.parse()?,
                arg(4)?.parse()?,
                arg(5)?.parse()?,
            );
            let file = std::fs::File::create(arg(6)?)?;
            instances::write(&problem, BufWriter::new(file))?;
            Ok(())
        }
        "solve" => once(
            arg(1)?,
            args.get(2).map_or(Ok(1), |r| r.parse())?,
            args.get(3).is_some(),
        ),
        "stand" => stand(arg(1)?, arg(2)?.parse()?),
        "compare" => compare::tables(
            args.get(1).map(String::as_str),
            args.get(2).is_some_and(|a| a == "full"),
            args.get(3).map_or(Ok(9), |r| r.parse())?,
        ),
        "all" => {
            compare::tables(Some(arg(1)?), true, 9)?;
            compare::medium(arg(1)?, 200)?;
            hours("even", 100_000, 10_000, 20, 60.0)
        }
        "plot" => plot::draw(arg(1)?, arg(2)?),
        "medium" => compare::medium(arg(1)?, arg(2)?.parse()?),
        "hours" => hours(
            args.get(5).map_or("even", String::as_str),
            arg(1)?.parse()?,
            arg(2)?.parse()?,
            arg(3)?.parse()?,
            arg(4)?.parse()?,
        ),
        other => Err(format!("unknown command {other}").into()),
    }
}

fn once(path: &str, rounds: u32, warm: bool) -> Fallible {
    let mut problem = instances::read(BufReader::with_capacity(1 << 20, std::fs::File::open(path)?))?;
    let options = Options {
        threads: 2,
        causes_later: true,
        ..Options::default()
    };
    for round in 0..rounds {
        let busy = busy_seconds();
        let start = Instant::now();
        let answer = solve(&problem, &options)?;
        let cold = start.elapsed().as_secs_f64();
        let busy = busy_seconds() - busy;
        let mut line = format!(
            "{cold:.6} busy {busy:.6} {} {} {} {}",
            answer.objective,
            answer.weighted_unmet,
            answer.proved,
            peak()
        );
        if warm {
            let start = Instant::now();
            let mut standing = Standing::of(&problem, answer.clone());
            let laying = start.elapsed().as_secs_f64();
            let changed = instances::change(&mut problem, u64::from(round) + 1);
            let start = Instant::now();
            let busy = busy_seconds();
            let again = resolve(&problem, &answer, &options)?;
            let seconds = start.elapsed().as_secs_f64();
            let busy = busy_seconds() - busy;
            let changes = Changes {
                offers: &changed,
                ..Changes::default()
            };
            let start = Instant::now();
            let mended = standing.again(&problem, &changes, &options)?;
            let standing = start.elapsed().as_secs_f64();
            let check = solve(&problem, &options)?;
            let same = |a: &Answer| check.objective == a.objective && check.weighted_unmet == a.weighted_unmet;
            line += &format!(
                " warm {seconds:.6} {} {} busy {busy:.6} standing {standing:.6} {} {} laid {laying:.6} {}",
                again.proved,
                same(&again),
                mended.proved,
                same(mended),
                peak()
            );
        }
        println!("{line}");
    }
    Ok(())
}

/// One in a hundred offers changes, again and again; a line each time.
fn stand(path: &str, rounds: u32) -> Fallible {
    let mut problem = instances::read(BufReader::with_capacity(1 << 20, std::fs::File::open(path)?))?;
    let options = Options {
        threads: 2,
        causes_later: true,
        ..Options::default()
    };
    let mut standing = Standing::of(&problem, solve(&problem, &options)?);
    for round in 0..rounds {
        let changed = instances::change(&mut problem, u64::from(round) + 1);
        let changes = Changes {
            offers: &changed,
            ..Changes::default()
        };
        let start = Instant::now();
        let answer = standing.again(&problem, &changes, &options)?;
        let seconds = start.elapsed().as_secs_f64();
        let cold = solve(&problem, &options)?;
        let same = (cold.objective, cold.weighted_unmet) == (answer.objective, answer.weighted_unmet);
        println!("{seconds:.6} {} {same}", answer.proved);
    }
    Ok(())
}

/// A generalised assignment: each unit takes hours of its offer, which has too few; and groups of needs cross.
fn hours(kind: &str, offers: usize, needs: usize, degree: usize, seconds: f64) -> Fallible {
    let mut problem = instances::make(kind, offers, needs, degree, 1);
    let mut dice = instances::Dice(5);
    let mut terms = vec![Vec::new(); offers];
    for (at, pair) in problem.pairs.iter().enumerate() {
        terms[pair.offer as usize].push((at as u32, dice.range(1, 5)));
    }
    for terms in terms {
        problem.rules.push(Rule::Load {
            terms,
            max: dice.range(3, 8),
        });
    }
    for quota in 0..20u32 {
        let members: Vec<u32> = (0..needs as u32)
            .filter(|n| n % 20 == quota || n % 7 == quota % 7)
            .collect();
        let most = (members.len() * offers / needs) as i64;
        problem.groups.push(Group {
            side: Side::Need,
            members,
            min: 0,
            max: most,
        });
    }
    let start = Instant::now();
    let stop = || start.elapsed().as_secs_f64() > seconds;
    let answer = solve(
        &problem,
        &Options {
            stop: Some(&stop),
            threads: 2,
            ..Options::default()
        },
    )?;
    println!(
        "hours {offers} x {needs} x {degree}: {:.1} s, value {}, bound {}, unmet {} (bound {}), gap {:.3} %, {} MB",
        start.elapsed().as_secs_f64(),
        answer.objective,
        answer.bound,
        answer.weighted_unmet,
        answer.unmet_bound,
        answer.gap() * 100.0,
        peak() / 1_000_000
    );
    println!(
        "ratio hours-{offers}x{needs}-gap-of-1-percent {:.3} at-most 1",
        answer.gap() * 100.0
    );
    Ok(())
}

/// Processor seconds of the main thread: steadier than the clock on a shared machine.
fn busy_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanos = stat.split_whitespace().next().and_then(|n| n.parse::<u64>().ok());
    nanos.unwrap_or(0) as f64 / 1e9
}

/// Peak resident bytes of this process so far.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:"))
        .and_then(|l| l.split_whitespace().next())
        .and_then(|n| n.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
