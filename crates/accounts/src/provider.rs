//! The way through an OpenID Connect provider and back.

use std::sync::{Arc, OnceLock};

use access::{Oidc, OidcReturn};
use axum::{
    Extension,
    extract::Query,
    response::{IntoResponse, Redirect, Response},
};
use basis::Fail;
use pages::{Ctx, Problem};
use serde::Deserialize;

use crate::request::{From, back_to, signed_in, with_cookie};

/// The provider of this node, made at its first use from the node's configuration.
#[derive(Clone, Default)]
pub(crate) struct Provider(Arc<OnceLock<Result<Option<Oidc>, String>>>);
impl Provider {
    fn of(&self, ctx: &Ctx) -> Result<&Oidc, Fail> {
        match self.0.get_or_init(|| Oidc::new(&ctx.app.access)) {
            Ok(Some(oidc)) => Ok(oidc),
            Ok(None) => Err(Fail::NotFound),
            Err(e) => Err(Fail::fault(e.clone())),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    back: String,
}
pub(crate) async fn start(
    ctx: Ctx,
    Extension(provider): Extension<Provider>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let back = if asked.back.is_empty() { ctx.to("") } else { asked.back };
    let start = provider.of(&ctx)?.start(&ctx.house().db, &back).await?;
    let r = Redirect::to(&start.url).into_response();
    Ok(with_cookie(r, &ctx.app.access.flow_cookie(&start.state)))
}
pub(crate) async fn finish(
    ctx: Ctx,
    Extension(provider): Extension<Provider>,
    from: From,
    Query(answer): Query<OidcReturn>,
) -> Result<Response, Problem> {
    let origin = from.origin(ctx.locale);
    let done = provider
        .of(&ctx)?
        .finish(&ctx.house().db, &origin, &answer, from.flow.as_deref())
        .await?;
    let r = signed_in(&ctx.app.access, &done.signed_in, back_to(&done.back, ctx.to("")));
    Ok(with_cookie(r, &ctx.app.access.flow_cookie_ended()))
}
