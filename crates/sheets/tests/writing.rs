//! What goes out comes back, opens in Excel and does not run there.
#![allow(clippy::unwrap_used)]

use jiff::civil::{Date, date};
use proptest::prelude::*;
use sheets::*;

fn table(cells: Vec<Vec<CellOut>>, kinds: &[Kind]) -> Table {
    let columns = (0..)
        .zip(kinds)
        .map(|(i, k)| ColumnOut {
            key: "k",
            label: format!("列{i}"),
            kind: *k,
        })
        .collect();
    Table {
        title: "友城".into(),
        columns,
        rows: cells,
        made: date(2026, 11, 22),
    }
}

fn text(t: &str) -> CellOut {
    CellOut::Text(t.into())
}

#[test]
fn csv_bytes() {
    let t = table(
        vec![
            vec![
                text("重庆,\"x\""),
                CellOut::Integer(-5),
                CellOut::Date(date(2024, 5, 31)),
            ],
            vec![
                text("two\r\nlines"),
                CellOut::Decimal {
                    units: -123_405,
                    scale: 2,
                },
            ],
        ],
        &[Kind::Text, Kind::Number, Kind::Date],
    );
    let want = "\u{feff}列0,列1,列2\r\n\"重庆,\"\"x\"\"\",-5,2024-05-31\r\n\"two\nlines\",-1234.05,\r\n";
    assert_eq!(String::from_utf8(t.to_csv().unwrap()).unwrap(), want);
}

#[test]
fn formulas_are_disarmed_in_csv() {
    let cases = [
        ("=1+1", "'=1+1"),
        ("+86 23 6510", "'+86 23 6510"),
        ("+1", "'+1"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "\"'\n=1\""),
        ("＝1", "'＝1"),
        ("-5", "-5"),
        ("-5.25", "-5.25"),
        ("-1.2.3", "'-1.2.3"),
        ("-", "'-"),
        ("'=1", "''=1"),
        ("it's", "it's"),
        ("'plain'", "'plain'"),
    ];
    for (given, want) in cases {
        let csv = table(vec![vec![text(given)]], &[Kind::Text]).to_csv().unwrap();
        let csv = String::from_utf8(csv).unwrap();
        assert_eq!(csv.lines().skip(1).collect::<Vec<_>>().join("\n"), want, "{given:?}");
    }
    let mut t = table(vec![], &[Kind::Text]);
    t.columns[0].label = "=HYPERLINK(1)".into();
    assert!(
        String::from_utf8(t.to_csv().unwrap()).unwrap().contains("'=HYPERLINK"),
        "headings too"
    );
}

/// One part of a workbook as text.
fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    std::io::read_to_string(zip.by_name(name).unwrap()).unwrap()
}

#[test]
fn workbook_parts() {
    let t = table(
        vec![
            vec![
                text("=1+1"),
                CellOut::Integer(42),
                CellOut::Date(date(2024, 5, 31)),
                text("http://example.org"),
            ],
            vec![
                text("007"),
                CellOut::Decimal {
                    units: 123_450,
                    scale: 2,
                },
                text("2005-06"),
                text("重庆市图书馆与白俄罗斯明斯克州普希金图书馆"),
            ],
            vec![
                CellOut::Integer(i64::MAX),
                CellOut::Number(f64::NAN),
                CellOut::Date(date(1899, 1, 1)),
                CellOut::Blank,
            ],
        ],
        &[Kind::Text, Kind::Number, Kind::Date, Kind::Text],
    );
    let bytes = t.to_xlsx().unwrap();
    assert_eq!(bytes, t.to_xlsx().unwrap(), "the same table gives the same bytes");
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(
        !sheet.contains("<f>") && !sheet.contains("hyperlink"),
        "text stays text"
    );
    assert!(sheet.contains("state=\"frozen\"") && sheet.contains("<autoFilter ref=\"A1:D4\""));
    assert!(sheet.contains("r=\"B2\"") && sheet.contains("<v>42</v>") && sheet.contains("<v>1234.5</v>"));
    assert!(sheet.contains("<v>45443</v>"), "a date is a day number");
    assert!(part(&bytes, "xl/workbook.xml").contains("name=\"友城\""));
    let back = read(&bytes, "t.xlsx", &Limits::default()).unwrap();
    assert_eq!(back.headers, ["列0", "列1", "列2", "列3"]);
    let rows: Vec<Vec<&str>> = back.rows.iter().map(|r| (1..=4).map(|c| r.text(c)).collect()).collect();
    assert_eq!(rows[0], ["=1+1", "42", "2024-05-31", "http://example.org"]);
    assert_eq!(
        rows[1],
        ["007", "1234.5", "2005-06", "重庆市图书馆与白俄罗斯明斯克州普希金图书馆"]
    );
    assert_eq!(rows[2], ["9223372036854775807", "NaN", "1899-01-01", ""]);
}

#[test]
fn titles_that_excel_refuses() {
    for title in [
        "",
        "a/b:c*d?e[f]g\\h",
        "'q'",
        "History",
        &"友".repeat(60),
        "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
        "a\nb",
    ] {
        let mut t = table(vec![], &[Kind::Text]);
        t.title = title.into();
        assert!(t.to_xlsx().is_ok(), "{title:?}");
    }
    let ragged = table(vec![vec![text("a"), text("b")]], &[Kind::Text]);
    assert!(matches!(ragged.to_csv(), Err(TableFault::Ragged { row: 1 })));
    assert!(matches!(ragged.to_xlsx(), Err(TableFault::Ragged { row: 1 })));
    let long = table(vec![vec![text(&"x".repeat(40_000))]], &[Kind::Text]);
    assert!(matches!(long.to_xlsx(), Err(TableFault::Workbook(_))));
}

fn any_date() -> impl Strategy<Value = Date> {
    (1901i16..2200, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| date(y, m, d))
}

fn any_cell() -> impl Strategy<Value = CellOut> {
    prop_oneof![
        "[a-zA-Z0-9 ,;\t\"'=+@\n.重庆友城üø😀-]{0,12}".prop_map(CellOut::Text),
        "_x00[0-9A-F]{2}_".prop_map(CellOut::Text),
        (-1_000_000_000i64..1_000_000_000).prop_map(CellOut::Integer),
        (-1_000_000_000i64..1_000_000_000).prop_map(|n| CellOut::Number(n as f64 / 64.0)),
        (-1_000_000_000i64..1_000_000_000, 0u8..5).prop_map(|(units, scale)| CellOut::Decimal { units, scale }),
        any_date().prop_map(CellOut::Date),
        Just(CellOut::Blank),
    ]
}

/// What the reader should give for a cell; `None` for blanks.
fn expected(cell: &CellOut, csv: bool) -> Option<String> {
    let t = match cell {
        CellOut::Blank => return None,
        CellOut::Text(t) => t.clone(),
        CellOut::Integer(i) => i.to_string(),
        CellOut::Number(n) => n.to_string(),
        CellOut::Decimal { units, scale: 0 } => units.to_string(),
        CellOut::Decimal { units, scale } if csv => {
            let (p, u) = (10i64.pow((*scale).into()), units.abs());
            format!(
                "{}{}.{:0w$}",
                if *units < 0 { "-" } else { "" },
                u / p,
                u % p,
                w = (*scale).into()
            )
        }
        CellOut::Decimal { units, scale } => (*units as f64 / 10f64.powi((*scale).into())).to_string(),
        CellOut::Date(d) => d.to_string(),
    };
    (!t.trim().is_empty()).then_some(t)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn out_and_in_again(rows in prop::collection::vec(prop::collection::vec(any_cell(), 3), 0..8)) {
        let t = table(rows.clone(), &[Kind::Text, Kind::Number, Kind::Prose]);
        for (csv, bytes) in [(true, t.to_csv().unwrap()), (false, t.to_xlsx().unwrap())] {
            let sheet = read(&bytes, "x", &Limits::default()).unwrap();
            let mut want = Vec::new();
            for (i, r) in rows.iter().enumerate() {
                let cells: Vec<(u32, String)> =
                    r.iter().enumerate().filter_map(|(c, v)| Some((c as u32 + 1, expected(v, csv)?))).collect();
                if !cells.is_empty() {
                    want.push((i as u32 + 2, cells));
                }
            }
            let got: Vec<(u32, Vec<(u32, String)>)> = sheet
                .rows
                .iter()
                .map(|r| (r.number, r.cells.iter().map(|c| (c.column, c.text.clone())).collect()))
                .collect();
            prop_assert_eq!(got, want);
        }
    }
}
