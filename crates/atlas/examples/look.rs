//! Draws the pictures from a table of partners, to be looked at:
//! `cargo run -p atlas --example look -- partners.csv look.css > look.html`, where the table has the columns
//! name_en, name_zh, lat, lon, kind (dated, undated, unsaid, exchange) and one featured name is Düsseldorf.
use atlas::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [table, css] = &args[..] else {
        return Err("two files wanted: a table and a style sheet".into());
    };
    let (table, css) = (std::fs::read_to_string(table)?, std::fs::read_to_string(css)?);
    let land = Land::from_topojson(LAND_110M)?;
    println!(
        "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'><style>{css}\n{CSS}</style><div class=wrap>"
    );
    for (lang, column) in [("en", 0), ("zh", 1)] {
        let mut places = Vec::new();
        for line in table.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let [_, _, lat, lon, kind] = cells[..] else { continue };
            places.push(Place {
                name: cells[column].into(),
                name_lang: lang.into(),
                lat: lat.parse()?,
                lon: lon.parse()?,
                kind: match kind {
                    "dated" => PointKind::Dated,
                    "undated" => PointKind::Undated,
                    "unsaid" => PointKind::Unsaid,
                    _ => PointKind::Exchange,
                },
                href: Some("#x".into()),
                featured: cells[0] == "Düsseldorf",
            });
        }
        let home = Place {
            name: ["Chongqing", "重庆"][column].into(),
            name_lang: lang.into(),
            lat: 29.565,
            lon: 106.55,
            kind: PointKind::Dated,
            href: None,
            featured: false,
        };
        let mut spec = MapSpec {
            width: 1200.0,
            cut_lon: -30.0,
            home,
            places,
            title: "Chongqing and its partners".into(),
            desc: "Points joined by arcs.".into(),
            id_prefix: format!("m{lang}"),
            inset: None,
        };
        let start = std::time::Instant::now();
        println!("{}<hr>", draw(&land, &spec));
        spec.inset = Some(Region::EUROPE);
        spec.id_prefix = format!("i{lang}");
        println!("{}", draw(&land, &spec));
        println!("{}<hr>", draw_region(&land, &spec, &Region::EUROPE, 400.0));
        eprintln!("{lang}: {:?}", start.elapsed());
    }
    let counts = [
        ("1997", 7),
        ("2002", 12),
        ("2005-06", 14),
        ("2010", 22),
        ("2014-05", 29),
        ("2016", 34),
        ("2019", 48),
        ("2022", 53),
        ("2024-06", 56),
    ];
    println!(
        "{}",
        span_count_chart(&CountChart {
            points: counts
                .map(|(d, c)| CountPoint {
                    date: d.into(),
                    count: c
                })
                .to_vec(),
            title: "Pairs".into(),
            desc: "Line".into(),
            id_prefix: "c".into(),
        })
    );
    let bars = [
        ("Library 图书馆", Some(8.0), "8", 3, false),
        ("Hospitals", Some(3.0), "3", 2, false),
        ("Schools", Some(14.0), "14 pairs", 4, true),
        ("Sport", None, "not found", 1, false),
    ];
    println!(
        "{}</div>",
        bar_chart(&BarChart {
            bars: bars
                .map(|(l, v, s, ink, red)| Bar {
                    label: l.into(),
                    label_lang: "en".into(),
                    value: v,
                    shown: s.into(),
                    ink,
                    red
                })
                .to_vec(),
            title: "Bars".into(),
            desc: "Bars".into(),
            id_prefix: "b".into(),
        })
    );
    Ok(())
}
