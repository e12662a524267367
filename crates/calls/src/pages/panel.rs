//! Who sits on the panel: for the unit that seats them.

use ::pages::{Ctx, Form, Markup, Posted, Problem, Repeat, fmt, parts};
use axum::{extract::Path, response::Response};
use basis::{AccountId, CallId, Fail, Refusal};
use i18n_embed_fl::fl;

use super::words::{self, Names};
use super::{id, part, quiet, table, under_call};
use crate::{Call, CallStatus, DeclareInput, Seat, SeatInput, StrikeInput, store as sql, t};

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
    let further = if crate::readings::open_to_division(call) {
        let to = ctx.to(&format!("/calls/{}/readings", call.id));
        super::tools(&[(to, fl!(t, "readings-title"))])
    } else {
        Markup::default()
    };
    under_call(
        ctx,
        call,
        fl!(t, "panel-title"),
        fl!(t, "panel-say"),
        further,
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
    let going = matches!(
        call.status,
        CallStatus::Open | CallStatus::Closed | CallStatus::InReview
    );
    let may_strike = going && ctx.may("panel.strike", &call.thing());
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
            } else if may_strike && s.counts() && s.scored_at.is_none() {
                super::tools(&[(
                    ctx.to(&format!("/calls/{}/panel/{}/strike", call.id, s.account)),
                    fl!(t, "panel-strike"),
                )])
            } else {
                Markup::default()
            };
            vec![Markup::from(name), state, Markup::from(conflicts), remove]
        })
        .collect();
    table(&fl!(t, "panel-seats"), &heads, &rows)
}
/// The seat to be struck, for who may do so.
async fn striking(ctx: &Ctx, raw: &str, account: &str) -> Result<(Call, Seat), Problem> {
    let call = super::show::inside(ctx, raw, "panel.strike").await?;
    let account: AccountId = id(account)?;
    let seats = sql::seats(&ctx.house().db, call.id).await?;
    let seat = seats.into_iter().find(|s| s.account == account).ok_or(Fail::NotFound)?;
    Ok((call, seat))
}
pub(super) async fn strike_form(ctx: Ctx, Path((raw, account)): Path<(String, String)>) -> Result<Response, Problem> {
    let (call, seat) = striking(&ctx, &raw, &account).await?;
    show_strike(&ctx, &call, &seat, &StrikeInput::default(), &[]).await
}
pub(super) async fn strike(
    ctx: Ctx,
    Path((raw, account)): Path<(String, String)>,
    posted: Posted<StrikeInput>,
) -> Result<Response, Problem> {
    let (call, seat) = striking(&ctx, &raw, &account).await?;
    let asking = ctx.asking(posted.once.clone());
    match Repeat::or_refused(crate::strike(ctx.house(), &asking, call.id, seat.account, &posted.input).await)? {
        Ok(_) => Ok(ctx.go(&format!("/calls/{}/panel", call.id), Some("struck"))),
        Err(refusals) => show_strike(&ctx, &call, &seat, &posted.input, &refusals).await,
    }
}
async fn show_strike(
    ctx: &Ctx,
    call: &Call,
    seat: &Seat,
    input: &StrikeInput,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let (l, t) = (ctx.locale, t(ctx.locale));
    let names = Names::of(ctx, Vec::new(), vec![seat.account]).await?;
    let mut f = Form::post(
        ctx,
        &format!("/calls/{}/panel/{}/strike", call.id, seat.account),
        fl!(t, "panel-strike"),
        refusals,
    );
    f.prose(
        "reason",
        &fl!(t, "call-reason"),
        &fl!(t, "strike-hint"),
        &input.reason,
        600,
        false,
    )
    .beside(&ctx.to(&format!("/calls/{}/panel", call.id)), &fl!(t, "strike-back"));
    under_call(
        ctx,
        call,
        fl!(t, "strike-title", name = names.person(l, seat.account)),
        fl!(t, "strike-lead"),
        Markup::default(),
        vec![part("form", fl!(t, "call-reason"), f.done())],
        f.has_errors(),
    )
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
