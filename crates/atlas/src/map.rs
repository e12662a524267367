use crate::{
    frame::{Frame, Rect, Region},
    labels::{self, Ground, Item, Spot},
    land::Land,
    svg::{ems, esc, ident, n},
};
use std::fmt::Write;

/// What a point says of the tie: its shape, and whether its arc is dashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointKind {
    /// Sister city, date known: a full circle.
    Dated,
    /// Sister city, listed without a date: an empty circle.
    Undated,
    /// Sister city or friendly exchange, the source does not say: a dotted circle.
    Unsaid,
    /// Friendly exchange: a square.
    Exchange,
}

impl PointKind {
    /// The second part of the classes `pt-` and `arc-`.
    pub fn class(self) -> &'static str {
        match self {
            PointKind::Dated => "dated",
            PointKind::Undated => "undated",
            PointKind::Unsaid => "unsaid",
            PointKind::Exchange => "exchange",
        }
    }
}

/// A named point.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub name: String,
    /// Language tag of the name.
    pub name_lang: String,
    /// Degrees, WGS 84.
    pub lat: f64,
    pub lon: f64,
    pub kind: PointKind,
    /// Where a click leads: a path, a fragment, or an http(s) address; anything else is left out.
    pub href: Option<String>,
    /// The one that is told about: its arc and name are red.
    pub featured: bool,
}

/// What to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct MapSpec {
    /// Width of the picture in its own units; the look's text sizes are made for 1200. The height follows.
    pub width: f64,
    /// The meridian at the left and right edge, degrees east: put it where it harms your ties least.
    pub cut_lon: f64,
    pub home: Place,
    pub places: Vec<Place>,
    pub title: String,
    pub desc: String,
    /// Put before every id, so that several pictures can stand on one page.
    pub id_prefix: String,
    /// A crowded part to be drawn larger, in a corner of the picture that is empty; its names stand there.
    pub inset: Option<Region>,
}

/// One thing as it lies on a frame.
struct Point<'a> {
    place: &'a Place,
    x: f64,
    y: f64,
    arc: [(f64, f64); 3],
}

/// An arc from home: a quadratic curve that rises over the straight line, in picture units of the whole world.
fn arc(from: (f64, f64), to: (f64, f64)) -> [(f64, f64); 3] {
    let d = (to.0 - from.0).hypot(to.1 - from.1);
    let lift = d * if d > 60.0 { 0.30 } else { 0.2 };
    let (mx, my) = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
    // The top of the curve, half of the lift, stays on the picture.
    [from, (mx, (my - lift).max(6.0 - my)), to]
}

fn along(a: &[(f64, f64); 3]) -> Vec<(f64, f64)> {
    let at = |t: f64| {
        let (u, w) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t));
        (
            u * a[0].0 + w * a[1].0 + t * t * a[2].0,
            u * a[0].1 + w * a[1].1 + t * t * a[2].1,
        )
    };
    (0..=16).map(|i| at(f64::from(i) / 16.0)).collect()
}

fn points<'a>(spec: &'a MapSpec, world: &Frame, frame: &Frame) -> Vec<Point<'a>> {
    let home = world.place(spec.home.lat, spec.home.lon);
    let one = |place: &'a Place| {
        let at = world.place(place.lat, place.lon);
        let (x, y) = frame.bring(at);
        Point {
            place,
            x,
            y,
            arc: arc(home, at).map(|p| frame.bring(p)),
        }
    };
    let mut all: Vec<_> = spec
        .places
        .iter()
        .filter(|p| p.lat.is_finite() && p.lon.is_finite())
        .map(one)
        .collect();
    // The order of the caller decides nothing but the order of equals; the one in red comes last, so on top.
    all.sort_by_key(|p| p.place.featured);
    all
}

fn safe(href: &Option<String>) -> Option<&str> {
    let h = href.as_deref()?;
    let fine = (h.starts_with('/') && !h.starts_with("//"))
        || h.starts_with('#')
        || h.starts_with("https://")
        || h.starts_with("http://");
    fine.then_some(h)
}

struct Home {
    x: f64,
    y: f64,
    text: Spot,
}

/// The name of home is in larger letters and stands first, wherever it covers the fewest points.
fn home_name(spec: &MapSpec, x: f64, y: f64, area: &Rect, points: &[Point]) -> Home {
    use labels::Anchor::{End, Middle, Start};
    let w = ems(&spec.home.name) * 18.5;
    let spots = [
        (0.0, 30.0, Middle),
        (0.0, -18.0, Middle),
        (17.0, 6.0, Start),
        (-17.0, 6.0, End),
    ];
    let made = spots.map(|(dx, dy, anchor)| {
        let x0 = match anchor {
            Start => x + dx,
            Middle => x - w / 2.0,
            End => x + dx - w,
        };
        (
            Rect {
                x0,
                y0: y + dy - 15.0,
                x1: x0 + w,
                y1: y + dy + 5.0,
            },
            x + dx,
            y + dy,
            anchor,
        )
    });
    let bad = |r: &Rect| {
        let outside = if area.holds(r) { 0 } else { 100 };
        outside + points.iter().filter(|p| r.meets(&Rect::around(p.x, p.y, 6.0))).count()
    };
    let (rect, tx, ty, anchor) = made.iter().min_by_key(|m| bad(&m.0)).copied().unwrap_or(made[0]);
    Home {
        x,
        y,
        text: labels::fixed(rect, tx, ty, anchor),
    }
}

/// The layers of one frame: land, arcs, names, points.
struct Scene<'a> {
    points: Vec<Point<'a>>,
    home: Option<Home>,
    names: Vec<Option<Spot>>,
    frame: Frame,
}

impl<'a> Scene<'a> {
    fn new(
        spec: &'a MapSpec,
        world: &Frame,
        frame: Frame,
        named: impl Fn(&Place) -> bool,
        extra: &[Rect],
        margins: (bool, bool),
    ) -> Self {
        let mut points = points(spec, world, &frame);
        let lines: Vec<(Vec<(f64, f64)>, f64)> = points
            .iter()
            .map(|p| (along(&p.arc), if p.place.featured { 1.6 } else { 0.22 }))
            .collect();
        let area = frame.clip.grown(-4.0);
        let is_world = frame == *world;
        // An arc may pass through a window without its point lying there.
        points.retain(|p| {
            is_world || frame.clip.has(p.x, p.y) || along(&p.arc).iter().any(|(x, y)| frame.clip.has(*x, *y))
        });
        let (hx, hy) = frame.place(spec.home.lat, spec.home.lon);
        let home = frame.clip.has(hx, hy).then(|| home_name(spec, hx, hy, &area, &points));
        let mut taken = extra.to_vec();
        if let Some(h) = &home {
            taken.extend([h.text.rect.grown(1.0), Rect::around(hx, hy, 13.0)]);
        }
        let chosen: Vec<usize> = (0..points.len())
            .filter(|i| frame.clip.has(points[*i].x, points[*i].y) && named(points[*i].place))
            .collect();
        // Points whose names stand elsewhere are in the way all the same.
        taken.extend(
            (0..points.len())
                .filter(|i| !chosen.contains(i))
                .map(|i| Rect::around(points[i].x, points[i].y, 5.0)),
        );
        let items: Vec<Item> = chosen
            .iter()
            .map(|&i| {
                let p = &points[i];
                let weight = match (p.place.featured, p.place.kind) {
                    (true, _) => 500.0,
                    (_, PointKind::Dated) => 6.0,
                    (_, PointKind::Undated) => 3.0,
                    _ => 0.0,
                };
                Item {
                    x: p.x,
                    y: p.y,
                    width: ems(&p.place.name) * labels::TEXT + if p.place.featured { 5.0 } else { 1.0 },
                    weight,
                }
            })
            .collect();
        let placed = labels::lay_out(
            &items,
            &Ground {
                area,
                taken: &taken,
                lines: &lines,
                margins,
            },
        );
        let mut names: Vec<Option<Spot>> = vec![None; points.len()];
        for (i, spot) in chosen.into_iter().zip(placed) {
            names[i] = spot;
        }
        Scene {
            points,
            home,
            names,
            frame,
        }
    }

    /// `clip` is the id of a clip path, for windows.
    fn write(&self, out: &mut String, spec: &MapSpec, land: &Land, clip: Option<&str>) {
        let cut = clip.map(|id| format!(" clip-path=\"url(#{id})\"")).unwrap_or_default();
        let _ = write!(
            out,
            "<g{cut}><path class=\"land land-fine\" d=\"{}\"/>",
            land.strokes(&self.frame, 4.0)
        );
        if clip.is_none() {
            let _ = write!(
                out,
                "<path class=\"land land-wide\" d=\"{}\"/>",
                land.strokes(&self.frame, 10.0)
            );
        }
        out.push_str("</g>\n");
        let _ = writeln!(out, "<g class=\"arcs\"{cut}>");
        for p in &self.points {
            let kind = if p.place.featured {
                "arc-now".to_owned()
            } else {
                format!("arc-{}", p.place.kind.class())
            };
            let [a, b, c] = p.arc;
            let _ = writeln!(
                out,
                "<path class=\"arc {kind}\" d=\"M{} {}Q{} {} {} {}\"/>",
                n(a.0),
                n(a.1),
                n(b.0),
                n(b.1),
                n(c.0),
                n(c.1)
            );
        }
        out.push_str("</g>\n<g class=\"names pts\">\n");
        for s in self.names.iter().flatten().filter(|s| !s.leader.is_empty()) {
            let d: Vec<String> = s.leader.iter().map(|(x, y)| format!("{} {}", n(*x), n(*y))).collect();
            let _ = writeln!(out, "<path class=\"lead\" d=\"M{}\"/>", d.join("L"));
        }
        for (p, spot) in self
            .points
            .iter()
            .zip(&self.names)
            .filter(|(p, _)| self.frame.clip.has(p.x, p.y))
        {
            let link = safe(&p.place.href);
            if let Some(href) = link {
                // A phone hides the names; the link keeps its own.
                let _ = write!(out, "<a href=\"{}\" aria-label=\"{}\">", esc(href), esc(&p.place.name));
            }
            match spot {
                Some(s) => name(out, p.place, s, if p.place.featured { "now" } else { "" }),
                // Without a name in sight, a pointer and a reader of the picture still find one.
                None if link.is_some() => {
                    let _ = write!(out, "<title>{}</title>", esc(&p.place.name));
                }
                None => {}
            }
            point(out, p);
            if link.is_some() {
                let _ = write!(
                    out,
                    "<circle class=\"hit\" cx=\"{}\" cy=\"{}\" r=\"12\"/></a>",
                    n(p.x),
                    n(p.y)
                );
            }
            out.push('\n');
        }
        if let Some(h) = &self.home {
            name(out, &spec.home, &h.text, "home-name");
            let (x, y) = (n(h.x), n(h.y));
            let _ = writeln!(
                out,
                "<circle class=\"home-ring\" cx=\"{x}\" cy=\"{y}\" r=\"11\"/><circle class=\"home\" cx=\"{x}\" cy=\"{y}\" r=\"5.5\"/>"
            );
        }
        out.push_str("</g>\n");
    }
}

fn name(out: &mut String, place: &Place, s: &Spot, class: &str) {
    let class = if class.is_empty() {
        String::new()
    } else {
        format!(" class=\"{class}\"")
    };
    let lang = ident(&place.name_lang);
    let lang = if lang.is_empty() {
        String::new()
    } else {
        format!(" lang=\"{lang}\"")
    };
    let _ = write!(
        out,
        "<text{class}{lang} x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>",
        n(s.x),
        n(s.y),
        s.anchor.name(),
        esc(&place.name)
    );
}

fn point(out: &mut String, p: &Point) {
    let class = p.place.kind.class();
    let _ = match p.place.kind {
        PointKind::Exchange => write!(
            out,
            "<rect class=\"pt-{class}\" x=\"{}\" y=\"{}\" width=\"7\" height=\"7\"/>",
            n(p.x - 3.5),
            n(p.y - 3.5)
        ),
        kind => {
            let r = if kind == PointKind::Dated { "3.6" } else { "4" };
            write!(
                out,
                "<circle class=\"pt-{class}\" cx=\"{}\" cy=\"{}\" r=\"{r}\"/>",
                n(p.x),
                n(p.y)
            )
        }
    };
}

fn open(spec: &MapSpec, class: &str, width: f64, height: f64, id: &str) -> String {
    // A picture with links is a group of things, not one thing; else a reader of the page hears title and
    // description and no stray words.
    let role = if spec.places.iter().any(|p| safe(&p.href).is_some()) {
        "group"
    } else {
        "img"
    };
    format!(
        "<svg class=\"{class}\" viewBox=\"0 0 {} {}\" role=\"{role}\" aria-labelledby=\"{id}-t {id}-d\">\n<title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>\n",
        n(width),
        n(height),
        esc(&spec.title),
        esc(&spec.desc)
    )
}

/// The map of the world with home, partners and arcs, as an `<svg>` element.
///
/// Names are laid out by rule and never overlap; in a crowded part they stand at the side with a line to their point,
/// and with an inset they stand in it. A name that finds no room is left out of the picture, so the page's table must
/// hold them all. Takes about a tenth of a second for forty places, ten times that unoptimised: keep the result.
pub fn draw(land: &Land, spec: &MapSpec) -> String {
    let id = ident(&spec.id_prefix);
    let world = Frame::world(spec.width, spec.cut_lon);
    let (w, h) = (world.clip.width(), world.clip.height());
    let mut out = open(spec, "map", w, h, &id);
    let inset = spec.inset.as_ref().map(|region| {
        let from = world.rect_of(region);
        (from, into(land, spec, &world, &from))
    });
    match inset {
        None => Scene::new(spec, &world, world, |_| true, &[], (true, true)).write(&mut out, spec, land, None),
        Some((from, into)) => {
            // What the window shows is named there; its edge is straight where the region's is curved.
            let named = |p: &Place| {
                let (x, y) = world.place(p.lat, p.lon);
                p.featured || !from.has(x, y)
            };
            Scene::new(spec, &world, world, named, &[into.grown(4.0)], (true, true)).write(&mut out, spec, land, None);
            rect(&mut out, "inset-where", &from);
            let clip = format!("{id}-c");
            let _ = write!(
                out,
                "<g class=\"inset\"><clipPath id=\"{clip}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath>",
                n(into.x0),
                n(into.y0),
                n(into.width()),
                n(into.height())
            );
            rect(&mut out, "inset-ground", &into);
            Scene::new(spec, &world, world.window(&from, into), |_| true, &[], (true, true)).write(
                &mut out,
                spec,
                land,
                Some(&clip),
            );
            rect(&mut out, "inset-frame", &into);
            out.push_str("</g>\n");
        }
    }
    out.push_str("</svg>");
    out
}

/// One part of the world on its own, magnified to a width: for a phone, on which the whole map is a thumbnail.
pub fn draw_region(land: &Land, spec: &MapSpec, region: &Region, width: f64) -> String {
    let id = format!("{}-r", ident(&spec.id_prefix));
    let world = Frame::world(spec.width, spec.cut_lon);
    let from = world.rect_of(region);
    let into = Rect {
        x0: 0.0,
        y0: 0.0,
        x1: width,
        y1: (from.height() * width / from.width()).round(),
    };
    let mut out = open(spec, "map-region", into.width(), into.height(), &id);
    let clip = format!("{id}-c");
    let _ = write!(
        out,
        "<clipPath id=\"{clip}\"><rect width=\"{}\" height=\"{}\"/></clipPath>",
        n(into.width()),
        n(into.height())
    );
    Scene::new(spec, &world, world.window(&from, into), |_| true, &[], (true, true)).write(
        &mut out,
        spec,
        land,
        Some(&clip),
    );
    out.push_str("</svg>");
    out
}

fn rect(out: &mut String, class: &str, r: &Rect) {
    let (x, y, w, h) = (n(r.x0), n(r.y0), n(r.width()), n(r.height()));
    let _ = writeln!(
        out,
        "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/>"
    );
}

/// Where the inset stands: from a quarter to two fifths of the picture wide, where it hides the fewest points, arcs and least land.
fn into(land: &Land, spec: &MapSpec, world: &Frame, from: &Rect) -> Rect {
    let all = points(spec, world, world);
    let ground = land.stretches(world, 10.0);
    let home = world.place(spec.home.lat, spec.home.lon);
    let area = world.clip.grown(-1.0);
    let mut best = (f64::MAX, area);
    for share in [0.40, 0.37, 0.34, 0.31, 0.28] {
        let w = spec.width * share;
        let h = w * from.height() / from.width();
        let steps = |room: f64| (room / 10.0).max(0.0) as u32;
        for i in 0..=steps(area.width() - w) {
            for j in 0..=steps(area.height() - h) {
                let (x0, y0) = (area.x0 + f64::from(i) * 10.0, area.y0 + f64::from(j) * 10.0);
                let r = Rect {
                    x0,
                    y0,
                    x1: x0 + w,
                    y1: y0 + h,
                };
                let near = r.grown(12.0);
                let mut cost = (0.40 - share) * 160.0;
                cost += 100.0 * all.iter().filter(|p| near.has(p.x, p.y)).count() as f64;
                cost += if near.meets(&Rect::around(home.0, home.1, 40.0)) || near.meets(from) {
                    1000.0
                } else {
                    0.0
                };
                cost += all
                    .iter()
                    .map(|p| along(&p.arc).iter().filter(|(x, y)| r.has(*x, *y)).count() as f64)
                    .sum::<f64>();
                let covered = ground.iter().filter(|(y, ..)| *y > r.y0 && *y < r.y1);
                cost += covered
                    .map(|(_, a, b)| (b.min(r.x1) - a.max(r.x0)).max(0.0))
                    .sum::<f64>()
                    * 0.03;
                // Among equals the lower one: there the sea is emptier.
                cost -= y0 * 0.002;
                if cost < best.0 {
                    best = (cost, r);
                }
            }
        }
    }
    best.1
}
