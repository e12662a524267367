//! What must hold for every picture: no names over each other, no styles, no unescaped text, the same each time.
#![allow(clippy::unwrap_used)]

use atlas::*;

fn land() -> Land {
    Land::from_topojson(LAND_110M).unwrap()
}

fn place(name: &str, lat: f64, lon: f64, kind: PointKind) -> Place {
    Place {
        name: name.into(),
        name_lang: "en".into(),
        lat,
        lon,
        kind,
        href: None,
        featured: false,
    }
}

fn spec(places: Vec<Place>) -> MapSpec {
    MapSpec {
        width: 1200.0,
        cut_lon: -30.0,
        home: place("Chongqing", 29.565, 106.55, PointKind::Dated),
        places,
        title: "T".into(),
        desc: "D".into(),
        id_prefix: "m".into(),
        inset: None,
    }
}

/// Partners of several cities, crowded in Europe as they are in life.
fn crowd() -> Vec<Place> {
    use PointKind::*;
    let mut all: Vec<Place> = [
        ("Toulouse", 43.62, 1.45, Dated),
        ("Seattle", 47.57, -122.34, Dated),
        ("Toronto", 43.7, -79.42, Dated),
        ("Detroit", 42.33, -83.05, Undated),
        ("Hiroshima", 34.39, 132.44, Dated),
        ("Leicester", 52.63, -1.13, Dated),
        ("Voronezh", 51.73, 39.27, Dated),
        ("Mpumalanga Province", -25.47, 30.98, Dated),
        ("Düsseldorf", 51.22, 6.78, Dated),
        ("Duisburg", 51.43, 6.75, Undated),
        ("Antwerp Province", 51.22, 4.4, Dated),
        ("Wales", 51.48, -3.18, Exchange),
        ("Seville", 37.4, -5.98, Dated),
        ("Maribor", 46.54, 15.65, Undated),
        ("Kraków", 50.06, 19.96, Unsaid),
        ("Minsk Oblast", 53.9, 27.57, Unsaid),
        ("Pitești", 44.86, 24.87, Undated),
        ("Sliven", 42.69, 26.33, Undated),
        ("Zaporizhzhia Oblast", 47.82, 35.18, Undated),
        ("Vladimir", 56.14, 40.4, Undated),
        ("Samara Oblast", 53.2, 50.15, Unsaid),
        ("Sør-Trøndelag", 63.42, 10.42, Dated),
        ("Suva", -18.14, 178.44, Undated),
        ("Brisbane", -27.46, 153.04, Dated),
        ("Córdoba", -31.41, -64.18, Undated),
    ]
    .into_iter()
    .map(|(n, lat, lon, k)| place(n, lat, lon, k))
    .collect();
    all[8].featured = true;
    all
}

/// Values of an attribute, as they stand.
fn attributes<'a>(svg: &'a str, name: &str) -> Vec<&'a str> {
    let key = format!(" {name}=\"");
    svg.match_indices(&key)
        .map(|(i, k)| svg[i + k.len()..].split('"').next().unwrap())
        .collect()
}

/// The boxes of all names, told from the SVG alone.
fn boxes(svg: &str) -> Vec<(String, [f64; 4])> {
    svg.split("<text")
        .skip(1)
        .map(|t| {
            let (head, text) = t.split_once('>').unwrap();
            let text = text.split('<').next().unwrap();
            let get = |a: &str| attributes(head, a)[0];
            let (x, y): (f64, f64) = (get("x").parse().unwrap(), get("y").parse().unwrap());
            // Half an em for each letter, a little less than real, as the renderer's widths are not known here.
            let w = text
                .chars()
                .map(|c| if c as u32 > 0x2E80 { 13.5 } else { 5.6 })
                .sum::<f64>();
            let x0 = match get("text-anchor") {
                "start" => x,
                "middle" => x - w / 2.0,
                _ => x - w,
            };
            (text.to_owned(), [x0, y - 9.5, x0 + w, y + 2.5])
        })
        .collect()
}

fn no_overlap(svg: &str) {
    let all = boxes(svg);
    for (i, (a, p)) in all.iter().enumerate() {
        for (b, q) in &all[..i] {
            let apart = p[0] >= q[2] || q[0] >= p[2] || p[1] >= q[3] || q[1] >= p[3];
            assert!(apart, "{a} over {b}");
        }
    }
}

/// Tags close, attributes are quoted, no stray mark stands in text.
fn well_formed(svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    for part in svg.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap();
        assert!(!text.contains('>'), "{text}");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    assert!(!svg.contains("style") && !svg.contains("NaN") && !svg.contains("inf"));
}

#[test]
fn names_do_not_overlap_and_all_find_room() {
    let land = land();
    let mut s = spec(crowd());
    let svg = draw(&land, &s);
    well_formed(&svg);
    no_overlap(&svg);
    assert_eq!(boxes(&svg).len(), s.places.len() + 1, "every name and home");
    assert_eq!(svg.matches("arc-now").count(), 1);
    assert_eq!(svg, draw(&land, &s), "the same each time");
    // Somebody's order of rows does not decide what is red and on top.
    s.places.swap(8, 0);
    let arcs: Vec<&str> = svg.lines().filter(|l| l.starts_with("<path class=\"arc ")).collect();
    assert!(arcs.last().unwrap().contains("arc-now"));
}

#[test]
fn the_inset_takes_the_crowd() {
    let land = land();
    let mut s = spec(crowd());
    s.inset = Some(Region::EUROPE);
    let svg = draw(&land, &s);
    well_formed(&svg);
    no_overlap(&svg);
    let (main, inset) = svg.split_once("<g class=\"inset\">").unwrap();
    assert!(!main.contains(">Seville</text>") && inset.contains(">Seville</text>"));
    assert!(main.contains(">Düsseldorf</text>") && inset.contains(">Düsseldorf</text>"));
    assert!(main.contains(">Seattle</text>") && !inset.contains(">Seattle</text>"));
    let phone = draw_region(&land, &s, &Region::EUROPE, 400.0);
    well_formed(&phone);
    no_overlap(&phone);
    assert!(attributes(&phone, "viewBox")[0].starts_with("0 0 400 "));
    assert!(
        Region {
            south: -30.0,
            north: 0.0,
            west: 170.0,
            east: -170.0
        }
        .holds(-18.0, 178.0)
    );
}

#[test]
fn hostile_text() {
    let evil = "</text><script>alert(1)</script>\"' onload=x & <style>";
    let mut s = spec(crowd());
    for p in &mut s.places {
        p.name = evil.into();
        p.name_lang = "en\" onload=\"x".into();
        p.href = Some("javascript:alert(1)".into());
    }
    s.places[0].href = Some("/ties/1?a=\"><script>&b".into());
    s.places[1].href = Some("//evil.example/".into());
    s.home.name = evil.into();
    s.title = evil.into();
    s.desc = evil.into();
    s.id_prefix = "m\"><script>".into();
    let svg = draw(&land(), &s);
    assert!(
        !svg.contains("<script")
            && !svg.contains("<style")
            && !svg.contains("javascript:")
            && !svg.contains("evil.example")
    );
    assert_eq!(attributes(&svg, "href"), ["/ties/1?a=&quot;&gt;&lt;script&gt;&amp;b"]);
    assert!(attributes(&svg, "onload").is_empty());
    let bars = bar_chart(&BarChart {
        bars: vec![Bar {
            label: evil.into(),
            label_lang: evil.into(),
            value: Some(1.0),
            shown: evil.into(),
            ink: 99,
            red: false,
        }],
        title: evil.into(),
        desc: evil.into(),
        id_prefix: evil.into(),
    });
    assert!(!bars.contains("<script") && !bars.contains("<style") && attributes(&bars, "onload").is_empty());
}

#[test]
fn a_link_makes_it_a_group() {
    let mut s = spec(crowd());
    let plain = draw(&land(), &s);
    assert!(plain.contains("role=\"img\"") && !plain.contains("<a "));
    s.places[0].href = Some("/ties/1".into());
    let linked = draw(&land(), &s);
    well_formed(&linked);
    // The link keeps a name of its own: a phone hides the one that is drawn.
    let named = format!("<a href=\"/ties/1\" aria-label=\"{}\">", s.places[0].name);
    assert!(linked.contains("role=\"group\"") && linked.contains(&named), "{named}");
}

#[test]
fn strange_places() {
    let land = land();
    let nothing = draw(&land, &spec(vec![]));
    well_formed(&nothing);
    let many = (0..60)
        .map(|i| place(&format!("Same place {i}"), 48.0, 11.0, PointKind::Exchange))
        .collect();
    let svg = draw(&land, &spec(many));
    well_formed(&svg);
    no_overlap(&svg);
    let mut odd = spec(vec![
        place("x", f64::NAN, 0.0, PointKind::Dated),
        place("pole", 90.0, 0.0, PointKind::Dated),
        place("far", 10.0, 1000.0, PointKind::Dated),
    ]);
    for cut in [-180.0, 180.0, 0.0, -30.0, 400.0] {
        odd.cut_lon = cut;
        well_formed(&draw(&land, &odd));
    }
}

/// The strokes of the fine path: row, from, to.
fn strokes(svg: &str) -> Vec<(f64, f64, f64)> {
    let d = svg.split("land-fine\" d=\"").nth(1).unwrap().split('"').next().unwrap();
    d.split('M')
        .skip(1)
        .map(|s| {
            let (from, to) = s.split_once('H').unwrap();
            let (x, y) = from.split_once(' ').unwrap();
            (y.parse().unwrap(), x.parse().unwrap(), to.parse().unwrap())
        })
        .collect()
}

#[test]
fn land_is_where_it_is() {
    let land = land();
    for cut in [-30.0, -170.0, 20.0, 180.0] {
        let mut s = spec(vec![]);
        s.cut_lon = cut;
        let all = strokes(&draw(&land, &s));
        // On an equal-area map the inked share is known: 134 million square kilometres of land without Antarctica, on
        // a rectangle of 12.4 radii squared, are 0.267. A stretch drawn the wrong way round the world shows at once.
        let height = attributes(&draw(&land, &s), "viewBox")[0]
            .split(' ')
            .nth(3)
            .unwrap()
            .parse::<f64>()
            .unwrap();
        let inked: f64 = all.iter().map(|(_, a, b)| b - a).sum();
        let share = inked * 4.0 / (1200.0 * height);
        assert!((0.255..0.275).contains(&share), "{cut}: {share}");
        assert!(
            all.iter()
                .all(|(y, a, b)| *a >= 0.0 && *b <= 1200.0 && a < b && *y < height)
        );
    }
    // Fiji's Vanua Levu lies on the date line: a few units of ink, not a line over the Pacific.
    let all = strokes(&draw(&land, &spec(vec![])));
    let pacific: Vec<_> = all
        .iter()
        .filter(|(y, a, _)| (340.0..372.0).contains(y) && (680.0..900.0).contains(a))
        .collect();
    assert!(
        !pacific.is_empty() && pacific.iter().all(|(_, a, b)| b - a < 8.0),
        "{pacific:?}"
    );
}

#[test]
fn bad_land() {
    assert!(matches!(Land::from_topojson("{"), Err(Fault::Json(_))));
    assert!(matches!(
        Land::from_topojson(r#"{"type":"Topology","arcs":[],"objects":{}}"#),
        Err(Fault::NoLand)
    ));
    for arc in [7, -9, i64::MIN] {
        let text = format!(r#"{{"arcs":[[[0,0],[1,1]]],"objects":{{"land":{{"type":"Polygon","arcs":[[{arc}]]}}}}}}"#);
        assert!(matches!(Land::from_topojson(&text), Err(Fault::NoArc(_))));
    }
    let square = r#"{"arcs":[[[0,0],[20,0],[20,20],[0,20],[0,0]]],"objects":{"land":{"type":"GeometryCollection","geometries":[{"type":"Polygon","arcs":[[0]]},{"type":"Point","coordinates":[0,0]}]}}}"#;
    assert!(!strokes(&draw(&Land::from_topojson(square).unwrap(), &spec(vec![]))).is_empty());
}

#[test]
fn counts() {
    let chart = |pts: &[(&str, u32)]| {
        span_count_chart(&CountChart {
            points: pts
                .iter()
                .map(|(d, c)| CountPoint {
                    date: (*d).into(),
                    count: *c,
                })
                .collect(),
            title: "T".into(),
            desc: "D".into(),
            id_prefix: "c".into(),
        })
    };
    let svg = chart(&[
        ("2024-06", 56),
        ("1997", 7),
        ("2016-12-31", 34),
        ("2019", 48),
        ("soon", 1),
        ("2024-13", 2),
    ]);
    well_formed(&svg);
    no_overlap(&svg);
    assert_eq!(svg.matches("class=\"dot\"").count(), 3, "what has no date is left out");
    assert!(svg.contains("val-now") && svg.contains(">56</text>") && svg.contains(">7</text>"));
    assert!(svg.contains(">1997</text>") && svg.contains(">2024</text>"));
    for few in [
        &[][..],
        &[("2020", 0)],
        &[("2020", 5), ("2020", 5)],
        &[("2020-01-01", 1), ("2020-12-31", 4_000_000)],
    ] {
        well_formed(&chart(few));
    }
}

#[test]
fn bars() {
    let bar = |v: Option<f64>, s: &str| Bar {
        label: "图书馆 Library".into(),
        label_lang: "zh".into(),
        value: v,
        shown: s.into(),
        ink: 3,
        red: false,
    };
    let svg = bar_chart(&BarChart {
        bars: vec![
            bar(Some(8.0), "8"),
            bar(Some(0.0), "0"),
            bar(None, "not found"),
            bar(Some(f64::NAN), "?"),
        ],
        title: "T".into(),
        desc: "D".into(),
        id_prefix: "b".into(),
    });
    well_formed(&svg);
    assert_eq!(
        svg.matches("<rect class=\"i3\"").count(),
        1,
        "neither nothing nor the unknown has a bar"
    );
    well_formed(&bar_chart(&BarChart {
        bars: vec![],
        title: "T".into(),
        desc: "D".into(),
        id_prefix: "b".into(),
    }));
}
