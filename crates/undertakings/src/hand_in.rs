//! The executing party hands in for a milestone: words and files. After a return it is the next round.

use ::store::{Entry, Placed, Upload, UploadLimits, keep};
use access::{Asking, House};
use basis::{Check, DeliverableId, Fail, Lang, MilestoneId, Refusal, Text};
use serde::{Deserialize, Serialize};

use crate::{Deliverable, Verdict, sight, store};

#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct HandIn {
    pub text: String,
    /// The language it is written in; the person's own if empty.
    pub lang: String,
}
/// More belongs in one archive of its own, and reading it in one sitting is not possible anyway.
pub(crate) const MOST_FILES: usize = 10;

impl HandIn {
    pub fn check(&self, own: &Lang, files: usize) -> Result<Text, Vec<Refusal>> {
        let mut check = Check::new();
        let text = check.prose("text", &self.text, 8000);
        let lang = match self.lang.trim() {
            "" => own.clone(),
            tag => tag.parse().unwrap_or_else(|_| {
                check.refuse(Refusal::at("lang", "refusal-not-in-list"));
                own.clone()
            }),
        };
        check.ensure(files <= MOST_FILES, || {
            Refusal::at("files", "refusal-too-many-files").with("max", MOST_FILES)
        });
        check.done(Text::new(lang, text))
    }
}

pub async fn hand_in(
    house: &House,
    asking: &Asking,
    id: MilestoneId,
    input: &HandIn,
    files: &[Upload],
) -> Result<DeliverableId, Fail> {
    let own = asking.viewer.person.as_ref().map_or_else(Lang::zh, |p| p.lang.clone());
    let text = input.check(&own, files.len())?;
    let placed = placed(house, asking, id, files).await?;
    let tx = asking.begin(house).await?;
    let found = store::milestone(&tx, id).await?.ok_or(Fail::NotFound)?;
    let mut u = store::take(&tx, found.undertaking).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "deliverable.submit", &sight::thing_for(&asking.viewer, &u))?;
    sight::on_version_read(asking, &u)?;
    sight::must_not_guide(&asking.viewer, &u)?;
    u.must_run()?;
    let mut milestones = store::milestones(&tx, &[u.id]).await?;
    let Some(m) = milestones.iter_mut().find(|m| m.id == id) else {
        return Err(Fail::NotFound);
    };
    let was = m.status;
    *m = m.clone().hand_in()?;
    store::save_milestone(&tx, m, was).await?;
    let rounds = store::deliverables(&tx, &[id]).await?.len() as i64;
    let d = Deliverable {
        id: tx.fresh(),
        milestone: id,
        round: rounds + 1,
        text,
        handed: sight::now_done(asking, &tx)?,
        verdict: Verdict::Awaited,
    };
    store::insert_deliverable(&tx, &d).await?;
    // Who was let in only meanwhile is asked again.
    for file in placed.ok_or(Fail::Changed)? {
        keep(&tx, d.id, &file).await?;
    }
    let statuses: Vec<_> = milestones.iter().map(|m| m.status).collect();
    u.follow(&statuses);
    store::save(&tx, &u).await?;
    tx.journal(Entry::of("undertaking.handed-in", u.id).after(&d));
    tx.done(d.id).await
}

/// The bytes go first, so that nobody waits for them while the store is held; and only for who may hand in. The
/// transaction asks again: what it refuses leaves bytes that no row names.
async fn placed(
    house: &House,
    asking: &Asking,
    id: MilestoneId,
    files: &[Upload],
) -> Result<Option<Vec<Placed>>, Fail> {
    if files.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let q = &house.db;
    let Some(m) = store::milestone(q, id).await? else {
        return Ok(None);
    };
    let Some(u) = store::load(q, m.undertaking).await? else {
        return Ok(None);
    };
    let thing = sight::thing_for(&asking.viewer, &u);
    if !house.gate.may(&asking.viewer, "deliverable.submit", &thing) {
        return Ok(None);
    }
    let placed = house.blobs.place_all(q, "files", files, UploadLimits::default());
    Ok(Some(placed.await?))
}
