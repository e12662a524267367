//! Workbooks. The archive is walked once with our own counting before `calamine` may open it.
use crate::{Bomb, Fault, Found, Gather, Limits, Origin, Sheet};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use std::io::{Cursor, Read};
use zip::ZipArchive;

const BROKEN: Fault = Fault::NotATable { found: Found::Broken };

pub fn read(bytes: &[u8], filename: &str, limits: &Limits) -> Result<Sheet, Fault> {
    inspect(bytes, limits)?;
    // On bent files calamine runs into arithmetic that panics when overflow is checked (a dimension whose end lies
    // before its start, for one): such a file is broken, and the request that brought it should be told so.
    std::panic::catch_unwind(|| walk(bytes, filename, limits)).unwrap_or(Err(BROKEN))
}

fn walk(bytes: &[u8], filename: &str, limits: &Limits) -> Result<Sheet, Fault> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| BROKEN)?;
    let mut names = book
        .sheets_metadata()
        .iter()
        .filter(|s| s.typ == SheetType::WorkSheet && s.visible == SheetVisible::Visible)
        .map(|s| s.name.clone());
    let first = names.next().ok_or(Fault::NotATable { found: Found::OtherZip })?;
    let others = names.collect();
    let mut gather = Gather::new(limits);
    let mut cells = book.worksheet_cells_reader(&first).map_err(|_| BROKEN)?;
    while let Some(cell) = cells.next_cell().map_err(|_| BROKEN)? {
        let (row, column) = cell.get_position();
        let (row, column) = (row.saturating_add(1), column.saturating_add(1));
        match cell.get_value() {
            DataRef::Empty => {}
            DataRef::String(s) => gather.put(row, column, s)?,
            DataRef::SharedString(s) => gather.put(row, column, s)?,
            DataRef::Int(i) => gather.put(row, column, &i.to_string())?,
            DataRef::Float(f) => gather.put(row, column, &number(*f))?,
            DataRef::Bool(b) => gather.put(row, column, if *b { "TRUE" } else { "FALSE" })?,
            DataRef::DateTime(d) => gather.put(row, column, &date(d))?,
            // Strict Open XML stores `2024-05-31T00:00:00`.
            DataRef::DateTimeIso(s) => gather.put(row, column, &s.trim_end_matches("T00:00:00").replace('T', " "))?,
            DataRef::DurationIso(s) => gather.put(row, column, s)?,
            DataRef::Error(e) => gather.put(row, column, &e.to_string())?,
        }
    }
    gather.finish(Origin::Xlsx, filename, others)
}

/// Walks every part of the archive and really unpacks it into nothing, because declared sizes lie.
fn inspect(bytes: &[u8], limits: &Limits) -> Result<(), Fault> {
    let bomb = |b| Err(Fault::Bomb(b));
    // Counted before the directory is parsed, which takes some hundred bytes of memory for each entry.
    if bytes
        .windows(4)
        .filter(|w| w == b"PK\x01\x02")
        .take(limits.max_entries + 1)
        .count()
        > limits.max_entries
    {
        return bomb(Bomb::Entries {
            limit: limits.max_entries,
        });
    }
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BROKEN)?;
    let names: Vec<String> = zip
        .file_names()
        .map(|n| n.map(|n| n.to_lowercase()))
        .collect::<Result<_, _>>()
        .map_err(|_| BROKEN)?;
    if names.len() > limits.max_entries {
        return bomb(Bomb::Entries {
            limit: limits.max_entries,
        });
    }
    if zip.has_overlapping_files().map_err(|_| BROKEN)? || zip.has_duplicate_names() {
        return bomb(Bomb::Forged);
    }
    let not = |found| Err(Fault::NotATable { found });
    if names.iter().any(|n| n == "mimetype") {
        return not(Found::OpenDocument);
    }
    if !names.iter().any(|n| n == "[content_types].xml") || !names.iter().any(|n| n.ends_with("workbook.xml")) {
        return not(Found::OtherZip);
    }
    let nested = [
        ".zip",
        ".xlsx",
        ".xlsm",
        ".docx",
        ".docm",
        ".pptx",
        ".ole",
        ".exe",
        "vbaproject.bin",
    ];
    if names
        .iter()
        .any(|n| n.contains("externallinks/") || n.contains("embeddings/") || nested.iter().any(|ext| n.ends_with(ext)))
    {
        return not(Found::Unsafe);
    }
    let packed = bytes.len() as u64;
    let mut total = 0u64;
    let check = |total: u64| {
        if total > limits.max_unpacked {
            return bomb(Bomb::Unpacked {
                limit: limits.max_unpacked,
            });
        }
        if total > 1 << 20 && total / packed.max(1) > limits.max_ratio {
            return bomb(Bomb::Ratio {
                limit: limits.max_ratio,
            });
        }
        Ok(())
    };
    let mut buffer = vec![0u8; 64 << 10];
    for (i, name) in names.iter().enumerate() {
        if zip.by_index_raw(i).map_err(|_| BROKEN)?.encrypted() {
            return not(Found::Locked);
        }
        let mut part = zip.by_index(i).map_err(|_| BROKEN)?;
        check(total.saturating_add(part.size()))?;
        let before = total;
        // calamine reserves room for as many strings as this part announces, so one line of text could ask for
        // all memory there is. The announcement stands in the first element.
        let strings = name.ends_with("sharedstrings.xml");
        let mut head = Vec::new();
        loop {
            let n = part.read(&mut buffer).map_err(|_| BROKEN)?;
            if n == 0 {
                break;
            }
            total += n as u64;
            check(total)?;
            if strings {
                head.extend(buffer[..n].iter().filter(|b| **b != 0));
            }
        }
        if strings && announced_strings(&head) > (total - before).saturating_add(1) {
            return bomb(Bomb::Forged);
        }
    }
    Ok(())
}

/// The largest number that follows any `uniqueCount=` in the part. NUL bytes were taken out, so UTF-16 is covered.
fn announced_strings(part: &[u8]) -> u64 {
    const KEY: &[u8] = b"uniqueCount";
    let mut most = 0;
    for (at, _) in part.windows(KEY.len()).enumerate().filter(|(_, w)| *w == KEY) {
        let rest = &part[at + KEY.len()..];
        let mut digits = rest
            .iter()
            .skip_while(|b| b.is_ascii_whitespace() || b"='\"+".contains(b));
        let mut n = 0u64;
        while let Some(d) = digits.next().filter(|b| b.is_ascii_digit()) {
            n = n.saturating_mul(10).saturating_add(u64::from(d - b'0'));
        }
        most = most.max(n);
    }
    most
}

/// A number with the 15 significant digits that Excel keeps: `0.1 + 0.2` is 0.3 to the person who typed it.
fn number(f: f64) -> String {
    let f: f64 = format!("{f:.14e}").parse().unwrap_or(f);
    if f == 0.0 {
        return "0".to_owned();
    }
    if f.abs() >= 1e21 || f.abs() < 1e-9 {
        format!("{f:E}")
    } else {
        f.to_string()
    }
}

fn date(d: &ExcelDateTime) -> String {
    let days = d.as_f64();
    if d.is_duration() {
        let seconds = (days.abs() * 86_400.0).round() as u64;
        let sign = if days < 0.0 { "-" } else { "" };
        return format!(
            "{sign}{:02}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        );
    }
    // calamine rounds to the millisecond, which takes the error of "fraction of a day" away.
    let (y, mo, da, h, mi, s, _) = d.to_ymd_hms_milli();
    let time = if s > 0 {
        format!("{h:02}:{mi:02}:{s:02}")
    } else {
        format!("{h:02}:{mi:02}")
    };
    match (days < 1.0, h == 0 && mi == 0 && s == 0) {
        (true, _) => time,
        (false, true) => format!("{y:04}-{mo:02}-{da:02}"),
        (false, false) => format!("{y:04}-{mo:02}-{da:02} {time}"),
    }
}
