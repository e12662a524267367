//! Who of the panel reads what, over the API.

use super::*;
use crate::{ReadingsInput, divide_reading};

impl ReadingsInput {
    fn member(&self, field: &str) -> Option<String> {
        let offer = field.strip_prefix("offer-")?;
        let row = self.readings.iter().position(|r| r.offer.trim() == offer);
        Some(row.map_or_else(|| "/readings".to_owned(), |row| format!("/readings/{row}")))
    }
}
/// Divide the panel's reading
///
/// As the solver proposes it, or as `readings` say; members then score the offers they are given.
#[utoipa::path(post, path = "/api/v1/calls/{id}/readings", tag = "calls", params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)), request_body = ReadingsInput, security(("token" = [])), responses((status = 200, body = Acted), WriteFails))]
pub(super) async fn divide(
    ctx: ApiCtx,
    Path(raw): Path<String>,
    ApiJson(input): ApiJson<ReadingsInput>,
) -> Result<Json<Acted>, Problem> {
    Ok(acted(
        divide_reading(ctx.house(), &ctx.asking(), id(&raw)?, &input)
            .await
            .map_err(|f| f.named(|field| input.member(field)))
            .or_repeat()?,
    ))
}
