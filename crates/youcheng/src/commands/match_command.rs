//! `youcheng match`: reads the tables, allocates, writes the allocation and a report.
//!
//! Exit 0 solved, 1 a file could not be read or written, 2 bad input with the place of every fault, 3 no allocation
//! satisfies the forced pairs and group minima. The tables are described in docs/matching.md.

use matching::table::{self, File, TableFault, Tables};
use matching::{Answer, Conflict, Options, Refusal};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Allocate offers to needs: least weighted unmet minimum first, then greatest value, with a proof
#[derive(Debug, clap::Args)]
pub struct MatchArgs {
    /// CSV: need_id,min,max,priority
    #[arg(long)]
    needs: PathBuf,
    /// CSV: offer_id,capacity
    #[arg(long)]
    offers: PathBuf,
    /// CSV: offer_id,need_id,value,max_units[,status]; status empty, forced or forbidden
    #[arg(long)]
    pairs: PathBuf,
    /// CSV: group_id,side,member_id,min,max; side offer or need
    #[arg(long)]
    groups: Option<PathBuf>,
    /// Where to write offer_id,need_id,units,value
    #[arg(long)]
    out: PathBuf,
    /// Where to write the figures, as JSON
    #[arg(long)]
    report: PathBuf,
    /// Seconds after which the best allocation so far is written, with its gap
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<f64>,
    /// Threads to use; the answer does not depend on it [default: all cores]
    #[arg(long)]
    threads: Option<usize>,
}

/// Runs the command.
pub fn run(args: MatchArgs) -> ExitCode {
    match allocate(&args) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn allocate(args: &MatchArgs) -> Result<ExitCode, String> {
    let start = Instant::now();
    let limit = match args.time_limit {
        None => None,
        Some(seconds) => match Duration::try_from_secs_f64(seconds) {
            Ok(limit) => Some(limit),
            Err(_) => {
                eprintln!("--time-limit: {seconds} is not a number of seconds");
                return Ok(ExitCode::from(2));
            }
        },
    };
    let read = |path: &Path| std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    let tables = {
        let needs = read(&args.needs)?;
        let offers = read(&args.offers)?;
        let pairs = read(&args.pairs)?;
        let groups = args.groups.as_deref().map(read).transpose()?;
        table::read(&needs, &offers, &pairs, groups.as_deref())
    };
    let tables = match tables {
        Ok(tables) => tables,
        Err(faults) => return Ok(list(args, &faults)),
    };
    let seconds_read = start.elapsed().as_secs_f64();
    let solving = Instant::now();
    let stop = || limit.is_some_and(|limit| start.elapsed() >= limit);
    let threads = args
        .threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get()));
    let options = Options {
        stop: Some(&stop),
        threads,
    };
    let answer = matching::solve(&tables.problem, &options);
    let seconds_solve = solving.elapsed().as_secs_f64();
    let answer = match answer {
        Ok(answer) => answer,
        Err(refusal) => return refuse(args, &tables, &refusal),
    };
    let writing = Instant::now();
    write(&args.out, &table::write_allocation(&tables, &answer))?;
    let seconds = [seconds_read, seconds_solve, writing.elapsed().as_secs_f64()];
    write(&args.report, report(&tables, &answer, seconds).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}

/// Every fault on a line of its own: file:line:column: what.
fn list(args: &MatchArgs, faults: &[TableFault]) -> ExitCode {
    let mut out = std::io::BufWriter::new(std::io::stderr().lock());
    for fault in faults {
        let path = match fault.file {
            File::Needs => Some(&args.needs),
            File::Offers => Some(&args.offers),
            File::Pairs => Some(&args.pairs),
            File::Groups => args.groups.as_ref(),
        };
        let path = path.map(|p| p.display().to_string()).unwrap_or_default();
        // A closed pipe ends the list; the exit code still tells.
        if writeln!(out, "{path}:{}:{}: {}", fault.line, fault.column, fault.what).is_err() {
            break;
        }
    }
    ExitCode::from(2)
}

fn refuse(args: &MatchArgs, tables: &Tables, refusal: &Refusal) -> Result<ExitCode, String> {
    match refusal {
        Refusal::Conflict(conflict) => {
            let parts = name(tables, conflict);
            eprintln!("no allocation satisfies all of this together:");
            for part in &parts {
                eprintln!("  {part}");
            }
            let parts: Vec<String> = parts.iter().map(|p| json(p)).collect();
            let text = format!("{{\n  \"proved\": false,\n  \"conflict\": [{}]\n}}\n", parts.join(", "));
            write(&args.report, text.as_bytes())?;
            Ok(ExitCode::from(3))
        }
        Refusal::TimeUp => Err("time ran out before any allocation was found".into()),
        other => {
            eprintln!("{other}");
            Ok(ExitCode::from(2))
        }
    }
}

fn name(tables: &Tables, conflict: &Conflict) -> Vec<String> {
    let mut parts = Vec::new();
    for &at in &conflict.forced {
        let pair = &tables.problem.pairs[at as usize];
        parts.push(format!(
            "offer {} forced for need {} with {} units",
            tables.offer_ids[pair.offer as usize], tables.need_ids[pair.need as usize], pair.max_units
        ));
    }
    for &at in &conflict.groups {
        let group = &tables.problem.groups[at as usize];
        parts.push(format!(
            "group {} wants at least {} units",
            tables.group_ids[at as usize], group.min
        ));
    }
    parts.extend(conflict.limits.iter().map(|&limit| tables.describe(limit)));
    parts
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn report(tables: &Tables, answer: &Answer, [read, solve, write]: [f64; 3]) -> String {
    let mut text = String::from("{\n");
    let mut line = |key: &str, value: String| {
        let _ = writeln!(text, "  \"{key}\": {value},");
    };
    line("objective", answer.objective.to_string());
    line("weighted_unmet", answer.weighted_unmet.to_string());
    line("unmet_min_units", answer.unmet_min_units.to_string());
    line("bound", answer.bound.to_string());
    line("gap", format!("{:?}", answer.gap()));
    line("proved", answer.proved.to_string());
    line("seconds_read", format!("{read:.6}"));
    line("seconds_solve", format!("{solve:.6}"));
    line("seconds_write", format!("{write:.6}"));
    let unmet: Vec<String> = answer
        .unmet
        .iter()
        .map(|unmet| {
            let causes: Vec<String> = unmet.causes.iter().map(|&c| json(&tables.describe(c))).collect();
            format!(
                "\n    {{\"need_id\": {}, \"units\": {}, \"causes\": [{}]}}",
                json(&tables.need_ids[unmet.need as usize]),
                unmet.units,
                causes.join(", ")
            )
        })
        .collect();
    line("unmet", format!("[{}]", unmet.join(",")));
    let _ = writeln!(text, "  \"peak_rss_bytes\": {}\n}}", peak());
    text
}

/// Peak resident bytes of this process, 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:"))
        .and_then(|l| l.split_whitespace().next())
        .and_then(|n| n.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
