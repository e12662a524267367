//! Files from other programs, from careless people and from people who mean harm.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use sheets::*;
use std::io::{Cursor, Write};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

fn get(bytes: &[u8]) -> Result<Sheet, Fault> {
    read(bytes, "x", &Limits::default())
}

fn texts(sheet: &Sheet) -> Vec<(u32, Vec<(u32, String)>)> {
    sheet
        .rows
        .iter()
        .map(|r| (r.number, r.cells.iter().map(|c| (c.column, c.text.clone())).collect()))
        .collect()
}

fn row(n: u32, cells: &[(u32, &str)]) -> (u32, Vec<(u32, String)>) {
    (n, cells.iter().map(|(c, t)| (*c, t.to_string())).collect())
}

#[test]
fn a_workbook_from_openpyxl() {
    let sheet = get(include_bytes!("files/openpyxl-list.xlsx")).unwrap();
    assert_eq!(sheet.origin, Origin::Xlsx);
    assert_eq!(sheet.header_row, 1);
    assert_eq!(
        sheet.headers,
        ["机构名称 *", "Name (en)", "成立日期", "人数", "比例", "电话", "备注"]
    );
    assert_eq!(sheet.other_sheets, ["second"]);
    let want = [
        row(
            2,
            &[
                (1, "重庆图书馆"),
                (2, "Chongqing Library"),
                (3, "1947-05-03"),
                (4, "240"),
                (5, "0.5"),
                (6, "02365210000"),
                (7, "=1+1 是文字"),
            ],
        ),
        row(
            4,
            &[
                (1, "重庆大学"),
                (2, "Chongqing University"),
                (3, "1929-10-12 08:30"),
                (4, "1234567890123"),
                (5, "0.3"),
                (6, "+86 23 6510"),
                (7, "first\nsecond"),
                (8, "09:05"),
                (9, "TRUE"),
            ],
        ),
        row(5, &[(1, "三峡博物馆"), (2, "Three Gorges Museum"), (3, "2005-06")]),
    ];
    assert_eq!(texts(&sheet), want);
    let specs = [
        ColumnSpec {
            key: "name_zh",
            aliases: &["机构名称"],
            required: true,
        },
        ColumnSpec {
            key: "name_en",
            aliases: &["name(EN)"],
            required: true,
        },
        ColumnSpec {
            key: "phone",
            aliases: &["Phone", "电话"],
            required: false,
        },
    ];
    let map = columns(&sheet, &specs).unwrap();
    assert_eq!(map.text(&sheet.rows[1], "phone"), "+86 23 6510");
    assert_eq!(map.letter("phone"), "F");
    assert!(map.remarks.contains(&ColumnFault::Unknown {
        column: 3,
        header: "成立日期".into()
    }));
    assert!(map.remarks.contains(&ColumnFault::NoHeader { column: 8, row: 4 }));
}

#[test]
fn csv_in_every_encoding() {
    let text = "名称,备注\r\n重庆图书馆,\"友城，之窗\"\r\n";
    let utf16 = |big: bool| {
        let mut b = if big { vec![0xFE, 0xFF] } else { vec![0xFF, 0xFE] };
        b.extend(
            text.encode_utf16()
                .flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }),
        );
        b
    };
    let gb = encoding_rs::GB18030.encode(text).0.into_owned();
    let bom = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    for (bytes, origin) in [
        (text.as_bytes().to_vec(), Origin::Utf8),
        (bom, Origin::Utf8),
        (utf16(false), Origin::Utf16),
        (utf16(true), Origin::Utf16),
        (gb, Origin::Gb18030),
    ] {
        let sheet = get(&bytes).unwrap();
        assert_eq!(sheet.origin, origin);
        assert_eq!(sheet.headers, ["名称", "备注"]);
        assert_eq!(texts(&sheet), [row(2, &[(1, "重庆图书馆"), (2, "友城，之窗")])]);
    }
}

#[test]
fn damaged_text_is_named_by_its_place() {
    assert_eq!(get(b"\xEF\xBB\xBFa,b\n\xFF,c"), Err(Fault::Encoding { byte_offset: 7 }));
    let mut long = "名称,备注\n重庆图书馆,".as_bytes().to_vec();
    let at = long.len() as u64;
    long.extend(b"\xFFx\n");
    assert_eq!(
        get(&long),
        Err(Fault::Encoding { byte_offset: at }),
        "one bad byte does not turn UTF-8 into GB18030"
    );
    assert_eq!(get(b"a,b\n\xFF\xFF,c"), Err(Fault::Encoding { byte_offset: 4 }));
    assert_eq!(
        get(b"\xFF\xFEa\0,\0\x00\xD8"),
        Err(Fault::Encoding { byte_offset: 6 }),
        "half of a surrogate pair"
    );
}

#[test]
fn separators_quotes_lines() {
    for (text, sep) in [
        ("a;b;c\n1,5;2;3\n1,6;2;3", ";"),
        ("a\tb\tc\n1,5\t2\t3", "\t"),
        ("a,b,c\n1;5,2,3", ","),
    ] {
        let sheet = get(text.as_bytes()).unwrap();
        assert_eq!(sheet.headers, ["a", "b", "c"], "{sep}");
        assert_eq!(sheet.rows[0].text(2), "2");
    }
    let sheet = get(b"sep=;\r\na;b,c\r\n1;2\r\n").unwrap();
    assert_eq!(
        (sheet.headers, sheet.rows[0].number),
        (vec!["a".into(), "b,c".into()], 2)
    );
    let sheet = get(b"\r\n\r\na,b\r\n\"one\r\ntwo\"\"\"  ,2\r\n\r\n,\r\n3,'=x\r\n\r\n,,\r\n").unwrap();
    assert_eq!(sheet.header_row, 3);
    assert_eq!(
        texts(&sheet),
        [row(4, &[(1, "one\ntwo\""), (2, "2")]), row(7, &[(1, "3"), (2, "=x")])]
    );
    assert_eq!(
        get(b"a\nb").unwrap().rows[0].text(1),
        "b",
        "one column without any separator"
    );
    assert_eq!(
        get(b"a,b\n\"x\ny\",1\n\"open,2\nz,3"),
        Err(Fault::BadQuote { row: 3, line: 4 })
    );
    assert_eq!(get(b"a,b\n\"x\"y,1\n"), Err(Fault::BadQuote { row: 2, line: 2 }));
    assert_eq!(
        get(b"a,b\n5\" pipe,1\n").unwrap().rows[0].text(1),
        "5\" pipe",
        "a quote inside is only a quote"
    );
}

#[test]
fn what_is_no_table() {
    let no = |bytes: &[u8], found| assert_eq!(get(bytes), Err(Fault::NotATable { found }), "{found:?}");
    no(b"", Found::Nothing);
    no(b"\xEF\xBB\xBF \r\n,,\r\n", Found::Nothing);
    no(b"  <!DOCTYPE html><table>", Found::Html);
    no(b"%PDF-1.7", Found::Other);
    no(b"\x7fELF\x02\x01\x01\0\0\0", Found::Other);
    no(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old", Found::OldExcel);
    let mut locked = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    no(&locked, Found::Locked);
    no(b"PK\x03\x04 and then nothing", Found::Broken);
    no(
        &zip(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")]),
        Found::OpenDocument,
    );
    no(&zip(&[("a.txt", b"hello")]), Found::OtherZip);
    for part in [
        "xl/vbaProject.bin",
        "xl/externalLinks/externalLink1.xml",
        "xl/embeddings/a.bin",
        "xl/inner.ZIP",
    ] {
        no(&book_with(SHEET, &[(part, b"x")]), Found::Unsafe);
    }
    no(
        &book_with("<worksheet><sheetData><row><c r=\"A1\"><v>1</v>", &[]),
        Found::Broken,
    );
}

#[test]
fn a_name_proves_nothing() {
    let as_csv = read(
        include_bytes!("files/openpyxl-list.xlsx"),
        "list.csv",
        &Limits::default(),
    )
    .unwrap();
    assert_eq!((as_csv.origin, as_csv.filename.as_str()), (Origin::Xlsx, "list.csv"));
    assert_eq!(
        read(b"a,b\n1,2", "list.xlsx", &Limits::default()).unwrap().origin,
        Origin::Utf8
    );
}

#[test]
fn limits() {
    let l = Limits {
        max_bytes: 40,
        max_rows: 2,
        max_columns: 3,
        max_cell_chars: 5,
        max_cells: 8,
        ..Limits::default()
    };
    let get = |b: &str| read(b.as_bytes(), "x", &l);
    assert_eq!(get(&"a".repeat(41)), Err(Fault::TooLarge { bytes: 41, limit: 40 }));
    assert!(get("a\n1\n2\n\n\n").is_ok());
    assert_eq!(get("a\n1\n2\n\n3"), Err(Fault::TooManyRows { limit: 2 }));
    assert!(
        get("a,b,c,,,\n1,2,3,,, ").is_ok(),
        "blank cells far to the right do not count"
    );
    assert_eq!(get("a,b,c,d"), Err(Fault::TooManyColumns { row: 1, limit: 3 }));
    assert_eq!(
        get("a\n重庆市图书馆"),
        Err(Fault::CellTooLong {
            row: 2,
            column: 1,
            chars: 6,
            limit: 5
        })
    );
    assert_eq!(get("a,b,c\n1,2,3\n1,2,3"), Err(Fault::TooManyCells { limit: 8 }));
}

fn sheet_of(headers: &[&str]) -> Sheet {
    get(format!("{}\n{}", headers.join(","), "x,".repeat(headers.len())).as_bytes()).unwrap()
}

#[test]
fn headings() {
    let specs = [
        ColumnSpec {
            key: "partner",
            aliases: &["Partner city", "友好城市"],
            required: true,
        },
        ColumnSpec {
            key: "signed",
            aliases: &["Signed on", "签署日期"],
            required: true,
        },
        ColumnSpec {
            key: "note",
            aliases: &["Note"],
            required: false,
        },
    ];
    for heads in [
        ["PARTNER  CITY", "签署日期"],
        ["ｐａｒｔｎｅｒ　ｃｉｔｙ＊", "Signed_on:"],
        [" 友好 城市 ", "signed"],
    ] {
        let map = columns(&sheet_of(&heads), &specs).unwrap();
        assert_eq!(
            (map.column("partner"), map.column("signed"), map.column("note")),
            (Some(1), Some(2), None)
        );
        assert!(map.remarks.is_empty());
    }
    let faults = columns(&sheet_of(&["Partner city", "友好城市", "Singed on"]), &specs).unwrap_err();
    assert_eq!(
        faults,
        [
            ColumnFault::Doubled {
                key: "partner",
                first: 1,
                second: 2
            },
            ColumnFault::Unknown {
                column: 3,
                header: "Singed on".into()
            },
            ColumnFault::Missing {
                key: "signed",
                wanted: "Signed on".into()
            },
        ]
    );
    assert_eq!([1, 26, 27, 702, 703].map(column_letter), ["A", "Z", "AA", "ZZ", "AAA"]);
}

#[test]
fn a_report() {
    let sheet = get("name,year\nA,1990\nB,soon\n".as_bytes()).unwrap();
    let map = columns(
        &sheet,
        &[ColumnSpec {
            key: "year",
            aliases: &[],
            required: true,
        }],
    )
    .unwrap();
    let mut report: Report<u16, &str> = Report::default();
    for r in &sheet.rows {
        match map.text(r, "year").parse() {
            Ok(y) => report.accept(r, y),
            Err(_) => report.refuse(&map, r, "year", "not-a-year"),
        }
    }
    assert_eq!(report.accepted, [Accepted { row: 2, value: 1990 }]);
    let f = &report.faults[0];
    assert_eq!(
        (f.row, f.column_key, &*f.column_letter, &*f.value, f.code),
        (3, "year", "B", "soon", "not-a-year")
    );
    assert!(!report.is_clean());
}

// --- archives made by hand ---

const SHEET: &str = r#"<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>"#;
const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const BOOK_RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut w = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, data) in parts {
        w.start_file(
            *name,
            SimpleFileOptions::default().compression_method(CompressionMethod::Deflated),
        )
        .unwrap();
        w.write_all(data).unwrap();
    }
    w.finish().unwrap().into_inner()
}

fn book_with(sheet: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    parts.extend(more);
    zip(&parts)
}

/// The most memory this process ever had, in kilobytes; each test is its own process under nextest.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:"))?
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}

fn costs_less_than(kilobytes: u64, work: impl FnOnce()) {
    let before = peak();
    work();
    if let (Some(a), Some(b)) = (before, peak()) {
        assert!(b - a < kilobytes, "{} kB more than before", b - a);
    }
}

#[test]
fn the_smallest_workbook() {
    assert_eq!(get(&book_with(SHEET, &[])).unwrap().headers, ["1"]);
}

#[test]
fn zip_bombs() {
    // 70 MB of blanks in 70 kB.
    let blanks = vec![b' '; 1 << 20];
    let mut w = ZipWriter::new_append(Cursor::new(book_with(SHEET, &[]))).unwrap();
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    w.start_file("xl/blanks.xml", options).unwrap();
    for _ in 0..70 {
        w.write_all(&blanks).unwrap();
    }
    let mut honest = w.finish().unwrap().into_inner();
    drop(blanks);
    costs_less_than(8 << 10, || {
        assert_eq!(get(&honest), Err(Fault::Bomb(Bomb::Unpacked { limit: 64 << 20 })));
        let loose = Limits {
            max_unpacked: 1 << 40,
            ..Limits::default()
        };
        assert_eq!(read(&honest, "x", &loose), Err(Fault::Bomb(Bomb::Ratio { limit: 200 })));
        // The same archive with a lie about the size, in the local header and in the directory.
        let size = (70u32 << 20).to_le_bytes();
        let at: Vec<usize> = (0..honest.len() - 4).filter(|i| honest[*i..*i + 4] == size).collect();
        assert!(!at.is_empty());
        for i in at {
            honest[i..i + 4].copy_from_slice(&1000u32.to_le_bytes());
        }
        assert!(matches!(
            get(&honest),
            Err(Fault::Bomb(_) | Fault::NotATable { found: Found::Broken })
        ));
    });
    let names: Vec<String> = (0..1001).map(|i| format!("xl/p{i}.xml")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &b""[..])).collect();
    assert_eq!(
        get(&book_with(SHEET, &many)),
        Err(Fault::Bomb(Bomb::Entries { limit: 1000 }))
    );
}

#[test]
fn forged_string_count() {
    // calamine reserves what this part announces; left alone, the process would be killed.
    for count in ["999999999999", "18446744073709551615", "99999999999999999999999999"] {
        let sst = format!("<sst count=\"1\" uniqueCount = \"{count}\"><si><t>x</t></si></sst>");
        let wide: Vec<u8> = sst.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for part in [sst.as_bytes(), &wide] {
            assert_eq!(
                get(&book_with(SHEET, &[("xl/sharedStrings.xml", part)])),
                Err(Fault::Bomb(Bomb::Forged))
            );
        }
    }
    let honest = b"<sst count=\"1\" uniqueCount=\"1\"><si><t>x</t></si></sst>";
    assert!(get(&book_with(SHEET, &[("xl/sharedStrings.xml", honest)])).is_ok());
}

#[test]
fn one_string_a_million_times() {
    let long = "x".repeat(30_000);
    let sst = format!("<sst uniqueCount=\"1\"><si><t>{long}</t></si></sst>");
    let cells = "<row><c t=\"s\"><v>0</v></c></row>".repeat(10_000);
    let sheet = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
    let file = book_with(&sheet, &[("xl/sharedStrings.xml", sst.as_bytes())]);
    assert_eq!(get(&file), Err(Fault::Bomb(Bomb::Unpacked { limit: 64 << 20 })));
}

#[test]
fn a_million_rows_of_csv() {
    let mut file = String::from("a,b\n");
    (0..1_000_000).for_each(|_| file.push_str("1,2\n"));
    // The text is held once more while it is read, the rows are not.
    costs_less_than(12 << 10, || {
        assert_eq!(get(file.as_bytes()), Err(Fault::TooManyRows { limit: 20_000 }))
    });
}

#[test]
fn a_million_rows_of_xlsx() {
    let mut w = ZipWriter::new_append(Cursor::new(book_with("", &[]))).unwrap();
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(1));
    w.start_file("xl/worksheets/sheet2.xml", options).unwrap();
    w.write_all(b"<worksheet><sheetData>").unwrap();
    for i in 0..1_000_000u32 {
        w.write_all(format!("<row><c><v>{}</v></c></row>", i.wrapping_mul(2_654_435_761)).as_bytes())
            .unwrap();
    }
    w.write_all(b"</sheetData></worksheet>").unwrap();
    let rels = BOOK_RELS.replace("sheet1", "sheet2");
    w.start_file("xl/_rels/workbook2.xml.rels", options).unwrap();
    w.write_all(rels.as_bytes()).unwrap();
    w.start_file("xl/workbook2.xml", options).unwrap();
    w.write_all(BOOK.as_bytes()).unwrap();
    let bytes = w.finish().unwrap().into_inner();
    // The workbook part is found by its type in the package relationships, so point those at the second one.
    let mut file = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..file.len() {
        let part = file.by_index_raw(i).unwrap();
        if part.name().unwrap() != "_rels/.rels" {
            out.raw_copy_file(part).unwrap();
        }
    }
    out.start_file("_rels/.rels", options).unwrap();
    out.write_all(RELS.replace("workbook.xml", "workbook2.xml").as_bytes())
        .unwrap();
    let bytes = out.finish().unwrap().into_inner();
    drop(file);
    assert!(bytes.len() < 10 << 20);
    costs_less_than(16 << 10, || {
        assert_eq!(get(&bytes), Err(Fault::TooManyRows { limit: 20_000 }))
    });
}

proptest! {
    /// Whatever the bytes, an answer comes and no panic.
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = get(&bytes);
    }

    #[test]
    fn any_text(text in "[a-c,;\t\"'=\r\n重 ]{0,60}") {
        if let Ok(sheet) = get(text.as_bytes()) {
            prop_assert!(sheet.rows.iter().all(|r| r.number > sheet.header_row && !r.cells.is_empty()));
            prop_assert!(sheet.rows.iter().flat_map(|r| &r.cells).all(|c| !c.text.trim().is_empty()));
        }
    }

    /// A worksheet with bytes knocked out of place is refused or read, never a panic.
    #[test]
    fn bent_workbooks(at in 0usize..5000, with in any::<u8>(), part in 0usize..3) {
        const STRINGS: &str = r#"<sst uniqueCount="2"><si><t>a</t></si><si><r><t>b</t></r></si></sst>"#;
        let sheet = r#"<worksheet><dimension ref="A1:C3"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="b"><v>1</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c><c r="B2" t="e"><v>#N/A</v></c><c t="str"><f>A1</f><v>y</v></c></row></sheetData></worksheet>"#;
        let styles = r#"<styleSheet><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy"/></numFmts><cellXfs count="1"><xf numFmtId="164"/></cellXfs></styleSheet>"#;
        let mut parts = [sheet.as_bytes().to_vec(), STRINGS.as_bytes().to_vec(), styles.as_bytes().to_vec()];
        let n = parts[part].len();
        parts[part][at % n] = with;
        let sheet = String::from_utf8_lossy(&parts[0]).into_owned();
        let _ = get(&book_with(&sheet, &[("xl/sharedStrings.xml", &parts[1]), ("xl/styles.xml", &parts[2])]));
    }
}
