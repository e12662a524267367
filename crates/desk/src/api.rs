//! The desk under /api/v1: the same queue, journal and outbox, with the same rules.

use axum::{
    Json,
    extract::{Path, Query},
};
use basis::{Code, LetterId};
use pages::{ApiCtx, ApiProblem, App, Problem};
use serde::{Deserialize, Serialize};
use store::LetterStatus;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    journal::{self, Asked},
    letters::{self, Step},
    proof::{self, Proof},
    queue::{Narrow, Task},
    rooms,
};

pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(duties))
        .routes(routes!(journal))
        .routes(routes!(entry))
        .routes(routes!(list_letters))
        .routes(routes!(release))
        .routes(routes!(withhold))
}

/// One thing that waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutyShape {
    /// What is to be done, in the caller's language.
    pub what: String,
    /// The title of what it is about.
    pub about: String,
    /// The page where it is done, without the language.
    pub href: String,
    /// RFC 3339; none where nothing binds it to a day.
    pub due: Option<String>,
    /// It is the caller's turn.
    pub mine: bool,
    /// Whose turn it is, if not the caller's.
    pub who: Option<String>,
    /// When somebody last took a step on it.
    pub since: Option<String>,
    /// The fields of cooperation it belongs to: one as a rule, several for an organisation, none for what serves all.
    pub fields: Vec<String>,
    pub relation: Option<String>,
    /// Made up, to show how it works.
    pub illustrative: bool,
}
impl From<Task> for DutyShape {
    fn from(t: Task) -> Self {
        DutyShape {
            what: t.duty.what,
            about: t.duty.about,
            href: t.duty.href,
            due: t.duty.due.map(|m| m.to_string()),
            mine: t.duty.mine,
            who: t.duty.who,
            since: t.since.map(|m| m.to_string()),
            fields: t.duty.matter.fields.iter().map(ToString::to_string).collect(),
            relation: t.duty.matter.relation.map(|r| r.to_string()),
            illustrative: t.duty.illustrative,
        }
    }
}
/// The caller's queue, nearest deadline first.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutiesShape {
    pub mine: Vec<DutyShape>,
    pub others: Vec<DutyShape>,
}
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct DutiesAsked {
    /// Only of this field of cooperation: "culture".
    #[param(max_length = 40, required = false)]
    pub field: String,
    /// Only under this relation.
    #[param(max_length = 60, required = false)]
    pub relation: String,
}

/// What waits on the caller, and what the caller waits for.
#[utoipa::path(get, operation_id = "list_duties", path = "/api/v1/duties", tag = "desk", params(DutiesAsked), security(("token" = [])),
    responses((status = 200, body = DutiesShape), (status = 400, body = ApiProblem, content_type = "application/problem+json"), (status = 401, body = ApiProblem, content_type = "application/problem+json"), (status = 403, body = ApiProblem, content_type = "application/problem+json"), (status = 429, body = ApiProblem, content_type = "application/problem+json")))]
async fn duties(api: ApiCtx, Query(asked): Query<DutiesAsked>) -> Result<Json<DutiesShape>, Problem> {
    let house = api.house();
    house
        .gate
        .check(&api.viewer, "duty.list", &access::Thing::new("duty", "queue"))?;
    let narrow = Narrow {
        field: basis::Field::from_code(&asked.field),
        relation: asked.relation.parse().ok(),
    };
    let queue = rooms::queue(house, &api.viewer, api.locale, narrow).await?;
    Ok(Json(DutiesShape {
        mine: queue.mine.into_iter().map(DutyShape::from).collect(),
        others: queue.others.into_iter().map(DutyShape::from).collect(),
    }))
}

/// One line of the journal.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineShape {
    pub seq: i64,
    pub at: String,
    /// "call.published"; none where the object may lie under seal, as all that follow but the leaf.
    pub action: Option<String>,
    pub object_kind: Option<String>,
    pub object_id: Option<String>,
    pub account: Option<String>,
    pub body: Option<String>,
    pub role: Option<String>,
    /// SHA-256 of a zero byte and the line.
    pub leaf: String,
}
/// The newest lines, with the log they are in.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalShape {
    /// Entries in the log.
    pub size: u64,
    /// The root over all of them (RFC 9162).
    pub root: String,
    pub items: Vec<LineShape>,
    /// Ask again with `before` set to this for older lines.
    pub next: Option<i64>,
}
/// The journal, newest first, for auditors and the office lead.
#[utoipa::path(get, operation_id = "list_journal", path = "/api/v1/journal", tag = "desk", params(Asked), security(("token" = [])),
    responses((status = 200, body = JournalShape), (status = 400, body = ApiProblem, content_type = "application/problem+json"), (status = 401, body = ApiProblem, content_type = "application/problem+json"), (status = 403, body = ApiProblem, content_type = "application/problem+json"), (status = 429, body = ApiProblem, content_type = "application/problem+json")))]
async fn journal(api: ApiCtx, Query(asked): Query<Asked>) -> Result<Json<JournalShape>, Problem> {
    let found = journal::newest(api.house(), &api.viewer, &asked, true, 100).await?;
    let full = |s: String| (!s.is_empty()).then_some(s);
    Ok(Json(JournalShape {
        size: found.size,
        root: found.root,
        next: found.next,
        items: found
            .lines
            .into_iter()
            .map(|l| LineShape {
                seq: l.seq,
                at: l.at.to_string(),
                action: full(l.action),
                object_kind: full(l.object_kind),
                object_id: full(l.object_id),
                account: l.account,
                body: l.body,
                role: full(l.role),
                leaf: l.leaf_hash,
            })
            .collect(),
    }))
}

#[derive(Debug, Deserialize)]
struct Seq {
    seq: String,
}
/// The proof that an entry is in the log (RFC 9162 section 2.1.3). Public; it holds no personal data.
#[utoipa::path(get, operation_id = "prove_entry", path = "/api/v1/journal/{seq}", tag = "desk", params(("seq" = String, Path, description = "The entry's number, from 0", max_length = 20)), security((), ("token" = [])),
    responses((status = 200, body = Proof), (status = 400, body = ApiProblem, content_type = "application/problem+json"), (status = 401, body = ApiProblem, content_type = "application/problem+json"), (status = 403, body = ApiProblem, content_type = "application/problem+json"), (status = 404, body = ApiProblem, content_type = "application/problem+json"), (status = 429, body = ApiProblem, content_type = "application/problem+json")))]
async fn entry(api: ApiCtx, Path(asked): Path<Seq>) -> Result<Json<Proof>, Problem> {
    let seq: u64 = asked.seq.parse().map_err(|_| basis::Fail::NotFound)?;
    Ok(Json(
        proof::prove(api.house(), &api.viewer, api.locale, seq).await?.proof,
    ))
}

/// A letter of the outbox.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterShape {
    pub id: String,
    pub kind: String,
    /// "held", "ready", "sent", "withheld", "dead"
    pub status: String,
    pub to: String,
    pub lang: String,
    pub subject: String,
    /// None for letters that are the addressee's alone.
    pub text: Option<String>,
    pub made_at: String,
    pub sent_at: Option<String>,
    pub attempts: i64,
    pub last_error: Option<String>,
}
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct LettersAsked {
    /// Only of this status; "held" if not said.
    #[param(max_length = 20, required = false)]
    pub status: String,
}
#[derive(Debug, Serialize, ToSchema)]
pub struct LettersShape {
    /// The newest hundred.
    pub items: Vec<LetterShape>,
}
/// The outbox, newest first, for the office lead and auditors.
#[utoipa::path(get, operation_id = "list_letters", path = "/api/v1/letters", tag = "desk", params(LettersAsked), security(("token" = [])),
    responses((status = 200, body = LettersShape), (status = 400, body = ApiProblem, content_type = "application/problem+json"), (status = 401, body = ApiProblem, content_type = "application/problem+json"), (status = 403, body = ApiProblem, content_type = "application/problem+json"), (status = 429, body = ApiProblem, content_type = "application/problem+json")))]
async fn list_letters(api: ApiCtx, Query(asked): Query<LettersAsked>) -> Result<Json<LettersShape>, Problem> {
    let status = LetterStatus::from_code(&asked.status).unwrap_or(LetterStatus::Held);
    let found = letters::list(api.house(), &api.viewer, Some(status), 100).await?;
    let items = found
        .into_iter()
        .map(|l| LetterShape {
            text: (!letters::is_personal(&l.kind)).then_some(l.body_text),
            id: l.id.to_string(),
            kind: l.kind,
            status: l.status.to_string(),
            to: l.to_address,
            lang: l.lang,
            subject: l.subject,
            made_at: l.made_at.to_string(),
            sent_at: l.sent_at.map(|m| m.to_string()),
            attempts: l.attempts,
            last_error: l.last_error,
        })
        .collect();
    Ok(Json(LettersShape { items }))
}

/// What became of a letter.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettledShape {
    pub id: String,
    pub status: String,
}
async fn settle(api: &ApiCtx, id: &str, step: Step, status: LetterStatus) -> Result<Json<SettledShape>, Problem> {
    let asking = api.asking();
    // Who may not release learns nothing about what is there.
    asking.check(api.house(), "letter.release", &letters::outbox())?;
    let id: LetterId = id.parse().map_err(|_| basis::Fail::NotFound)?;
    letters::settle_one(api.house(), &asking, id, step).await?;
    Ok(Json(SettledShape {
        id: id.to_string(),
        status: status.to_string(),
    }))
}
#[derive(Debug, Deserialize)]
struct Named {
    id: String,
}
/// An officer has read it: it may go. 409 if it does not wait for release.
#[utoipa::path(post, operation_id = "release_letter", path = "/api/v1/letters/{id}/release", tag = "desk", params(("id" = String, Path, max_length = 60), ("Idempotency-Key" = Option<String>, Header, max_length = 100)), security(("token" = [])),
    responses((status = 200, body = SettledShape), (status = 400, body = ApiProblem, content_type = "application/problem+json"), (status = 401, body = ApiProblem, content_type = "application/problem+json"), (status = 403, body = ApiProblem, content_type = "application/problem+json"), (status = 404, body = ApiProblem, content_type = "application/problem+json"), (status = 409, body = ApiProblem, content_type = "application/problem+json"), (status = 422, body = ApiProblem, content_type = "application/problem+json"), (status = 429, body = ApiProblem, content_type = "application/problem+json")))]
async fn release(api: ApiCtx, Path(asked): Path<Named>) -> Result<Json<SettledShape>, Problem> {
    settle(&api, &asked.id, Step::Release, LetterStatus::Ready).await
}
/// It does not go. 409 if it does not wait for release.
#[utoipa::path(post, operation_id = "withhold_letter", path = "/api/v1/letters/{id}/withholding", tag = "desk", params(("id" = String, Path, max_length = 60), ("Idempotency-Key" = Option<String>, Header, max_length = 100)), security(("token" = [])),
    responses((status = 200, body = SettledShape), (status = 400, body = ApiProblem, content_type = "application/problem+json"), (status = 401, body = ApiProblem, content_type = "application/problem+json"), (status = 403, body = ApiProblem, content_type = "application/problem+json"), (status = 404, body = ApiProblem, content_type = "application/problem+json"), (status = 409, body = ApiProblem, content_type = "application/problem+json"), (status = 422, body = ApiProblem, content_type = "application/problem+json"), (status = 429, body = ApiProblem, content_type = "application/problem+json")))]
async fn withhold(api: ApiCtx, Path(asked): Path<Named>) -> Result<Json<SettledShape>, Problem> {
    settle(&api, &asked.id, Step::Withhold, LetterStatus::Withheld).await
}
