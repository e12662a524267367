//! The office appoints people from outside. The refusal names the rule that stands against somebody.

use ::store::{Entry, OnUnique, Query, Tx};
use access::{Asking, House, Thing};
use basis::{AccountId, BodyId, Check, Day, EvaluationId, Fail, Refusal, UndertakingId};
use serde::{Deserialize, Serialize};
use undertakings::UndertakingCard;

use crate::{
    Evaluation, Evaluator, Status,
    conflict::{Tied, conflicts},
    neighbours, sight, store,
};

#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct AppointInput {
    /// By account.
    pub evaluators: Vec<String>,
    /// Others, by e-mail address.
    pub others: Vec<String>,
    pub due_on: String,
}
/// A person who could evaluate, and the bodies they have mandates of.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub account: AccountId,
    pub name: String,
    pub bodies: Vec<BodyId>,
}
/// One sees less than two; a crowd sees nothing.
const MOST: usize = 7;

impl AppointInput {
    /// The people wanted and the day, as typed; who they are is looked up next.
    pub fn check(&self, today: Day) -> Result<(Vec<AccountId>, Day), Vec<Refusal>> {
        let mut check = Check::new();
        let mut people: Vec<AccountId> = Vec::new();
        for raw in self.evaluators.iter().filter(|e| !e.trim().is_empty()) {
            people.extend(check.id("evaluators", raw));
        }
        people.sort();
        people.dedup();
        if check.is_clean() && people.is_empty() {
            check.refuse(Refusal::at("evaluators", "refusal-required"));
        }
        check.ensure(people.len() <= MOST, || {
            Refusal::at("evaluators", "refusal-too-many-evaluators").with("max", MOST)
        });
        let due = check.day("due_on", &self.due_on);
        if due.is_some_and(|d| d < today) {
            check.refuse(Refusal::at("due_on", "refusal-day-past"));
        }
        let due = due.unwrap_or(today);
        check.done((people, due))
    }
}
/// Every rule that stands against one of them, each with the name it is about.
pub(crate) fn check_people(
    wanted: &[AccountId],
    known: &[Candidate],
    tied: &Tied,
) -> Result<Vec<Evaluator>, Vec<Refusal>> {
    let mut check = Check::new();
    let mut people = Vec::new();
    for account in wanted {
        let Some(c) = known.iter().find(|c| c.account == *account) else {
            check.refuse(Refusal::at("evaluators", "refusal-not-in-list"));
            continue;
        };
        if let Some(conflict) = conflicts(tied, c.account, &c.bodies) {
            check.refuse(conflict.refusal().with("name", c.name.as_str()));
        }
        people.push((c.account, c.bodies.first().copied()));
    }
    check.done(
        people
            .into_iter()
            .map(|(account, body)| Evaluator {
                evaluation: EvaluationId::named(""),
                account,
                body,
                no_conflict: None,
            })
            .collect(),
    )
}
/// As the gate asks about it: everybody who executes or executed, whatever this reader's card may show of them.
pub(crate) async fn thing_of(q: &impl Query, u: &UndertakingCard) -> Result<Thing, Fail> {
    let (mut bodies, mut people) = undertakings::executors(q, u.id).await?;
    bodies.extend(u.body);
    people.extend(u.account.into_iter().chain(u.responsible));
    Ok(Thing {
        field: Some(u.field),
        district: u.district,
        relation: u.relation,
        guiding: Some(u.guiding),
        owner_body: u.body,
        owner: u.account,
        executing_bodies: bodies,
        executing_people: people,
        ..Thing::new("undertaking", u.id)
    })
}
#[derive(Serialize)]
struct Appointed<'a> {
    evaluation: EvaluationId,
    undertaking: UndertakingId,
    accounts: &'a [AccountId],
}

/// Appoints people from outside to judge one undertaking.
pub async fn appoint(
    house: &House,
    asking: &Asking,
    id: UndertakingId,
    input: &AppointInput,
) -> Result<EvaluationId, Fail> {
    // The panel is the same for good once its call is decided; it may be read before the transaction.
    let u = undertakings::undertaking(&house.db, &asking.viewer, id)
        .await?
        .ok_or(Fail::NotFound)?;
    asking.check(house, "evaluation.appoint", &thing_of(&house.db, &u).await?)?;
    let panel = neighbours::panel(house, &asking.viewer, id).await?;
    let tx = asking.begin(house).await?;
    let mut input = input.clone();
    let named = neighbours::by_address(&tx, &input.others).await?;
    input.evaluators.extend(named.iter().map(ToString::to_string));
    let wanted: Vec<AccountId> = input.evaluators.iter().filter_map(|e| e.trim().parse().ok()).collect();
    let known = neighbours::candidates(&tx, tx.now(), id, &wanted, &panel.bodies).await?;
    appoint_of(house, asking, tx, id, &input, &known, (panel.people, panel.bodies)).await
}
/// Appoints; `known` are the candidates as parties know them, `panel` who scored the offers.
pub(crate) async fn appoint_of(
    house: &House,
    asking: &Asking,
    tx: Tx,
    id: UndertakingId,
    input: &AppointInput,
    known: &[Candidate],
    panel: (Vec<AccountId>, Vec<BodyId>),
) -> Result<EvaluationId, Fail> {
    let u = undertakings::undertaking(&tx, &asking.viewer, id)
        .await?
        .ok_or(Fail::NotFound)?;
    asking.check(house, "evaluation.appoint", &thing_of(&tx, &u).await?)?;
    let (wanted, due) = input.check(house.today())?;
    if u.started_at.is_none() {
        return Err(Refusal::page("refusal-evaluation-before-start").into());
    }
    if store::aims(&tx, &[u.plan_item]).await?.is_empty() {
        return Err(Refusal::page("refusal-no-aims").into());
    }
    let hands = undertakings::hands(&tx, id).await?.ok_or(Fail::NotFound)?;
    let tied = Tied {
        hands,
        panel_people: panel.0,
        panel_bodies: panel.1,
    };
    let people = check_people(&wanted, known, &tied)?;
    let e = Evaluation {
        id: tx.fresh(),
        undertaking: id,
        plan_item: u.plan_item,
        relation: u.relation,
        field: u.field,
        district: u.district,
        status: Status::Appointed,
        due,
        appointed: sight::now_done(asking, &tx)?,
        summary: None,
        drafted: None,
        published: None,
        reply: None,
        version: 1,
        illustrative: u.illustrative,
    };
    store::insert(&tx, &e)
        .await
        .on_unique("undertaking", || Refusal::page("refusal-evaluation-exists"))?;
    for person in people {
        store::insert_evaluator(
            &tx,
            &Evaluator {
                evaluation: e.id,
                ..person
            },
        )
        .await?;
    }
    tx.journal(Entry::of("evaluation.appointed", e.id).after((&e, &wanted)));
    tx.emit(
        "evaluation.appointed",
        Appointed {
            evaluation: e.id,
            undertaking: id,
            accounts: &wanted,
        },
    )
    .await?;
    tx.done(e.id).await
}
