//! One plan item: what it is, where it stands, and the steps that may come next.

use ::pages::{Ctx, Form, Markup, Nav, Page, Posted, Problem, Repeat, fmt, parts};
use axum::{
    extract::{Path, Query},
    response::Response,
};
use basis::{Fail, Fill, Locale, Refusal, Text};
use i18n_embed_fl::fl;
use std::fmt::Write;

use super::{Act, Around, Part, field_options, id, may_plan, show_form, who_could};
use crate::{PlanItemCard, PlanItemInput, PlanStatus, StepInput, neighbours, status_name, t};

pub(super) async fn new_form(ctx: Ctx, Query(input): Query<PlanItemInput>) -> Result<Response, Problem> {
    may_plan(&ctx)?;
    let input = PlanItemInput {
        year: if input.year.is_empty() {
            ctx.today().year().to_string()
        } else {
            input.year.clone()
        },
        ..input
    };
    form_page(&ctx, None, &input, &[]).await
}
pub(super) async fn add(ctx: Ctx, posted: Posted<PlanItemInput>) -> Result<Response, Problem> {
    match Repeat::or_refused(crate::plan(ctx.house(), &ctx.asking(posted.once.clone()), &posted.input).await)? {
        Ok(id) => Ok(ctx.go(&format!("/plan/items/{id}"), Some("planned"))),
        Err(refusals) => form_page(&ctx, None, &posted.input, &refusals).await,
    }
}
pub(super) async fn edit_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let card = crate::item(&ctx.house().db, id(&raw)?).await?.ok_or(Fail::NotFound)?;
    ctx.house().gate.check(&ctx.viewer, "plan-item.amend", &thing(&card))?;
    let words = |t: &Text, l: Locale| t.get(l.tag()).unwrap_or("").to_owned();
    let input = PlanItemInput {
        relation: card.relation.map(|r| r.to_string()).unwrap_or_default(),
        district: card.district.map(|r| r.to_string()).unwrap_or_default(),
        field: card.field.to_string(),
        year: card.year.to_string(),
        policy: card.policy.to_string(),
        title_zh: words(&card.title, Locale::Zh),
        title_en: words(&card.title, Locale::En),
        aim_zh: words(&card.aim, Locale::Zh),
        aim_en: words(&card.aim, Locale::En),
        supports_zh: words(&card.supports, Locale::Zh),
        supports_en: words(&card.supports, Locale::En),
        due: card.due.map(|d| d.to_string()).unwrap_or_default(),
        version: card.version.to_string(),
    };
    form_page(&ctx, Some(&card), &input, &[]).await
}
pub(super) async fn amend(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<PlanItemInput>,
) -> Result<Response, Problem> {
    let id = id(&raw)?;
    match Repeat::or_refused(crate::amend(ctx.house(), &ctx.asking(posted.once.clone()), id, &posted.input).await)? {
        Ok(id) => Ok(ctx.go(&format!("/plan/items/{id}"), Some("plan-saved"))),
        Err(refusals) => {
            let card = crate::item(&ctx.house().db, id).await?.ok_or(Fail::NotFound)?;
            form_page(&ctx, Some(&card), &posted.input, &refusals).await
        }
    }
}
async fn form_page(
    ctx: &Ctx,
    card: Option<&PlanItemCard>,
    input: &PlanItemInput,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let q = &ctx.house().db;
    let (path, title) = match card {
        Some(c) => (format!("/plan/items/{}", c.id), fl!(t, "item-edit-title")),
        None => ("/plan/items".to_owned(), fl!(t, "item-new")),
    };
    let ties: Vec<(String, String)> = neighbours::ties(q, &ctx.viewer)
        .await?
        .into_iter()
        .map(|x| {
            let partner = x.partner_name.plain(ctx.locale);
            (
                x.id.to_string(),
                if x.of_district {
                    format!("{} – {partner}", x.own_name.plain(ctx.locale))
                } else {
                    partner.to_owned()
                },
            )
        })
        .collect();
    let districts: Vec<(String, String)> = neighbours::districts(q)
        .await?
        .into_iter()
        .map(|(id, n)| (id.to_string(), n.plain(ctx.locale).to_owned()))
        .collect();
    let year = input.year.parse().unwrap_or(i64::from(ctx.today().year()));
    let lines: Vec<(String, String)> = crate::policy_lines(q)
        .await?
        .into_iter()
        .filter(|l| l.holds_in(year) || l.id.to_string() == input.policy)
        .map(|l| (l.id.to_string(), format!("{} {}", l.code, l.title.plain(ctx.locale))))
        .collect();
    let mut f = Form::post(ctx, &path, fl!(t, "item-save"), refusals);
    f.select(
        "relation",
        &fl!(t, "item-relation"),
        &fl!(t, "item-relation-hint"),
        &ties,
        &input.relation,
        true,
    )
    .select(
        "district",
        &fl!(t, "item-district"),
        "",
        &districts,
        &input.district,
        true,
    )
    .select(
        "field",
        &fl!(t, "item-field"),
        "",
        &field_options(ctx),
        &input.field,
        false,
    )
    .number("year", &fl!(t, "item-year"), "", &input.year)
    .select(
        "policy",
        &fl!(t, "plan-policy"),
        &fl!(t, "item-policy-hint"),
        &lines,
        &input.policy,
        false,
    )
    .text_in(
        "zh-Hans",
        "title_zh",
        &fl!(t, "item-title-zh"),
        &fl!(t, "either-language"),
        &input.title_zh,
        true,
    )
    .text_in("en", "title_en", &fl!(t, "item-title-en"), "", &input.title_en, true)
    .prose_in(
        "zh-Hans",
        "aim_zh",
        &fl!(t, "item-aim-zh"),
        &fl!(t, "item-aim-hint"),
        &input.aim_zh,
        1200,
        true,
    )
    .prose_in("en", "aim_en", &fl!(t, "item-aim-en"), "", &input.aim_en, 1200, true)
    .prose_in(
        "zh-Hans",
        "supports_zh",
        &fl!(t, "item-supports-zh"),
        &fl!(t, "item-supports-hint"),
        &input.supports_zh,
        600,
        true,
    )
    .prose_in(
        "en",
        "supports_en",
        &fl!(t, "item-supports-en"),
        "",
        &input.supports_en,
        600,
        true,
    )
    .day("due", &fl!(t, "item-due"), &fl!(t, "item-due-hint"), &input.due, true)
    .hidden("version", &input.version);
    let page = Page::new(title.clone())
        .nav(Nav::Plan)
        .crumb(fl!(t, "plan-title"), "/plan");
    show_form(ctx, page, title, fl!(t, "item-lead"), fl!(t, "item-form"), &f)
}

fn thing(card: &PlanItemCard) -> access::Thing {
    access::Thing {
        field: Some(card.field),
        district: card.district,
        relation: card.relation,
        guiding: Some(card.guiding),
        status: Some(basis::Code::code(card.status)),
        ..access::Thing::new("plan-item", card.id)
    }
}

pub(super) async fn page(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let card = crate::item(&ctx.house().db, id(&raw)?).await?.ok_or(Fail::NotFound)?;
    show(&ctx, &card, &StepInput::default(), &[]).await
}
pub(super) async fn step(ctx: Ctx, Path(raw): Path<String>, posted: Posted<StepInput>) -> Result<Response, Problem> {
    let id = id(&raw)?;
    match Repeat::or_refused(crate::step(ctx.house(), &ctx.asking(posted.once.clone()), id, &posted.input).await)? {
        Ok(id) => Ok(ctx.go(&format!("/plan/items/{id}"), Some("plan-moved"))),
        Err(refusals) => {
            let card = crate::item(&ctx.house().db, id).await?.ok_or(Fail::NotFound)?;
            show(&ctx, &card, &posted.input, &refusals).await
        }
    }
}
async fn show(ctx: &Ctx, card: &PlanItemCard, typed: &StepInput, refusals: &[Refusal]) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let around = Around::of(ctx, std::slice::from_ref(card)).await?;
    let mut what = vec![Part {
        anchor: "what",
        heading: fl!(t, "item-what"),
        note: String::new(),
        body: facts(ctx, card, &around),
    }];
    if let Some(reason) = &card.reason {
        what.push(Part {
            anchor: "reason",
            heading: fl!(t, "plan-reason"),
            note: String::new(),
            body: parts::prose(ctx.locale, reason),
        });
    }
    let next = card.status.next();
    if ctx.may("plan-item.move", &thing(card)) && !next.is_empty() {
        let steps: Vec<(String, String, String)> = next
            .iter()
            .map(|s| (s.to_string(), status_name(ctx.locale, *s), String::new()))
            .collect();
        let mut f = Form::post(
            ctx,
            &format!("/plan/items/{}/step", card.id),
            fl!(t, "step-save"),
            refusals,
        );
        f.radios("to", &fl!(t, "step-to"), "", &steps, &typed.to)
            .prose(
                "reason",
                &fl!(t, "plan-reason"),
                &fl!(t, "step-reason-hint"),
                &typed.reason,
                600,
                true,
            )
            .text_opt(
                "carried_to",
                &fl!(t, "step-carried-to"),
                &fl!(t, "step-carried-hint"),
                &typed.carried_to,
            )
            .hidden("version", &card.version.to_string())
            .plain();
        what.push(Part {
            anchor: "steps",
            heading: fl!(t, "step-title"),
            note: fl!(t, "step-note"),
            body: f.done(),
        });
    }
    let title = card.title.plain(ctx.locale).to_owned();
    let act = Act {
        made_up: parts::made_up_if(ctx.locale, card.illustrative),
        lead: card.aim.plain(ctx.locale).to_owned(),
        context: links(ctx, card),
        parts: what,
        title: title.clone(),
    };
    let page = Page::new(title).nav(Nav::Plan).crumb(
        fl!(t, "plan-year", year = card.year.to_string()),
        format!("/plan?year={}", card.year),
    );
    ctx.show(page.in_error(!refusals.is_empty()), &act)
}
/// Where it stands on the river, the one next step, and where else it is told.
fn links(ctx: &Ctx, card: &PlanItemCard) -> Markup {
    let t = t(ctx.locale);
    let mut out = river(ctx, card).0;
    if matches!(card.status, PlanStatus::Planned | PlanStatus::CarriedOver) {
        // Who may draft a call is the calls' rule; a house without calls has no such action and nobody may.
        if ctx.may("call.draft", &thing(card)) {
            let href = ctx.to(&format!("/calls/new?plan_item={}", card.id));
            let _ = write!(
                out,
                "<div class=\"pad-top row\"><a class=\"button\" href=\"{href}\">{}</a> <span class=\"quiet\">{}</span></div>",
                parts::escape(&fl!(t, "item-call")),
                parts::escape(&fl!(t, "item-call-say"))
            );
        } else {
            let who = who_could(ctx, "call.draft");
            if !who.is_empty() {
                let _ = write!(
                    out,
                    "<p class=\"quiet pad-top\">{}</p>",
                    parts::escape(&fl!(t, "item-call-who", who = who))
                );
            }
        }
    }
    let mut links = Vec::new();
    if card.status.is_live() && ctx.may("call.assign", &thing(card)) {
        links.push((
            ctx.to(&format!("/calls/assign?plan_item={}", card.id)),
            fl!(t, "item-assign"),
        ));
    }
    // A call that was cancelled, or work that was declined, leaves the item in progress: another can follow.
    if matches!(card.status, PlanStatus::InProgress | PlanStatus::NearlyDone) && ctx.may("call.draft", &thing(card)) {
        links.push((
            ctx.to(&format!("/calls/new?plan_item={}", card.id)),
            fl!(t, "item-call"),
        ));
    }
    links.extend([
        (ctx.to(&format!("/programmes/{}", card.id)), fl!(t, "item-programme")),
        (
            ctx.to(&format!("/history/plan-item/{}", card.id)),
            fl!(t, "item-history"),
        ),
    ]);
    if card.status.is_live() && ctx.may("plan-item.amend", &thing(card)) {
        links.push((ctx.to(&format!("/plan/items/{}/edit", card.id)), fl!(t, "item-edit")));
    }
    out.push_str("<p class=\"tools\">");
    for (href, label) in links {
        let _ = write!(
            out,
            "<a href=\"{}\">{}</a> ",
            parts::escape(&href),
            parts::escape(&label)
        );
    }
    out.push_str("</p>");
    Markup(out)
}
/// Planned, in progress, nearly done, done; or, off the river, carried over or dropped.
fn river(ctx: &Ctx, card: &PlanItemCard) -> Markup {
    use PlanStatus::{CarriedOver, Done, Dropped, InProgress, NearlyDone, Planned};
    if matches!(card.status, CarriedOver | Dropped) {
        return Markup(format!(
            "<p>{}</p>",
            parts::status(card.status.fill(), &status_name(ctx.locale, card.status))
        ));
    }
    let stages: Vec<parts::Stage> = [Planned, InProgress, NearlyDone, Done]
        .into_iter()
        .map(|s| parts::Stage {
            label: status_name(ctx.locale, s),
            href: "#what".into(),
            note: String::new(),
            fill: match s.cmp(&card.status) {
                std::cmp::Ordering::Less => Fill::Full,
                std::cmp::Ordering::Equal if s == Done => Fill::Full,
                std::cmp::Ordering::Equal => Fill::Now,
                std::cmp::Ordering::Greater => Fill::Empty,
            },
        })
        .collect();
    parts::river(&fl!(t(ctx.locale), "river-label"), &stages)
}
fn facts(ctx: &Ctx, card: &PlanItemCard, around: &Around) -> Markup {
    let t = t(ctx.locale);
    let status = parts::status(card.status.fill(), &status_name(ctx.locale, card.status)).0;
    let policy = format!(
        "<a href=\"{}\">{} {}</a>",
        ctx.to(&format!("/policy-lines#l-{}", card.policy)),
        parts::escape(&card.policy_code),
        parts::text(ctx.locale, &card.policy_title)
    );
    let about = match card.relation {
        Some(r) if around.sides.contains_key(&r) => format!(
            "<a href=\"{}\">{}</a>",
            ctx.to(&format!("/relations/{r}")),
            around.about(ctx.locale, card)
        ),
        _ => around.about(ctx.locale, card).0,
    };
    let mut rows: Vec<(String, String)> = vec![
        (fl!(t, "plan-status"), status),
        (fl!(t, "item-about"), about),
        (
            fl!(t, "item-field"),
            parts::escape(&parts::field_name(ctx.locale, card.field)),
        ),
        (fl!(t, "item-year"), card.year.to_string()),
        (fl!(t, "plan-policy"), policy),
        (fl!(t, "item-supports"), parts::text(ctx.locale, &card.supports).0),
        (fl!(t, "item-guiding"), parts::escape(&around.guide(ctx.locale, card))),
    ];
    if let Some(d) = card.due {
        let class = if card.is_late(ctx.today()) {
            " class=\"late\""
        } else {
            ""
        };
        rows.push((
            fl!(t, "item-due"),
            format!("<span{class}>{}</span>", parts::escape(&fmt::day(ctx.locale, d))),
        ));
    }
    if let Some(y) = card.carried_to {
        rows.push((fl!(t, "step-carried-to"), y.to_string()));
    }
    if let Some(lead) = card.led_by {
        let word = match lead {
            crate::Lead::Social => fl!(t, "lead-social"),
            crate::Lead::Public => fl!(t, "lead-public"),
            crate::Lead::Individual => fl!(t, "lead-individual"),
        };
        rows.push((fl!(t, "item-lead-by"), parts::escape(&word)));
    }
    let mut out = String::from("<dl class=\"facts\">");
    for (k, v) in rows {
        let _ = write!(out, "<dt>{}</dt><dd>{v}</dd>", parts::escape(&k));
    }
    out.push_str("</dl>");
    Markup(out)
}
