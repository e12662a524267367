//! Instalments: asking, approving, recording the payment, refusing.

use ::pages::{Ctx, Form, Markup, Posted, Problem, Repeat, fmt, parts};
use axum::{
    extract::{Path, Query},
    response::Response,
};
use basis::{Fail, InstalmentId, Refusal, UndertakingId};
use i18n_embed_fl::fl;
use serde::Deserialize;

use super::{Part, inside_card, names_of, not_yours, show_act, words};
use crate::{
    InstalmentCard, InstalmentStatus, MilestoneCard, MilestoneStatus, Payment, Reason, Reconciliation, Request, Turn,
    UndertakingCard,
    duties::{what_for, whose},
    neighbours::Names,
    store, t,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    instalment: String,
}
pub async fn request_form(ctx: Ctx, Path(raw): Path<String>, Query(q): Query<Chosen>) -> Result<Response, Problem> {
    let input = Request {
        instalment: q.instalment,
        ..Request::default()
    };
    show_request(&ctx, super::id(&raw)?, Way::Planned, &input, &[]).await
}
/// What is asked for: an instalment that the terms plan, or another sum out of what the budget still holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Planned,
    Own,
}
pub async fn request(ctx: Ctx, Path(raw): Path<String>, posted: Posted<Request>) -> Result<Response, Problem> {
    let id: UndertakingId = super::id(&raw)?;
    let blank = |typed: &str| typed.trim().is_empty();
    if blank(&posted.input.instalment) && blank(&posted.input.amount) {
        let none = [Refusal::at("instalment", "refusal-required")];
        return show_request(&ctx, id, Way::Planned, &posted.input, &none).await;
    }
    ask(ctx, id, Way::Planned, posted).await
}
pub async fn request_own(ctx: Ctx, Path(raw): Path<String>, posted: Posted<Request>) -> Result<Response, Problem> {
    ask(ctx, super::id(&raw)?, Way::Own, posted).await
}
async fn ask(ctx: Ctx, id: UndertakingId, way: Way, posted: Posted<Request>) -> Result<Response, Problem> {
    let answer = crate::request(ctx.house(), &ctx.asking(posted.once), id, &posted.input).await;
    match Repeat::or_refused(answer)? {
        Ok(_) => Ok(ctx.go(&format!("/undertakings/{id}#money"), Some("requested"))),
        Err(refusals) => show_request(&ctx, id, way, &posted.input, &refusals).await,
    }
}
fn what(ctx: &Ctx, milestones: &[MilestoneCard], i: &InstalmentCard) -> String {
    what_for(ctx.locale, milestones, i)
}
async fn show_request(
    ctx: &Ctx,
    id: UndertakingId,
    way: Way,
    input: &Request,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let u = inside_card(ctx, id).await?;
    ctx.house()
        .gate
        .check(&ctx.viewer, "instalment.request", &u.thing(&ctx.viewer))?;
    let one = std::slice::from_ref(&u);
    let milestones = crate::milestones(&ctx.house().db, one).await?;
    let sums = crate::money(&ctx.house().db, one).await?;
    let earned = |m: &MilestoneCard| m.status == MilestoneStatus::Accepted;
    let planned: Vec<(String, String)> = sums
        .iter()
        .flat_map(|m| &m.instalments)
        .filter(|i| i.status == InstalmentStatus::Planned)
        .filter(|i| {
            i.milestone
                .is_none_or(|id| milestones.iter().any(|m| m.id == id && earned(m)))
        })
        .map(|i| {
            let label = fl!(
                t,
                "instalment-choice",
                what = what(ctx, &milestones, i),
                sum = fmt::money(l, i.amount)
            );
            (i.id.to_string(), label)
        })
        .collect();
    let done: Vec<(String, String)> = milestones
        .iter()
        .filter(|m| earned(m))
        .map(|m| (m.id.to_string(), m.title.plain(l).to_owned()))
        .collect();
    // What was typed, and what is wrong with it, belongs to the form that it was typed into.
    let untouched = Request::default();
    let unrefused: &[Refusal] = &[];
    let of = |asked: Way| {
        if asked == way {
            (input, refusals)
        } else {
            (&untouched, unrefused)
        }
    };
    let mut all = Vec::new();
    let mut in_error = false;
    if !planned.is_empty() || !of(Way::Planned).1.is_empty() {
        let form = planned_form(ctx, id, &planned, of(Way::Planned));
        in_error |= form.has_errors();
        all.push(Part {
            anchor: "request",
            heading: fl!(t, "part-planned"),
            note: fl!(t, "four-people-note"),
            body: form.done(),
        });
    }
    if u.left.is_none_or(|left| left.minor > 0) || !of(Way::Own).1.is_empty() {
        let form = own_form(ctx, &u, &done, of(Way::Own));
        in_error |= form.has_errors();
        all.push(Part {
            anchor: "own",
            heading: fl!(t, "part-own-sum"),
            note: fl!(t, "own-sum-note"),
            body: form.done(),
        });
    }
    if all.is_empty() {
        let said = parts::escape(&fl!(t, "nothing-to-ask"));
        all.push(Part {
            anchor: "request",
            heading: fl!(t, "part-money"),
            note: String::new(),
            body: Markup(format!("<p class=\"quiet\">{said}</p>")),
        });
    }
    show_act(ctx, &u, (fl!(t, "title-request"), ""), Markup::default(), all, in_error)
}
fn planned_form(
    ctx: &Ctx,
    id: UndertakingId,
    planned: &[(String, String)],
    (input, refusals): (&Request, &[Refusal]),
) -> Form {
    let t = t(ctx.locale);
    let action = format!("/undertakings/{id}/instalments");
    let mut form = Form::post(ctx, &action, fl!(t, "button-request"), refusals);
    let chosen = match planned {
        [(only, _)] => only,
        _ => &input.instalment,
    };
    form.select(
        "instalment",
        &fl!(t, "field-planned"),
        &fl!(t, "hint-planned"),
        planned,
        chosen,
        false,
    );
    purpose(ctx, &mut form, id, input);
    form
}
fn own_form(
    ctx: &Ctx,
    u: &UndertakingCard,
    done: &[(String, String)],
    (input, refusals): (&Request, &[Refusal]),
) -> Form {
    let l = ctx.locale;
    let t = t(l);
    let action = format!("/undertakings/{}/instalments/own", u.id);
    let mut form = Form::post(ctx, &action, fl!(t, "button-request"), refusals);
    form.marked("own");
    let left = u.left.map(|m| fmt::money(l, m)).unwrap_or_default();
    form.select(
        "milestone",
        &fl!(t, "field-earned-by"),
        &fl!(
            t,
            "hint-earned-by",
            share = u.advance_share,
            sum = u.advance_most.map(|m| fmt::money(l, m)).unwrap_or_default()
        ),
        done,
        &input.milestone,
        true,
    );
    let currency = u.currency.to_string();
    form.money(
        "amount",
        &fl!(t, "field-amount"),
        &fl!(t, "hint-left", left = left),
        &input.amount,
        &currency,
        false,
    );
    purpose(ctx, &mut form, u.id, input);
    form
}
fn purpose(ctx: &Ctx, form: &mut Form, of: UndertakingId, input: &Request) {
    let t = t(ctx.locale);
    form.prose(
        "note",
        &fl!(t, "field-purpose"),
        &fl!(t, "hint-purpose"),
        &input.note,
        2000,
        true,
    )
    .beside(&ctx.to(&format!("/undertakings/{of}")), &fl!(t, "link-back"));
}

pub async fn page(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    show(&ctx, super::id(&raw)?, &Forms::default()).await
}
/// What was typed into the forms of one instalment's page, and what was refused.
#[derive(Default)]
struct Forms {
    approval: Vec<Refusal>,
    payment: (Payment, Vec<Refusal>),
    statement: (Reconciliation, Vec<Refusal>),
    refusal: (Reason, Vec<Refusal>),
}
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Nothing {}

pub async fn approve(ctx: Ctx, Path(raw): Path<String>, posted: Posted<Nothing>) -> Result<Response, Problem> {
    let id: InstalmentId = super::id(&raw)?;
    match Repeat::or_refused(crate::approve(ctx.house(), &ctx.asking(posted.once), id).await)? {
        Ok(_) => Ok(ctx.go(&format!("/instalments/{id}"), Some("approved"))),
        Err(approval) => {
            show(
                &ctx,
                id,
                &Forms {
                    approval,
                    ..Forms::default()
                },
            )
            .await
        }
    }
}
pub async fn pay(ctx: Ctx, Path(raw): Path<String>, posted: Posted<Payment>) -> Result<Response, Problem> {
    let id: InstalmentId = super::id(&raw)?;
    match Repeat::or_refused(crate::pay(ctx.house(), &ctx.asking(posted.once), id, &posted.input).await)? {
        Ok(_) => Ok(ctx.go(&format!("/instalments/{id}"), Some("paid"))),
        Err(refusals) => {
            show(
                &ctx,
                id,
                &Forms {
                    payment: (posted.input, refusals),
                    ..Forms::default()
                },
            )
            .await
        }
    }
}
pub async fn reconcile(ctx: Ctx, Path(raw): Path<String>, posted: Posted<Reconciliation>) -> Result<Response, Problem> {
    let id: InstalmentId = super::id(&raw)?;
    let answer = crate::reconcile(ctx.house(), &ctx.asking(posted.once), id, &posted.input).await;
    match Repeat::or_refused(answer)? {
        Ok(_) => Ok(ctx.go(&format!("/instalments/{id}"), Some("reconciled"))),
        Err(refusals) => {
            let forms = Forms {
                statement: (posted.input, refusals),
                ..Forms::default()
            };
            show(&ctx, id, &forms).await
        }
    }
}
/// The sum is typed from the statement, not offered: who only confirms what stands there compares nothing.
fn statement_form(ctx: &Ctx, i: &InstalmentCard, (input, refusals): &(Reconciliation, Vec<Refusal>)) -> Markup {
    let t = t(ctx.locale);
    let action = format!("/instalments/{}/reconciliation", i.id);
    let mut form = Form::post(ctx, &action, fl!(t, "button-reconcile"), refusals);
    form.text(
        "statement",
        &fl!(t, "field-statement"),
        &fl!(t, "hint-statement"),
        &input.statement,
    )
    .money(
        "amount",
        &fl!(t, "field-statement-amount"),
        &fl!(t, "hint-statement-amount"),
        &input.amount,
        i.amount.currency.as_str(),
        false,
    );
    form.done()
}
pub async fn refuse(ctx: Ctx, Path(raw): Path<String>, posted: Posted<Reason>) -> Result<Response, Problem> {
    let id: InstalmentId = super::id(&raw)?;
    match Repeat::or_refused(crate::refuse(ctx.house(), &ctx.asking(posted.once), id, &posted.input).await)? {
        Ok(_) => Ok(ctx.go(&format!("/instalments/{id}"), Some("refused"))),
        Err(refusals) => {
            show(
                &ctx,
                id,
                &Forms {
                    refusal: (posted.input, refusals),
                    ..Forms::default()
                },
            )
            .await
        }
    }
}
async fn show(ctx: &Ctx, id: InstalmentId, forms: &Forms) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let db = &ctx.house().db;
    let found = store::instalment(db, id).await?.ok_or(Fail::NotFound)?;
    let u = inside_card(ctx, found.undertaking).await?;
    let one = std::slice::from_ref(&u);
    let milestones = crate::milestones(db, one).await?;
    let sums = crate::money(db, one).await?;
    let i = sums
        .iter()
        .flat_map(|m| &m.instalments)
        .find(|i| i.id == id)
        .ok_or(Fail::NotFound)?;
    let people = [i.requested_by, i.approved_by, i.paid_by, i.reconciled_by]
        .into_iter()
        .flatten()
        .collect();
    let names = Names::of(db, Vec::new(), people).await?;
    let facts = facts(ctx, i, &what(ctx, &milestones, i), &names);
    let note = words::instalment(l, i.status).0;
    let body = Markup(format!("<p>{note}</p>{facts}"));
    let mut all = vec![Part {
        anchor: "sum",
        heading: fmt::money(l, i.amount),
        note: String::new(),
        body,
    }];
    let mut thing = u.thing(&ctx.viewer);
    thing.executing_people.extend(crate::sight::handers(db, u.id).await?);
    thing.earlier_people = people_before(i);
    all.extend(next_part(ctx, &u, i, &thing, forms).await?);
    // A planned one was not asked for yet: there is nothing to refuse.
    let open = matches!(i.status, InstalmentStatus::Requested | InstalmentStatus::Approved);
    if open && ctx.may("instalment.refuse", &thing) {
        let (input, refusals) = &forms.refusal;
        let mut form = Form::post(
            ctx,
            &format!("/instalments/{id}/refusal"),
            fl!(t, "button-refuse"),
            refusals,
        );
        let (label, hint) = (fl!(t, "field-refusal"), fl!(t, "hint-refusal"));
        form.plain().prose("reason", &label, &hint, &input.reason, 4000, false);
        let heading = fl!(t, "part-refuse");
        all.push(Part {
            anchor: "refuse",
            heading,
            note: String::new(),
            body: form.done(),
        });
    }
    let in_error = !(forms.approval.is_empty()
        && forms.payment.1.is_empty()
        && forms.statement.1.is_empty()
        && forms.refusal.1.is_empty());
    let title = fl!(t, "title-instalment", what = what(ctx, &milestones, i));
    show_act(ctx, &u, (title, ""), Markup::default(), all, in_error)
}
fn people_before(i: &InstalmentCard) -> Vec<basis::AccountId> {
    [i.requested_by, i.approved_by, i.paid_by]
        .into_iter()
        .flatten()
        .collect()
}
fn facts(ctx: &Ctx, i: &InstalmentCard, what: &str, names: &Names) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    let mut rows = vec![(fl!(t, "col-what"), what.to_owned())];
    rows.extend(i.note.clone().map(|n| (fl!(t, "field-purpose"), n)));
    let steps = [
        ("who-requested", i.requested_by, i.requested_at),
        ("who-approved", i.approved_by, i.approved_at),
        ("who-paid", i.paid_by, i.paid_at),
        ("who-reconciled", i.reconciled_by, i.reconciled_at),
    ];
    for (key, by, at) in steps {
        if let (Some(by), Some(at)) = (by, at) {
            let said = format!("{} · {}", names.person(by), fmt::moment(l, at, ctx.zone()));
            // The word opens a row of a table elsewhere, with a colon; here it is a row's name.
            let name = words::word(l, key).trim_end_matches([':', '：']).to_owned();
            rows.push((name, said));
        }
    }
    rows.extend(i.reference.clone().map(|r| (fl!(t, "field-reference"), r)));
    rows.extend(i.statement.clone().map(|s| (fl!(t, "field-statement"), s)));
    rows.extend(i.refusal.clone().map(|r| (fl!(t, "col-reason"), r)));
    let inner: String = rows
        .iter()
        .map(|(k, v)| format!("<dt>{}</dt><dd>{}</dd>", parts::escape(k), parts::escape(v)))
        .collect();
    Markup(format!("<dl class=\"facts\">{inner}</dl>"))
}
/// The next step of an instalment: its form for who may, else in words who does it and which rule keeps the reader from it.
async fn next_part(
    ctx: &Ctx,
    u: &UndertakingCard,
    i: &InstalmentCard,
    thing: &access::Thing,
    forms: &Forms,
) -> Result<Option<Part>, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let (action, turn, anchor, heading) = match i.status {
        InstalmentStatus::Requested => ("instalment.approve", Turn::Second, "approve", fl!(t, "part-approve")),
        InstalmentStatus::Approved => ("instalment.pay", Turn::Finance, "pay", fl!(t, "part-pay")),
        InstalmentStatus::Planned => (
            "instalment.request",
            Turn::Executing,
            "request",
            fl!(t, "title-request"),
        ),
        InstalmentStatus::Paid => (
            "instalment.reconcile",
            Turn::Fourth,
            "reconcile",
            fl!(t, "part-reconcile"),
        ),
        InstalmentStatus::Reconciled | InstalmentStatus::Refused => return Ok(None),
    };
    let body = match ctx.house().gate.check(&ctx.viewer, action, thing) {
        Ok(()) => match i.status {
            InstalmentStatus::Requested => {
                let action = format!("/instalments/{}/approval", i.id);
                Form::post(ctx, &action, fl!(t, "button-approve"), &forms.approval).done()
            }
            InstalmentStatus::Approved => {
                let (input, refusals) = &forms.payment;
                let action = format!("/instalments/{}/payment", i.id);
                let mut form = Form::post(ctx, &action, fl!(t, "button-pay"), refusals);
                form.text(
                    "reference",
                    &fl!(t, "field-reference"),
                    &fl!(t, "hint-reference"),
                    &input.reference,
                );
                form.done()
            }
            InstalmentStatus::Paid => statement_form(ctx, i, &forms.statement),
            _ => {
                let href = ctx.to(&format!("/undertakings/{}/instalments?instalment={}", u.id, i.id));
                let label = parts::escape(&fl!(t, "button-request"));
                Markup(format!("<p><a class=\"button\" href=\"{href}\">{label}</a></p>"))
            }
        },
        Err(Fail::Denied(d)) => {
            let names = names_of(ctx, u).await?;
            let guiding = names.body(u.guiding).map_or("", |n| n.plain(l)).to_owned();
            let executor = names.executor(l, u.body, u.account);
            let why = ctx.house().gate.reasons(&d, l).join(" ");
            let why = if why.is_empty() {
                String::new()
            } else {
                format!("<p>{}</p>", parts::escape(&why))
            };
            Markup(format!("{}{why}", not_yours(ctx, &whose(l, turn, &executor, &guiding))))
        }
        Err(other) => return Err(Problem(other)),
    };
    Ok(Some(Part {
        anchor,
        heading,
        note: fl!(t, "four-people-note"),
        body,
    }))
}
