//! Who sits on the panel: for the unit that seats them.

use ::pages::{Ctx, Form, Markup, Posted, Problem, Repeat, fmt, parts};
use axum::{extract::Path, response::Response};
use basis::{AccountId, CallId, Refusal};
use i18n_embed_fl::fl;

use super::words::{self, Names};
use super::{id, part, quiet, table, under_call};
use crate::{Call, DeclareInput, Seat, SeatInput, store as sql, t};

pub(super) async fn page(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let call = super::show::inside(&ctx, &raw, "panel.seat").await?;
    show(&ctx, &call, &SeatInput::default(), &[]).await
}
pub(super) async fn seat(ctx: Ctx, Path(raw): Path<String>, posted: Posted<SeatInput>) -> Result<Response, Problem> {
    let call = super::show::inside(&ctx, &raw, "panel.seat").await?;
    match Repeat::or_refused(crate::seat(ctx.house(), &ctx.asking(posted.once.clone()), call.id, &posted.input).await)?
    {
        Ok(_) => Ok(ctx.go(&format!("/calls/{}/panel", call.id), Some("seated"))),
        Err(refusals) => show(&ctx, &call, &posted.input, &refusals).await,
    }
}
pub(super) async fn unseat(
    ctx: Ctx,
    Path((raw, account)): Path<(String, String)>,
    posted: Posted<super::Nothing>,
) -> Result<Response, Problem> {
    let call: CallId = id(&raw)?;
    let account: AccountId = id(&account)?;
    ::store::OrRepeat::or_repeat(crate::unseat(ctx.house(), &ctx.asking(posted.once.clone()), call, account).await)?;
    Ok(ctx.go(&format!("/calls/{call}/panel"), Some("unseated")))
}
async fn show(ctx: &Ctx, call: &Call, input: &SeatInput, refusals: &[Refusal]) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let q = &ctx.house().db;
    let seats = sql::seats(q, call.id).await?;
    // Those who hold a panel's mandate now; anybody else is seated over the API by id.
    let mut people: Vec<AccountId> = Vec::new();
    for body in access::bodies_of_kind(q, access::BodyKind::Panel).await? {
        people.extend(parties::members(q, body.id, ctx.now()).await?);
    }
    people.extend(seats.iter().map(|s| s.account));
    people.sort_unstable();
    people.dedup();
    let names = Names::of(ctx, Vec::new(), people.clone()).await?;
    let choices: Vec<(String, String)> = people
        .iter()
        .filter(|p| !seats.iter().any(|s| s.account == **p))
        .map(|p| (p.to_string(), names.person(l, *p)))
        .collect();
    let mut sections =
        vec![part("seats", fl!(t, "panel-seats"), seat_table(ctx, call, &seats, &names)).note(fl!(t, "panel-note"))];
    let mut f = Form::post(
        ctx,
        &format!("/calls/{}/panel", call.id),
        fl!(t, "panel-seat"),
        refusals,
    );
    f.select(
        "account",
        &fl!(t, "panel-person"),
        &fl!(t, "panel-person-hint"),
        &choices,
        &input.account,
        false,
    );
    f.checks(
        "lead",
        &fl!(t, "panel-lead-legend"),
        "",
        &[("true".to_owned(), fl!(t, "panel-lead"), String::new())],
        &[input.lead.as_str()],
    );
    sections.push(part("form", fl!(t, "panel-seat"), f.done()));
    under_call(
        ctx,
        call,
        fl!(t, "panel-title"),
        fl!(t, "panel-say"),
        Markup::default(),
        sections,
        f.has_errors(),
    )
}
pub(super) fn seat_table(ctx: &Ctx, call: &Call, seats: &[Seat], names: &Names) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    if seats.is_empty() {
        return quiet(&fl!(t, "panel-none"));
    }
    let may = ctx.may("panel.seat", &call.thing());
    let heads = [
        fl!(t, "panel-person"),
        fl!(t, "panel-state"),
        fl!(t, "panel-conflicts"),
        String::new(),
    ];
    let rows: Vec<Vec<Markup>> = seats
        .iter()
        .map(|s| {
            let name = if s.lead {
                format!("{} ({})", names.person(l, s.account), fl!(t, "panel-lead"))
            } else {
                names.person(l, s.account)
            };
            let state = match (&s.struck, &s.conflict, s.scored_at) {
                (Some(why), ..) => parts::status(basis::Fill::Dotted, &words::struck(l, *why)),
                (None, _, Some(at)) => parts::status(
                    basis::Fill::Full,
                    &fl!(t, "seat-scored", when = fmt::moment(l, at, ctx.zone())),
                ),
                (None, Some(_), None) => parts::status(basis::Fill::Half, &fl!(t, "seat-declared")),
                (None, None, None) => parts::status(basis::Fill::Empty, &fl!(t, "seat-waiting")),
            };
            let conflicts = match &s.conflict {
                Some(c) if c.offers.is_empty() => fl!(t, "conflict-none"),
                Some(c) => fl!(t, "conflict-some", count = c.offers.len(), note = c.note.as_str()),
                None => String::new(),
            };
            let remove = if may && s.conflict.is_none() && s.scored_at.is_none() {
                parts::step(
                    ctx,
                    &format!("/calls/{}/panel/{}/removal", call.id, s.account),
                    &fl!(t, "panel-remove"),
                    true,
                )
            } else {
                Markup::default()
            };
            vec![Markup::from(name), state, Markup::from(conflicts), remove]
        })
        .collect();
    table(&fl!(t, "panel-seats"), &heads, &rows)
}
pub(super) async fn declare(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<DeclareInput>,
) -> Result<Response, Problem> {
    let call: CallId = id(&raw)?;
    match Repeat::or_refused(crate::declare(ctx.house(), &ctx.asking(posted.once.clone()), call, &posted.input).await)?
    {
        Ok(id) => Ok(ctx.go(&format!("/calls/{id}/review"), Some("call-declared"))),
        Err(refusals) => super::scores::show(&ctx, call, &posted.input, &refusals).await,
    }
}
