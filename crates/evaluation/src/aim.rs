//! Aims of a programme: what is to come of it, how it is measured, and how much (R19). Set before the start, not after.

use ::store::{Entry, StoreFault, Tx};
use access::{Asking, House, Thing};
use basis::{
    AccountId, AimId, BodyId, Check, Fail, Field, GovernmentId, Lang, Moment, PlanItemId, Refusal, RelationId, Text,
};
use serde::{Deserialize, Serialize};

use crate::{evaluation::aims_are_open, neighbours, sight, store};

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Aim {
    pub id: AimId,
    pub plan_item: PlanItemId,
    pub text: Text,
    pub measure: Text,
    pub target: Text,
    pub set: (AccountId, Moment),
    pub position: i64,
    pub illustrative: bool,
}

/// What planning tells about the programme that gets an aim.
#[derive(Clone, Debug)]
pub struct Programme {
    pub plan_item: PlanItemId,
    pub relation: Option<RelationId>,
    pub field: Field,
    pub district: Option<GovernmentId>,
    pub guiding: BodyId,
    pub illustrative: bool,
}
impl Programme {
    pub(crate) fn thing(&self) -> Thing {
        Thing {
            field: Some(self.field),
            district: self.district,
            relation: self.relation,
            guiding: Some(self.guiding),
            ..Thing::new("plan-item", self.plan_item)
        }
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct AimInput {
    pub text_zh: String,
    pub text_en: String,
    pub measure_zh: String,
    pub measure_en: String,
    pub target_zh: String,
    pub target_en: String,
}
/// More aims than this are none.
const MOST: usize = 12;

impl AimInput {
    pub fn check(&self, source: &Lang) -> Result<(Text, Text, Text), Vec<Refusal>> {
        let mut check = Check::new();
        let text = check.bilingual("text_zh", &self.text_zh, "text_en", &self.text_en, 300, source.clone());
        let measure = check.bilingual(
            "measure_zh",
            &self.measure_zh,
            "measure_en",
            &self.measure_en,
            300,
            source.clone(),
        );
        let target = check.bilingual(
            "target_zh",
            &self.target_zh,
            "target_en",
            &self.target_en,
            100,
            source.clone(),
        );
        check.done((text, measure, target))
    }
}

/// Sets one more aim of a programme, before the start only.
pub async fn set_aim(house: &House, asking: &Asking, id: PlanItemId, input: &AimInput) -> Result<AimId, Fail> {
    let tx = asking.begin(house).await?;
    let of = neighbours::programme(&tx, id).await?.ok_or(Fail::NotFound)?;
    set_aim_of(house, asking, tx, &of, input).await
}
/// Takes an aim back, before the start only.
pub async fn drop_aim(house: &House, asking: &Asking, id: AimId) -> Result<AimId, Fail> {
    let tx = asking.begin(house).await?;
    let aim = store::aim(&tx, id).await?.ok_or(Fail::NotFound)?;
    let of = neighbours::programme(&tx, aim.plan_item).await?.ok_or(Fail::NotFound)?;
    drop_aim_of(house, asking, tx, &of, id).await
}
/// The programme's undertakings are held meanwhile: none starts between the look and the writing.
pub(crate) async fn set_aim_of(
    house: &House,
    asking: &Asking,
    tx: Tx,
    of: &Programme,
    input: &AimInput,
) -> Result<AimId, Fail> {
    let source = asking.viewer.person.as_ref().map_or_else(Lang::zh, |p| p.lang.clone());
    asking.check(house, "aim.set", &of.thing())?;
    let (text, measure, target) = input.check(&source)?;
    let held = undertakings::hold(&tx, of.plan_item).await?;
    aims_are_open(&held.iter().map(|(_, at)| *at).collect::<Vec<_>>())?;
    let before = store::aims(&tx, &[of.plan_item]).await?;
    if before.len() >= MOST {
        return Err(Refusal::page("refusal-too-many-aims").with("max", MOST).into());
    }
    let aim = Aim {
        id: tx.fresh(),
        plan_item: of.plan_item,
        text,
        measure,
        target,
        set: sight::now_done(asking, &tx)?,
        position: before.iter().map(|a| a.position + 1).max().unwrap_or(0),
        illustrative: of.illustrative,
    };
    // With no undertaking there is no row to hold: of two at once the store takes one, the other looks again.
    match store::insert_aim(&tx, &aim).await {
        Err(StoreFault::Unique(_)) => return Err(Fail::Changed),
        other => other?,
    }
    tx.journal(Entry::of("plan-item.aim-set", of.plan_item).after(&aim));
    tx.done(aim.id).await
}
pub(crate) async fn drop_aim_of(
    house: &House,
    asking: &Asking,
    tx: Tx,
    of: &Programme,
    id: AimId,
) -> Result<AimId, Fail> {
    asking.check(house, "aim.set", &of.thing())?;
    let aim = store::aim(&tx, id)
        .await?
        .filter(|a| a.plan_item == of.plan_item)
        .ok_or(Fail::NotFound)?;
    let held = undertakings::hold(&tx, of.plan_item).await?;
    aims_are_open(&held.iter().map(|(_, at)| *at).collect::<Vec<_>>())?;
    store::delete_aim(&tx, id).await?;
    tx.journal(Entry::of("plan-item.aim-dropped", of.plan_item).before(&aim));
    tx.done(id).await
}
