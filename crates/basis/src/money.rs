use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An ISO 4217 currency.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    pub const CNY: Currency = Currency(*b"CNY");
    pub const EUR: Currency = Currency(*b"EUR");
    pub const USD: Currency = Currency(*b"USD");
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
    /// How many digits follow the point (ISO 4217 table A.1, for the countries that have partners here and neighbours).
    pub fn digits(&self) -> u32 {
        match &self.0 {
            b"JPY" | b"KRW" | b"VND" | b"XAF" | b"XOF" | b"CLP" | b"ISK" | b"UGX" | b"PYG" | b"RWF" | b"GNF"
            | b"DJF" | b"KMF" | b"VUV" | b"XPF" | b"BIF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}
impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl FromStr for Currency {
    type Err = MoneyFault;
    fn from_str(s: &str) -> Result<Self, MoneyFault> {
        match s.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|x| x.is_ascii_uppercase()) => Ok(Currency([*a, *b, *c])),
            _ => Err(MoneyFault::Currency),
        }
    }
}
impl TryFrom<String> for Currency {
    type Error = MoneyFault;
    fn try_from(s: String) -> Result<Self, MoneyFault> {
        s.parse()
    }
}
impl From<Currency> for String {
    fn from(c: Currency) -> String {
        c.as_str().into()
    }
}

/// A sum of one currency, in its smallest unit; never a float.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyFault {
    #[error("not an amount")]
    Shape,
    #[error("too many digits after the point")]
    Digits,
    #[error("too large")]
    TooLarge,
    #[error("not a currency code")]
    Currency,
    #[error("two currencies cannot be added")]
    Mixed,
}

impl Money {
    pub fn new(minor: i64, currency: Currency) -> Self {
        Money { minor, currency }
    }
    pub fn zero(currency: Currency) -> Self {
        Money { minor: 0, currency }
    }
    /// Reads what a person types: "60000", "60,000.00", "６０，０００．００", "¥ 60 000". The point is the decimal sign.
    pub fn parse(typed: &str, currency: Currency) -> Result<Self, MoneyFault> {
        use unicode_normalization::UnicodeNormalization;
        let s: String = typed
            .nfkc()
            .filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’' | '¥' | '€' | '$' | '£'))
            .collect();
        let (negative, s) = match s.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, s.as_str()),
        };
        let (whole, fraction) = s.split_once('.').unwrap_or((s, ""));
        let groups: Vec<&str> = whole.split(',').collect();
        let grouped = groups.len() > 1
            && (groups[0].is_empty() || groups[0].len() > 3 || groups[1..].iter().any(|g| g.len() != 3));
        let whole = groups.concat();
        if whole.is_empty() || grouped || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(MoneyFault::Shape);
        }
        let digits = currency.digits() as usize;
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > digits {
            return Err(MoneyFault::Digits);
        }
        let minor = format!("{whole}{fraction:0<digits$}")
            .parse::<i64>()
            .map_err(|_| MoneyFault::TooLarge)?;
        // A thousand million million minor units is more than any programme; it keeps every later sum inside i64.
        if minor > 1_000_000_000_000_000 {
            return Err(MoneyFault::TooLarge);
        }
        Ok(Money {
            minor: if negative { -minor } else { minor },
            currency,
        })
    }
    pub fn plus(self, other: Money) -> Result<Money, MoneyFault> {
        if self.currency != other.currency {
            return Err(MoneyFault::Mixed);
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyFault::TooLarge)?;
        Ok(Money { minor, ..self })
    }
    /// "60,000.00", without the currency: for inputs and number columns that name it in their head.
    pub fn amount(&self) -> String {
        let digits = self.currency.digits();
        let unit = 10_u64.pow(digits);
        let abs = self.minor.unsigned_abs();
        let whole = (abs / unit).to_string();
        let mut out = String::new();
        if self.minor < 0 {
            out.push('−');
        }
        for (i, c) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                out.push(',');
            }
            out.push(c);
        }
        if digits > 0 {
            out.push_str(&format!(".{:0width$}", abs % unit, width = digits as usize));
        }
        out
    }
    /// Plain machine form "60000.00" for files and the API.
    pub fn decimal(&self) -> String {
        self.amount().replace(',', "").replace('−', "-")
    }
}
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\u{a0}{}", self.currency, self.amount())
    }
}
impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.decimal())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn people_type_money_in_many_ways() {
        for typed in ["60000", "60,000.00", "６０，０００．００", "¥ 60 000", "60 000.0"] {
            assert_eq!(
                Money::parse(typed, Currency::CNY),
                Ok(Money::new(6_000_000, Currency::CNY)),
                "{typed}"
            );
        }
        assert_eq!(Money::parse("6,00", Currency::CNY), Err(MoneyFault::Shape));
        assert_eq!(Money::parse("1.234", Currency::CNY), Err(MoneyFault::Digits));
        assert_eq!(Money::parse("", Currency::CNY), Err(MoneyFault::Shape));
        assert_eq!(Money::parse("1e9", Currency::CNY), Err(MoneyFault::Shape));
        assert_eq!(
            Money::parse("99999999999999999999", Currency::CNY),
            Err(MoneyFault::TooLarge)
        );
        let jpy: Currency = "JPY".parse().unwrap();
        assert_eq!(Money::parse("1,234", jpy).unwrap().to_string(), "JPY\u{a0}1,234");
    }
    #[test]
    fn what_is_written_reads_back() {
        for minor in [0, 5, -5, 99, 100, 123_456_789, -1_000] {
            let m = Money::new(minor, Currency::EUR);
            assert_eq!(Money::parse(&m.amount(), Currency::EUR), Ok(m));
            assert_eq!(Money::parse(&m.decimal(), Currency::EUR), Ok(m));
        }
    }
    #[test]
    fn currencies_do_not_mix() {
        assert_eq!(
            Money::zero(Currency::CNY).plus(Money::zero(Currency::EUR)),
            Err(MoneyFault::Mixed)
        );
    }
}
