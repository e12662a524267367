//! Where a request comes from, its cookies, and where it goes on to.

use std::{convert::Infallible, net::SocketAddr};

use access::{AccessConfig, Origin};
use axum::{
    extract::{ConnectInfo, FromRef, FromRequestParts},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use basis::Locale;
use pages::App;

/// The reader's network address, put into the request by the binary where a trusted proxy stands before it.
#[derive(Clone, Debug)]
pub struct ClientAddress(pub String);

/// What throttles and the list of sessions know of a request, and the secret of its session.
#[derive(Clone, Debug)]
pub(crate) struct From {
    address: Option<String>,
    browser: String,
    /// The session's secret, if the browser sent one.
    pub secret: Option<String>,
    /// The state of a sign-in at the provider that this browser began.
    pub flow: Option<String>,
}
impl From {
    pub fn origin(&self, locale: Locale) -> Origin {
        Origin {
            address: self.address.clone(),
            browser: self.browser.clone(),
            locale,
        }
    }
    pub fn secret(&self) -> &str {
        self.secret.as_deref().unwrap_or_default()
    }
}
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|v| v.split(';')).find_map(|pair| {
        let (k, v) = pair.trim().split_once('=')?;
        (k == name).then(|| v.to_owned())
    })
}
impl<S: Send + Sync> FromRequestParts<S> for From
where
    App: FromRef<S>,
{
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let app = App::from_ref(state);
        let named = parts.extensions.get::<ClientAddress>().map(|c| c.0.clone());
        let peer = || {
            parts
                .extensions
                .get::<ConnectInfo<SocketAddr>>()
                .map(|c| c.0.ip().to_string())
        };
        let browser = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok());
        Ok(From {
            address: named.or_else(peer),
            browser: browser.unwrap_or_default().to_owned(),
            secret: cookie(&parts.headers, app.access.cookie_name()),
            flow: cookie(&parts.headers, app.access.flow_cookie_name()),
        })
    }
}

/// A path of this site and nothing else; "//elsewhere" and "/\elsewhere" lead away.
pub(crate) fn same_site(path: &str) -> bool {
    let plain = path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    path.starts_with('/') && !path.starts_with("//") && path.len() <= 2000 && plain
}
/// Back to where the person was going, or to `or`.
pub(crate) fn back_to(back: &str, or: String) -> Response {
    Redirect::to(if same_site(back) { back } else { &or }).into_response()
}
pub(crate) fn with_cookie(mut r: Response, cookie: &str) -> Response {
    if let Ok(v) = HeaderValue::from_str(cookie) {
        r.headers_mut().append(header::SET_COOKIE, v);
    }
    r
}
pub(crate) fn signed_in(config: &AccessConfig, s: &access::SignedIn, r: Response) -> Response {
    with_cookie(r, &config.session_cookie(&s.secret))
}
