use axum::{
    extract::{FromRequest, Request},
    response::IntoResponse,
};
use basis::Refusal;
use serde::de::DeserializeOwned;

use crate::Problem;

/// A JSON body; what cannot be read is refused at the member that holds it.
pub struct ApiJson<T>(pub T);
/// What an [`ApiJson`] refuses with: problem details, or the framework's own status for another media type or size.
pub enum JsonRefusal {
    Problem(Problem),
    Other(axum::extract::rejection::JsonRejection),
}
impl IntoResponse for JsonRefusal {
    fn into_response(self) -> axum::response::Response {
        match self {
            JsonRefusal::Problem(p) => p.into_response(),
            JsonRefusal::Other(o) => o.into_response(),
        }
    }
}
impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for ApiJson<T> {
    type Rejection = JsonRefusal;
    async fn from_request(req: Request, state: &S) -> Result<Self, JsonRefusal> {
        use axum::extract::rejection::JsonRejection as R;
        match axum::Json::<T>::from_request(req, state).await {
            Ok(axum::Json(v)) => Ok(ApiJson(v)),
            Err(R::JsonDataError(e)) => {
                // "Failed to …: title: invalid type: integer `3`, expected a string at line 1 column 12"
                let text = e.body_text();
                let member = text
                    .split(": ")
                    .nth(1)
                    .filter(|m| !m.contains(' ') && m.len() <= 100)
                    .map(|m| m.replace('.', "/"));
                let refusal = match member {
                    Some(m) => Refusal::at(m, "refusal-json-type"),
                    None => Refusal::page("refusal-json-type"),
                };
                Err(JsonRefusal::Problem(refusal.into()))
            }
            Err(other) => Err(JsonRefusal::Other(other)),
        }
    }
}
