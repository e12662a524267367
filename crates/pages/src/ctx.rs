use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, Method, Uri, header, request::Parts},
};
use basis::{Fail, Locale, Moment};

use access::{Asking, House, Viewer};
use store::{OrRepeat, Via};

use crate::{App, Problem};

/// Everything a page handler needs to know about its request.
#[derive(Clone)]
pub struct Ctx {
    pub app: App,
    pub locale: Locale,
    pub viewer: Viewer,
    /// The address without the language: "/calls/0192…".
    pub path: String,
    pub query: String,
    pub method: Method,
    /// "light", "dark", or none for the reader's system.
    pub theme: Option<&'static str>,
    /// A word left by the page before: "saved".
    pub notice: Option<String>,
}

/// The language of the request, put there by the outermost layer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InLocale(pub Locale);

pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .find_map(|pair| {
            let (k, v) = pair.trim().split_once('=')?;
            (k == name).then(|| v.to_owned())
        })
}

pub(crate) async fn who(app: &App, headers: &HeaderMap, uri: &Uri) -> Result<Viewer, Fail> {
    if uri.path().starts_with("/api/") {
        return match headers
            .get(header::AUTHORIZATION)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.strip_prefix("Bearer "))
        {
            Some(token) => access::load_token_viewer(&app.house.db, token.trim()).await,
            None => Ok(Viewer::public(Via::Api)),
        };
    }
    match cookie(headers, app.access.cookie_name()) {
        Some(secret) => access::load_viewer(&app.house.db, &secret, Via::Page).await,
        None => Ok(Viewer::public(Via::Page)),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ctx
where
    App: FromRef<S>,
{
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // Loaded once a request, by whichever extractor comes first.
        if let Some(ctx) = parts.extensions.get::<Ctx>() {
            return Ok(ctx.clone());
        }
        let app = App::from_ref(state);
        let viewer = who(&app, &parts.headers, &parts.uri).await?;
        let ctx = Ctx::new(app, parts, viewer);
        parts.extensions.insert(ctx.clone());
        Ok(ctx)
    }
}

impl Ctx {
    pub(crate) fn new(app: App, parts: &Parts, viewer: Viewer) -> Ctx {
        let negotiated = || {
            Locale::negotiate(
                parts
                    .headers
                    .get(header::ACCEPT_LANGUAGE)
                    .and_then(|v| v.to_str().ok())
                    .unwrap_or(""),
            )
        };
        let locale = parts.extensions.get::<InLocale>().map_or_else(negotiated, |l| l.0);
        let theme = match cookie(&parts.headers, "theme").as_deref() {
            Some("light") => Some("light"),
            Some("dark") => Some("dark"),
            _ => None,
        };
        let query = parts.uri.query().unwrap_or("").to_owned();
        let notice = query
            .split('&')
            .find_map(|p| p.strip_prefix("done="))
            .map(str::to_owned);
        Ctx {
            app,
            locale,
            viewer,
            path: parts.uri.path().to_owned(),
            query,
            method: parts.method.clone(),
            theme,
            notice,
        }
    }
    pub fn house(&self) -> &House {
        &self.app.house
    }
    pub fn now(&self) -> Moment {
        self.app.house.now()
    }
    pub fn today(&self) -> basis::Day {
        self.app.house.today()
    }
    pub fn zone(&self) -> &jiff::tz::TimeZone {
        &self.app.house.zone
    }
    /// The clock the reader lives by: their own if they said which, else the home city's.
    pub fn own_zone(&self) -> jiff::tz::TimeZone {
        let said = self.viewer.person.as_ref().map(|p| p.zone.as_str());
        said.filter(|z| !z.is_empty())
            .and_then(|z| jiff::tz::TimeZone::get(z).ok())
            .unwrap_or_else(|| self.zone().clone())
    }
    /// A refusal in the reader's language and by the reader's clock.
    pub fn refusal(&self, r: &basis::Refusal) -> String {
        self.app.texts.refusal(self.locale, &self.own_zone(), r)
    }
    /// An address in the reader's language: `ctx.to("/calls")` is "/zh/calls".
    pub fn to(&self, path: &str) -> String {
        format!("/{}{path}", self.locale.path())
    }
    /// This page in another language.
    pub fn in_locale(&self, locale: Locale) -> String {
        let query: Vec<&str> = self
            .query
            .split('&')
            .filter(|p| !p.is_empty() && !p.starts_with("done="))
            .collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!(
            "/{}{}{mark}{}",
            locale.path(),
            if self.path == "/" { "" } else { &self.path },
            query.join("&")
        )
    }
    /// The asking for a use case, under the form's once-key.
    pub fn asking(&self, once: Option<String>) -> Asking {
        Asking {
            viewer: self.viewer.clone(),
            once,
            asked: Some(format!("{} {}", self.method, self.path)),
            reason: None,
            read: None,
        }
    }
    /// A key for a form that is about to be shown.
    pub fn fresh_once(&self) -> String {
        let id: basis::Id<basis::Job> = basis::Id::fresh(self.now(), &*self.app.house.db.env().chance);
        id.to_string()
    }
    pub fn may(&self, action: &'static str, thing: &access::Thing) -> bool {
        self.app.house.gate.may(&self.viewer, action, thing)
    }
}

/// What a posted form's use case came to: done (perhaps by the first of two clicks), or refused with words for the form.
pub struct Repeat;
impl Repeat {
    /// Splits a use case's answer: `Ok(Ok(value))` done, `Ok(Err(refusals))` to be shown in the form, `Err` anything else.
    pub fn or_refused<T: serde::de::DeserializeOwned>(
        answer: Result<T, Fail>,
    ) -> Result<Result<T, Vec<basis::Refusal>>, Problem> {
        match answer.or_repeat() {
            Ok(v) => Ok(Ok(v)),
            Err(Fail::Refused(r)) => Ok(Err(r)),
            Err(other) => Err(Problem(other)),
        }
    }
}
