//! Two plain charts: a count over time, and bars.
use crate::{
    frame::Rect,
    svg::{ems, esc, ident, n},
};
use std::fmt::Write;

/// A count that a source gives for a day, a month or a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountPoint {
    /// `1997`, `2005-06` or `2005-06-12`. A year stands in its middle, a month too.
    pub date: String,
    pub count: u32,
}

/// The dated line of a count. Points whose date cannot be read are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountChart {
    pub points: Vec<CountPoint>,
    pub title: String,
    pub desc: String,
    pub id_prefix: String,
}

/// Years with a fraction.
fn when(date: &str) -> Option<f64> {
    let mut parts = date.trim().splitn(3, '-').map(|p| p.parse::<u32>().ok());
    let year = f64::from(parts.next()?.filter(|y| (1..=9999).contains(y))?);
    match (parts.next(), parts.next()) {
        (None, _) => Some(year + 0.5),
        (Some(m), day) => {
            let m = f64::from(m.filter(|m| (1..=12).contains(m))?);
            let d = match day {
                None => 0.5,
                Some(d) => (f64::from(d.filter(|d| (1..=31).contains(d))?) - 0.5) / 31.0,
            };
            Some(year + (m - 1.0 + d) / 12.0)
        }
    }
}

/// A round step so that about three of them reach `top`.
fn round_step(top: f64) -> f64 {
    let rough = (top / 3.0).max(1.0);
    let power = 10f64.powf(rough.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .iter()
        .map(|m| m * power)
        .find(|s| *s >= rough && s.fract() == 0.0)
        .unwrap_or(10.0 * power)
}

const W: f64 = 640.0;
const H: f64 = 250.0;
const X0: f64 = 34.0;
const Y0: f64 = 212.0;

/// Draws the count as an `<svg>` element of 640 by 250 units; the last point, the present, is red. The line only joins
/// what is known; the first and the last number and the largest steps are written beside their points.
pub fn span_count_chart(chart: &CountChart) -> String {
    let id = ident(&chart.id_prefix);
    let mut pts: Vec<(f64, u32)> = chart
        .points
        .iter()
        .filter_map(|p| Some((when(&p.date)?, p.count)))
        .collect();
    pts.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    pts.dedup();
    let mut o = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {W} {H}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>\n",
        esc(&chart.title),
        esc(&chart.desc)
    );
    let (Some(first), Some(last)) = (pts.first().copied(), pts.last().copied()) else {
        return o + "</svg>";
    };
    let top = pts.iter().map(|p| p.1).max().unwrap_or(0);
    let step = round_step(f64::from(top));
    let lines = (f64::from(top) / step).ceil().max(1.0);
    let (from, to) = (first.0.floor(), last.0.ceil().max(first.0.floor() + 1.0));
    let x = |t: f64| X0 + 6.0 + (t - from) / (to - from) * (W - X0 - 42.0);
    let y = |c: f64| Y0 - c / (lines * step) * 180.0;
    for i in 0..=lines as u32 {
        let v = f64::from(i) * step;
        let class = if i == 0 { "axis" } else { "grid" };
        let _ = writeln!(
            o,
            "<path class=\"{class}\" d=\"M{X0} {}H{}\"/><text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{v}</text>",
            n(y(v)),
            W - 16.0,
            X0 - 8.0,
            n(y(v) + 4.0)
        );
    }
    for year in years(first.0.floor(), last.0.floor(), x) {
        let _ = writeln!(
            o,
            "<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{year}</text>",
            n(x(year + 0.5)),
            Y0 + 22.0
        );
    }
    let at: Vec<(f64, f64)> = pts.iter().map(|p| (x(p.0), y(f64::from(p.1)))).collect();
    let path: Vec<String> = at.iter().map(|(x, y)| format!("{} {}", n(*x), n(*y))).collect();
    let _ = writeln!(o, "<path class=\"known\" d=\"M{}\"/>", path.join("L"));
    for (i, (x, y)) in at.iter().enumerate() {
        let (class, r) = if i + 1 == at.len() {
            ("dot-now", "5")
        } else {
            ("dot", "3.5")
        };
        let _ = writeln!(
            o,
            "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"{r}\"/>",
            n(*x),
            n(*y)
        );
    }
    numbers(&mut o, &pts, &at);
    o + "</svg>"
}

/// The first and the last year, and round ones between that keep clear of both.
fn years(a: f64, b: f64, x: impl Fn(f64) -> f64) -> Vec<f64> {
    let every = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]
        .into_iter()
        .find(|e| (b - a) / e <= 4.0)
        .unwrap_or(200.0);
    let mut years = vec![a];
    let mut year = (a / every).ceil() * every;
    while year < b {
        if x(year) - x(a) > 70.0 && x(b) - x(year) > 70.0 {
            years.push(year);
        }
        year += every;
    }
    if b > a {
        years.push(b);
    }
    years
}
/// Up to four numbers beside their points: the last, the first, then those of the largest steps.
fn numbers(o: &mut String, pts: &[(f64, u32)], at: &[(f64, f64)]) {
    let mut order: Vec<usize> = (1..at.len().saturating_sub(1)).collect();
    order.sort_by_key(|i| (std::cmp::Reverse(pts[*i].1.abs_diff(pts[*i - 1].1)), *i));
    let mut wanted = vec![at.len() - 1];
    if at.len() > 1 {
        wanted.push(0);
    }
    wanted.extend(order.into_iter().take(6));
    let mut taken: Vec<Rect> = at.iter().map(|(x, y)| Rect::around(*x, *y, 5.0)).collect();
    let mut written = 0;
    for i in wanted {
        let last = i + 1 == at.len();
        let text = pts[i].1.to_string();
        let (px, py) = at[i];
        let (size, class) = if last { (22.0, "val val-now") } else { (16.0, "val") };
        let w = ems(&text) * size;
        // Left above suits a line that rises; the first point has only its right side.
        let spots = [
            (-8.0, -9.0, "end"),
            (10.0, -9.0, "start"),
            (10.0, 18.0, "start"),
            (-8.0, 22.0, "end"),
        ];
        let found = spots.iter().map(|(dx, dy, anchor)| {
            let x0 = if *anchor == "end" { px + dx - w } else { px + dx };
            (
                Rect {
                    x0,
                    y0: py + dy - size * 0.8,
                    x1: x0 + w,
                    y1: py + dy + 2.0,
                },
                px + dx,
                py + dy,
                *anchor,
            )
        });
        let fits = |r: &Rect| r.x0 > X0 && r.x1 < W && r.y0 > 0.0 && r.y1 < Y0 && !taken.iter().any(|t| t.meets(r));
        if let Some((rect, tx, ty, anchor)) = found.into_iter().find(|f| fits(&f.0)) {
            taken.push(rect.grown(8.0));
            written += 1;
            let _ = writeln!(
                o,
                "<text class=\"{class}\" x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\">{text}</text>",
                n(tx),
                n(ty)
            );
        }
        if written == 4 {
            break;
        }
    }
}

/// One bar. What is not known has no bar, and its words say so.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    pub label: String,
    pub label_lang: String,
    /// Not below 0.
    pub value: Option<f64>,
    /// The value as it is written, with its unit, or "not found".
    pub shown: String,
    /// Ink from 1, pale, to 5.
    pub ink: u8,
    /// The one to talk about.
    pub red: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct BarChart {
    pub bars: Vec<Bar>,
    pub title: String,
    pub desc: String,
    pub id_prefix: String,
}

/// Draws level bars from one line, names at the left, values at the end of each bar, as an `<svg>` element 640 wide.
pub fn bar_chart(chart: &BarChart) -> String {
    const ROW: f64 = 32.0;
    let id = ident(&chart.id_prefix);
    let height = chart.bars.len() as f64 * ROW + 8.0;
    let mut o = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {W} {}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>\n",
        n(height),
        esc(&chart.title),
        esc(&chart.desc)
    );
    let widest = |f: fn(&Bar) -> f64| chart.bars.iter().map(f).fold(0.0, f64::max);
    let left = (widest(|b| ems(&b.label) * 13.0) + 10.0).min(W * 0.45);
    let right = (widest(|b| ems(&b.shown) * 16.0) + 14.0).min(W * 0.3);
    let value = |b: &Bar| b.value.filter(|v| v.is_finite() && *v > 0.0);
    let top = chart.bars.iter().filter_map(value).fold(0.0, f64::max);
    for (i, b) in chart.bars.iter().enumerate() {
        let y = 4.0 + i as f64 * ROW;
        let long = value(b).map_or(0.0, |v| v / top * (W - left - right));
        let lang = ident(&b.label_lang);
        let lang = if lang.is_empty() {
            String::new()
        } else {
            format!(" lang=\"{lang}\"")
        };
        let _ = write!(
            o,
            "<text class=\"tick\"{lang} x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            n(left - 10.0),
            n(y + 20.0),
            esc(&b.label)
        );
        if long > 0.0 {
            let class = if b.red {
                "red".to_owned()
            } else {
                format!("i{}", b.ink.clamp(1, 5))
            };
            let _ = write!(
                o,
                "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"22\"/>",
                n(left),
                n(y + 5.0),
                n(long.max(1.0))
            );
        }
        let class = if b.value.is_some() { "val" } else { "tick" };
        let _ = writeln!(
            o,
            "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>",
            n(left + long + 8.0),
            n(y + 21.0),
            esc(&b.shown)
        );
    }
    let _ = write!(o, "<path class=\"axis\" d=\"M{} 0V{}\"/></svg>", n(left), n(height));
    o
}
