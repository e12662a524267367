//! The office founds the bodies that act beside it: departments, district units, panels, finance and audit units, and the
//! partner city's office. Organisations are not founded: they register.

use access::{Asking, BodyCard, BodyKind, House, Thing};
use basis::{BodyId, Check, Code, Fail, Field, GovernmentId, Lang, Refusal};
use serde::{Deserialize, Serialize};

use crate::{Places, Wanted};

/// Kinds of bodies that the office founds, in the order in which they are offered.
pub const KINDS: [BodyKind; 6] = [
    BodyKind::Department,
    BodyKind::DistrictUnit,
    BodyKind::Panel,
    BodyKind::FinanceUnit,
    BodyKind::AuditUnit,
    BodyKind::PartnerOffice,
];

/// As handed in.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Input {
    pub kind: String,
    pub name_zh: String,
    pub name_en: String,
    /// A department's field.
    pub field: String,
    /// A district unit's district.
    pub district: String,
    /// The partner's local government, for a partner city's office.
    pub government: String,
}

/// Founds a body; whoever acts for it is given a mandate afterwards.
///
/// # Errors
/// Refusals at `kind`, `name_zh`, `field`, `district` and `government`; a denial for who does not lead the office.
pub async fn found(house: &House, asking: &Asking, places: Option<&Places>, input: &Input) -> Result<BodyId, Fail> {
    asking.check(house, "office.found", &Thing::new("office", ""))?;
    let mut c = Check::new();
    let kind = c
        .one_of::<BodyKind>("kind", &input.kind)
        .unwrap_or(BodyKind::Department);
    c.ensure(KINDS.contains(&kind), || Refusal::at("kind", "refusal-not-in-list"));
    let name = c.bilingual("name_zh", &input.name_zh, "name_en", &input.name_en, 120, Lang::zh());
    let field: Option<Field> = match kind {
        BodyKind::Department => c.one_of("field", &input.field),
        _ => None,
    };
    let place = |c: &mut Check, at: &'static str, raw: &str| -> Option<GovernmentId> { c.id(at, raw) };
    let district = match kind {
        BodyKind::DistrictUnit => place(&mut c, "district", &input.district),
        _ => None,
    };
    let government = match kind {
        BodyKind::PartnerOffice => place(&mut c, "government", &input.government),
        _ => None,
    };
    if let Some(id) = district {
        let all = Places::ask(places, house, Wanted::Districts).await?;
        c.ensure(all.iter().any(|d| d.0 == id), || {
            Refusal::at("district", "refusal-not-in-list")
        });
    }
    if let Some(id) = government {
        let all = Places::named(places, house, [id]).await?;
        c.ensure(all.contains_key(&id), || {
            Refusal::at("government", "refusal-not-in-list")
        });
    }
    c.done(())?;
    let tx = asking.begin(house).await?;
    let body = BodyCard {
        id: tx.fresh(),
        kind,
        name,
        field,
        district,
        government,
        // On our own side, all but the partner's.
        home: kind != BodyKind::PartnerOffice,
        illustrative: false,
        ended_at: None,
    };
    let there = access::bodies_of_kind(&tx, kind).await?;
    let same = |b: &BodyCard| {
        b.ended_at.is_none()
            && (b.district, b.government) == (district, government)
            && b.name.langs().any(|l| {
                body.name
                    .get(l.as_str())
                    .is_some_and(|n| b.name.get(l.as_str()) == Some(n))
            })
    };
    if there.iter().any(same) {
        return Err(Refusal::at("name_zh", "refusal-office-there")
            .with("kind", kind.code())
            .into());
    }
    access::found_body(&tx, &body).await?;
    tx.done(body.id).await
}
