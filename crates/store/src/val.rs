//! Values in and out: how Rust's types travel as TEXT, BIGINT and BOOLEAN.

use basis::{Code, Currency, Day, Id, Lang, Moment, Text};
use sea_orm::{QueryResult, Value};
use serde::{Serialize, de::DeserializeOwned};

use crate::StoreFault;

/// A value bound to a `$n` place.
#[derive(Clone, Debug)]
pub struct Val(pub(crate) Value);
impl Val {
    pub(crate) fn holds_nul(&self) -> bool {
        matches!(&self.0, Value::String(Some(s)) if s.contains('\0'))
    }
}

pub trait ToVal {
    fn to_val(&self) -> Val;
    /// Nothing, in the column type this value has.
    fn null() -> Val
    where
        Self: Sized,
    {
        Val(Value::String(None))
    }
}
impl<T: ToVal> ToVal for Option<T> {
    fn to_val(&self) -> Val {
        self.as_ref().map_or_else(T::null, T::to_val)
    }
}
/// Binds values in order: `vals![id, title, now]`.
#[macro_export]
macro_rules! vals {
    ($($v:expr),* $(,)?) => { vec![$($crate::ToVal::to_val(&$v)),*] };
}

/// One row of an answer.
pub struct Row(pub(crate) QueryResult);
impl Row {
    pub fn get<T: FromCol>(&self, column: &str) -> Result<T, StoreFault> {
        T::from_col(self, column)
    }
}
pub trait FromRow: Sized {
    fn from_row(row: &Row) -> Result<Self, StoreFault>;
}
/// Of a join: two rows side by side, no column of one named like a column of the other.
impl<A: FromRow, B: FromRow> FromRow for (A, B) {
    fn from_row(row: &Row) -> Result<Self, StoreFault> {
        Ok((A::from_row(row)?, B::from_row(row)?))
    }
}
pub trait FromCol: Sized {
    fn from_col_opt(row: &Row, column: &str) -> Result<Option<Self>, StoreFault>;
    fn from_col(row: &Row, column: &str) -> Result<Self, StoreFault> {
        Self::from_col_opt(row, column)?.ok_or_else(|| StoreFault::belief(column, "null"))
    }
}
impl<T: FromCol> FromCol for Option<T> {
    fn from_col_opt(row: &Row, column: &str) -> Result<Option<Self>, StoreFault> {
        Ok(Some(T::from_col_opt(row, column)?))
    }
}

/// Declares a row struct whose fields are the columns of the same names.
///
/// `row! { pub struct CallRow { id: CallId, title: Text, closes_at: Moment } }`
#[macro_export]
macro_rules! row {
    ($(#[$doc:meta])* $vis:vis struct $name:ident { $($(#[$fdoc:meta])* $fvis:vis $field:ident : $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        $vis struct $name { $($(#[$fdoc])* $fvis $field: $type),* }
        impl $crate::FromRow for $name {
            fn from_row(row: &$crate::Row) -> Result<Self, $crate::StoreFault> {
                Ok(Self { $($field: row.get::<$type>(stringify!($field))?),* })
            }
        }
    };
}

/// Any serde value kept as JSON in a TEXT column.
#[derive(Clone, Debug, PartialEq)]
pub struct Json<T>(pub T);

fn text(v: Option<String>) -> Val {
    Val(Value::String(v))
}
fn number(v: Option<i64>) -> Val {
    Val(Value::BigInt(v))
}

/// A type that travels as TEXT.
trait AsText: Sized {
    fn write(&self) -> String;
    fn read(s: &str) -> Option<Self>;
}
/// A type that travels as BIGINT.
trait AsNumber: Sized {
    fn write(&self) -> i64;
    fn read(n: i64) -> Option<Self>;
}
impl AsText for String {
    fn write(&self) -> String {
        self.clone()
    }
    fn read(s: &str) -> Option<Self> {
        Some(s.to_owned())
    }
}
impl AsText for Lang {
    fn write(&self) -> String {
        self.to_string()
    }
    fn read(s: &str) -> Option<Self> {
        s.parse().ok()
    }
}
impl AsText for Currency {
    fn write(&self) -> String {
        self.to_string()
    }
    fn read(s: &str) -> Option<Self> {
        s.parse().ok()
    }
}
impl AsText for Day {
    fn write(&self) -> String {
        self.to_string()
    }
    fn read(s: &str) -> Option<Self> {
        s.parse().ok()
    }
}
impl AsText for Text {
    fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
    fn read(s: &str) -> Option<Self> {
        serde_json::from_str(s).ok()
    }
}
impl AsNumber for i64 {
    fn write(&self) -> i64 {
        *self
    }
    fn read(n: i64) -> Option<Self> {
        Some(n)
    }
}
/// Degrees travel as millionths in a BIGINT: the portable subset has no floats.
impl AsNumber for f64 {
    fn write(&self) -> i64 {
        (self * 1e6).round() as i64
    }
    fn read(n: i64) -> Option<Self> {
        Some(n as f64 / 1e6)
    }
}
impl AsNumber for Moment {
    fn write(&self) -> i64 {
        self.as_microsecond()
    }
    fn read(n: i64) -> Option<Self> {
        Moment::from_microsecond(n).ok()
    }
}

macro_rules! as_text {
    ($($t:ty),*) => {$(
        impl ToVal for $t { fn to_val(&self) -> Val { text(Some(AsText::write(self))) } }
        impl FromCol for $t { fn from_col_opt(r: &Row, c: &str) -> Result<Option<Self>, StoreFault> { read_text(r, c, <$t as AsText>::read) } }
    )*};
}
as_text!(String, Lang, Currency, Day, Text);
macro_rules! as_number {
    ($($t:ty),*) => {$(
        impl ToVal for $t {
            fn to_val(&self) -> Val { number(Some(AsNumber::write(self))) }
            fn null() -> Val { number(None) }
        }
        impl FromCol for $t {
            fn from_col_opt(r: &Row, c: &str) -> Result<Option<Self>, StoreFault> {
                let n: Option<i64> = r.0.try_get("", c).map_err(StoreFault::from)?;
                n.map(|n| AsNumber::read(n).ok_or_else(|| StoreFault::belief(c, &n.to_string()))).transpose()
            }
        }
    )*};
}
as_number!(i64, Moment, f64);

#[doc(hidden)]
pub fn read_text<T>(r: &Row, c: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, StoreFault> {
    let s: Option<String> = r.0.try_get("", c).map_err(StoreFault::from)?;
    s.map(|s| read(&s).ok_or_else(|| StoreFault::belief(c, &s))).transpose()
}

impl<T> ToVal for Id<T> {
    fn to_val(&self) -> Val {
        text(Some(self.to_string()))
    }
}
impl<T> FromCol for Id<T> {
    fn from_col_opt(r: &Row, c: &str) -> Result<Option<Self>, StoreFault> {
        read_text(r, c, |s| s.parse().ok())
    }
}
impl ToVal for &str {
    fn to_val(&self) -> Val {
        text(Some((*self).to_owned()))
    }
}
impl ToVal for u32 {
    fn to_val(&self) -> Val {
        number(Some(i64::from(*self)))
    }
    fn null() -> Val {
        number(None)
    }
}
impl ToVal for bool {
    fn to_val(&self) -> Val {
        Val(Value::Bool(Some(*self)))
    }
    fn null() -> Val {
        Val(Value::Bool(None))
    }
}
impl FromCol for bool {
    fn from_col_opt(r: &Row, c: &str) -> Result<Option<Self>, StoreFault> {
        r.0.try_get("", c).map_err(StoreFault::from)
    }
}
impl<T: Serialize> ToVal for Json<T> {
    fn to_val(&self) -> Val {
        text(Some(serde_json::to_string(&self.0).unwrap_or_default()))
    }
}
impl<T: DeserializeOwned> FromCol for Json<T> {
    fn from_col_opt(r: &Row, c: &str) -> Result<Option<Self>, StoreFault> {
        read_text(r, c, |s| serde_json::from_str(s).ok().map(Json))
    }
}

/// A closed list as a column: `coded!(Status)` lets it be bound and read by its code.
#[macro_export]
macro_rules! coded {
    ($($t:ty),* $(,)?) => {$(
        impl $crate::ToVal for $t { fn to_val(&self) -> $crate::Val { $crate::ToVal::to_val(&basis::Code::code(*self)) } }
        impl $crate::FromCol for $t {
            fn from_col_opt(r: &$crate::Row, c: &str) -> Result<Option<Self>, $crate::StoreFault> {
                $crate::read_text(r, c, <$t as basis::Code>::from_code)
            }
        }
    )*};
}
// The ground's lists: Rust's rules let them be taught here only.
macro_rules! ground_codes {
    ($($t:ty),*) => {$(
        impl ToVal for $t { fn to_val(&self) -> Val { self.code().to_val() } }
        impl FromCol for $t { fn from_col_opt(r: &Row, c: &str) -> Result<Option<Self>, StoreFault> { read_text(r, c, <$t as Code>::from_code) } }
    )*};
}
ground_codes!(basis::Field, basis::Claimant, basis::Confidence, basis::Precision);
