//! Time against size as a drawing: both axes grow by tens, so that a straight line is a power of the size.

use crate::compare::{Fallible, laid, ours, theirs};
use std::fmt::Write;

/// Offers and needs; 20 pairs each.
const SIZES: [(usize, usize); 7] = [
    (1_000, 100),
    (3_000, 300),
    (10_000, 1_000),
    (30_000, 3_000),
    (100_000, 10_000),
    (300_000, 30_000),
    (1_000_000, 50_000),
];
/// Larger ones the other solver is spared: it would take minutes.
const PEER_MOST: usize = 300_000;
const KINDS: [&str; 2] = ["plain", "even"];

struct Line {
    name: String,
    /// Colour and dashes.
    look: &'static str,
    /// Pairs and seconds.
    points: Vec<(f64, f64)>,
}

/// Measures and draws into `path`; prints the figures.
pub fn draw(python: &str, path: &str) -> Fallible {
    let looks = [
        ["#9a3412", "#9a3412\" stroke-dasharray=\"7 5"],
        ["#155e75", "#155e75\" stroke-dasharray=\"7 5"],
    ];
    let mut lines = Vec::new();
    println!("| instance | offers x needs | ours s | OR-Tools s |");
    println!("|---|---|---|---|");
    let [mut own, mut peer] = ["this solver", "OR-Tools"].map(|who| {
        KINDS.map(|kind| Line {
            name: format!("{who}, {kind}"),
            look: "",
            points: Vec::new(),
        })
    });
    for (at, kind) in KINDS.into_iter().enumerate() {
        (own[at].look, peer[at].look) = (looks[0][at], looks[1][at]);
        for (offers, needs) in SIZES {
            let file = laid(kind, offers, needs)?;
            let rounds = if offers > 10_000 { 1 } else { 5 };
            let pairs = (offers * 20) as f64;
            let a = ours(&file, rounds)?;
            own[at].points.push((pairs, a));
            let mut cell = String::new();
            if offers <= PEER_MOST {
                let b = theirs(python, &file, rounds)?;
                peer[at].points.push((pairs, b));
                cell = format!("{b:.4}");
            }
            println!("| {kind} | {offers} x {needs} | {a:.4} | {cell} |");
            std::fs::remove_file(&file)?;
        }
    }
    lines.extend(peer);
    lines.extend(own);
    std::fs::write(path, svg(&lines))?;
    Ok(())
}

/// The drawing and the field in it, in its own units.
const WIDE: f64 = 760.0;
const HIGH: f64 = 470.0;
const LEFT: f64 = 74.0;
const RIGHT: f64 = 590.0;
const TOP: f64 = 46.0;
const BOTTOM: f64 = 410.0;
/// Powers of ten at the ends of the axes: pairs, seconds.
const PAIRS: (i32, i32) = (4, 8);
const SECONDS: (i32, i32) = (-3, 3);

fn along(value: f64, (low, high): (i32, i32), from: f64, to: f64) -> f64 {
    from + (value.log10() - f64::from(low)) / f64::from(high - low) * (to - from)
}

fn svg(lines: &[Line]) -> String {
    let across = |pairs: f64| along(pairs, PAIRS, LEFT, RIGHT);
    let up = |seconds: f64| along(seconds, SECONDS, BOTTOM, TOP);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDE} {HIGH}\" role=\"img\" \
         font-family=\"system-ui, sans-serif\" font-size=\"13\" fill=\"#1f2937\">\n\
         <title>Seconds to the proved best allocation against the number of pairs</title>\n\
         <rect width=\"{WIDE}\" height=\"{HIGH}\" fill=\"#fffdf9\"/>\n\
         <text x=\"{LEFT}\" y=\"26\" font-size=\"15\" font-weight=\"600\">Seconds, by number of pairs</text>\n"
    );
    let mut add = |text: std::fmt::Arguments<'_>| {
        // Writing to a string does not fail.
        let _ = out.write_fmt(text);
    };
    for power in PAIRS.0..=PAIRS.1 {
        let (x, below) = (across(10f64.powi(power)), BOTTOM + 22.0);
        add(format_args!(
            "<path d=\"M{x:.1} {TOP}V{BOTTOM}\" stroke=\"#e7e2d9\"/>\n"
        ));
        let words = match power {
            4 => "10 thousand",
            5 => "100 thousand",
            6 => "1 million",
            7 => "10 million",
            _ => "100 million",
        };
        add(format_args!(
            "<text x=\"{x:.1}\" y=\"{below}\" text-anchor=\"middle\">{words}</text>\n"
        ));
    }
    for power in SECONDS.0..=SECONDS.1 {
        let (y, beside) = (up(10f64.powi(power)), LEFT - 10.0);
        add(format_args!(
            "<path d=\"M{LEFT} {y:.1}H{RIGHT}\" stroke=\"#e7e2d9\"/>\n"
        ));
        let words = match power {
            -3 => "1 ms",
            -2 => "10 ms",
            -1 => "0.1 s",
            0 => "1 s",
            1 => "10 s",
            2 => "100 s",
            _ => "1000 s",
        };
        add(format_args!(
            "<text x=\"{beside}\" y=\"{:.1}\" text-anchor=\"end\">{words}</text>\n",
            y + 4.5
        ));
    }
    // Names stand where their lines end, a line's height apart.
    let mut names: Vec<(f64, &Line)> = lines.iter().filter_map(|l| Some((up(l.points.last()?.1), l))).collect();
    names.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut lowest = f64::MIN;
    for (y, line) in names {
        let Line { look, name, points } = line;
        let path: Vec<String> = points
            .iter()
            .map(|&(p, s)| format!("{:.1} {:.1}", across(p), up(s)))
            .collect();
        add(format_args!(
            "<path d=\"M{}\" fill=\"none\" stroke-width=\"2.2\" stroke=\"{look}\"/>\n",
            path.join("L")
        ));
        for &(pairs, seconds) in points {
            let colour = &look[..7];
            let (x, y) = (across(pairs), up(seconds));
            add(format_args!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>\n"
            ));
        }
        let at = (y + 4.5).max(lowest + 19.0);
        lowest = at;
        let (from, to) = (RIGHT + 14.0, RIGHT + 40.0);
        add(format_args!(
            "<path d=\"M{from} {:.1}H{to}\" stroke-width=\"2.2\" stroke=\"{look}\"/>\n",
            at - 4.5
        ));
        add(format_args!("<text x=\"{}\" y=\"{at:.1}\">{name}</text>\n", to + 7.0));
    }
    out += "</svg>\n";
    out
}
