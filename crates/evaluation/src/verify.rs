//! What must always hold between the rows of this room, for `youcheng verify`.

use ::store::{Db, Query, StoreFault};
use basis::EvaluationId;

use crate::{Evaluation, Status, store};

::store::row! { struct One { id: EvaluationId } }

/// Every broken invariant, in words; empty is clean.
pub async fn verify(db: &Db) -> Result<Vec<String>, StoreFault> {
    let ids: Vec<One> = db.all("SELECT id FROM evaluation ORDER BY id", vec![]).await?;
    let mut found = Vec::new();
    for one in ids {
        let Some(e) = store::load(db, one.id).await? else {
            continue;
        };
        let (bodies, people) = undertakings::executors(db, e.undertaking).await?;
        let evaluators = store::evaluators(db, &[e.id]).await?;
        let mut say = |what: String| found.push(format!("evaluation {}: {what}", e.id));
        for x in &evaluators {
            if people.contains(&x.account) || x.body.is_some_and(|b| bodies.contains(&b)) {
                say(format!("evaluator {} executed", x.account));
            }
        }
        let aims = store::aims(db, &[e.plan_item]).await?;
        let findings = store::findings(db, &[e.id]).await?;
        if e.status != Status::Appointed {
            let without = aims.iter().filter(|a| !findings.iter().any(|f| f.aim == a.id)).count();
            if without > 0 || e.summary.is_none() || e.drafted.is_none() {
                say(format!(
                    "{} with {without} aims without finding, summary or its day",
                    e.status
                ));
            }
            if evaluators.iter().any(|x| x.no_conflict.is_none()) {
                say("finished with an evaluator who declared nothing".into());
            }
        }
        found.extend(dates(&e));
    }
    Ok(found)
}
fn dates(e: &Evaluation) -> Option<String> {
    let wrong = (e.status == Status::Published) != e.published.is_some();
    wrong.then(|| format!("evaluation {}: is {}, its publication says otherwise", e.id, e.status))
}
