//! The guides of `docs/guide`, readable inside the running site.

use axum::{Router, extract::Path, response::Response, routing::get};
use basis::{Fail, Locale};
use i18n_embed_fl::fl;
use pages::{App, Ctx, Nav, Page, Problem, parts};
use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use crate::t;

#[derive(rust_embed::RustEmbed)]
#[folder = "../../docs/guide"]
#[allow_missing = true]
struct Guides;

/// The guides in the order in which a reader looks for them; others follow by name.
const ORDER: [&str; 12] = [
    "office",
    "department",
    "district",
    "organisation",
    "individual",
    "partner-city",
    "panel",
    "evaluator",
    "finance",
    "auditor",
    "operator",
    "accessibility",
];

/// Pages that everybody may open, and those that everybody who is signed in may.
const OPEN: [&str; 16] = [
    "/api/docs",
    "/calls",
    "/data",
    "/departments",
    "/journal/0",
    "/journal/1",
    "/numbers",
    "/organisations",
    "/plan",
    "/plan/gaps",
    "/policy-lines",
    "/programmes",
    "/relations",
    "/rules",
    "/sign-in",
    "/sign-up",
];
const OWN: [&str; 3] = ["/account", "/desk", "/my-work"];

/// One guide as it is read: title, first paragraph, the whole as HTML.
struct Guide {
    title: String,
    about: String,
    html: String,
}

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/help", get(index))
        .route("/help/{name}", get(guide))
}

fn text_of(locale: Locale, name: &str) -> Option<String> {
    let file = Guides::get(&format!("{}/{name}.md", locale.path()))?;
    String::from_utf8(file.data.into_owned()).ok()
}
fn names(locale: Locale) -> Vec<String> {
    let folder = format!("{}/", locale.path());
    let mut names: Vec<String> = Guides::iter()
        .filter_map(|n| Some(n.strip_prefix(&folder)?.strip_suffix(".md")?.to_owned()))
        .collect();
    names.sort_by_key(|n| (ORDER.iter().position(|o| o == n).unwrap_or(ORDER.len()), n.clone()));
    names
}

/// Markdown to HTML. Raw HTML in it is shown as text, links keep to this site and to the web, headings get anchors, and a
/// page's address written as code leads there.
fn read(text: &str, locale: Locale, signed_in: bool) -> Guide {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    let mut guide = Guide {
        title: String::new(),
        about: String::new(),
        html: String::new(),
    };
    let events: Vec<Event> = Parser::new_ext(text, options).collect();
    let mut out: Vec<Event> = Vec::with_capacity(events.len());
    let (mut in_title, mut in_first, mut in_link) = (false, false, false);
    for (i, event) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::Heading {
                level: HeadingLevel::H1,
                ..
            }) if guide.title.is_empty() => in_title = true,
            Event::End(TagEnd::Heading(HeadingLevel::H1)) if in_title => in_title = false,
            Event::Text(t) | Event::Code(t) if in_title => guide.title.push_str(t),
            _ if in_title => {}
            Event::Start(Tag::Heading {
                level, classes, attrs, ..
            }) => {
                // The page has its h1 already.
                let level = if *level == HeadingLevel::H1 {
                    HeadingLevel::H2
                } else {
                    *level
                };
                let id = Some(anchor(&words(&events[i..])).into());
                out.push(Event::Start(Tag::Heading {
                    level,
                    id,
                    classes: classes.clone(),
                    attrs: attrs.clone(),
                }));
            }
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => out.push(Event::End(TagEnd::Heading(HeadingLevel::H2))),
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                in_link = true;
                out.push(Event::Start(Tag::Link {
                    link_type: *link_type,
                    dest_url: target(dest_url, locale).into(),
                    title: title.clone(),
                    id: id.clone(),
                }));
            }
            Event::End(TagEnd::Link) => {
                in_link = false;
                out.push(Event::End(TagEnd::Link));
            }
            // A picture would need a file that the node does not carry: its words stand instead.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Html(raw) | Event::InlineHtml(raw) => out.push(Event::Text(raw.clone())),
            other => {
                match other {
                    Event::Start(Tag::Paragraph) if guide.about.is_empty() => in_first = true,
                    Event::End(TagEnd::Paragraph) => in_first = false,
                    Event::Text(t) | Event::Code(t) if in_first => guide.about.push_str(t),
                    Event::SoftBreak if in_first => guide.about.push(' '),
                    _ => {}
                }
                match other {
                    Event::Code(code) if !in_link && is_page(code, signed_in) => out.extend(led_to(code, locale)),
                    _ => out.push(other.clone()),
                }
            }
        }
    }
    pulldown_cmark::html::push_html(&mut guide.html, out.into_iter());
    // A sample scrolls: the keyboard has to reach it, and it has to say what it is. Raw HTML never gets here.
    let sample = format!(
        "<pre tabindex=\"0\" role=\"group\" aria-label=\"{}\">",
        parts::escape(&guide.title)
    );
    guide.html = guide.html.replace("<pre>", &sample);
    guide
}
/// A link leads only where its reader gets in.
fn is_page(code: &str, signed_in: bool) -> bool {
    OPEN.contains(&code) || (signed_in && OWN.contains(&code))
}
fn led_to<'a>(code: &CowStr<'a>, locale: Locale) -> [Event<'a>; 3] {
    let link = Tag::Link {
        link_type: LinkType::Inline,
        dest_url: target(code, locale).into(),
        title: "".into(),
        id: "".into(),
    };
    [Event::Start(link), Event::Code(code.clone()), Event::End(TagEnd::Link)]
}
/// The words of the heading that begins here.
fn words(events: &[Event]) -> String {
    events
        .iter()
        .take_while(|e| !matches!(e, Event::End(TagEnd::Heading(_))))
        .filter_map(|e| match e {
            Event::Text(t) | Event::Code(t) => Some(t.as_ref()),
            _ => None,
        })
        .collect()
}
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase();
    kept.chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
            _ => None,
        })
        .collect()
}
/// "panel.md" is a guide here; "/calls" is a page in the reader's language; the web stays the web; nothing else links.
fn target(link: &str, locale: Locale) -> String {
    if link.starts_with("https://")
        || link.starts_with("http://")
        || link.starts_with("mailto:")
        || link.starts_with('#')
    {
        return link.to_owned();
    }
    let (file, hash) = link
        .split_once('#')
        .map_or((link, String::new()), |(f, h)| (f, format!("#{h}")));
    if let Some(name) = file.strip_suffix(".md")
        && !name.contains(['/', ':'])
    {
        return format!("/{}/help/{name}{hash}", locale.path());
    }
    if file.starts_with("/api") {
        return link.to_owned();
    }
    if file.starts_with('/') && !file.starts_with("//") {
        return format!("/{}{file}{hash}", locale.path());
    }
    "#".to_owned()
}

#[derive(askama::Template)]
#[template(path = "help.html")]
struct Index {
    title: String,
    lead: String,
    guides: Vec<(String, String, String)>,
}
#[derive(askama::Template)]
#[template(path = "guide.html")]
struct Show {
    title: String,
    html: String,
}

async fn index(ctx: Ctx) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let guides = names(ctx.locale)
        .into_iter()
        .filter_map(|n| {
            let g = read(&text_of(ctx.locale, &n)?, ctx.locale, false);
            Some((ctx.to(&format!("/help/{n}")), g.title, g.about))
        })
        .collect();
    let title = fl!(t, "help-title");
    let lead = fl!(t, "help-lead");
    let page = Page::new(title.clone()).about(lead.clone()).nav(Nav::Help);
    ctx.show(page, &Index { title, lead, guides })
}
async fn guide(ctx: Ctx, Path(name): Path<String>) -> Result<Response, Problem> {
    let text = text_of(ctx.locale, &name).ok_or(Fail::NotFound)?;
    let g = read(&text, ctx.locale, ctx.viewer.is_signed_in());
    let page = Page::new(g.title.clone())
        .about(g.about)
        .nav(Nav::Help)
        .crumb(fl!(t(ctx.locale), "help-title"), "/help");
    ctx.show(
        page,
        &Show {
            title: g.title,
            html: g.html,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn markdown_cannot_run_and_links_stay_here() {
        let g = read(
            "# A `guide`\n\nFirst *words*.\n\n## Who & what\n\n<script>x</script>\n\n<b>bold</b> [a](javascript:x) [b](panel.md#who) [c](/calls) ![p](x.png)\n\n<div onclick=x>\n",
            Locale::Zh,
            false,
        );
        assert_eq!((g.title.as_str(), g.about.as_str()), ("A guide", "First words."));
        assert!(
            !g.html.contains("<script")
                && !g.html.contains("<b>")
                && !g.html.contains("<div")
                && !g.html.contains("javascript:")
                && !g.html.contains("<img"),
            "{}",
            g.html
        );
        assert!(
            g.html.contains("href=\"/zh/help/panel#who\"") && g.html.contains("href=\"/zh/calls\""),
            "{}",
            g.html
        );
        assert!(g.html.contains("id=\"who--what\""), "{}", g.html);
    }
    #[test]
    fn addresses_of_pages_lead_there_and_samples_are_reached_by_keyboard() {
        let text = "# A & B\n\nSee `/plan`, [`/calls`](/calls), `/api/docs`, `/health/live` and `/desk`.\n\n```toml\nx = 1\n```\n";
        let g = read(text, Locale::En, false);
        assert_eq!(g.about, "See /plan, /calls, /api/docs, /health/live and /desk.");
        for part in [
            "<a href=\"/en/plan\"><code>/plan</code></a>",
            "<a href=\"/en/calls\"><code>/calls</code></a>",
            "<a href=\"/api/docs\"><code>/api/docs</code></a>",
            ", <code>/health/live</code> and <code>/desk</code>",
            "<pre tabindex=\"0\" role=\"group\" aria-label=\"A &amp; B\"><code",
        ] {
            assert!(g.html.contains(part), "{part}: {}", g.html);
        }
        let own = read(text, Locale::Zh, true).html;
        assert!(own.contains("<a href=\"/zh/desk\"><code>/desk</code></a>"), "{own}");
    }
    /// A guide in one language only would be a dead link in the other.
    #[test]
    fn guides_are_there_in_both_languages() {
        assert_eq!(names(Locale::En), names(Locale::Zh));
    }
}
