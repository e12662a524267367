//! The little of SVG that is written here.

/// Text or attribute value with the five marked characters replaced and forbidden controls dropped.
pub fn esc(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// An identifier's harmless characters.
pub fn ident(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect()
}

/// A coordinate with at most one decimal and no `-0`.
pub fn n(value: f64) -> String {
    let v = (value * 10.0).round() / 10.0;
    if v == 0.0 { "0".to_owned() } else { v.to_string() }
}

/// Roughly how wide a text of the look's sans is, in ems; checked against pictures, and rather too wide than too narrow.
pub fn ems(text: &str) -> f64 {
    text.chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | '\'' | '’' | ':' | ';' | '|' | '!' => 0.28,
            'f' | 't' | 'r' | '(' | ')' | '-' | ' ' | '/' => 0.34,
            'm' | 'w' | 'M' | 'W' | '—' => 0.86,
            'A'..='Z' => 0.62,
            c if u32::from(c) < 0x2E80 => 0.54,
            _ => 1.02,
        })
        .sum()
}
