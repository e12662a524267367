use serde::{Deserialize, Serialize};

/// Where a list goes on: an opaque mark made from the last row's sort keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor(pub String);

/// How much of a list is wanted, from where.
#[derive(Clone, Debug)]
pub struct PageRequest {
    pub after: Option<Cursor>,
    pub limit: u32,
}
impl PageRequest {
    pub const MOST: u32 = 200;
    pub fn first(limit: u32) -> Self {
        PageRequest {
            after: None,
            limit: limit.clamp(1, Self::MOST),
        }
    }
}

/// A stretch of a list and the mark of the next one.
#[derive(Clone, Debug, Serialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<Cursor>,
}
impl<T> Page<T> {
    /// From rows asked for as `limit + 1`: the one too many tells that there is more.
    pub fn from_rows(mut rows: Vec<T>, limit: u32, mark: impl Fn(&T) -> String) -> Self {
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = if more {
            rows.last().map(|r| Cursor(mark(r)))
        } else {
            None
        };
        Page { items: rows, next }
    }
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next: self.next,
        }
    }
}
