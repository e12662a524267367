//! `matching-bench make KIND OFFERS NEEDS DEGREE SEED FILE`, `matching-bench solve FILE [ROUNDS] [warm]`,
//! `matching-bench compare [PYTHON] [quick|full]`.

mod instances;

use matching::{Options, resolve, solve};
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
        other => Err(format!("unknown command {other}").into()),
    }
}

fn once(path: &str, rounds: u32, warm: bool) -> Fallible {
    let mut problem = instances::read(BufReader::with_capacity(1 << 20, std::fs::File::open(path)?))?;
    let options = Options { stop: None, threads: 2 };
    for round in 0..rounds {
        let start = Instant::now();
        let busy = busy_seconds();
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
            instances::change(&mut problem, u64::from(round) + 1);
            let start = Instant::now();
            let again = resolve(&problem, &answer, &options)?;
            let seconds = start.elapsed().as_secs_f64();
            let check = solve(&problem, &options)?;
            let same = check.objective == again.objective && check.weighted_unmet == again.weighted_unmet;
            line += &format!(" warm {seconds:.6} {} {same}", again.proved);
        }
        println!("{line}");
    }
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
