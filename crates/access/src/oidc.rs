//! Signing in with an OpenID Connect provider: authorization code with PKCE (OpenID Connect Core 1.0 section 3.1,
//! RFC 7636), issuer discovery, state and nonce good for one return.
//!
//! The provider's word on a mailbox counts only if it says that it verified it: it then opens the account of that
//! mailbox, or makes one.

use std::pin::Pin;
use std::sync::Arc;

use basis::{Account, AccountId, Fail, Moment, Refusal};
use openidconnect::core::{CoreClient, CoreIdTokenClaims, CoreProviderMetadata, CoreResponseType, CoreUserInfoClaims};
use openidconnect::{
    AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope,
};
use serde::Deserialize;
use store::{Act, Db, Entry, Tx, Via};

use crate::config::{AccessConfig, OidcConfig, Origin};
use crate::session::{self, SignedIn, later};
use crate::{secret, store as rows};

/// A person has ten minutes at the provider.
const FLOW_SECONDS: i64 = 600;
/// How long the provider's own description and keys are taken as read.
const FRESH_SECONDS: i64 = 3600;
/// No honest answer of a provider is longer.
const MOST_BYTES: usize = 1024 * 1024;

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// The provider, once known. Cheap to clone.
#[derive(Clone)]
pub struct Oidc(Arc<Inner>);
struct Inner {
    config: OidcConfig,
    redirect: RedirectUrl,
    http: Http,
    known: tokio::sync::Mutex<Option<(Moment, CoreProviderMetadata)>>,
}

/// What the browser gets on its way to the provider.
#[derive(Clone, Debug)]
pub struct OidcStart {
    pub url: String,
    /// Goes into a cookie of this browser ([`AccessConfig::flow_cookie`]): nobody can be signed in to another's account
    /// by a link somebody sends them.
    pub state: String,
}
/// What the provider sends the browser back with.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OidcReturn {
    pub state: String,
    pub code: String,
    pub error: String,
}
/// Signed in, and where the person was going.
#[derive(Clone, Debug)]
pub struct OidcSignedIn {
    pub signed_in: SignedIn,
    pub back: String,
}

#[derive(Debug, thiserror::Error)]
enum HttpFault {
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error("the provider names an address that is not https: {0}")]
    Plain(String),
    #[error("the provider's answer is longer than {MOST_BYTES} bytes")]
    Long,
    #[error(transparent)]
    Answer(#[from] openidconnect::http::Error),
}

impl AccessConfig {
    /// `Set-Cookie` that binds a sign-in at the provider to this browser.
    pub fn flow_cookie(&self, state: &str) -> String {
        self.cookie_of(self.flow_cookie_name(), state, FLOW_SECONDS)
    }
    /// `Set-Cookie` for a sign-in that came to its end.
    pub fn flow_cookie_ended(&self) -> String {
        self.cookie_of(self.flow_cookie_name(), "", 0)
    }
    pub fn flow_cookie_name(&self) -> &'static str {
        if self.secure_cookies {
            "__Host-youcheng-flow"
        } else {
            "youcheng-flow"
        }
    }
}

fn loopback(url: &url::Url) -> bool {
    matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

impl Oidc {
    /// Does not ask the provider anything yet: the node starts while the provider is down.
    ///
    /// # Errors
    /// The issuer or this node's address is not one, or the issuer is neither https nor on this machine; says which.
    pub fn new(config: &AccessConfig) -> Result<Option<Oidc>, String> {
        let Some(oidc) = config.oidc.clone() else {
            return Ok(None);
        };
        let issuer = url::Url::parse(&oidc.issuer).map_err(|e| format!("oidc.issuer: {e}"))?;
        if issuer.scheme() != "https" && !loopback(&issuer) {
            return Err("oidc.issuer: must begin with https://".into());
        }
        let redirect = RedirectUrl::new(config.oidc_return()).map_err(|e| format!("public_url: {e}"))?;
        let http = reqwest::Client::builder()
            // A redirect could lead our request to an inside address.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(std::time::Duration::from_secs(10))
            .build()
            .map_err(|e| format!("oidc: {e}"))?;
        Ok(Some(Oidc(Arc::new(Inner {
            config: oidc,
            redirect,
            http: Http(http),
            known: tokio::sync::Mutex::new(None),
        }))))
    }

    async fn client(&self, now: Moment, anew: bool) -> Result<Client, Fail> {
        let mut known = self.0.known.lock().await;
        let fresh = known
            .as_ref()
            .filter(|(at, _)| !anew && now < later(*at, FRESH_SECONDS))
            .map(|(_, m)| m.clone());
        let metadata = match fresh {
            Some(m) => m,
            None => {
                let issuer = IssuerUrl::new(self.0.config.issuer.clone()).map_err(Fail::fault)?;
                let m = CoreProviderMetadata::discover_async(issuer, &self.0.http)
                    .await
                    .map_err(|e| unreachable(&e))?;
                *known = Some((now, m.clone()));
                m
            }
        };
        let id = ClientId::new(self.0.config.client_id.clone());
        let secret = ClientSecret::new(self.0.config.client_secret.clone());
        Ok(CoreClient::from_provider_metadata(metadata, id, Some(secret)).set_redirect_uri(self.0.redirect.clone()))
    }

    /// Sends somebody to the provider. `back` is an address of ours, without a host.
    ///
    /// # Errors
    /// A refusal for the page if the provider does not answer; faults of the store.
    pub async fn start(&self, db: &Db, back: &str) -> Result<OidcStart, Fail> {
        let client = self.client(db.now(), false).await?;
        let chance = &*db.env().chance;
        let verifier = PkceCodeVerifier::new(secret::fresh(chance));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let (state, nonce) = (secret::fresh(chance), secret::fresh(chance));
        let (csrf, once) = (CsrfToken::new(state.clone()), Nonce::new(nonce.clone()));
        let (url, _, _) = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                move || csrf.clone(),
                move || once.clone(),
            )
            .add_scope(Scope::new("email".into()))
            .add_scope(Scope::new("profile".into()))
            .set_pkce_challenge(challenge)
            .url();
        let tx = db.begin(&Act::house(Via::Page)).await?;
        let flow = rows::Flow {
            nonce,
            verifier: verifier.into_secret(),
            back: own_path(back),
        };
        rows::insert_flow(&tx, &secret::hash(&state), &flow, later(tx.now(), FLOW_SECONDS)).await?;
        tx.done(()).await?;
        Ok(OidcStart {
            url: url.to_string(),
            state,
        })
    }

    /// Takes somebody back from the provider. `browser_state` is what the flow cookie of this browser holds.
    ///
    /// # Errors
    /// Refusals for the page: the way back was not begun in this browser, was used, or took too long; the provider said
    /// no, did not answer, did not verify the mailbox; the mailbox's account belongs to another identity there.
    pub async fn finish(
        &self,
        db: &Db,
        origin: &Origin,
        answer: &OidcReturn,
        browser_state: Option<&str>,
    ) -> Result<OidcSignedIn, Fail> {
        if answer.state.is_empty() || browser_state != Some(answer.state.as_str()) {
            return Err(crate::confirm::spent());
        }
        let tx = db.begin(&Act::house(Via::Page)).await?;
        let flow = rows::take_flow(&tx, &secret::hash(&answer.state), tx.now()).await?;
        tx.done(()).await?;
        let flow = flow.ok_or_else(crate::confirm::spent)?;
        if !answer.error.is_empty() || answer.code.is_empty() {
            return Err(Refusal::page("refusal-provider-denied").into());
        }
        let who = self.identity(db.now(), &answer.code, &flow).await?;
        let signed_in = welcome(db, origin, &self.0.config.issuer, &who).await?;
        Ok(OidcSignedIn {
            signed_in,
            back: flow.back,
        })
    }

    async fn identity(&self, now: Moment, code: &str, flow: &rows::Flow) -> Result<Identity, Fail> {
        let client = self.client(now, false).await?;
        let tokens = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|e| unreachable(&e))?
            .set_pkce_verifier(PkceCodeVerifier::new(flow.verifier.clone()))
            .request_async(&self.0.http)
            .await
            .map_err(|e| unreachable(&e))?;
        let id_token = tokens.extra_fields().id_token().ok_or_else(|| {
            tracing::warn!("the provider sent no id token");
            Fail::from(Refusal::page("refusal-provider-silent"))
        })?;
        let nonce = Nonce::new(flow.nonce.clone());
        // Times in the token are compared with the machine's clock, as the provider's are.
        let claims: CoreIdTokenClaims = match id_token.claims(&client.id_token_verifier(), &nonce) {
            Ok(claims) => claims.clone(),
            // Its keys may have changed within the hour: asked once more, then believed no longer.
            Err(_) => {
                let client = self.client(now, true).await?;
                id_token
                    .claims(&client.id_token_verifier(), &nonce)
                    .map_err(|e| unreachable(&e))?
                    .clone()
            }
        };
        let mut who = Identity {
            subject: claims.subject().to_string(),
            email: claims.email().map(|e| e.to_string()),
            verified: claims.email_verified() == Some(true),
            name: claims.name().and_then(|n| n.get(None)).map(|n| n.to_string()),
        };
        if who.email.is_none() {
            let subject = Some(claims.subject().clone());
            let asked = client.user_info(tokens.access_token().clone(), subject);
            if let Ok(asked) = asked {
                let info: CoreUserInfoClaims = asked.request_async(&self.0.http).await.map_err(|e| unreachable(&e))?;
                who.email = info.email().map(|e| e.to_string());
                who.verified = info.email_verified() == Some(true);
                who.name = who
                    .name
                    .or_else(|| info.name().and_then(|n| n.get(None)).map(|n| n.to_string()));
            }
        }
        Ok(who)
    }
}

/// Our way to the provider: no redirects, no long answers, nothing in the clear.
struct Http(reqwest::Client);
impl Http {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFault> {
        let request = reqwest::Request::try_from(request)?;
        if request.url().scheme() != "https" && !loopback(request.url()) {
            return Err(HttpFault::Plain(request.url().to_string()));
        }
        let mut answer = self.0.execute(request).await?;
        let mut builder = openidconnect::http::Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            builder = builder.header(name, value);
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            body.extend_from_slice(&chunk);
            if body.len() > MOST_BYTES {
                return Err(HttpFault::Long);
            }
        }
        Ok(builder.body(body)?)
    }
}
impl<'c> openidconnect::AsyncHttpClient<'c> for Http {
    type Error = HttpFault;
    // Boxed, so that it is `Send` for every lifetime: handlers move between threads.
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpFault>> + Send + 'c>>;
    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// Whom the provider says it has before it.
#[derive(Clone, Debug)]
struct Identity {
    subject: String,
    email: Option<String>,
    verified: bool,
    name: Option<String>,
}

fn unreachable(e: &dyn std::error::Error) -> Fail {
    let mut words = e.to_string();
    let mut source = e.source();
    while let Some(s) = source {
        words = format!("{words}: {s}");
        source = s.source();
    }
    tracing::warn!(error = %words, "signing in at the provider failed");
    Refusal::page("refusal-provider-silent").into()
}

/// Only a path of ours: an address with a host would make us send people anywhere.
fn own_path(back: &str) -> String {
    let plain = back.starts_with('/') && !back.starts_with("//") && !back.contains(['\\', '\n', '\r']);
    if plain && back.len() <= 2000 {
        back.to_owned()
    } else {
        "/".to_owned()
    }
}

async fn welcome(db: &Db, origin: &Origin, issuer: &str, who: &Identity) -> Result<SignedIn, Fail> {
    let tx = db.begin(&Act::house(Via::Page)).await?;
    let account = match rows::account_by_subject(&tx, issuer, &who.subject).await? {
        Some(a) => a.id,
        None => by_mailbox(&tx, origin, issuer, who).await?,
    };
    let signed_in = session::begin(&tx, account, origin).await?;
    tx.done(()).await?;
    Ok(signed_in)
}
async fn by_mailbox(tx: &Tx, origin: &Origin, issuer: &str, who: &Identity) -> Result<AccountId, Fail> {
    let unverified = || Fail::from(Refusal::page("refusal-provider-unverified"));
    let email = who.email.as_ref().filter(|_| who.verified).ok_or_else(unverified)?;
    let mut check = basis::Check::new();
    let email = check.email("email", email);
    if !check.is_clean() {
        return Err(unverified());
    }
    let now = tx.now();
    let mut name = basis::clean_line(who.name.as_deref().unwrap_or_default());
    if name.is_empty() {
        name = email.split('@').next().unwrap_or_default().to_owned();
    }
    let name: String = name.chars().take(crate::sign_up::NAME_MOST).collect();
    let fresh: AccountId = tx.fresh();
    let new = rows::NewAccount {
        id: fresh,
        email: Some(&email),
        name: &name,
        lang: &origin.locale.lang(),
        // Providers do not say; the house's, until the person says otherwise.
        zone: "",
        confirmed_at: Some(now),
        illustrative: false,
        made_at: now,
    };
    let id = if rows::insert_account(tx, new).await? {
        let told = serde_json::json!({ "name": name, "email": email, "issuer": issuer });
        tx.journal(Entry::of::<Account>("account.signed-up", fresh).after(told));
        fresh
    } else {
        let known = rows::account_by_email(tx, &email).await?.ok_or_else(unverified)?;
        if rows::confirm_account(tx, known.id, now).await? == 1 {
            rows::spend_secrets(tx, known.id, now).await?;
            tx.journal(Entry::of::<Account>("account.confirmed", known.id));
        }
        known.id
    };
    if rows::link_subject(tx, id, issuer, &who.subject).await? == 0 {
        return Err(Refusal::page("refusal-provider-other").into());
    }
    tx.journal(Entry::of::<Account>("account.linked-to-provider", id).after(issuer));
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_sent_back_to_us_only() {
        assert_eq!(own_path("/zh/calls?x=1"), "/zh/calls?x=1");
        for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example", "", "x"] {
            assert_eq!(own_path(elsewhere), "/");
        }
    }
}
