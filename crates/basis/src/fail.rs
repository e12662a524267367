use std::{borrow::Cow, fmt};

use crate::Money;

/// A value inside a refusal's sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    Text(String),
    Number(i64),
    Money(Money),
    Day(crate::Day),
    Moment(crate::Moment),
}
impl From<&str> for Arg {
    fn from(s: &str) -> Self {
        Arg::Text(s.into())
    }
}
impl From<String> for Arg {
    fn from(s: String) -> Self {
        Arg::Text(s)
    }
}
impl From<i64> for Arg {
    fn from(n: i64) -> Self {
        Arg::Number(n)
    }
}
impl From<usize> for Arg {
    fn from(n: usize) -> Self {
        Arg::Number(i64::try_from(n).unwrap_or(i64::MAX))
    }
}
impl From<Money> for Arg {
    fn from(m: Money) -> Self {
        Arg::Money(m)
    }
}
impl From<crate::Day> for Arg {
    fn from(d: crate::Day) -> Self {
        Arg::Day(d)
    }
}
impl From<crate::Moment> for Arg {
    fn from(d: crate::Moment) -> Self {
        Arg::Moment(d)
    }
}

/// A rule said no. `code` is the Fluent key of the sentence, in the room's file or in the pages' shared one;
/// `field` is the input that holds the fault, or none for the whole page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: &'static str,
    pub field: Option<Cow<'static, str>>,
    pub args: Vec<(&'static str, Arg)>,
}
impl Refusal {
    pub fn at(field: impl Into<Cow<'static, str>>, code: &'static str) -> Self {
        Refusal {
            code,
            field: Some(field.into()),
            args: Vec::new(),
        }
    }
    pub fn page(code: &'static str) -> Self {
        Refusal {
            code,
            field: None,
            args: Vec::new(),
        }
    }
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

/// Authority said no: which rule, and who could.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    pub action: String,
    /// Ids of the policies that forbade it; empty when simply nobody allowed it.
    pub rules: Vec<String>,
    /// Nobody is signed in: the answer is a way to sign in, not a reproach.
    pub anonymous: bool,
}

/// Why a use case did not happen. Refusals and denials are answers; a fault is ours.
#[derive(Debug)]
pub enum Fail {
    /// Bad input or a rule of the field, each at its field.
    Refused(Vec<Refusal>),
    Denied(Denial),
    /// Somebody changed it since it was read; nothing was overwritten.
    Changed,
    NotFound,
    /// This very request was answered before; here is that answer, as JSON.
    Repeated(String),
    /// Too many tries; again after so many seconds.
    Slow {
        seconds: u64,
    },
    /// Ours: logged once at the edge, its id shown.
    Fault(Box<dyn std::error::Error + Send + Sync>),
}
impl Fail {
    pub fn fault(e: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Fail::Fault(e.into())
    }
    pub fn refused(r: Refusal) -> Self {
        Fail::Refused(vec![r])
    }
    /// Refusals under the names that the caller used: a form's fields are flat, a program's members lie in one another.
    #[must_use]
    pub fn named(self, name: impl Fn(&str) -> Option<String>) -> Self {
        let Fail::Refused(mut refusals) = self else { return self };
        for refusal in &mut refusals {
            if let Some(name) = refusal.field.as_deref().and_then(&name) {
                refusal.field = Some(Cow::Owned(name));
            }
        }
        Fail::Refused(refusals)
    }
}
impl From<Refusal> for Fail {
    fn from(r: Refusal) -> Self {
        Fail::Refused(vec![r])
    }
}
impl From<Vec<Refusal>> for Fail {
    fn from(r: Vec<Refusal>) -> Self {
        Fail::Refused(r)
    }
}
impl fmt::Display for Fail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fail::Refused(r) => {
                write!(f, "refused:")?;
                r.iter().try_for_each(|r| {
                    write!(
                        f,
                        " {}{}",
                        r.code,
                        r.field.as_ref().map(|x| format!(" at {x}")).unwrap_or_default()
                    )
                })
            }
            Fail::Denied(d) => write!(f, "denied: {} by {:?}", d.action, d.rules),
            Fail::Changed => f.write_str("changed by somebody else since it was read"),
            Fail::NotFound => f.write_str("not found"),
            Fail::Repeated(_) => f.write_str("answered before"),
            Fail::Slow { seconds } => write!(f, "too many tries; again in {seconds} s"),
            Fail::Fault(e) => write!(f, "fault: {e}"),
        }
    }
}
impl std::error::Error for Fail {}
