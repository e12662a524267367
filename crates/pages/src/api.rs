//! What every room's API shares: problem details (RFC 9457), versions as ETags (RFC 9110 section 8.8.3), once-keys, cursors.

use axum::{
    Json,
    extract::{FromRef, FromRequestParts},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use basis::{Cursor, Fail, PageRequest, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{App, Ctx, Problem, problem::Words};

/// Problem details (RFC 9457). `type` is stable; `title`, `detail` and each error's words are in the caller's language.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ApiProblem {
    /// "/api/problems/refused", "…/denied", "…/changed", "…/not-found", "…/slow", "…/fault", "…/sign-in", "…/request"
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    /// Names this very fault in our log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub errors: Vec<ApiFieldError>,
}
/// One refused input.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ApiFieldError {
    /// JSON pointer (RFC 6901) to the member, "" for the whole request.
    pub pointer: String,
    pub detail: String,
}

pub(crate) fn kind_of(f: &Fail) -> &'static str {
    match f {
        Fail::Refused(_) => "refused",
        Fail::Denied(d) if d.anonymous => "sign-in",
        Fail::Denied(_) => "denied",
        Fail::Changed | Fail::Repeated(_) => "changed",
        Fail::NotFound => "not-found",
        Fail::Slow { .. } => "slow",
        Fail::Fault(_) => "fault",
    }
}
/// A name that starts with "/" is a pointer already ([`Fail::named`]); any other is a member of the request itself.
fn pointer(field: &str) -> String {
    if field.starts_with('/') {
        return field.to_owned();
    }
    format!("/{}", field.replace('~', "~0").replace('/', "~1"))
}
pub(crate) fn problem_json(ctx: &Ctx, status: StatusCode, w: &Words, kind: &str) -> Response {
    let errors = w
        .lines
        .iter()
        .map(|(field, words)| ApiFieldError {
            pointer: field.as_deref().map(pointer).unwrap_or_default(),
            detail: words.clone(),
        })
        .collect();
    let body = ApiProblem {
        kind: format!("/api/problems/{kind}"),
        title: w.title.clone(),
        status: status.as_u16(),
        detail: w.detail.clone(),
        instance: w.fault_id.as_ref().map(|id| format!("urn:uuid:{id}")),
        errors,
    };
    let mut r = (status, Json(body)).into_response();
    r.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    r.headers_mut()
        .insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(ctx.locale.tag()));
    if status == StatusCode::UNAUTHORIZED {
        r.headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    r
}

/// An API request: as [`Ctx`], with the once-key and the version the caller holds.
pub struct ApiCtx {
    pub ctx: Ctx,
    /// `Idempotency-Key`: the same key by the same account is the same act once.
    pub once: Option<String>,
    /// `If-Match`: the version the caller read; none is refused where an edit needs it.
    pub version: Option<i64>,
}
impl std::ops::Deref for ApiCtx {
    type Target = Ctx;
    fn deref(&self) -> &Ctx {
        &self.ctx
    }
}
impl ApiCtx {
    pub fn asking(&self) -> access::Asking {
        access::Asking {
            read: self.version,
            ..self.ctx.asking(self.once.clone())
        }
    }
    /// The version an edit must name; its absence is refused (RFC 6585 section 3 would say 428; one refusal form is kept).
    pub fn need_version(&self) -> Result<i64, Problem> {
        self.version
            .ok_or_else(|| Refusal::at("If-Match", "refusal-if-match").into())
    }
}
impl<S: Send + Sync> FromRequestParts<S> for ApiCtx
where
    App: FromRef<S>,
{
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let ctx = Ctx::from_request_parts(parts, state).await?;
        let text = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok()).map(str::trim);
        let once = text("idempotency-key").filter(|k| !k.is_empty());
        if once.is_some_and(|k| k.len() > 100) {
            return Err(Refusal::at("Idempotency-Key", "refusal-too-long")
                .with("max", 100_i64)
                .with("count", once.map_or(0, str::len))
                .into());
        }
        let version = match parts.headers.get(header::IF_MATCH).map(|v| v.to_str().unwrap_or("")) {
            None => None,
            Some(v) => Some(
                v.trim()
                    .trim_start_matches("W/")
                    .trim_matches('"')
                    .trim_start_matches('v')
                    .parse::<i64>()
                    .map_err(|_| Problem(Refusal::at("If-Match", "refusal-if-match").into()))?,
            ),
        };
        Ok(ApiCtx {
            once: once.map(str::to_owned),
            version,
            ctx,
        })
    }
}

/// The ETag of a version: "v7".
pub fn etag(version: i64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"v{version}\"")).unwrap_or(HeaderValue::from_static("\"v0\""))
}
/// A thing with its version as ETag.
pub struct Versioned<T>(pub i64, pub T);
impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        ([(header::ETAG, etag(self.0))], Json(self.1)).into_response()
    }
}

/// How a list is asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Listing {
    /// Goes on after this cursor, as given in `next` of the answer before.
    #[param(max_length = 500)]
    pub after: Option<String>,
    /// At most so many, 1 to 200; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}
pub fn page_request(l: &Listing) -> PageRequest {
    PageRequest {
        after: l.after.clone().filter(|a| !a.is_empty()).map(Cursor),
        limit: l.limit.unwrap_or(50).clamp(1, PageRequest::MOST),
    }
}
