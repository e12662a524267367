//! The offer form, part by part; the maker's own page; what others read after the opening.

use ::pages::{Ctx, Form, Markup, Nav, Page, Posted, Problem, Repeat, fmt, parts};
use askama::Template;
use axum::{extract::Path, response::Response};
use basis::{Code, Fail, Locale, OfferId, Refusal};
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;

use super::words::{self, Names};
use super::{all, facts, id, para, part, tools, under_call};
use crate::{
    Call, Content, InKind, Need, Offer, OfferInput, OfferLineInput, OfferStatus, OwnView, Part, Phase, WithdrawInput,
    offer_view, own_view, t,
};

pub(super) async fn begin(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<super::Nothing>,
) -> Result<Response, Problem> {
    let begun = crate::begin(ctx.house(), &ctx.asking(posted.once.clone()), id(&raw)?).await;
    let id: OfferId = ::store::OrRepeat::or_repeat(begun)?;
    Ok(ctx.go(&format!("/offers/{id}/parts/what"), None))
}

struct Step {
    label: String,
    href: String,
    here: bool,
    state: String,
    class: &'static str,
}
#[derive(Template)]
#[template(path = "offer.html")]
struct OfferForm {
    t: &'static FluentLanguageLoader,
    steps: Vec<Step>,
    about: String,
    made_up: Markup,
    title: String,
    saved: String,
    sealed: String,
    body: Markup,
}
fn part_name(l: Locale, p: Part) -> String {
    let t = t(l);
    match p {
        Part::What => fl!(t, "part-what"),
        Part::Needs => fl!(t, "part-needs"),
        Part::Money => fl!(t, "part-money"),
        Part::People => fl!(t, "part-people"),
        Part::Interest => fl!(t, "part-interest"),
        Part::Check => fl!(t, "part-check"),
    }
}
/// Where each part stands: done, wrong, not begun.
fn steps(ctx: &Ctx, v: &OwnView, here: Part) -> Vec<Step> {
    let t = t(ctx.locale);
    let faulty = |p: Part| {
        v.faults
            .iter()
            .any(|r| Part::of_field(r.field.as_deref().unwrap_or("")) == p)
    };
    Part::ALL
        .into_iter()
        .enumerate()
        .map(|(i, p)| {
            let (state, class) = match p {
                Part::Check if v.offer.status == OfferStatus::Submitted && !v.changed => (fl!(t, "part-submitted"), ""),
                Part::Check if v.faults.is_empty() => (fl!(t, "part-ready"), ""),
                Part::Check => (fl!(t, "part-not-ready"), "quiet"),
                p if !v.offer.draft.has(p) => (fl!(t, "part-not-begun"), "quiet"),
                p if faulty(p) => (fl!(t, "part-wrong"), "late"),
                _ => (fl!(t, "part-done"), ""),
            };
            Step {
                label: format!("{} {}", i + 1, part_name(ctx.locale, p)),
                href: ctx.to(&format!("/offers/{}/parts/{}", v.offer.id, p.code())),
                here: p == here,
                state,
                class,
            }
        })
        .collect()
}
pub(super) async fn part_form(ctx: Ctx, Path((raw, p)): Path<(String, String)>) -> Result<Response, Problem> {
    let here = Part::from_code(&p).ok_or(Fail::NotFound)?;
    let v = own_view(ctx.house(), &ctx.viewer, id(&raw)?).await?;
    // A part that was begun shows what is wrong with it; an empty one is not reproached.
    let shown: Vec<Refusal> = if v.offer.draft.has(here) && ctx.notice.is_none() {
        of_part(&v.faults, here)
    } else {
        Vec::new()
    };
    // What is wrong is said, but reading was refused to nobody.
    let mut page = show_part(&ctx, &v, here, &v.offer.draft, &shown).await?;
    *page.status_mut() = axum::http::StatusCode::OK;
    Ok(page)
}
fn of_part(faults: &[Refusal], p: Part) -> Vec<Refusal> {
    faults
        .iter()
        .filter(|r| Part::of_field(r.field.as_deref().unwrap_or("")) == p)
        .cloned()
        .collect()
}
/// Saves the part whatever is in it, then goes on if it is well, or shows what is wrong with all of it kept.
pub(super) async fn save(
    ctx: Ctx,
    Path((raw, p)): Path<(String, String)>,
    posted: Posted<OfferInput>,
) -> Result<Response, Problem> {
    let here = Part::from_code(&p).ok_or(Fail::NotFound)?;
    let v = own_view(ctx.house(), &ctx.viewer, id(&raw)?).await?;
    let lines = posted
        .with_prefix("units-")
        .map(|(need, units)| OfferLineInput {
            need: need.to_owned(),
            units: units.to_owned(),
        })
        .collect();
    let limits = posted
        .with_prefix("most-")
        .map(|(need, units)| OfferLineInput {
            need: need.to_owned(),
            units: units.to_owned(),
        })
        .collect();
    let typed = OfferInput {
        lines,
        limits,
        ..posted.input.clone()
    };
    let next = OfferInput {
        version: typed.version.clone(),
        ..v.offer.draft.with_part(here, &typed)
    };
    match Repeat::or_refused(crate::save_draft(ctx.house(), &ctx.asking(posted.once.clone()), v.offer.id, &next).await)?
    {
        Ok(_) => {}
        Err(refusals) => return show_part(&ctx, &v, here, &next, &refusals).await,
    }
    let v = own_view(ctx.house(), &ctx.viewer, v.offer.id).await?;
    let wrong = of_part(&v.faults, here);
    if !posted.get("later").is_empty() {
        return Ok(ctx.go(&format!("/offers/{}", v.offer.id), Some("offer-saved")));
    }
    if wrong.is_empty() {
        return Ok(ctx.go(
            &format!("/offers/{}/parts/{}", v.offer.id, here.next().code()),
            Some("offer-saved"),
        ));
    }
    show_part(&ctx, &v, here, &v.offer.draft, &wrong).await
}
async fn show_part(
    ctx: &Ctx,
    v: &OwnView,
    here: Part,
    input: &OfferInput,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let title = part_name(l, here);
    let (body, failed) = if here == Part::Check {
        (check_body(ctx, v, refusals), !refusals.is_empty())
    } else {
        let mut f = Form::post(
            ctx,
            &format!("/offers/{}/parts/{}", v.offer.id, here.code()),
            fl!(t, "save-and-on"),
            refusals,
        );
        // Only a person is asked whether the call's district is theirs.
        let asked = v
            .call
            .district
            .filter(|_| here == Part::People && v.offer.body.is_none());
        let districts = super::terms::districts(ctx, asked.into_iter()).await?;
        fields(ctx, &mut f, v, here, input, districts.values().next());
        f.hidden("version", &v.offer.version.to_string());
        f.also("later", "1", &fl!(t, "save-later")).beside(
            &ctx.to(&format!("/offers/{}/withdrawal", v.offer.id)),
            &fl!(t, "offer-withdraw"),
        );
        // Said from the first part on: nobody writes for an evening before hearing it.
        let missing = v.faults.iter().find(|r| r.field.as_deref() == Some("organisation"));
        let missing = missing.map(|r| format!("<p class=\"remark\">{}</p>", parts::escape(&ctx.refusal(r))));
        let said = Markup(missing.unwrap_or_default());
        (all([said, f.done()]), f.has_errors())
    };
    let about = fl!(t, "offer-to", call = v.call.title.plain(l));
    let page = Page::new(format!("{title} · {about}"))
        .nav(Nav::Calls)
        .crumb(fl!(t, "calls-title"), "/calls")
        .crumb(v.call.title.plain(l), format!("/calls/{}", v.call.id))
        .unlisted()
        .in_error(failed);
    let form = OfferForm {
        t,
        steps: steps(ctx, v, here),
        about,
        made_up: parts::made_up_if(l, v.offer.illustrative),
        title,
        saved: fl!(t, "saved-at", when = words::clocks(ctx, v.offer.saved_at, None)),
        sealed: fl!(t, "sealed-until", when = words::clocks(ctx, v.call.closes_at, None)),
        body,
    };
    ctx.show(page, &form)
}
fn fields(ctx: &Ctx, f: &mut Form, v: &OwnView, here: Part, input: &OfferInput, district: Option<&String>) {
    let l = ctx.locale;
    let t = t(l);
    let call = &v.call;
    match here {
        Part::What => {
            f.prose_in(
                "zh-Hans",
                "summary_zh",
                &fl!(t, "summary-zh"),
                &fl!(t, "summary-hint"),
                &input.summary_zh,
                300,
                true,
            )
            .prose_in(
                "en",
                "summary_en",
                &fl!(t, "summary-en"),
                &fl!(t, "either-language"),
                &input.summary_en,
                300,
                true,
            )
            .prose_in(
                "zh-Hans",
                "plan_zh",
                &fl!(t, "plan-zh"),
                &fl!(t, "plan-hint"),
                &input.plan_zh,
                4000,
                true,
            )
            .prose_in(
                "en",
                "plan_en",
                &fl!(t, "plan-en"),
                &fl!(t, "either-language"),
                &input.plan_en,
                4000,
                true,
            );
        }
        Part::Needs => {
            for (i, n) in v.needs.iter().enumerate() {
                let id = n.id.to_string();
                let typed = input
                    .lines
                    .iter()
                    .find(|x| x.need == id)
                    .map_or("", |x| x.units.as_str());
                let label = format!("{} {}", i + 1, n.title.plain(l));
                let (unit, channel) = (n.unit.plain(l), words::channel(l, n.channel));
                let (min, max) = (fmt::number(n.min), fmt::number(n.max));
                let hint = if n.min == n.max {
                    fl!(t, "units-hint-exact", unit = unit, max = max, channel = channel)
                } else {
                    fl!(t, "units-hint", unit = unit, min = min, max = max, channel = channel)
                };
                // The first one carries the refusal that no need was answered at all.
                f.text_opt(&format!("units-{id}"), &label, &hint, typed);
            }
            super::limits::fields(ctx, f, &v.needs, input);
            if let Some(left) = super::limits::own(ctx, &v.limits) {
                f.part(&fl!(t, "limit-title")).raw(&left);
            }
        }
        Part::Money => {
            money_fields(ctx, f, call, input);
        }
        Part::People => {
            f.prose(
                "people",
                &fl!(t, "offer-people"),
                &fl!(t, "offer-people-hint"),
                &input.people,
                1500,
                false,
            );
            let chosen: Vec<&str> = input.languages.iter().map(String::as_str).collect();
            f.checks(
                "languages",
                &fl!(t, "offer-languages"),
                "",
                &super::draft::languages(l),
                &chosen,
            );
            // An organisation is registered with its fields and its place; a person says so here.
            if v.offer.body.is_none() {
                of_oneself(ctx, f, call, district, input);
            }
        }
        Part::Interest => {
            let choices = vec![
                ("none".to_owned(), fl!(t, "interest-none"), String::new()),
                ("some".to_owned(), fl!(t, "interest-some"), fl!(t, "interest-some-hint")),
            ];
            f.radios(
                "conflict",
                &fl!(t, "interest"),
                &fl!(t, "interest-hint"),
                &choices,
                &input.conflict,
            )
            .prose(
                "conflict_note",
                &fl!(t, "interest-note"),
                "",
                &input.conflict_note,
                600,
                true,
            );
        }
        Part::Check => {}
    }
}
/// What counts for a person in their own name, as far as the call asks for it.
fn of_oneself(ctx: &Ctx, f: &mut Form, call: &Call, district: Option<&String>, input: &OfferInput) {
    let l = ctx.locale;
    let t = t(l);
    let choices: Vec<(String, String, String)> = basis::Field::ALL
        .iter()
        .map(|x| (x.to_string(), parts::field_name(l, *x), String::new()))
        .collect();
    let chosen: Vec<&str> = input.fields.iter().map(String::as_str).collect();
    f.checks(
        "fields",
        &fl!(t, "offer-fields"),
        &fl!(t, "offer-fields-hint"),
        &choices,
        &chosen,
    );
    if call.district.is_some() {
        let asked = match district {
            Some(name) => fl!(t, "offer-near-in", district = name.as_str()),
            // Not in the register any more: it still counts.
            None => fl!(t, "offer-near"),
        };
        let choices = vec![
            ("yes".to_owned(), fl!(t, "offer-near-yes"), String::new()),
            ("no".to_owned(), fl!(t, "offer-near-no"), String::new()),
        ];
        f.radios("near", &asked, &fl!(t, "offer-near-hint"), &choices, &input.near);
    }
}
/// When, for how much, and what is brought besides money.
fn money_fields(ctx: &Ctx, f: &mut Form, call: &Call, input: &OfferInput) {
    let l = ctx.locale;
    let t = t(l);
    let from = fmt::day(l, call.work_from);
    let until = fmt::day(l, call.work_until);
    f.day(
        "starts",
        &fl!(t, "offer-starts"),
        &fl!(t, "offer-starts-hint", from = from),
        &input.starts,
        false,
    )
    .day(
        "ends",
        &fl!(t, "offer-ends"),
        &fl!(t, "offer-ends-hint", until = until),
        &input.ends,
        false,
    );
    let ceiling = match call.ceiling() {
        Some(m) => fl!(t, "asked-hint", most = fmt::money(l, m)),
        None => fl!(t, "asked-hint-open"),
    };
    f.money(
        "asked",
        &fl!(t, "offer-asked-how-much"),
        &ceiling,
        &input.asked,
        call.currency.as_str(),
        true,
    )
    .prose(
        "spend",
        &fl!(t, "offer-spend"),
        &fl!(t, "offer-spend-hint"),
        &input.spend,
        300,
        true,
    );
    let kinds: Vec<(String, String, String)> = InKind::ALL
        .iter()
        .map(|k| (k.to_string(), in_kind(l, *k), String::new()))
        .collect();
    let chosen: Vec<&str> = input.in_kind.iter().map(String::as_str).collect();
    f.checks(
        "in_kind",
        &fl!(t, "offer-in-kind"),
        &fl!(t, "offer-in-kind-hint"),
        &kinds,
        &chosen,
    )
    .text_opt("in_kind_note", &fl!(t, "offer-in-kind-note"), "", &input.in_kind_note);
}
fn in_kind(l: Locale, k: InKind) -> String {
    let t = t(l);
    match k {
        InKind::Venue => fl!(t, "in-kind-venue"),
        InKind::Equipment => fl!(t, "in-kind-equipment"),
        InKind::Advice => fl!(t, "in-kind-advice"),
        InKind::Time => fl!(t, "in-kind-time"),
    }
}
/// The last part: everything once more, what is still wrong with links to where it is, and the button.
fn check_body(ctx: &Ctx, v: &OwnView, refusals: &[Refusal]) -> Markup {
    let t = t(ctx.locale);
    let faults = if refusals.is_empty() { &v.faults[..] } else { refusals };
    let mut out = Vec::new();
    if !faults.is_empty() {
        let mut list = format!(
            "<div class=\"errors\" role=\"alert\" tabindex=\"-1\" aria-labelledby=\"err-h\" data-focus><h2 id=\"err-h\">{}</h2><ul>",
            parts::escape(&fl!(t, "check-faults", count = faults.len()))
        );
        for r in faults {
            let field = r.field.as_deref().unwrap_or("");
            let p = Part::of_field(field);
            let words = format!("{}: {}", part_name(ctx.locale, p), ctx.refusal(r));
            list.push_str(&format!(
                "<li>{}</li>",
                super::link(
                    &ctx.to(&format!("/offers/{}/parts/{}#f-{field}", v.offer.id, p.code())),
                    &words
                )
            ));
        }
        list.push_str("</ul></div>");
        out.push(Markup(list));
    }
    if let Ok(content) = v
        .offer
        .draft
        .check(&v.call, &v.needs, crate::lang_of_viewer(&ctx.viewer))
    {
        out.push(content_facts(ctx, &content, &v.needs));
    }
    if faults.is_empty() {
        out.push(para(&fl!(t, "check-say")));
        let label = if v.offer.status == OfferStatus::Submitted {
            fl!(t, "offer-submit-again")
        } else {
            fl!(t, "offer-submit")
        };
        out.push(parts::step(
            ctx,
            &format!("/offers/{}/submission", v.offer.id),
            &label,
            false,
        ));
    }
    all(out)
}
/// What is in an offer, as names and values.
pub(super) fn content_facts(ctx: &Ctx, c: &Content, needs: &[Need]) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    let join = if l == Locale::Zh { "、" } else { ", " };
    let text = |s: String| Markup::from(s);
    let mut rows = vec![
        (fl!(t, "offer-summary"), parts::prose(l, &c.summary)),
        (fl!(t, "offer-plan"), parts::prose(l, &c.plan)),
    ];
    for (id, units) in &c.lines {
        if let Some(n) = needs.iter().find(|n| n.id == *id) {
            rows.push((
                n.title.plain(l).to_owned(),
                text(format!("{} {}", fmt::number(*units), n.unit.plain(l))),
            ));
        }
    }
    rows.extend(super::limits::stated(ctx, c, needs));
    rows.push((
        fl!(t, "offer-days"),
        text(fl!(
            t,
            "call-from-to",
            from = fmt::day(l, c.starts),
            to = fmt::day(l, c.ends)
        )),
    ));
    if let Some(m) = c.asked {
        rows.push((fl!(t, "offer-asked"), text(fmt::money(l, m))));
    }
    if let Some(s) = &c.spend {
        rows.push((fl!(t, "offer-spend"), text(s.clone())));
    }
    if !c.in_kind.is_empty() {
        let words: Vec<String> = c.in_kind.iter().map(|k| in_kind(l, *k)).collect();
        rows.push((fl!(t, "offer-in-kind"), text(words.join(join))));
    }
    if let Some(n) = &c.in_kind_note {
        rows.push((fl!(t, "offer-in-kind-note"), text(n.clone())));
    }
    let languages: Vec<String> = c
        .languages
        .iter()
        .map(|x| parts::language_name(l, x.as_str()))
        .collect();
    rows.push((fl!(t, "offer-languages"), text(languages.join(join))));
    rows.push((fl!(t, "offer-people"), text(c.people.clone())));
    if !c.fields.is_empty() {
        let fields: Vec<String> = c.fields.iter().map(|f| parts::field_name(l, *f)).collect();
        rows.push((fl!(t, "offer-fields"), text(fields.join(join))));
    }
    if let Some(near) = c.near {
        let said = if near {
            fl!(t, "offer-near-yes")
        } else {
            fl!(t, "offer-near-no")
        };
        rows.push((fl!(t, "offer-near"), text(said)));
    }
    rows.push((
        fl!(t, "interest"),
        text(c.conflict_note.clone().unwrap_or_else(|| fl!(t, "interest-none"))),
    ));
    facts(&rows)
}
pub(super) async fn submit(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<super::Nothing>,
) -> Result<Response, Problem> {
    let offer: OfferId = id(&raw)?;
    match Repeat::or_refused(crate::submit(ctx.house(), &ctx.asking(posted.once.clone()), offer).await)? {
        Ok(id) => Ok(ctx.go(&format!("/offers/{id}"), Some("offer-submitted"))),
        Err(refusals) => {
            let v = own_view(ctx.house(), &ctx.viewer, offer).await?;
            show_part(&ctx, &v, Part::Check, &v.offer.draft, &refusals).await
        }
    }
}

/// The offer's page: its maker's, or, after the opening, that of those who may read it.
pub(super) async fn page(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let offer: OfferId = id(&raw)?;
    match own_view(ctx.house(), &ctx.viewer, offer).await {
        Ok(v) => own_page(&ctx, &v),
        Err(Fail::NotFound) => {
            let (call, offer) = match offer_view(ctx.house(), &ctx.viewer, offer).await {
                // To strangers a sealed offer and none at all look alike.
                Err(Fail::Denied(d)) if !d.anonymous => return Err(Fail::NotFound.into()),
                other => other?,
            };
            others_page(&ctx, &call, &offer).await
        }
        Err(e) => Err(e.into()),
    }
}
fn own_page(ctx: &Ctx, v: &OwnView) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let o = &v.offer;
    let phase = v.call.phase(ctx.now());
    let mut rows = vec![(
        fl!(t, "offer-status"),
        parts::status(o.status.fill(), &words::offer_status(l, o.status)),
    )];
    if let Some(at) = o.submitted_at {
        rows.push((fl!(t, "offer-handed-in"), Markup::from(words::clocks(ctx, at, None))));
    }
    if let (Some(seal), OfferStatus::Submitted) = (&o.seal, o.status) {
        rows.push((
            fl!(t, "offer-receipt"),
            Markup(format!("<code>{}</code>", parts::escape(&seal[..seal.len().min(16)]))),
        ));
    }
    rows.push((
        fl!(t, "offer-call"),
        parts::status(phase.fill(), &words::phase(l, phase)),
    ));
    let mut links = Vec::new();
    if phase == Phase::Open {
        links.push((ctx.to(&format!("/offers/{}/parts/what", o.id)), fl!(t, "offer-go-on")));
    }
    if matches!(o.status, OfferStatus::Draft | OfferStatus::Submitted)
        && !matches!(phase, Phase::Decided | Phase::Cancelled)
    {
        links.push((
            ctx.to(&format!("/offers/{}/withdrawal", o.id)),
            fl!(t, "offer-withdraw"),
        ));
    }
    let mut sections = match (v.changed, phase) {
        (true, Phase::Open) => vec![part("changed", fl!(t, "offer-changed"), changed(ctx, v))],
        (true, _) => {
            let late = para(&fl!(t, "offer-changed-late"));
            vec![part("next", fl!(t, "next-title"), all([next(ctx, v, phase), late]))]
        }
        (false, _) => vec![part("next", fl!(t, "next-title"), next(ctx, v, phase))],
    };
    if let Some(left) = super::limits::own(ctx, &v.limits) {
        sections.push(part("limits", fl!(t, "limit-title"), left).note(fl!(t, "limit-say")));
    }
    if let Some(c) = &o.content {
        sections.push(
            part("content", fl!(t, "offer-content"), content_facts(ctx, c, &v.needs)).note(fl!(t, "offer-content-own")),
        );
    }
    under_call(
        ctx,
        &v.call,
        fl!(t, "offer-own"),
        String::new(),
        all([facts(&rows), tools(&links)]),
        sections,
        false,
    )
}
/// What was written since the submission counts once it is submitted, too.
fn changed(ctx: &Ctx, v: &OwnView) -> Markup {
    let t = t(ctx.locale);
    let closes = words::clocks(ctx, v.call.closes_at, None);
    let say = para(&fl!(t, "offer-changed-say", closes = closes));
    // With a fault in it, the last part tells what is missing, and where.
    let step = if v.faults.is_empty() {
        let path = format!("/offers/{}/submission", v.offer.id);
        parts::step(ctx, &path, &fl!(t, "offer-submit-again"), false)
    } else {
        let path = ctx.to(&format!("/offers/{}/parts/check", v.offer.id));
        tools(&[(path, fl!(t, "part-check"))])
    };
    all([say, step])
}
/// What comes next, in plain words.
fn next(ctx: &Ctx, v: &OwnView, phase: Phase) -> Markup {
    let l = ctx.locale;
    let t = t(l);
    let closes = words::clocks(ctx, v.call.closes_at, None);
    let words = match (v.offer.status, phase) {
        (OfferStatus::Draft, Phase::Open) => fl!(t, "next-draft-open", closes = closes),
        (OfferStatus::Draft, _) => fl!(t, "next-draft-late"),
        (OfferStatus::Submitted, Phase::Open) => fl!(t, "next-submitted-open", closes = closes),
        (OfferStatus::Submitted, Phase::Closed) => fl!(t, "next-submitted-closed"),
        (OfferStatus::Submitted, Phase::Cancelled) => fl!(t, "next-cancelled"),
        (OfferStatus::Submitted, _) => fl!(t, "next-submitted-review"),
        (OfferStatus::Withdrawn, Phase::Open) => fl!(t, "next-withdrawn-open"),
        (OfferStatus::Withdrawn, _) => fl!(t, "next-withdrawn"),
        (OfferStatus::Awarded, _) => fl!(t, "next-awarded"),
        (OfferStatus::Declined, _) => fl!(t, "next-declined"),
    };
    let mut out = vec![para(&words)];
    if let Some(a) = &v.award {
        out.push(super::award::granted(ctx, a, &v.needs));
        out.push(Markup(format!(
            "<p class=\"row\">{}</p>",
            super::link(
                &ctx.to(&format!("/awards/{}/undertaking", a.id)),
                &fl!(t, "award-undertaking")
            )
        )));
    }
    if let (OfferStatus::Declined, Some(reason)) = (v.offer.status, &v.call.reason) {
        out.push(parts::prose(l, reason));
    }
    all(out)
}
async fn others_page(ctx: &Ctx, call: &Call, o: &Offer) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let needs = crate::store::needs(&ctx.house().db, call.id).await?;
    let names = Names::of(ctx, o.body.into_iter().collect(), o.account.into_iter().collect()).await?;
    let Some(content) = &o.content else {
        return Err(Fail::NotFound.into());
    };
    let mut rows = vec![
        (fl!(t, "offer-maker"), names.maker_link(ctx, o.body, o.account)),
        (
            fl!(t, "offer-status"),
            parts::status(o.status.fill(), &words::offer_status(l, o.status)),
        ),
    ];
    if let Some(at) = o.submitted_at {
        rows.push((fl!(t, "offer-handed-in"), Markup::from(words::clocks(ctx, at, None))));
    }
    let whole = o.seal.as_deref() == Some(content.seal().as_str());
    let seal = if whole {
        fl!(t, "seal-whole")
    } else {
        fl!(t, "seal-broken")
    };
    rows.push((
        fl!(t, "offer-seal"),
        Markup(format!(
            "<span{}>{}</span>",
            if whole { "" } else { " class=\"late\"" },
            parts::escape(&seal)
        )),
    ));
    let links = vec![(ctx.to(&format!("/calls/{}/review", call.id)), fl!(t, "review-title"))];
    let sections = vec![part(
        "content",
        fl!(t, "offer-content"),
        content_facts(ctx, content, &needs),
    )];
    under_call(
        ctx,
        call,
        names.maker(l, o.body, o.account),
        String::new(),
        all([facts(&rows), tools(&links)]),
        sections,
        false,
    )
}

pub(super) async fn withdraw_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let v = own_view(ctx.house(), &ctx.viewer, id(&raw)?).await?;
    show_withdraw(&ctx, &v, &WithdrawInput::default(), &[])
}
pub(super) async fn withdraw(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<WithdrawInput>,
) -> Result<Response, Problem> {
    let offer: OfferId = id(&raw)?;
    match Repeat::or_refused(
        crate::withdraw(ctx.house(), &ctx.asking(posted.once.clone()), offer, &posted.input).await,
    )? {
        Ok(id) => Ok(ctx.go(&format!("/offers/{id}"), Some("offer-withdrawn"))),
        Err(refusals) => {
            let v = own_view(ctx.house(), &ctx.viewer, offer).await?;
            show_withdraw(&ctx, &v, &posted.input, &refusals)
        }
    }
}
fn show_withdraw(ctx: &Ctx, v: &OwnView, input: &WithdrawInput, refusals: &[Refusal]) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let late = v.call.phase(ctx.now()) != Phase::Open;
    let mut f = Form::post(
        ctx,
        &format!("/offers/{}/withdrawal", v.offer.id),
        fl!(t, "offer-withdraw"),
        refusals,
    );
    f.prose("reason", &fl!(t, "withdraw-reason"), "", &input.reason, 600, !late)
        .beside(&ctx.to(&format!("/offers/{}", v.offer.id)), &fl!(t, "withdraw-keep"));
    let lead = if late {
        fl!(t, "withdraw-late")
    } else {
        fl!(t, "withdraw-free")
    };
    under_call(
        ctx,
        &v.call,
        fl!(t, "offer-withdraw"),
        lead,
        Markup::default(),
        vec![part("form", fl!(t, "withdraw-reason"), f.done())],
        f.has_errors(),
    )
}
