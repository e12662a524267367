//! A call's own page: what, for whom, which needs, by which criteria, until when by both clocks, and how to offer; for
//! those inside, the step that comes next.

use ::pages::{Ctx, Form, Markup, Nav, Page, Posted, Problem, Repeat, fmt, parts};
use axum::{extract::Path, response::Response};
use basis::{CallId, Fail, Locale};
use i18n_embed_fl::fl;

use super::words::{self, Names};
use super::{Act, Part, all, facts, id, para, part, quiet, table, tools, under_call};
use crate::allocate::ASPECTS;
use crate::{Call, CallView, CancelInput, Mode, Need, Phase, call_view, t};

pub(super) async fn page(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let v = call_view(ctx.house(), &ctx.viewer, id(&raw)?).await?;
    let l = ctx.locale;
    let t = t(l);
    let call = &v.call;
    let phase = call.phase(ctx.now());
    let partner = partner(&ctx, call).await?;
    let bodies = [call.guiding]
        .into_iter()
        .chain(v.offers.iter().filter_map(|o| o.body))
        .chain(v.awards.iter().filter_map(|a| a.body))
        .chain(super::assign::bodies(v.assignment.as_ref()))
        .collect();
    let people = v.offers.iter().filter_map(|o| o.account);
    let people = people.chain(v.awards.iter().filter_map(|a| a.account));
    let people = people.chain(v.assignment.as_ref().and_then(|a| a.account)).collect();
    let names = Names::of(&ctx, bodies, people).await?;
    let district = super::terms::districts(&ctx, call.district.into_iter()).await?;
    // Handed to one party: no needs, no criteria and no offers, only the mode, the reason and the answer.
    let assigned = call.mode == Mode::Assignment && v.needs.is_empty();
    let mut parts_ = vec![part("what", fl!(t, "call-what"), parts::prose(l, &call.brief))];
    if let Some(inside) = next_step(&ctx, &v, phase, &names) {
        parts_.insert(0, inside);
    }
    if let Some(reason) = &call.reason {
        parts_.push(part("reason", fl!(t, "call-reason"), parts::prose(l, reason)));
    }
    if assigned {
        let body = match &v.assignment {
            Some(a) if v.awards.is_empty() => super::assign::shown(&ctx, a, &names),
            _ => parts::prose(l, &call.who),
        };
        parts_.push(part("assigned", fl!(t, "assigned-title"), body).note(fl!(t, "assigned-note")));
    } else {
        parts_.push(part("needs", fl!(t, "call-needs"), needs(&ctx, &v)).note(fl!(t, "call-needs-note")));
        parts_.push(part("who", fl!(t, "call-who"), parts::prose(l, &call.who)));
    }
    if call.mode == Mode::Outsourcing {
        parts_.push(part("criteria", fl!(t, "call-criteria"), criteria(&ctx, call)).note(fl!(t, "call-criteria-note")));
    }
    if !assigned && phase != Phase::Decided {
        parts_.push(part("weights", fl!(t, "weights-title"), weights(&ctx, call)).note(fl!(t, "weights-call-say")));
    }
    if !assigned {
        parts_.push(part(
            "how",
            fl!(t, "call-how"),
            how(&ctx, &v, phase, &names.body(l, call.guiding)),
        ));
    }
    if !call.is_sealed() && !assigned {
        parts_.push(part("offers", fl!(t, "offers-title"), offers(&ctx, &v, &names)).note(fl!(t, "offers-note")));
    }
    if let Some(plan) = &v.plan {
        let body = super::allocation::on_call(&ctx, call, plan, &v.needs).await?;
        parts_.push(part("allocation", fl!(t, "allocation-title"), body).note(fl!(t, "allocation-public-say")));
    }
    if !v.awards.is_empty() {
        parts_.push(part("awards", fl!(t, "awards-title"), awards(&ctx, &v, &names)));
    }
    let title = call.title.plain(l).to_owned();
    let act = Act {
        made_up: parts::made_up_if(l, call.illustrative),
        lead: String::new(),
        context: all([
            window(&ctx, call, phase, partner.as_ref(), district.values().next(), &names),
            begin_here(&ctx, &v, phase),
            tools(&links(&ctx, &v)),
        ]),
        parts: parts_,
        title: title.clone(),
    };
    let mut page = Page::new(title)
        .nav(Nav::Calls)
        .crumb(fl!(t, "calls-title"), "/calls")
        .about(call.who.plain(l));
    if phase == Phase::Draft {
        page = page.unlisted();
    }
    ctx.show(page, &act)
}
/// The relation it is under, when this viewer may see it.
pub(super) async fn partner(ctx: &Ctx, call: &Call) -> Result<Option<relations::RelationCard>, Problem> {
    let Some(r) = call.relation else { return Ok(None) };
    Ok(relations::cards(&ctx.house().db, &[r])
        .await?
        .remove(&r)
        .filter(|c| relations::may_see(&ctx.viewer, c)))
}
fn window(
    ctx: &Ctx,
    call: &Call,
    phase: Phase,
    partner: Option<&relations::RelationCard>,
    district: Option<&String>,
    names: &Names,
) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    let text = |s: String| Markup::from(s);
    let mut rows = vec![(
        fl!(t, "call-state"),
        parts::status(phase.fill(), &words::phase(l, phase)),
    )];
    if phase == Phase::Asked {
        let by = words::last_day(ctx, call.closes_at, partner);
        rows.push((fl!(t, "assign-answer-by"), text(by)));
    } else {
        rows.push((fl!(t, "table-opens"), words::clock_lines(ctx, call.opens_at, partner)));
        rows.push((fl!(t, "table-closes"), words::clock_lines(ctx, call.closes_at, partner)));
    }
    if phase == Phase::Open {
        rows.push((fl!(t, "call-left"), text(words::left(ctx, call.closes_at))));
    }
    if let Some(p) = partner {
        rows.push((
            fl!(t, "call-with"),
            Markup(super::link(
                &ctx.to(&format!("/relations/{}", p.id)),
                p.partner.name.plain(l),
            )),
        ));
    }
    rows.push((fl!(t, "call-field"), text(parts::field_name(l, call.field))));
    if let Some(district) = district {
        rows.push((fl!(t, "call-district"), text(district.clone())));
    }
    rows.push((fl!(t, "call-mode"), text(words::mode(l, call.mode))));
    let days = fl!(
        t,
        "call-from-to",
        from = fmt::day(l, call.work_from),
        to = fmt::day(l, call.work_until)
    );
    rows.push((fl!(t, "call-work"), text(days)));
    if !call.languages.is_empty() {
        let words: Vec<String> = call
            .languages
            .iter()
            .map(|x| parts::language_name(l, x.as_str()))
            .collect();
        rows.push((
            fl!(t, "call-languages"),
            text(words.join(if l == basis::Locale::Zh { "、" } else { ", " })),
        ));
    }
    if let Some(m) = call.ceiling() {
        rows.push((fl!(t, "call-ceiling"), text(fmt::money(l, m))));
    }
    rows.push((fl!(t, "call-guiding"), text(names.body(l, call.guiding))));
    rows.push((
        fl!(t, "call-programme"),
        Markup(super::link(
            &ctx.to(&format!("/programmes/{}", call.plan_item)),
            &fl!(t, "call-programme-link"),
        )),
    ));
    facts(&rows)
}
fn needs(ctx: &Ctx, v: &CallView) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    let heads = [
        fl!(t, "need-number"),
        fl!(t, "need-what"),
        fl!(t, "need-channel"),
        fl!(t, "need-amount"),
        fl!(t, "need-priority") + "#",
    ];
    let rows: Vec<Vec<Markup>> = v
        .needs
        .iter()
        .enumerate()
        .map(|(i, n)| {
            let text = |s: String| Markup::from(s);
            vec![
                text((i + 1).to_string()),
                parts::text(l, &n.title),
                text(words::need_kind(l, n)),
                amount(l, n),
                text(n.priority.to_string()),
            ]
        })
        .collect();
    table(&fl!(t, "call-needs"), &heads, &rows)
}
/// "12–36 rounds".
fn amount(l: Locale, n: &Need) -> Markup {
    let most = fmt::number(n.max);
    let units = if n.min == n.max {
        most
    } else {
        format!("{}–{most}", fmt::number(n.min))
    };
    let space = if l == Locale::Zh { "" } else { " " };
    Markup(format!("{units}{space}{}", parts::text(l, &n.unit)))
}
fn criteria(ctx: &Ctx, call: &Call) -> Markup {
    let t = t(ctx.locale);
    let rows: Vec<Vec<Markup>> = call
        .criteria
        .iter()
        .map(|c| {
            vec![
                parts::text(ctx.locale, &c.title),
                Markup::from(format!("{}\u{a0}%", c.weight)),
            ]
        })
        .collect();
    table(
        &fl!(t, "call-criteria"),
        &[fl!(t, "criterion"), fl!(t, "criterion-weight") + "#"],
        &rows,
    )
}
/// How offers will be weighed when needs are allocated to them: known before anybody offers.
fn weights(ctx: &Ctx, call: &Call) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    let counts = ASPECTS.into_iter().filter(|a| call.weights.of(*a) > 0);
    let rows: Vec<Vec<Markup>> = counts
        .map(|a| {
            vec![
                Markup::from(words::aspect(l, a)),
                Markup::from(format!("{} %", call.weights.of(a))),
                Markup::from(words::aspect_how(l, a)),
            ]
        })
        .collect();
    table(
        &fl!(t, "weights-title"),
        &[
            fl!(t, "weight-aspect"),
            fl!(t, "criterion-weight") + "#",
            fl!(t, "weight-how"),
        ],
        &rows,
    )
}
fn button(href: &str, label: &str) -> Markup {
    Markup(format!(
        "<p class=\"row\"><a class=\"button\" href=\"{}\">{}</a></p>",
        parts::escape(href),
        parts::escape(label)
    ))
}
fn sign_in(ctx: &Ctx) -> Markup {
    let back = parts::encode(&ctx.in_locale(ctx.locale));
    let href = format!("{}?back={back}", ctx.to("/sign-in"));
    button(&href, &fl!(t(ctx.locale), "how-sign-in"))
}
fn may_begin(ctx: &Ctx) -> bool {
    ctx.viewer.role() == access::Role::Individual || crate::offer::offering_body(&ctx.viewer).is_some()
}
/// The way to an offer right under the facts: on a phone the part that tells how comes screens later.
fn begin_here(ctx: &Ctx, v: &CallView, phase: Phase) -> Markup {
    let t = t(ctx.locale);
    match (v.own_offer, phase) {
        (Some(own), _) => button(&ctx.to(&format!("/offers/{own}")), &fl!(t, "how-own")),
        (None, Phase::Open) if !ctx.viewer.is_signed_in() => sign_in(ctx),
        (None, Phase::Open) if may_begin(ctx) => tools(&[("#how".to_owned(), fl!(t, "call-how"))]),
        _ => Markup::default(),
    }
}
/// How to offer, as this reader may: a button, or what keeps them from it.
fn how(ctx: &Ctx, v: &CallView, phase: Phase, guiding: &str) -> Markup {
    let t = t(ctx.locale);
    let mut out = vec![para(&fl!(t, "how-sealed"))];
    if let Some(own) = v.own_offer {
        out.push(button(&ctx.to(&format!("/offers/{own}")), &fl!(t, "how-own")));
        return all(out);
    }
    match phase {
        Phase::Open if !ctx.viewer.is_signed_in() => out.push(sign_in(ctx)),
        Phase::Open if may_begin(ctx) => {
            out.push(parts::step(
                ctx,
                &format!("/calls/{}/offers", v.call.id),
                &fl!(t, "how-begin"),
                false,
            ));
        }
        Phase::Open => out.push(quiet(&fl!(t, "how-not-as-officer"))),
        Phase::Announced => out.push(quiet(&fl!(t, "how-not-yet"))),
        Phase::Draft => {}
        _ => out.push(quiet(&fl!(t, "how-closed"))),
    }
    out.push(quiet(&fl!(t, "how-ask", office = guiding)));
    all(out)
}
fn offers(ctx: &Ctx, v: &CallView, names: &Names) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    if v.offers.is_empty() {
        return quiet(&fl!(t, "offers-none"));
    }
    // A column that says nothing yet, or never will, is left out.
    let asked = v.offers.iter().any(|o| o.asked.is_some());
    let mean = v.offers.iter().any(|o| o.mean.is_some());
    let heads = [
        (true, fl!(t, "offer-maker")),
        (true, fl!(t, "offer-what")),
        (asked, fl!(t, "offer-asked") + "#"),
        (mean, fl!(t, "offer-mean") + "#"),
        (true, fl!(t, "offer-status")),
    ];
    let heads: Vec<String> = heads.into_iter().filter(|h| h.0).map(|h| h.1).collect();
    let rows: Vec<Vec<Markup>> = v
        .offers
        .iter()
        .map(|o| {
            let name = names.maker_link(ctx, o.body, o.account);
            let name = if v.looks || v.seat.is_some() {
                Markup(format!(
                    "{name} <a href=\"{}\">{}</a>",
                    ctx.to(&format!("/offers/{}", o.id)),
                    parts::escape(&fl!(t, "offer-read"))
                ))
            } else {
                name
            };
            let mut cells = vec![
                Markup(format!("{name}{}", parts::made_up_if(l, o.illustrative))),
                parts::text(l, &o.summary),
            ];
            cells.extend(asked.then(|| Markup::from(o.asked.map(|m| fmt::money(l, m)).unwrap_or_default())));
            cells.extend(mean.then(|| Markup::from(o.mean.map(words::tenths).unwrap_or_default())));
            cells.push(parts::status(o.status.fill(), &words::offer_status(l, o.status)));
            cells
        })
        .collect();
    table(&fl!(t, "offers-title"), &heads, &rows)
}
fn awards(ctx: &Ctx, v: &CallView, names: &Names) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    let mut out = String::from("<ul class=\"rows\">");
    for a in &v.awards {
        let say = fl!(
            t,
            "award-line",
            mode = words::mode(l, a.mode),
            day = fmt::day(l, a.at.to_zoned(ctx.zone().clone()).date())
        );
        out.push_str(&format!(
            "<li><div><h3>{}{}</h3>{}{}<p class=\"quiet small\">{}</p></div><p class=\"meta\">{}<br>{}</p></li>",
            names.maker_link(ctx, a.body, a.account),
            parts::made_up_if(l, a.illustrative),
            parts::prose(l, &a.reason),
            super::award::granted(ctx, a, &v.needs),
            parts::escape(&say),
            parts::escape(&a.amount.map(|m| fmt::money(l, m)).unwrap_or_default()),
            super::link(
                &ctx.to(&format!("/awards/{}/undertaking", a.id)),
                &fl!(t, "award-undertaking")
            ),
        ));
    }
    out.push_str("</ul>");
    Markup(out)
}
/// What those inside can go on to.
fn links(ctx: &Ctx, v: &CallView) -> Vec<(String, String)> {
    let t = t(ctx.locale);
    let call = &v.call;
    let to = |tail: &str| ctx.to(&format!("/calls/{}{tail}", call.id));
    let thing = call.thing();
    let mut out = Vec::new();
    if call.status == crate::CallStatus::Draft && ctx.may("call.draft", &thing) {
        out.push((to("/edit"), fl!(t, "call-edit")));
    }
    if !v.needs.is_empty() && (v.looks || call.is_sealed()) && ctx.may("panel.seat", &thing) {
        out.push((to("/panel"), fl!(t, "panel-title")));
    }
    let offered = !call.is_sealed() && !v.needs.is_empty();
    if offered && (v.looks || v.seat.is_some()) {
        out.push((to("/review"), fl!(t, "review-title")));
        out.push((to("/offers.csv"), fl!(t, "offers-csv")));
        out.push((to("/offers.xlsx"), fl!(t, "offers-xlsx")));
    }
    let leads = v.seat.is_some() && ctx.viewer.role() == access::Role::PanelLead;
    let reader = v.inside || ctx.viewer.role() == access::Role::Auditor;
    if offered && v.looks && (reader || leads) {
        out.push((to("/allocation"), fl!(t, "plans-title")));
    }
    if offered && v.looks && ctx.may("allocation.solve", &thing) {
        out.push((to("/awards"), fl!(t, "awards-title")));
        out.push((to("/offers/import"), fl!(t, "offers-import")));
    }
    if !matches!(call.status, crate::CallStatus::Decided | crate::CallStatus::Cancelled)
        && v.awards.is_empty()
        && ctx.may("call.cancel", &thing)
    {
        out.push((to("/cancellation"), fl!(t, "call-cancel")));
    }
    out
}
/// The one step that comes next, for who may take it.
fn next_step(ctx: &Ctx, v: &CallView, phase: Phase, names: &Names) -> Option<Part> {
    let t = t(ctx.locale);
    let call = &v.call;
    let step = |tail: &str, label: String| parts::step(ctx, &format!("/calls/{}{tail}", call.id), &label, false);
    let to = |tail: &str, label: String| {
        Markup(format!(
            "<p class=\"row\"><a class=\"button\" href=\"{}\">{}</a></p>",
            ctx.to(&format!("/calls/{}{tail}", call.id)),
            parts::escape(&label)
        ))
    };
    let thing = call.thing();
    let body = if v.seat.as_ref().is_some_and(|s| s.counts() && s.scored_at.is_none()) && phase == Phase::InReview {
        to("/review", fl!(t, "next-score"))
    } else if phase == Phase::Draft && ctx.may("call.publish", &thing) {
        all([
            para(&fl!(t, "next-publish-say")),
            step("/publication", fl!(t, "next-publish")),
        ])
    } else if phase == Phase::Draft {
        let unit = names.body(ctx.locale, call.guiding);
        quiet(&fl!(t, "next-publish-others", unit = unit))
    } else if let (Phase::Asked, Some(a)) = (phase, &v.assignment) {
        let party = names.maker(ctx.locale, a.body, a.account);
        if ctx.may("assignment.answer", &a.thing(call)) {
            to("/answer", fl!(t, "next-answer"))
        } else {
            quiet(&fl!(t, "next-answer-others", party = party))
        }
    } else if phase == Phase::Closed && ctx.may("call.open", &thing) {
        all([para(&fl!(t, "next-open-say")), step("/opening", fl!(t, "next-open"))])
    } else if phase == Phase::InReview && v.looks && ctx.may("allocation.solve", &thing) {
        to("/review", fl!(t, "next-review"))
    } else {
        return None;
    };
    Some(part("next", fl!(t, "next-title"), body))
}

pub(super) async fn publish(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<super::Nothing>,
) -> Result<Response, Problem> {
    let id: CallId = id(&raw)?;
    match Repeat::or_refused(crate::publish(ctx.house(), &ctx.asking(posted.once.clone()), id).await)? {
        Ok(id) => Ok(ctx.go(&format!("/calls/{id}"), Some("call-published"))),
        // What is missing is mended in the draft's form, where each fault has its field.
        Err(refusals) => super::draft::again(&ctx, id, &refusals).await,
    }
}
pub(super) async fn open(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<super::Nothing>,
) -> Result<Response, Problem> {
    let id: CallId = id(&raw)?;
    let id = ::store::OrRepeat::or_repeat(crate::open(ctx.house(), &ctx.asking(posted.once.clone()), id).await)?;
    Ok(ctx.go(&format!("/calls/{id}/review"), Some("call-opened")))
}
pub(super) async fn cancel_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let call = inside(&ctx, &raw, "call.cancel").await?;
    show_cancel(
        &ctx,
        &call,
        &CancelInput {
            version: call.version.to_string(),
            ..Default::default()
        },
        &[],
    )
}
pub(super) async fn cancel(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<CancelInput>,
) -> Result<Response, Problem> {
    let call = inside(&ctx, &raw, "call.cancel").await?;
    match Repeat::or_refused(
        crate::cancel(ctx.house(), &ctx.asking(posted.once.clone()), call.id, &posted.input).await,
    )? {
        Ok(id) => Ok(ctx.go(&format!("/calls/{id}"), Some("call-cancelled"))),
        Err(refusals) => show_cancel(&ctx, &call, &posted.input, &refusals),
    }
}
fn show_cancel(ctx: &Ctx, call: &Call, input: &CancelInput, refusals: &[basis::Refusal]) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let mut f = Form::post(
        ctx,
        &format!("/calls/{}/cancellation", call.id),
        fl!(t, "call-cancel"),
        refusals,
    );
    f.prose(
        "reason",
        &fl!(t, "call-reason"),
        &fl!(t, "cancel-hint"),
        &input.reason,
        600,
        false,
    )
    .hidden("version", &input.version);
    under_call(
        ctx,
        call,
        fl!(t, "call-cancel"),
        fl!(t, "cancel-lead"),
        Markup::default(),
        vec![part("form", fl!(t, "call-reason"), f.done())],
        f.has_errors(),
    )
}
/// The call for a page of those who run it: not there for readers who may not see it, a denial with its rule for those
/// who see it and may not do this.
pub(super) async fn inside(ctx: &Ctx, raw: &str, action: &'static str) -> Result<Call, Problem> {
    let call = crate::store::load(&ctx.house().db, id(raw)?)
        .await?
        .ok_or(Fail::NotFound)?;
    if call.status == crate::CallStatus::Draft && !ctx.may("call.inside.read", &call.thing()) {
        return Err(Fail::NotFound.into());
    }
    // Whoever belongs to somebody who offers takes none of these steps, and so is not shown what they stand on.
    let thing = crate::review::looked_at(&ctx.house().db, &ctx.viewer, &call, &[]).await?;
    ctx.house().gate.check(&ctx.viewer, action, &thing)?;
    Ok(call)
}
