//! Small pieces of the look, as markup that is already escaped.

use std::fmt::{self, Write};

use basis::{Fill, Locale, Text};
use i18n_embed_fl::fl;

use crate::t;

/// Markup that is safe to stand in a page as it is: everything from people was escaped when it was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markup(pub String);
impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl askama::filters::HtmlSafe for Markup {}
impl From<String> for Markup {
    /// Escapes.
    fn from(s: String) -> Self {
        Markup(escape(&s))
    }
}

/// `&`, `<`, `>` and both quotes, for text and attributes alike.
pub fn escape(s: &str) -> String {
    let mut out = String::with_capacity(s.len() + 8);
    for c in s.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
/// For a query string's value.
pub fn encode(s: &str) -> String {
    url::form_urlencoded::byte_serialize(s.as_bytes()).collect()
}

/// A status: a word led by how full its circle is.
pub fn status(fill: Fill, word: &str) -> Markup {
    let class = match fill {
        Fill::Empty => "",
        Fill::Half => " half",
        Fill::Full => " full",
        Fill::Dotted => " none",
        Fill::Now => " now",
    };
    Markup(format!("<span class=\"status{class}\">{}</span>", escape(word)))
}
/// "illustrative" / "示例": not a fact.
pub fn made_up(locale: Locale) -> Markup {
    Markup(format!(
        "<span class=\"made-up\">{}</span>",
        escape(&fl!(t(locale), "illustrative"))
    ))
}
pub fn made_up_if(locale: Locale, yes: bool) -> Markup {
    if yes {
        Markup(format!(" {}", made_up(locale).0))
    } else {
        Markup::default()
    }
}
/// The seal: somebody with authority checked this.
pub fn seal(locale: Locale) -> Markup {
    Markup(format!(
        "<span class=\"seal\">{}</span>",
        escape(&fl!(t(locale), "seal"))
    ))
}
/// A text of people's in the reader's language; another language is named to screen readers, a machine's work is marked.
pub fn text(locale: Locale, text: &Text) -> Markup {
    let s = text.shown(locale);
    let mut out = String::new();
    if s.foreign {
        let _ = write!(
            out,
            "<span lang=\"{}\">{}</span>",
            escape(s.lang.as_str()),
            escape(s.text)
        );
    } else {
        out.push_str(&escape(s.text));
    }
    if s.machine {
        let _ = write!(
            out,
            " <span class=\"made-up\">{}</span>",
            escape(&fl!(t(locale), "machine-made"))
        );
    }
    Markup(out)
}
/// As [`text`], in paragraphs; foreign text says which language it is in.
pub fn prose(locale: Locale, body: &Text) -> Markup {
    let s = body.shown(locale);
    let lang = if s.foreign {
        format!(" lang=\"{}\"", escape(s.lang.as_str()))
    } else {
        String::new()
    };
    let mut out: String = s
        .text
        .split("\n\n")
        .map(|p| format!("<p{lang}>{}</p>", escape(p).replace('\n', "<br>")))
        .collect();
    if s.foreign || s.machine {
        let note = if s.machine {
            fl!(t(locale), "machine-made")
        } else {
            fl!(
                t(locale),
                "source-language",
                lang = language_name(locale, s.lang.as_str())
            )
        };
        let _ = write!(out, "<p class=\"quiet small\">{}</p>", escape(&note));
    }
    Markup(out)
}
/// A name with its other script beside it: "Düsseldorf 杜塞尔多夫".
pub fn name(locale: Locale, name: &Text) -> Markup {
    let mut out = text(locale, name).0;
    if let Some(other) = name.other(locale) {
        let _ = write!(
            out,
            " <span class=\"quiet\" lang=\"{}\">{}</span>",
            escape(other.lang.as_str()),
            escape(other.text)
        );
    }
    Markup(out)
}
/// A language's name in the reader's language, as far as the house's partners need.
pub fn language_name(locale: Locale, tag: &str) -> String {
    let key = format!("language-{}", tag.split('-').next().unwrap_or(""));
    crate::TEXTS
        .find(locale, &key, Default::default())
        .unwrap_or_else(|| tag.to_owned())
}
/// A field of cooperation in words.
pub fn field_name(locale: Locale, field: basis::Field) -> String {
    crate::TEXTS
        .find(locale, &format!("field-{field}"), Default::default())
        .unwrap_or_else(|| field.to_string())
}
/// A role in words.
pub fn role_name(locale: Locale, role: access::Role) -> String {
    crate::problem::role_name(locale, role)
}

/// Two names at the ends of an arc; ours is red and first.
pub fn span(locale: Locale, near: &Text, far: &Text, say: &str) -> Markup {
    let end = |n: &Text| {
        let other = n
            .other(locale)
            .map(|o| {
                format!(
                    " <small lang=\"{}\">{}</small>",
                    escape(o.lang.as_str()),
                    escape(o.text)
                )
            })
            .unwrap_or_default();
        format!("<p class=\"span-end\">{}{other}</p>", text(locale, n))
    };
    Markup(format!(
        "<div class=\"span\">{}<svg viewBox=\"0 0 640 120\" aria-hidden=\"true\"><path class=\"span-arc\" d=\"M6 112Q320 -84 634 112\"/><circle class=\"span-near\" cx=\"6\" cy=\"112\" r=\"6\"/><circle class=\"span-far\" cx=\"634\" cy=\"112\" r=\"6\"/><text class=\"span-say\" x=\"320\" y=\"52\" text-anchor=\"middle\">{}</text></svg>{}</div>",
        end(near),
        escape(say),
        end(far)
    ))
}
/// Two names joined by the small arc, in rows.
pub fn pair(locale: Locale, near: &Text, far: &Text) -> Markup {
    Markup(format!(
        "<span class=\"pair\">{}<svg viewBox=\"0 0 40 15\" aria-hidden=\"true\"><path class=\"mark-span\" d=\"M4 11Q20 -6 36 11\"/><circle class=\"mark-near\" cx=\"4\" cy=\"11\" r=\"3.4\"/><circle class=\"mark-far\" cx=\"36\" cy=\"11\" r=\"3.4\"/></svg>{}</span>",
        text(locale, near),
        text(locale, far)
    ))
}

/// A stage on the river line.
#[derive(Clone, Debug)]
pub struct Stage {
    pub label: String,
    pub href: String,
    pub note: String,
    pub fill: Fill,
}
pub fn river(label: &str, stages: &[Stage]) -> Markup {
    let mut out = format!(
        "<nav aria-label=\"{}\" class=\"pad-top\"><ol class=\"river\">",
        escape(label)
    );
    for s in stages {
        let class = match s.fill {
            Fill::Full => "",
            Fill::Half => " class=\"half\"",
            Fill::Now => " class=\"now\"",
            Fill::Empty | Fill::Dotted => " class=\"open\"",
        };
        let _ = write!(
            out,
            "<li{class}><a href=\"{}\">{}</a> <small>{}</small></li>",
            escape(&s.href),
            escape(&s.label),
            escape(&s.note)
        );
    }
    out.push_str("</ol></nav>");
    Markup(out)
}

/// Collects sources while a page is made, numbers them, and lists them at the foot.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<String>);
impl Sources {
    /// The bracketed number of this source; the same source keeps its number.
    pub fn cite(&mut self, locale: Locale, source: &str) -> Markup {
        if source.is_empty() {
            return Markup::default();
        }
        let n = match self.0.iter().position(|s| s == source) {
            Some(i) => i + 1,
            None => {
                self.0.push(source.to_owned());
                self.0.len()
            }
        };
        Markup(format!(
            "<a class=\"src\" href=\"#s{n}\" aria-label=\"{}\">[{n}]</a>",
            escape(&fl!(t(locale), "source-n", n = n))
        ))
    }
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// The list for the foot: web addresses are links by their host.
    pub fn list(&self) -> Markup {
        let mut out = String::from("<ol class=\"sources\">");
        for (i, s) in self.0.iter().enumerate() {
            let _ = write!(out, "<li id=\"s{}\">{}</li>", i + 1, source_link(s).0);
        }
        out.push_str("</ol>");
        Markup(out)
    }
}
/// A source in words: an address becomes a link.
pub fn source_link(source: &str) -> Markup {
    match url::Url::parse(source) {
        Ok(u) if matches!(u.scheme(), "http" | "https") => {
            let host = u.host_str().unwrap_or(source).trim_start_matches("www.").to_owned();
            Markup(format!(
                "<a href=\"{}\" rel=\"noreferrer nofollow\">{}</a>",
                escape(u.as_str()),
                escape(&host)
            ))
        }
        _ => Markup(escape(source)),
    }
}
/// A button alone in its form, for a step that needs no more words: `POST path`.
pub fn step(ctx: &crate::Ctx, path: &str, label: &str, plain: bool) -> Markup {
    Markup(format!(
        "<form method=\"post\" action=\"{}\" class=\"inline-form\"><input type=\"hidden\" name=\"once\" value=\"{}\"><button class=\"button{}\">{}</button></form>",
        escape(&ctx.to(path)),
        ctx.fresh_once(),
        if plain { " plain" } else { "" },
        escape(label)
    ))
}
/// "Older" at the foot of a list.
pub fn more(ctx: &crate::Ctx, next: Option<&basis::Cursor>) -> Markup {
    let Some(next) = next else { return Markup::default() };
    let mut kept: Vec<&str> = ctx
        .query
        .split('&')
        .filter(|p| !p.is_empty() && !p.starts_with("after=") && !p.starts_with("done="))
        .collect();
    let after = format!("after={}", encode(&next.0));
    kept.push(&after);
    Markup(format!(
        "<p class=\"tools\"><a rel=\"next\" href=\"{}?{}\">{}</a></p>",
        escape(&ctx.to(&ctx.path)),
        escape(&kept.join("&")),
        escape(&fl!(t(ctx.locale), "list-more"))
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn everything_from_people_is_escaped() {
        let evil = Text::both("<script>", "\"><img src=x onerror=alert(1)>");
        for m in [
            text(Locale::En, &evil),
            name(Locale::Zh, &evil),
            prose(Locale::En, &evil),
            span(Locale::En, &evil, &evil, "<b>"),
            pair(Locale::Zh, &evil, &evil),
        ] {
            assert!(
                !m.0.contains("<script") && !m.0.contains("<img") && !m.0.contains("<b>"),
                "{m}"
            );
        }
        assert_eq!(source_link("javascript:alert(1)").0, "javascript:alert(1)");
        assert!(
            source_link("https://a.de/?x=\"><b>")
                .0
                .starts_with("<a href=\"https://a.de/?x=%22%3E%3Cb%3E\"")
        );
    }
    #[test]
    fn the_same_source_keeps_its_number() {
        let mut s = Sources::default();
        assert!(s.cite(Locale::En, "https://a.de/1").0.contains("[1]"));
        assert!(s.cite(Locale::En, "https://b.de/2").0.contains("[2]"));
        assert!(s.cite(Locale::En, "https://a.de/1").0.contains("[1]"));
        assert!(s.list().0.contains("id=\"s2\""));
    }
}
