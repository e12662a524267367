//! Interleaved rounds of this solver and OR-Tools on the same instances, each in a process of its own.

use crate::instances;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::Command;

pub type Fallible = Result<(), Box<dyn std::error::Error>>;

#[derive(Default)]
struct Side {
    seconds: Vec<f64>,
    peak: f64,
    objective: String,
    unmet: String,
    proved: bool,
    /// Solved again from the last answer alone.
    warm: Vec<f64>,
    /// And as a standing problem: seconds, and what laying it out took.
    standing: Vec<f64>,
    laid: Vec<f64>,
    warm_right: bool,
}

/// The table of kinds and sizes.
pub fn tables(python: Option<&str>, full: bool, most_rounds: u32) -> Fallible {
    let sizes: &[(usize, usize, u32)] = if full {
        &[(1_000, 100, 9), (10_000, 1_000, 5), (100_000, 10_000, 3)]
    } else {
        &[(1_000, 100, 5), (10_000, 1_000, 3)]
    };
    println!(
        "| instance | offers x needs x pairs | ours s | OR-Tools s | ratio | standing s | standing ratio | from the answer s | its ratio | ours MB | OR-Tools MB | equal | proved |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for &(offers, needs, rounds) in sizes {
        for kind in instances::KINDS {
            row(python, kind, offers, needs, rounds.min(most_rounds))?;
        }
    }
    if full {
        row(None, "plain", 1_000_000, 50_000, 1)?;
    }
    if let Some(python) = python {
        let (offers, needs, _) = sizes[0];
        println!(
            "\nSolved again and again in one process, the first time left out; standing: changed again and again\n"
        );
        println!(
            "| instance | offers x needs x pairs | ours ms | OR-Tools ms | ratio | standing ms | standing ratio |"
        );
        println!("|---|---|---|---|---|---|---|");
        for kind in instances::KINDS {
            steady(python, kind, offers, needs, most_rounds.min(3))?;
        }
    }
    Ok(())
}

/// Times an instance is solved in one process.
const AGAIN: &str = "15";

/// A small instance in a process that has warmed up: its first solve is as much a matter of fresh memory as of solving.
fn steady(python: &str, kind: &str, offers: usize, needs: usize, rounds: u32) -> Fallible {
    let file = laid(kind, offers, needs)?;
    let (mut ours, mut theirs) = (Side::default(), Side::default());
    for _ in 0..rounds {
        for line in lines(
            Command::new(std::env::current_exe()?)
                .arg("solve")
                .arg(&file)
                .arg(AGAIN),
        )?
        .iter()
        .skip(1)
        {
            ours.seconds.push(word(line, 0)?.parse()?);
            (ours.objective, ours.unmet) = (word(line, 3)?.into(), word(line, 4)?.into());
            if word(line, 5)? != "true" {
                return Err(format!("{kind}: not proved").into());
            }
        }
        for line in lines(
            Command::new(std::env::current_exe()?)
                .arg("stand")
                .arg(&file)
                .arg(AGAIN),
        )?
        .iter()
        .skip(1)
        {
            ours.standing.push(word(line, 0)?.parse()?);
            if word(line, 1)? != "true" || word(line, 2)? != "true" {
                return Err(format!("{kind}: changed, not proved or not the same optimum").into());
            }
        }
        for line in lines(Command::new(python).arg(SCRIPT).arg(&file).arg(AGAIN))?
            .iter()
            .skip(1)
        {
            theirs.seconds.push(word(line, 0)?.parse()?);
            (theirs.objective, theirs.unmet) = (word(line, 2)?.into(), word(line, 3)?.into());
        }
    }
    std::fs::remove_file(&file)?;
    if !same(&ours, &theirs) {
        return Err(format!("{kind} {offers} x {needs}: not the same optimum").into());
    }
    let (a, b) = (median(&mut ours.seconds), median(&mut theirs.seconds));
    let c = median(&mut ours.standing);
    println!(
        "| {kind} | {offers} x {needs} x 20 | {:.2} | {:.2} | {:.3} | {:.2} | {:.3} |",
        a * 1e3,
        b * 1e3,
        a / b,
        c * 1e3,
        c / b
    );
    let name = format!("{kind}-{offers}x{needs}-in-one-process");
    println!("ratio {name}-against-OR-Tools {:.3} at-most 0.25", a / b);
    println!("ratio {name}-standing-against-OR-Tools-cold {:.3} at-most 0.05", c / b);
    Ok(())
}

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/ortools_flow.py");

/// An instance in a file of its own.
pub fn laid(kind: &str, offers: usize, needs: usize) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let file = std::env::temp_dir().join(format!("matching-bench-{}.bin", std::process::id()));
    let problem = instances::make(kind, offers, needs, 20, 1);
    instances::write(&problem, BufWriter::new(std::fs::File::create(&file)?))?;
    Ok(file)
}

/// Seconds this solver takes for a file, the median of rounds.
pub fn ours(file: &Path, rounds: u32) -> Result<f64, Box<dyn std::error::Error>> {
    timed(rounds, || {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("solve").arg(file);
        Ok(command)
    })
}

/// And OR-Tools.
pub fn theirs(python: &str, file: &Path, rounds: u32) -> Result<f64, Box<dyn std::error::Error>> {
    timed(rounds, || {
        let mut command = Command::new(python);
        command.arg(SCRIPT).arg(file);
        Ok(command)
    })
}

fn timed(
    rounds: u32,
    command: impl Fn() -> Result<Command, std::io::Error>,
) -> Result<f64, Box<dyn std::error::Error>> {
    let mut seconds = Vec::new();
    for _ in 0..rounds {
        seconds.push(word(&lines(&mut command()?)?[0], 0)?.parse()?);
    }
    Ok(median(&mut seconds))
}

/// What a solver prints: a line a round.
fn lines(command: &mut Command) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let out = command.output()?;
    let text = String::from_utf8(out.stdout)?;
    if !out.status.success() || text.is_empty() {
        return Err(String::from_utf8_lossy(&out.stderr).into());
    }
    Ok(text.lines().map(String::from).collect())
}

fn word(line: &str, at: usize) -> Result<&str, String> {
    line.split_whitespace()
        .nth(at)
        .ok_or_else(|| format!("too few words: {line}"))
}

fn row(python: Option<&str>, kind: &str, offers: usize, needs: usize, rounds: u32) -> Fallible {
    let file = laid(kind, offers, needs)?;
    let (mut ours, mut theirs) = (
        Side {
            proved: true,
            warm_right: true,
            ..Side::default()
        },
        Side::default(),
    );
    for _ in 0..rounds {
        let mut solver = Command::new(std::env::current_exe()?);
        let line = &lines(solver.arg("solve").arg(&file).args(["1", "warm"]))?[0];
        ours.seconds.push(word(line, 0)?.parse()?);
        (ours.objective, ours.unmet) = (word(line, 3)?.into(), word(line, 4)?.into());
        ours.proved &= word(line, 5)? == "true";
        ours.peak = word(line, 6)?.parse()?;
        ours.warm.push(word(line, 8)?.parse()?);
        ours.standing.push(word(line, 14)?.parse()?);
        ours.laid.push(word(line, 18)?.parse()?);
        for at in [9, 10, 15, 16] {
            ours.warm_right &= word(line, at)? == "true";
        }
        if let Some(python) = python {
            let line = &lines(Command::new(python).arg(SCRIPT).arg(&file))?[0];
            theirs.seconds.push(word(line, 0)?.parse()?);
            (theirs.objective, theirs.unmet) = (word(line, 2)?.into(), word(line, 3)?.into());
            theirs.peak = word(line, 4)?.parse()?;
        }
    }
    std::fs::remove_file(&file)?;
    let (a, w) = (median(&mut ours.seconds), median(&mut ours.warm));
    let (s, laid) = (median(&mut ours.standing), median(&mut ours.laid));
    let mut line = format!("| {kind} | {offers} x {needs} x 20 | {a:.4} |");
    if python.is_some() {
        let b = median(&mut theirs.seconds);
        let equal = same(&ours, &theirs);
        line += &format!(
            " {b:.4} | {:.3} | {s:.5} | {:.3} | {w:.4} | {:.3} | {:.0} | {:.0} | {equal} |",
            a / b,
            s / b,
            w / b,
            ours.peak / 1e6,
            theirs.peak / 1e6
        );
    } else {
        line += &format!(" | | {s:.4} | | {w:.4} | | {:.0} | | |", ours.peak / 1e6);
    }
    println!("{line} {} |", ours.proved && ours.warm_right);
    if !(ours.proved && ours.warm_right && (python.is_none() || same(&ours, &theirs))) {
        return Err(format!("{kind} {offers} x {needs}: not proved, or not the same optimum").into());
    }
    if python.is_some() {
        let b = median(&mut theirs.seconds);
        let name = format!("{kind}-{offers}x{needs}");
        println!("ratio {name}-against-OR-Tools {:.3} at-most 0.25", a / b);
        println!(
            "ratio {name}-standing-again-against-OR-Tools-cold {:.3} at-most 0.05",
            s / b
        );
        println!("{name}: a standing problem is laid out in {laid:.4} s");
        println!(
            "ratio {name}-memory-against-OR-Tools {:.2} at-most 0.5",
            ours.peak / theirs.peak
        );
    } else {
        println!("ratio {kind}-{offers}x{needs}-of-a-minute {:.3} at-most 1", a / 60.0);
        println!("ratio {kind}-{offers}x{needs}-of-4-GB {:.3} at-most 1", ours.peak / 4e9);
    }
    Ok(())
}

fn same(a: &Side, b: &Side) -> bool {
    a.objective == b.objective && a.unmet == b.unmet
}

/// Random middle-sized instances; stops at the first whose optimum differs.
pub fn medium(python: &str, count: u64) -> Fallible {
    let mut dice = instances::Dice(77);
    let file = std::env::temp_dir().join(format!("matching-medium-{}.bin", std::process::id()));
    for round in 0..count {
        let kind = instances::KINDS[dice.below(instances::KINDS.len() as u64) as usize];
        let (offers, needs) = (dice.range(20, 2_000) as usize, dice.range(5, 300) as usize);
        let problem = instances::make(kind, offers, needs, dice.range(1, 12) as usize, round);
        instances::write(&problem, BufWriter::new(std::fs::File::create(&file)?))?;
        let answer = matching::solve(&problem, &matching::Options::default())?;
        let text = lines(Command::new(python).arg(SCRIPT).arg(&file))?.swap_remove(0);
        let same =
            word(&text, 2)? == answer.objective.to_string() && word(&text, 3)? == answer.weighted_unmet.to_string();
        if !same || !answer.proved {
            let ours = (answer.objective, answer.weighted_unmet, answer.proved);
            return Err(format!("round {round} {kind} {offers} x {needs}: {ours:?} against {text}").into());
        }
    }
    std::fs::remove_file(&file)?;
    println!("{count} random instances: equal and proved");
    Ok(())
}

fn median(seconds: &mut [f64]) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
