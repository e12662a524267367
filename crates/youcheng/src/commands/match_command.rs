//! `youcheng match`: reads the tables, allocates, writes the allocation and a report.
//!
//! Exit 0 solved, 1 a file could not be read or written, 2 bad input with the place of every fault, 3 no allocation
//! satisfies the forced pairs and group minima. The tables are described in docs/matching.md. With `--check` nothing is
//! solved: what an earlier run wrote is looked at with the checker (`check`). With `--fair` something else than the greatest
//! value is aimed at (`fair`).

mod check;
mod fair;

use fair::{Aim, Fair};
use matching::table::{self, File, TableFault, Tables};
use matching::{Answer, Certificate, Conflict, Limit, Options, Refusal, Told};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Allocate offers to needs: least weighted unmet minimum first, then greatest value, with a proof
#[derive(Debug, clap::Args)]
#[command(after_help = EXITS)]
pub struct MatchArgs {
    /// CSV: need_id,min,max,priority
    #[arg(long)]
    needs: PathBuf,
    /// CSV: offer_id,capacity[,organisation]; the organisation counts for --fair share alone
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
    /// Where to write the figures and the certificate, as JSON
    #[arg(long)]
    report: PathBuf,
    /// Aim at fairness instead of the greatest value alone: worst-first (the worst-served need gets as much as it can, then
    /// the next), share=PERMILLE (no organisation gives more of all units), or draw=SEED,PERMILLE (drawn; no pair is chosen
    /// with a greater chance). The report then says what it costs
    #[arg(long, value_name = "AIM")]
    fair: Option<Aim>,
    /// Solve nothing and write nothing: check the allocation and the report that stand there. Exit 4 where they are
    /// not what they say
    #[arg(long, conflicts_with_all = ["time_limit", "threads"])]
    check: bool,
    /// Seconds after which the best allocation so far is written, with its gap
    #[arg(long, value_name = "SECONDS", value_parser = seconds, allow_hyphen_values = true)]
    time_limit: Option<Duration>,
    /// Threads to use; the answer does not depend on it [default: all cores]
    #[arg(long)]
    threads: Option<usize>,
}

const EXITS: &str = "Exit 0: solved (or, with --check, what was written holds). 1: a file could not be read or written, or time ran out before \
anything was found. 2: bad input, a line file:line:column: what for every fault. 3: no allocation satisfies the forced pairs and the group \
minima; what collides is named. 4: with --check, something does not hold.";

/// A time in seconds, not negative.
fn seconds(typed: &str) -> Result<Duration, String> {
    let seconds = typed.parse::<f64>().ok();
    let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    time.ok_or_else(|| "it is not a number of seconds".into())
}

/// Runs the command.
pub fn run(args: MatchArgs) -> ExitCode {
    let done = if args.check { check::run(&args) } else { allocate(&args) };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn allocate(args: &MatchArgs) -> Result<ExitCode, String> {
    let start = Instant::now();
    if let Some(twice) = same_file(args) {
        eprintln!("{twice}");
        return Ok(ExitCode::from(2));
    }
    // What an earlier run left would seem to be the answer to this one, should there be none.
    clear(&args.out)?;
    clear(&args.report)?;
    let tables = match tables(args)? {
        Ok(tables) => tables,
        Err(faults) => return Ok(list(args, &faults)),
    };
    let seconds_read = start.elapsed().as_secs_f64();
    let solving = Instant::now();
    let stop = || args.time_limit.is_some_and(|limit| start.elapsed() >= limit);
    let threads = args
        .threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get()));
    let options = Options {
        // Without a limit it goes on until it is exact.
        stop: args.time_limit.is_some().then_some(&stop),
        threads,
        causes_later: true,
    };
    let answer = match args.fair {
        None => matching::solve(&tables.problem, &options).map(|answer| (answer, None)),
        Some(aim) => fair::made(&tables, aim, &options).map(|(answer, fair)| (answer, Some(fair))),
    };
    let seconds_solve = solving.elapsed().as_secs_f64();
    let (mut answer, fair) = match answer {
        Ok(answer) => answer,
        Err(refusal) => return refuse(args, &tables, &refusal, &options),
    };
    let telling = Instant::now();
    let told = fair.as_ref().map_or(&tables, |fair| &fair.told);
    matching::causes::tell(&told.problem, &mut answer, CAUSE_STEPS, &stop);
    let seconds_causes = telling.elapsed().as_secs_f64();
    let writing = Instant::now();
    write(&args.out, &table::write_allocation(&tables, &answer))?;
    let seconds = [
        seconds_read,
        seconds_solve,
        writing.elapsed().as_secs_f64(),
        seconds_causes,
    ];
    write(&args.report, report(told, &answer, fair.as_ref(), seconds).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Steps that telling why needs are short may take: two seconds or so.
const CAUSE_STEPS: usize = 300_000_000;

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn tables(args: &MatchArgs) -> Result<Result<Tables, Vec<TableFault>>, String> {
    let needs = read(&args.needs)?;
    let offers = read(&args.offers)?;
    let pairs = read(&args.pairs)?;
    let groups = args.groups.as_deref().map(read).transpose()?;
    Ok(table::read(&needs, &offers, &pairs, groups.as_deref()))
}

/// Two of the files that are one: what is written would destroy what is read.
fn same_file(args: &MatchArgs) -> Option<String> {
    let mut named: Vec<(&str, &Path)> = vec![
        ("--needs", &args.needs),
        ("--offers", &args.offers),
        ("--pairs", &args.pairs),
    ];
    named.extend(args.groups.as_deref().map(|groups| ("--groups", groups)));
    for (own, path) in [("--out", args.out.as_path()), ("--report", args.report.as_path())] {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let file = |path: &Path| path.is_file() || !path.exists();
        if let Some((other, _)) = named.iter().find(|(_, other)| file(path) && real(path) == real(other)) {
            return Some(format!("{own} and {other} are the same file: {}", path.display()));
        }
        named.push((own, path));
    }
    None
}

/// Takes away a file of an earlier run; what is no file (`/dev/stdout`) stays.
fn clear(path: &Path) -> Result<(), String> {
    if path.is_file() {
        std::fs::remove_file(path).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
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
            File::Allocation => Some(&args.out),
        };
        let path = path.map(|p| p.display().to_string()).unwrap_or_default();
        // A closed pipe ends the list; the exit code still tells.
        if writeln!(out, "{path}:{}:{}: {}", fault.line, fault.column, fault.what).is_err() {
            break;
        }
    }
    ExitCode::from(2)
}

fn refuse(args: &MatchArgs, tables: &Tables, refusal: &Refusal, options: &Options<'_>) -> Result<ExitCode, String> {
    match refusal {
        Refusal::Conflict(conflict) => {
            let mut parts = name(tables, conflict);
            // Without the aim it may all hold together: then the aim is part of it.
            let plain = || matching::solve(&tables.problem, options).is_ok();
            parts.extend(args.fair.filter(|_| plain()).map(Aim::words));
            eprintln!("no allocation satisfies all of this together:");
            for part in &parts {
                eprintln!("  {part}");
            }
            let parts: Vec<String> = parts.iter().map(|p| json(p)).collect();
            let text = format!(
                "{{\n  \"proved\": false,\n  \"conflict\": [{}],\n  \"smallest\": {}\n}}\n",
                parts.join(", "),
                conflict.minimal
            );
            write(&args.report, text.as_bytes())?;
            Ok(ExitCode::from(3))
        }
        Refusal::TimeUp if args.fair.is_some() => Err("time ran out before any fair allocation was found".into()),
        Refusal::TimeUp => Err("time ran out before any allocation was found".into()),
        Refusal::TooLarge(what) => {
            let faults = table::too_large(tables, what, &read(&args.needs)?, &read(&args.pairs)?);
            Ok(list(args, &faults))
        }
        other => {
            match args.fair {
                Some(aim) => eprintln!("--fair {aim}: {other}"),
                None => eprintln!("{other}"),
            }
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
    let rules = conflict.rules.iter().map(|&rule| Limit::Rule(rule));
    parts.extend(
        rules
            .chain(conflict.limits.iter().copied())
            .map(|limit| tables.describe(limit)),
    );
    parts
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn report(tables: &Tables, answer: &Answer, fair: Option<&Fair>, [read, solve, write, causes]: [f64; 4]) -> String {
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
    line("searched", answer.searched.to_string());
    line("unmet_bound", answer.unmet_bound.to_string());
    if let Some(fair) = fair {
        line("fair", fair.json(answer.objective));
    }
    line("seconds_read", format!("{read:.6}"));
    line("seconds_solve", format!("{solve:.6}"));
    line("seconds_write", format!("{write:.6}"));
    line("seconds_causes", format!("{causes:.6}"));
    let unmet: Vec<String> = answer
        .unmet
        .iter()
        .map(|unmet| {
            let words = |limits: &[Limit]| -> String {
                let words: Vec<String> = limits.iter().map(|&l| json(&tables.describe(l))).collect();
                words.join(", ")
            };
            format!(
                "\n    {{\"need_id\": {}, \"units\": {}, \"causes\": [{}], \"loosen\": [{}], \"told\": \"{}\"}}",
                json(&tables.need_ids[unmet.need as usize]),
                unmet.units,
                words(&unmet.causes),
                words(&unmet.loosen),
                match unmet.told {
                    Told::Smallest => "smallest".into(),
                    Told::Minimal => "minimal".into(),
                    Told::Enough => "enough".into(),
                    Told::Many(count) => format!("not named: {count} limits together"),
                    Told::Open if fair.is_some_and(|f| f.aim.drawn()) => "drawn".into(),
                    Told::Open => "open".into(),
                    Told::Not => String::from("not told: too much work"),
                },
            )
        })
        .collect();
    line("unmet", format!("[{}]", unmet.join(",")));
    line("certificate", certificate(&answer.certificate));
    let _ = writeln!(text, "  \"peak_rss_bytes\": {}\n}}", peak());
    text
}

/// The prices, each list in the order of its table.
fn certificate(c: &Certificate) -> String {
    let mut text = format!(
        "{{\n    \"weight\": {}, \"scale\": {}, \"apart\": {}",
        c.weight, c.scale, c.apart
    );
    let lists = [("offers", &c.offers), ("needs", &c.needs), ("groups", &c.groups)];
    for (name, prices) in lists {
        let _ = write!(text, ",\n    \"{name}\": [");
        for (at, price) in prices.iter().enumerate() {
            let _ = write!(text, "{}{price}", if at == 0 { "" } else { "," });
        }
        text.push(']');
    }
    text.push_str("\n  }");
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
