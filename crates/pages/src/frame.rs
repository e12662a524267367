use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use basis::Locale;
use i18n_embed_fl::fl;

use crate::{Ctx, Markup, Problem, asset_url, fmt, parts, t};

/// Where in the house a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nav {
    None,
    Relations,
    Calls,
    Programmes,
    Plan,
    Organisations,
    Numbers,
    Desk,
    Help,
}

/// Another form of the page: a feed, a calendar.
#[derive(Clone, Debug)]
pub struct HeadLink {
    pub kind: &'static str,
    pub title: String,
    pub href: String,
}

/// What a page says about itself; the frame does the rest.
#[derive(Clone, Debug)]
pub struct Page {
    title: String,
    description: String,
    nav: Nav,
    crumbs: Vec<(String, String)>,
    links: Vec<HeadLink>,
    json_ld: Option<String>,
    listed: bool,
    in_error: bool,
}
impl Page {
    pub fn new(title: impl Into<String>) -> Self {
        Page {
            title: title.into(),
            description: String::new(),
            nav: Nav::None,
            crumbs: Vec::new(),
            links: Vec::new(),
            json_ld: None,
            listed: true,
            in_error: false,
        }
    }
    /// One sentence for search engines and share cards.
    #[must_use]
    pub fn about(mut self, s: impl Into<String>) -> Self {
        self.description = s.into();
        self
    }
    #[must_use]
    pub fn nav(mut self, n: Nav) -> Self {
        self.nav = n;
        self
    }
    /// One step of the trail: label and address without the language.
    #[must_use]
    pub fn crumb(mut self, label: impl Into<String>, path: impl Into<String>) -> Self {
        self.crumbs.push((label.into(), path.into()));
        self
    }
    #[must_use]
    pub fn link(mut self, kind: &'static str, title: impl Into<String>, href: impl Into<String>) -> Self {
        self.links.push(HeadLink {
            kind,
            title: title.into(),
            href: href.into(),
        });
        self
    }
    /// schema.org data.
    #[must_use]
    pub fn json_ld(mut self, v: &serde_json::Value) -> Self {
        // "<" must not end the script element early.
        self.json_ld = Some(v.to_string().replace('<', "\\u003c"));
        self
    }
    /// Not for search engines.
    #[must_use]
    pub fn unlisted(mut self) -> Self {
        self.listed = false;
        self
    }
    /// The page holds a form with errors: its title says so first, and its status is 422.
    #[must_use]
    pub fn in_error(mut self, yes: bool) -> Self {
        self.in_error = yes;
        self
    }
}

struct NavLink {
    label: String,
    href: String,
    here: bool,
}
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}
/// The demonstration's clock and how it may be moved on.
struct Moving {
    say: String,
    action: String,
    steps: Vec<(&'static str, String)>,
    button: String,
}
struct Band {
    choices: Vec<Choice>,
    until: String,
    made_up: Option<String>,
    switch: String,
    legend: String,
    button: String,
    desk: (String, String),
}

#[derive(askama::Template)]
#[template(path = "frame.html")]
struct Frame<'a> {
    lang: &'static str,
    theme: Option<&'static str>,
    title: String,
    node: &'a str,
    description: &'a str,
    canonical: String,
    alternates: Vec<(&'static str, String)>,
    links: &'a [HeadLink],
    json_ld: Option<&'a str>,
    listed: bool,
    css: String,
    js: String,
    htmx: String,
    icon: String,
    card: String,
    skip: String,
    home: String,
    nav_label: String,
    nav: Vec<NavLink>,
    other: (&'static str, String, &'static str),
    account: (String, String),
    sign_out: Option<(String, String, String)>,
    /// Whose browser this is: what it keeps of unfinished forms is this account's only.
    reader: Option<String>,
    band: Option<Band>,
    demo: Option<String>,
    moving: Option<Moving>,
    trail_label: String,
    crumbs: Vec<(String, String)>,
    here: &'a str,
    notice: Option<String>,
    main: &'a str,
    foot: Vec<(String, String)>,
    themes: Vec<(String, &'static str, bool)>,
    theme_label: String,
    theme_button: String,
    theme_action: String,
    back: String,
    foot_say: String,
}

impl Ctx {
    /// The whole page around a template's main part.
    pub fn show(&self, page: Page, main: &impl askama::Template) -> Result<Response, Problem> {
        let main = main.render().map_err(basis::Fail::fault)?;
        self.show_html(page, &main)
    }
    /// As [`Ctx::show`], with the main part already rendered.
    pub fn show_html(&self, page: Page, main: &str) -> Result<Response, Problem> {
        let l = self.locale;
        let t = t(l);
        let node = self.app.node.city.plain(l);
        let other = match l {
            Locale::En => ("zh-Hans", self.in_locale(Locale::Zh), "中文"),
            Locale::Zh => ("en", self.in_locale(Locale::En), "English"),
        };
        let absolute = |path: String| format!("{}{path}", self.app.node.public_url);
        let title = if page.in_error {
            fl!(t, "title-error", title = page.title.as_str())
        } else {
            page.title.clone()
        };
        let frame = Frame {
            lang: l.tag(),
            theme: self.theme,
            title: if self.path == "/" || self.path.is_empty() {
                title
            } else {
                format!("{title} · {}", fl!(t, "node-title", city = node))
            },
            node,
            description: &page.description,
            canonical: absolute(self.in_locale(l)),
            alternates: Locale::ALL
                .iter()
                .map(|&x| (x.tag(), absolute(self.in_locale(x))))
                .collect(),
            links: &page.links,
            json_ld: page.json_ld.as_deref(),
            listed: page.listed,
            css: asset_url("css/look.css"),
            js: asset_url("js/youcheng.js"),
            htmx: asset_url("js/htmx.min.js"),
            icon: asset_url("img/mark.svg"),
            card: absolute(asset_url("img/card.png")),
            skip: fl!(t, "skip"),
            home: self.to(""),
            nav_label: fl!(t, "nav-label"),
            nav: self.nav(page.nav),
            other,
            account: match &self.viewer.person {
                Some(p) => (self.to("/account"), p.name.clone()),
                None => (self.to("/sign-in"), fl!(t, "nav-sign-in")),
            },
            reader: self.viewer.account().map(|a| a.to_string()),
            sign_out: self
                .viewer
                .is_signed_in()
                .then(|| (self.to("/sign-out"), fl!(t, "nav-sign-out"), self.fresh_once())),
            band: self.band(),
            moving: self.moving(),
            demo: self.app.node.demo.then(|| fl!(t, "demo-line")),
            trail_label: fl!(t, "trail-label"),
            crumbs: if page.crumbs.is_empty() {
                Vec::new()
            } else {
                std::iter::once((fl!(t, "nav-home"), self.to("")))
                    .chain(page.crumbs.iter().map(|(a, p)| (a.clone(), self.to(p))))
                    .collect()
            },
            here: &page.title,
            notice: self
                .notice
                .as_ref()
                .filter(|_| !page.in_error)
                .and_then(|n| self.app.texts.find(l, &format!("done-{n}"), Default::default())),
            main,
            foot: self.foot(),
            themes: self.themes(),
            theme_label: fl!(t, "theme-label"),
            theme_button: fl!(t, "theme-button"),
            theme_action: self.to("/theme"),
            back: self.in_locale(l),
            foot_say: fl!(
                t,
                "foot-say",
                office = self.app.node.office.plain(l),
                contact = self.app.node.contact.as_str()
            ),
        };
        let html = askama::Template::render(&frame).map_err(basis::Fail::fault)?;
        let status = if page.in_error {
            axum::http::StatusCode::UNPROCESSABLE_ENTITY
        } else {
            axum::http::StatusCode::OK
        };
        let head = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
            (header::CONTENT_LANGUAGE, l.tag()),
        ];
        Ok((status, head, html).into_response())
    }
    fn nav(&self, here: Nav) -> Vec<NavLink> {
        let t = t(self.locale);
        let mut all = vec![
            (fl!(t, "nav-relations"), "/relations", Nav::Relations),
            (fl!(t, "nav-calls"), "/calls", Nav::Calls),
            (fl!(t, "nav-programmes"), "/programmes", Nav::Programmes),
            (fl!(t, "nav-organisations"), "/organisations", Nav::Organisations),
            (fl!(t, "nav-numbers"), "/numbers", Nav::Numbers),
        ];
        if self.viewer.is_officer() {
            all.push((fl!(t, "nav-plan"), "/plan", Nav::Plan));
        }
        all.into_iter()
            .map(|(label, path, nav)| NavLink {
                label,
                href: self.to(path),
                here: nav == here,
            })
            .collect()
    }
    fn foot(&self) -> Vec<(String, String)> {
        let t = t(self.locale);
        let mut all = vec![
            (fl!(t, "foot-help"), self.to("/help")),
            (fl!(t, "foot-rules"), self.to("/rules")),
            (fl!(t, "foot-data"), self.to("/data")),
            (fl!(t, "foot-api"), "/api/docs".into()),
            (fl!(t, "foot-accessibility"), self.to("/help/accessibility")),
        ];
        if let Some(address) = &self.app.source {
            all.push((fl!(t, "foot-source"), address.to_string()));
        }
        all
    }
    fn moving(&self) -> Option<Moving> {
        self.app.node.moving_clock.as_ref()?;
        let t = t(self.locale);
        Some(Moving {
            say: fl!(t, "demo-clock", now = fmt::moment(self.locale, self.now(), self.zone())),
            action: self.to("/demo/clock"),
            steps: vec![
                ("hour", fl!(t, "demo-clock-hour")),
                ("day", fl!(t, "demo-clock-day")),
                ("week", fl!(t, "demo-clock-week")),
                ("month", fl!(t, "demo-clock-month")),
            ],
            button: fl!(t, "demo-clock-move"),
        })
    }
    fn themes(&self) -> Vec<(String, &'static str, bool)> {
        let t = t(self.locale);
        vec![
            (fl!(t, "theme-system"), "system", self.theme.is_none()),
            (fl!(t, "theme-light"), "light", self.theme == Some("light")),
            (fl!(t, "theme-dark"), "dark", self.theme == Some("dark")),
        ]
    }
    fn band(&self) -> Option<Band> {
        let person = self.viewer.person.as_ref()?;
        let l = self.locale;
        let t = t(l);
        let myself = Choice {
            value: String::new(),
            label: fl!(t, "acting-myself", name = person.name.as_str()),
            chosen: self.viewer.acting.is_none(),
        };
        let mandates = self.viewer.mandates.iter().map(|m| Choice {
            value: m.id.to_string(),
            label: fl!(
                t,
                "acting-choice",
                body = m.body_name.plain(l),
                role = parts::role_name(l, m.role)
            ),
            chosen: self.viewer.acting.as_ref().is_some_and(|a| a.id == m.id),
        });
        let acting = self.viewer.acting.as_ref();
        Some(Band {
            choices: std::iter::once(myself).chain(mandates).collect(),
            until: match acting.and_then(|m| m.until) {
                Some(u) => fl!(t, "acting-until", day = fmt::day(l, fmt::last_day(u, self.zone()))),
                None => String::new(),
            },
            made_up: acting.is_some_and(|m| m.illustrative).then(|| fl!(t, "illustrative")),
            switch: self.to("/acting"),
            legend: fl!(t, "acting-as"),
            button: fl!(t, "acting-switch"),
            desk: if self.viewer.role() == access::Role::Delegate || self.viewer.role() == access::Role::Individual {
                (self.to("/my-work"), fl!(t, "nav-my-work"))
            } else {
                (self.to("/desk"), fl!(t, "nav-desk"))
            },
        })
    }
    pub fn made_up(&self) -> Markup {
        parts::made_up(self.locale)
    }
    /// Goes on to another page after a posted form (303), leaving a word: the key `done-…` in any room's file.
    pub fn go(&self, path: &str, done: Option<&str>) -> Response {
        let mark = if path.contains('?') { '&' } else { '?' };
        let (path, hash) = path
            .split_once('#')
            .map_or((path, String::new()), |(p, h)| (p, format!("#{h}")));
        let to = match done {
            Some(d) => format!("{}{mark}done={d}{hash}", self.to(path)),
            None => format!("{}{hash}", self.to(path)),
        };
        axum::response::Redirect::to(&to).into_response()
    }
}
