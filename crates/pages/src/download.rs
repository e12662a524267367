//! Answers that carry a file: always to be saved, never shown in the page, so that nothing in them can run.

use axum::{
    body::Body,
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use basis::Fail;
use sheets::Table;

use crate::Problem;

/// What a table is written as, and how its file's name ends. A handler that takes one serves both addresses of a table,
/// `/plan.csv` and `/plan.xlsx`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Csv,
    Xlsx,
}
impl Ending {
    fn of(path: &str) -> Option<Ending> {
        match path.rsplit_once('.')?.1 {
            "csv" => Some(Ending::Csv),
            "xlsx" => Some(Ending::Xlsx),
            _ => None,
        }
    }
}
impl<S: Send + Sync> FromRequestParts<S> for Ending {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Ending::of(parts.uri.path()).ok_or(Fail::NotFound)?)
    }
}

/// A table as a file; `name` comes without the ending.
///
/// # Errors
/// A fault where a worksheet cannot hold the table.
pub fn table(name: &str, ending: Ending, table: &Table) -> Result<Response, Problem> {
    let (ending, media_type, bytes) = match ending {
        Ending::Csv => ("csv", "text/csv; charset=utf-8", table.to_csv()),
        Ending::Xlsx => (
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            table.to_xlsx(),
        ),
    };
    let bytes = bytes.map_err(Fail::fault)?;
    Ok(saved(&format!("{name}.{ending}"), media_type, bytes))
}
/// A file as it was kept or made. Name and media type may come from people.
pub fn saved(file_name: &str, media_type: &str, bytes: impl Into<Body>) -> Response {
    (headers(file_name, media_type), bytes.into()).into_response()
}
fn headers(file_name: &str, media_type: &str) -> HeaderMap {
    let mut h = HeaderMap::new();
    let value = |s: &str| HeaderValue::from_str(s).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    h.insert(header::CONTENT_TYPE, value(media_type));
    h.insert(
        header::CONTENT_DISPOSITION,
        value(&format!("attachment; filename*=UTF-8''{}", encoded(file_name))),
    );
    h.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    h.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    h
}
/// RFC 8187: everything but plain letters and digits as bytes of UTF-8.
fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len() * 3);
    for b in name.bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_') {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use sheets::{CellOut, ColumnOut, Kind};

    #[test]
    fn names_travel_in_every_script() {
        assert_eq!(encoded("plan-2026_1.csv"), "plan-2026_1.csv");
        assert_eq!(encoded("信 \"1\"\r\n.txt"), "%E4%BF%A1%20%221%22%0D%0A.txt");
    }

    #[test]
    fn the_address_says_what_a_table_is_written_as() {
        assert_eq!(Ending::of("/calls/1.2/offers.csv"), Some(Ending::Csv));
        assert_eq!(Ending::of("/plan.xlsx"), Some(Ending::Xlsx));
        assert_eq!(Ending::of("/plan"), None);
        assert_eq!(Ending::of("/plan.json"), None);
    }

    #[test]
    fn tables_are_named_by_what_they_are_written_as() {
        let small = Table {
            title: "Plan".into(),
            columns: vec![ColumnOut::new("year", "Year".into(), Kind::Number)],
            rows: vec![vec![CellOut::Integer(2026)]],
            made: jiff::civil::date(2026, 1, 2),
        };
        for (ending, name, media_type) in [
            (Ending::Csv, "plan.csv", "text/csv"),
            (Ending::Xlsx, "plan.xlsx", "application/vnd.openxmlformats"),
        ] {
            let answer = table("plan", ending, &small).unwrap();
            let head = |name: header::HeaderName| answer.headers()[name].to_str().unwrap().to_owned();
            assert_eq!(
                head(header::CONTENT_DISPOSITION),
                format!("attachment; filename*=UTF-8''{name}")
            );
            assert!(head(header::CONTENT_TYPE).starts_with(media_type));
        }
    }
}
