//! Search by words a person remembers: without accents, case, width or the marks that keyboards lack.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// "Düsseldorf" and "ＤＵＳＳＥＬＤＯＲＦ" become "dusseldorf"; Han stays as it is.
pub fn fold(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for c in s.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ø' | 'œ' => out.push('o'),
            'æ' => out.push('a'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ß' => out.push_str("ss"),
            'ı' => out.push('i'),
            '\'' | '’' | '‘' | '`' | 'ʼ' => {}
            c if c.is_alphanumeric() => out.push(c),
            _ => {
                if !out.ends_with(' ') && !out.is_empty() {
                    out.push(' ');
                }
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The words of a question, each of which must be found. More than eight say no more than eight do.
pub fn words(question: &str) -> Vec<String> {
    fold(&question.chars().take(200).collect::<String>())
        .split(' ')
        .filter(|w| !w.is_empty())
        .take(8)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_found_by_any_keyboard() {
        for (written, typed) in [
            ("Düsseldorf", "dusseldorf"),
            ("Sør-Trøndelag", "sor trondelag"),
            ("N'Djaména", "ndjamena"),
            ("Kraków", "KRAKOW"),
            ("Pitești", "pitesti"),
            ("杜塞尔多夫", "杜塞尔多夫"),
            ("ﾋﾛｼﾏ", "ヒロシマ"),
        ] {
            assert_eq!(fold(written), fold(typed), "{written}");
        }
        assert_eq!(words("  Toulouse,  图卢兹 "), ["toulouse", "图卢兹"]);
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(s in "\\PC{0,40}") {
            prop_assert_eq!(fold(&fold(&s)), fold(&s));
        }
    }
}
