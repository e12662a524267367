//! Failures as readers meet them: a page in their language, or problem details (RFC 9457) under /api.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use basis::{Denial, Fail};
use i18n_embed_fl::fl;

use crate::{App, Ctx, Page, parts::Markup, t};

/// A failed handler. `?` turns every failure of the floors below into it.
#[derive(Debug)]
pub struct Problem(pub Fail);
impl<E: Into<Fail>> From<E> for Problem {
    fn from(e: E) -> Self {
        Problem(e.into())
    }
}

#[derive(Clone)]
struct Carried(Arc<Fail>);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut r = status_of(&self.0).into_response();
        r.extensions_mut().insert(Carried(Arc::new(self.0)));
        r
    }
}
pub(crate) fn status_of(f: &Fail) -> StatusCode {
    match f {
        Fail::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Fail::Denied(d) if d.anonymous => StatusCode::UNAUTHORIZED,
        Fail::Denied(_) => StatusCode::FORBIDDEN,
        Fail::Changed => StatusCode::CONFLICT,
        Fail::NotFound => StatusCode::NOT_FOUND,
        Fail::Repeated(_) => StatusCode::CONFLICT,
        Fail::Slow { .. } => StatusCode::TOO_MANY_REQUESTS,
        Fail::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Words for a failure: heading, explanation, and what one can do.
pub(crate) struct Words {
    pub title: String,
    pub detail: String,
    pub lines: Vec<(Option<String>, String)>,
    pub fault_id: Option<String>,
    /// A link from a letter that is of no use any more: its page says how to ask for a new one.
    pub spent_link: bool,
}
pub(crate) fn words(ctx: &Ctx, fail: &Fail) -> Words {
    let t = t(ctx.locale);
    let mut w = Words {
        title: String::new(),
        detail: String::new(),
        lines: Vec::new(),
        fault_id: None,
        spent_link: false,
    };
    match fail {
        Fail::Refused(rs) => {
            w.title = fl!(t, "problem-refused", count = rs.len());
            w.spent_link = rs.iter().any(|r| r.code == "refusal-link-spent");
            w.lines = rs
                .iter()
                .map(|r| (r.field.as_ref().map(ToString::to_string), ctx.refusal(r)))
                .collect();
            w.detail = w.lines.iter().map(|l| l.1.clone()).collect::<Vec<_>>().join(" ");
        }
        Fail::Denied(d) if d.anonymous => {
            w.title = fl!(t, "problem-sign-in");
            w.detail = fl!(t, "problem-sign-in-detail");
        }
        Fail::Denied(d) => {
            w.title = fl!(t, "problem-denied");
            w.detail = denial(ctx, d);
        }
        Fail::Changed | Fail::Repeated(_) => {
            w.title = fl!(t, "problem-changed");
            w.detail = fl!(t, "problem-changed-detail");
        }
        Fail::NotFound => {
            w.title = fl!(t, "problem-not-found");
            w.detail = fl!(t, "problem-not-found-detail");
        }
        Fail::Slow { seconds } => {
            w.title = fl!(t, "problem-slow");
            w.detail = fl!(t, "problem-slow-detail", seconds = (*seconds as i64));
        }
        Fail::Fault(_) => {
            w.title = fl!(t, "problem-fault");
            w.detail = fl!(t, "problem-fault-detail");
        }
    }
    w
}
/// Which rule says no, and who could.
fn denial(ctx: &Ctx, d: &Denial) -> String {
    let t = t(ctx.locale);
    let gate = &ctx.app.house.gate;
    let said: Vec<String> = d
        .rules
        .iter()
        .filter_map(|id| gate.rule(id))
        .map(|r| {
            if ctx.locale == basis::Locale::Zh {
                r.zh.clone()
            } else {
                r.en.clone()
            }
        })
        .collect();
    let who: Vec<String> = gate
        .who_could(&d.action)
        .into_iter()
        .map(|r| role_name(ctx.locale, r))
        .collect();
    let mut out = if said.is_empty() {
        fl!(t, "problem-no-rule-allows")
    } else {
        fl!(t, "problem-rule-says", rule = said.join(" "))
    };
    if !who.is_empty() {
        out.push(' ');
        out.push_str(&fl!(
            t,
            "problem-who-could",
            who = who.join(if ctx.locale == basis::Locale::Zh { "、" } else { ", " })
        ));
    }
    out
}
/// A role in words.
pub(crate) fn role_name(locale: basis::Locale, role: access::Role) -> String {
    crate::TEXTS
        .find(locale, &format!("role-{role}"), Default::default())
        .unwrap_or_else(|| role.to_string())
}

/// Turns carried failures, and what axum itself refused, into words. Innermost but for the routes.
pub async fn explain(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    // The page of a failure needs to know who reads it even when the handler never got that far.
    let viewer = match parts.extensions.get::<Ctx>() {
        Some(c) => c.viewer.clone(),
        None => match crate::ctx::who(&app, &parts.headers, &parts.uri).await {
            Ok(v) => v,
            Err(e @ (Fail::Denied(_) | Fail::Slow { .. })) => {
                let ctx = Ctx::new(app.clone(), &parts, access::Viewer::public(store::Via::Page));
                return answer(&ctx, &e);
            }
            Err(_) => access::Viewer::public(store::Via::Page),
        },
    };
    let ctx = Ctx::new(app, &parts, viewer);
    parts.extensions.insert(ctx.clone());
    let response = next.run(Request::from_parts(parts, body)).await;
    if let Some(Carried(fail)) = response.extensions().get::<Carried>() {
        return answer(&ctx, fail);
    }
    let plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|v| v.as_bytes().starts_with(b"text/plain"));
    let static_or_machine =
        ctx.path.starts_with("/static/") || ctx.path.starts_with("/health") || ctx.path == "/metrics";
    if response.status().is_client_error() && plain && !static_or_machine {
        return axum_refusal(&ctx, response.status(), response.headers().get(header::ALLOW).cloned());
    }
    response
}
/// What the framework refused by itself: no such address, wrong method, too large, unreadable body.
fn axum_refusal(ctx: &Ctx, status: StatusCode, allow: Option<HeaderValue>) -> Response {
    let t = t(ctx.locale);
    let (title, detail) = match status {
        StatusCode::NOT_FOUND => (fl!(t, "problem-not-found"), fl!(t, "problem-not-found-detail")),
        // Nobody answers so but the guard against posts from other sites.
        StatusCode::FORBIDDEN => (
            fl!(t, "problem-denied"),
            ctx.refusal(&basis::Refusal::page("refusal-cross-origin")),
        ),
        StatusCode::METHOD_NOT_ALLOWED => (fl!(t, "problem-method"), fl!(t, "problem-method-detail")),
        StatusCode::PAYLOAD_TOO_LARGE => (fl!(t, "problem-too-large"), fl!(t, "problem-too-large-detail")),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (fl!(t, "problem-media-type"), fl!(t, "problem-media-type-detail")),
        _ => (fl!(t, "problem-unreadable"), fl!(t, "problem-unreadable-detail")),
    };
    let w = Words {
        title,
        detail,
        lines: Vec::new(),
        fault_id: None,
        spent_link: false,
    };
    let mut r = if ctx.path.starts_with("/api/") {
        crate::api::problem_json(ctx, status, &w, "request")
    } else {
        page(ctx, status, &w)
    };
    if let Some(a) = allow {
        r.headers_mut().insert(header::ALLOW, a);
    }
    r
}
/// The path as logs may have it: links in letters carry a secret as one long part of theirs.
fn without_secrets(path: &str) -> String {
    let parts = path.split('/');
    let known = |part: &str| part.len() < 20 || part.parse::<basis::AccountId>().is_ok();
    let parts: Vec<&str> = parts.map(|part| if known(part) { part } else { "…" }).collect();
    parts.join("/")
}
fn answer(ctx: &Ctx, fail: &Fail) -> Response {
    let mut w = words(ctx, fail);
    if let Fail::Fault(e) = fail {
        let id = ctx.fresh_once();
        tracing::error!(fault = %id, path = %without_secrets(&ctx.path), error = %e, "a request failed by our fault");
        w.fault_id = Some(id);
    }
    let status = status_of(fail);
    let mut r = if ctx.path.starts_with("/api/") {
        crate::api::problem_json(ctx, status, &w, crate::api::kind_of(fail))
    } else {
        page(ctx, status, &w)
    };
    if let Fail::Slow { seconds } = fail {
        r.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    r
}

#[derive(askama::Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    title: &'a str,
    detail: &'a str,
    lines: &'a [(Option<String>, String)],
    fault: Option<String>,
    sign_in: Option<(String, String)>,
    back: (String, String),
    rules: Option<(String, String)>,
    /// Where to go on: what somebody who lost their way most often looks for.
    ways: Vec<(String, String)>,
}
fn page(ctx: &Ctx, status: StatusCode, w: &Words) -> Response {
    let t = t(ctx.locale);
    let sign_in = (status == StatusCode::UNAUTHORIZED).then(|| {
        let back = if ctx.method == axum::http::Method::GET {
            ctx.in_locale(ctx.locale)
        } else {
            ctx.to("/")
        };
        (
            format!("{}?back={}", ctx.to("/sign-in"), crate::parts::encode(&back)),
            fl!(t, "nav-sign-in"),
        )
    });
    let template = ProblemPage {
        title: &w.title,
        detail: if w.lines.is_empty() { &w.detail } else { "" },
        lines: &w.lines,
        fault: w
            .fault_id
            .as_ref()
            .map(|id| fl!(t, "problem-fault-id", id = id.as_str())),
        sign_in,
        back: (ctx.to(""), fl!(t, "problem-home")),
        rules: (status == StatusCode::FORBIDDEN).then(|| (ctx.to("/rules"), fl!(t, "problem-rules"))),
        ways: match status {
            StatusCode::NOT_FOUND => vec![
                (ctx.to("/relations"), fl!(t, "nav-relations")),
                (ctx.to("/calls"), fl!(t, "nav-calls")),
                (ctx.to("/programmes"), fl!(t, "nav-programmes")),
                (ctx.to("/help"), fl!(t, "foot-help")),
            ],
            _ if w.spent_link => vec![
                (ctx.to("/recover"), fl!(t, "problem-ask-recovery")),
                (ctx.to("/sign-up"), fl!(t, "problem-ask-confirmation")),
            ],
            _ => Vec::new(),
        },
    };
    // An address that says what was done may be shared or outlive what it led to: nothing was done here.
    let ctx = &Ctx {
        notice: None,
        ..ctx.clone()
    };
    let mut response = match ctx.show(Page::new(w.title.clone()).unlisted(), &template) {
        Ok(r) => r,
        Err(_) => Markup::from(w.title.clone()).0.into_response(),
    };
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn logs_keep_ids_and_no_secrets() {
        let id = "01368561-2d00-79ed-8e98-317b86346c37";
        assert_eq!(
            without_secrets(&format!("/en/programmes/{id}/history")),
            format!("/en/programmes/{id}/history")
        );
        assert_eq!(
            without_secrets("/en/recover/0H3NTVab4UpnxFArQMoswcesIf7zNfBRc1QeMNnSN3c"),
            "/en/recover/…"
        );
    }
}
