//! CSV as people's programs write it. The `csv` crate reads any quotes without complaint, so a forgotten quote would
//! swallow half a table unseen; hence a reader of our own.
use crate::{Fault, Found, Gather, Limits, Origin, Sheet, out};
use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_16BE, UTF_16LE};

pub fn read(bytes: &[u8], filename: &str, limits: &Limits) -> Result<Sheet, Fault> {
    let (text, origin) = decode(bytes)?;
    // NUL never stands in a table; it tells binary files that happen to be decodable.
    if text.contains('\0') {
        return Err(Fault::NotATable { found: Found::Other });
    }
    let start: String = text
        .trim_start()
        .chars()
        .take(14)
        .collect::<String>()
        .to_ascii_lowercase();
    if ["<!doctype", "<html", "<table", "<?xml"]
        .iter()
        .any(|t| start.starts_with(t))
    {
        return Err(Fault::NotATable { found: Found::Html });
    }
    let (body, separator) = announced(&text).unwrap_or_else(|| (&text, sniff(&text)));
    let mut gather = Gather::new(limits);
    for record in Records::new(body, separator) {
        let record = record?;
        for (i, field) in record.fields.iter().enumerate() {
            gather.put(record.row, i as u32 + 1, out::unguard(field))?;
        }
    }
    gather.finish(origin, filename, Vec::new())
}

fn decode(bytes: &[u8]) -> Result<(String, Origin), Fault> {
    match Encoding::for_bom(bytes) {
        Some((e, skip)) if e == UTF_16LE || e == UTF_16BE => {
            strictly(e, &bytes[skip..], skip).map(|t| (t, Origin::Utf16))
        }
        bom => {
            let skip = bom.map_or(0, |(_, n)| n);
            match std::str::from_utf8(&bytes[skip..]) {
                Ok(text) => Ok((text.to_owned(), Origin::Utf8)),
                Err(e) => {
                    let good = &bytes[skip..skip + e.valid_up_to()];
                    // The lead bytes of UTF-8 sequences. GB18030 text passes as UTF-8 for two or three characters
                    // by accident, not for eight: then it is UTF-8 with a damaged spot, and guessing would give
                    // wrong characters all over.
                    let well = good.iter().filter(|b| **b >= 0xC0).take(8).count();
                    if skip > 0 || well == 8 {
                        return Err(Fault::Encoding {
                            byte_offset: (skip + e.valid_up_to()) as u64,
                        });
                    }
                    strictly(GB18030, bytes, 0).map(|t| (t, Origin::Gb18030))
                }
            }
        }
    }
}

fn strictly(encoding: &'static Encoding, bytes: &[u8], skipped: usize) -> Result<String, Fault> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder
        .max_utf8_buffer_length_without_replacement(bytes.len())
        .unwrap_or(0);
    let mut text = String::with_capacity(room);
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::InputEmpty => Ok(text),
        DecoderResult::Malformed(length, after) => {
            let at = read.saturating_sub(usize::from(length) + usize::from(after));
            Err(Fault::Encoding {
                byte_offset: (skipped + at) as u64,
            })
        }
        DecoderResult::OutputFull => Err(Fault::Encoding {
            byte_offset: (skipped + read) as u64,
        }),
    }
}

/// `sep=;` on the first line: Excel's own way to say it, and Excel does not count that line.
fn announced(text: &str) -> Option<(&str, u8)> {
    let rest = text.strip_prefix("sep=").or_else(|| text.strip_prefix("SEP="))?;
    let separator = *rest.as_bytes().first()?;
    let rest = rest.get(1..)?;
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'))?;
    separator.is_ascii().then_some((rest, separator))
}

/// The separator that splits the first fifty records most evenly; comma when none does.
fn sniff(text: &str) -> u8 {
    let score = |separator: u8| {
        let counts: Vec<usize> = Records::new(text, separator)
            .map_while(Result::ok)
            .filter(|r| r.fields.iter().any(|f| !f.trim().is_empty()))
            .take(50)
            .map(|r| r.fields.len())
            .collect();
        let head = counts.first().copied().unwrap_or(0);
        if head < 2 {
            return 0;
        }
        1000 * counts.iter().filter(|n| **n == head).count() / counts.len() * 1000 + head.min(999)
    };
    let mut best = (0, b',');
    for separator in [b',', b';', b'\t'] {
        let s = score(separator);
        if s > best.0 {
            best = (s, separator);
        }
    }
    best.1
}

struct Record {
    row: u32,
    fields: Vec<String>,
}

/// RFC 4180 with any line end. Every mark it looks for is ASCII, so bytes of UTF-8 text may be looked at singly.
struct Records<'a> {
    text: &'a str,
    separator: u8,
    at: usize,
    row: u32,
    line: u32,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, separator: u8) -> Self {
        Records {
            text,
            separator,
            at: 0,
            row: 0,
            line: 1,
        }
    }

    /// Steps over a line end at the present place, if there is one.
    fn line_end(&mut self) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        let n = match rest {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => return false,
        };
        self.at += n;
        self.line += 1;
        true
    }

    /// A quoted field; `at` stands behind the opening quote.
    fn quoted(&mut self) -> Result<String, Fault> {
        let (bytes, line) = (self.text.as_bytes(), self.line);
        let bad = Fault::BadQuote { row: self.row, line };
        let (mut out, mut from) = (String::new(), self.at);
        loop {
            match bytes.get(self.at) {
                None => return Err(bad),
                Some(b'"') if bytes.get(self.at + 1) == Some(&b'"') => {
                    out.push_str(&self.text[from..=self.at]);
                    self.at += 2;
                    from = self.at;
                }
                Some(b'"') => {
                    out.push_str(&self.text[from..self.at]);
                    self.at += 1;
                    // Spaces between the quote and the separator are common in typed files and mean nothing.
                    while bytes.get(self.at) == Some(&b' ') {
                        self.at += 1;
                    }
                    return match bytes.get(self.at) {
                        None | Some(b'\r' | b'\n') => Ok(out),
                        Some(b) if *b == self.separator => Ok(out),
                        Some(_) => Err(bad),
                    };
                }
                Some(b'\r' | b'\n') => {
                    self.line_end();
                }
                Some(_) => self.at += 1,
            }
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.text.as_bytes();
        if self.at >= bytes.len() {
            return None;
        }
        self.row = self.row.saturating_add(1);
        let mut fields = Vec::new();
        loop {
            if bytes.get(self.at) == Some(&b'"') {
                self.at += 1;
                match self.quoted() {
                    Ok(f) => fields.push(f),
                    Err(e) => {
                        self.at = bytes.len();
                        return Some(Err(e));
                    }
                }
            } else {
                let from = self.at;
                while bytes
                    .get(self.at)
                    .is_some_and(|b| *b != self.separator && !matches!(b, b'\r' | b'\n'))
                {
                    self.at += 1;
                }
                fields.push(self.text[from..self.at].to_owned());
            }
            if self.at >= bytes.len() || self.line_end() {
                return Some(Ok(Record { row: self.row, fields }));
            }
            // Only the separator is left. A record that ends with it has one more, empty field; nothing is lost
            // when the file ends there, as blank cells are not kept.
            self.at += 1;
        }
    }
}
