//! The office names the competent department of a field, which then guides it (R62, R63).

use access::{Asking, BodyKind, House, Thing};
use basis::{BodyId, Check, Fail, Field, Refusal};
use serde::{Deserialize, Serialize};
use store::Entry;

use crate::store as sql;

/// As handed in.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = CompetentDepartment)]
pub struct Input {
    pub field: String,
    pub body: String,
}

pub async fn set_department(house: &House, asking: &Asking, input: &Input) -> Result<BodyId, Fail> {
    let mut c = Check::new();
    let field = c.one_of::<Field>("field", &input.field).unwrap_or(Field::Culture);
    let body = c.id::<basis::Body>("body", &input.body).unwrap_or(BodyId::named(""));
    let (field, body) = c.done((field, body))?;
    let tx = asking.begin(house).await?;
    asking.check(
        house,
        "department.set",
        &Thing {
            field: Some(field),
            ..Thing::new("department", field)
        },
    )?;
    let known = access::bodies(&tx, &[body]).await?;
    let guides = |k: BodyKind| matches!(k, BodyKind::Office | BodyKind::Department);
    if !known.get(&body).is_some_and(|b| guides(b.kind) && b.ended_at.is_none()) {
        return Err(Refusal::at("body", "refusal-not-a-department").into());
    }
    let before = sql::department_of(&tx, field).await?;
    sql::set_department(&tx, field, body).await?;
    tx.journal(
        Entry::of("department.set", body)
            .before((field, before))
            .after((field, body)),
    );
    tx.done(body).await
}
