//! Who of the panel reads what: the solver proposes, an officer accepts or changes.

use ::pages::{Ctx, Form, Markup, Posted, Problem, Repeat, fmt, parts};
use axum::{
    extract::{Path, Query},
    response::Response,
};
use basis::{CallId, Check, OfferId, Refusal};
use i18n_embed_fl::fl;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

use super::words::Names;
use super::{part, quiet, table, tools, under_call};
use crate::readings::{self, Reader};
use crate::{Call, ReadingInput, ReadingsInput, store as sql, t};

/// Offers on one page of the division.
const OFFERS: usize = 50;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    wanted: String,
    most: String,
    /// Where this page begins.
    from: String,
}
pub(super) async fn page(ctx: Ctx, Path(raw): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let call = super::show::inside(&ctx, &raw, "panel.seat").await?;
    let input = ReadingsInput {
        wanted: asked.wanted.clone(),
        most: asked.most.clone(),
        ..Default::default()
    };
    let mut c = Check::new();
    readings::wanted(&mut c, &asked.wanted, &asked.most);
    let refusals = c.done(()).err().unwrap_or_default();
    show(&ctx, &call, &input, asked.from.parse().unwrap_or(0), &refusals).await
}
pub(super) async fn divide(
    ctx: Ctx,
    Path(raw): Path<String>,
    posted: Posted<ReadingsInput>,
) -> Result<Response, Problem> {
    let call = super::show::inside(&ctx, &raw, "panel.seat").await?;
    let mut input = posted.input.clone();
    // "read-<offer>:<member>" for each box that is ticked.
    input.readings = posted
        .with_prefix("read-")
        .filter_map(|(pair, _)| {
            let (offer, account) = pair.split_once(':')?;
            Some(ReadingInput {
                offer: offer.into(),
                account: account.into(),
            })
        })
        .collect();
    let asking = ctx.asking(posted.once.clone());
    match Repeat::or_refused(crate::divide_reading(ctx.house(), &asking, call.id, &input).await)? {
        Ok(id) => Ok(ctx.go(&format!("/calls/{id}/readings"), Some("panel-divided"))),
        Err(refusals) => {
            let from = posted.get("from").parse().unwrap_or(0);
            show(&ctx, &call, &input, from, &refusals).await
        }
    }
}
/// What stands, or what is proposed, and for whom it could not be kept.
struct View {
    offers: Vec<OfferId>,
    readers: Vec<Reader>,
    shown: BTreeMap<OfferId, BTreeSet<basis::AccountId>>,
    proposed: Option<readings::Proposal>,
}
async fn view(ctx: &Ctx, call: CallId, input: &ReadingsInput, typed: bool) -> Result<View, Problem> {
    let q = &ctx.house().db;
    let (seats, makers) = (sql::seats(q, call).await?, sql::makers(q, call).await?);
    let offers: Vec<OfferId> = makers.iter().map(|m| m.offer).collect();
    let readers = readings::readers(q, &seats, &makers, ctx.now()).await?;
    let mut shown: BTreeMap<_, _> = offers.iter().map(|o| (*o, readings::now(&readers, *o))).collect();
    let mut c = Check::new();
    let (wanted, most) = readings::wanted(&mut c, &input.wanted, &input.most);
    let asked = !input.wanted.trim().is_empty() && !typed && c.is_clean();
    let proposed = match asked {
        true => Some(readings::propose(call, &offers, &readers, wanted, most).map_err(basis::Fail::from)?),
        false => None,
    };
    if let Some(p) = &proposed {
        shown.clone_from(&p.readers);
    }
    if typed {
        // What was ticked stays ticked, whatever was wrong with it.
        for offer in input.offers.iter().filter_map(|o| o.trim().parse().ok()) {
            let ticked = input.readings.iter().filter(|r| r.offer.trim().parse() == Ok(offer));
            shown.insert(offer, ticked.filter_map(|r| r.account.trim().parse().ok()).collect());
        }
    }
    Ok(View {
        offers,
        readers,
        shown,
        proposed,
    })
}
async fn show(
    ctx: &Ctx,
    call: &Call,
    input: &ReadingsInput,
    from: usize,
    refusals: &[Refusal],
) -> Result<Response, Problem> {
    let t = t(ctx.locale);
    let here = format!("/calls/{}/readings", call.id);
    let mut sections = Vec::new();
    let failed = !refusals.is_empty();
    // What is wrong with the two numbers stands beside them.
    let of_ask = |r: &&Refusal| matches!(r.field.as_deref(), Some("wanted" | "most"));
    let (asked, others): (Vec<&Refusal>, Vec<&Refusal>) = refusals.iter().partition(of_ask);
    let others: Vec<Refusal> = others.into_iter().cloned().collect();
    if !readings::open_to_division(call) {
        sections.push(part("none", fl!(t, "readings-title"), quiet(&fl!(t, "readings-later"))));
    } else {
        let v = view(ctx, call.id, input, input.how == "set").await?;
        sections
            .push(part("ask", fl!(t, "readings-ask"), ask(ctx, &here, input, &asked)).note(fl!(t, "readings-ask-say")));
        let from = from.min(v.offers.len());
        let (body, note) = division(ctx, call.id, &v, input, from, &others).await?;
        let title = if v.proposed.is_some() {
            fl!(t, "readings-proposed")
        } else {
            fl!(t, "readings-now")
        };
        sections.push(part("readings", title, body).note(note));
    }
    let back = tools(&[(ctx.to(&format!("/calls/{}/panel", call.id)), fl!(t, "strike-back"))]);
    under_call(
        ctx,
        call,
        fl!(t, "readings-title"),
        fl!(t, "readings-say"),
        back,
        sections,
        failed,
    )
}
/// How many readers, and how much for each: asking changes nothing.
fn ask(ctx: &Ctx, here: &str, input: &ReadingsInput, wrong: &[&Refusal]) -> Markup {
    let t = t(ctx.locale);
    let mut told = Vec::new();
    let mut field = |name: &str, label: String, value: &str| {
        let wrong = wrong.iter().find(|r| r.field.as_deref() == Some(name));
        // As in every form: told before all fields with the way there, and at the field.
        told.extend(wrong.map(|r| (Some((format!("f-{name}"), label.clone())), ctx.refusal(r))));
        let (state, error) = match wrong {
            Some(r) => (
                format!(" aria-invalid=\"true\" aria-describedby=\"e-{name}\""),
                format!(
                    "<span class=\"err\" id=\"e-{name}\">{}</span>",
                    parts::escape(&ctx.refusal(r))
                ),
            ),
            None => Default::default(),
        };
        format!(
            "<span><label for=\"f-{name}\">{}</label>{error}<input class=\"input tiny\" inputmode=\"numeric\" id=\"f-{name}\" name=\"{name}\" value=\"{}\"{state}></span>",
            parts::escape(&label),
            parts::escape(value)
        )
    };
    let wanted = if input.wanted.trim().is_empty() {
        "2"
    } else {
        &input.wanted
    };
    let fields = [
        field("wanted", fl!(t, "readings-wanted"), wanted),
        field("most", fl!(t, "readings-most"), &input.most),
    ]
    .concat();
    let summary = if told.is_empty() {
        Markup::default()
    } else {
        ::pages::errors(ctx.locale, &told)
    };
    Markup(format!(
        "{summary}<form class=\"inline-form\" method=\"get\" action=\"{}\" novalidate>{fields}<button class=\"button slim\">{}</button></form>",
        ctx.to(here),
        parts::escape(&fl!(t, "readings-propose"))
    ))
}
async fn division(
    ctx: &Ctx,
    call: CallId,
    v: &View,
    input: &ReadingsInput,
    from: usize,
    refusals: &[Refusal],
) -> Result<(Markup, String), Problem> {
    let l = ctx.locale;
    let t = t(l);
    let here = &format!("/calls/{call}/readings");
    if v.readers.is_empty() || v.offers.is_empty() {
        return Ok((quiet(&fl!(t, "readings-nobody")), String::new()));
    }
    let shown = &v.offers[from..(from + OFFERS).min(v.offers.len())];
    let makers = sql::makers_of(&ctx.house().db, call, shown).await?;
    let names = Names::of(
        ctx,
        makers.iter().filter_map(|m| m.body).collect(),
        makers
            .iter()
            .filter_map(|m| m.account)
            .chain(v.readers.iter().map(|r| r.account))
            .collect(),
    )
    .await?;
    let load = |r: &Reader| v.shown.values().filter(|by| by.contains(&r.account)).count();
    let mut heads = vec![fl!(t, "offer-maker")];
    heads.extend(v.readers.iter().map(|r| {
        let (name, count) = (names.person(l, r.account), load(r));
        fl!(t, "readings-load", name = name, count = count)
    }));
    let mut f = Form::post(ctx, here, fl!(t, "readings-save"), refusals);
    f.hidden("how", "set").hidden("from", &from.to_string()).plain();
    f.hidden("wanted", &input.wanted).hidden("most", &input.most);
    let mut rows = Vec::new();
    for offer in shown {
        f.hidden("offers", &offer.to_string());
        let maker = makers.iter().find(|m| m.offer == *offer);
        let maker = maker.map(|m| names.maker(l, m.body, m.account)).unwrap_or_default();
        let wrong = refusals
            .iter()
            .find(|r| r.field.as_deref() == Some(format!("offer-{offer}").as_str()));
        let wrong = wrong.map(|r| format!("<span class=\"err\">{}</span>", parts::escape(&ctx.refusal(r))));
        let mut row = vec![Markup(format!(
            "<span id=\"f-offer-{offer}\">{}</span>{}",
            parts::escape(&maker),
            wrong.unwrap_or_default()
        ))];
        let by = v.shown.get(offer);
        row.extend(v.readers.iter().map(|r| {
            cell(
                ctx,
                *offer,
                r,
                by.is_some_and(|b| b.contains(&r.account)),
                &maker,
                &names,
            )
        }));
        rows.push(row);
    }
    f.raw(&table(&fl!(t, "readings-title"), &heads, &rows));
    let mut out = vec![f.done()];
    let mut links = Vec::new();
    let to = |n: usize| ctx.to(&format!("{here}?from={n}&wanted={}&most={}", input.wanted, input.most));
    if from > 0 {
        links.push((to(from.saturating_sub(OFFERS)), fl!(t, "readings-before")));
    }
    if from + OFFERS < v.offers.len() {
        links.push((
            to(from + OFFERS),
            fl!(t, "readings-after", left = (v.offers.len() - from - OFFERS)),
        ));
    }
    out.push(tools(&links));
    if v.proposed.is_some() && v.offers.len() > OFFERS {
        out.push(whole(ctx, here, input, "propose", fl!(t, "readings-accept")));
    }
    if v.readers.iter().any(|r| r.readings.is_some() && !r.fixed) {
        out.push(whole(ctx, here, input, "lift", fl!(t, "readings-lift")));
    }
    let note = match &v.proposed {
        _ if v.readers.iter().all(|r| r.fixed) => fl!(t, "readings-all-in"),
        Some(_)
            if input
                .wanted
                .trim()
                .parse()
                .is_ok_and(|wanted: usize| wanted > v.readers.len()) =>
        {
            fl!(t, "readings-few-say", count = v.readers.len())
        }
        Some(p) if p.short.is_empty() => fl!(t, "readings-most-say", most = fmt::number(p.most)),
        Some(p) => fl!(
            t,
            "readings-short-say",
            most = fmt::number(p.most),
            count = p.short.len()
        ),
        None => fl!(t, "readings-now-say"),
    };
    Ok((super::all(out), note))
}
/// One step for all offers at once, on this page or not.
fn whole(ctx: &Ctx, here: &str, input: &ReadingsInput, how: &str, label: String) -> Markup {
    let mut f = Form::post(ctx, here, label, &[]);
    f.hidden("how", how)
        .hidden("wanted", &input.wanted)
        .hidden("most", &input.most)
        .plain();
    f.done()
}
fn cell(ctx: &Ctx, offer: OfferId, r: &Reader, ticked: bool, maker: &str, names: &Names) -> Markup {
    let t = t(ctx.locale);
    if r.barred.contains(&offer) {
        return quiet(&fl!(t, "readings-close"));
    }
    let tick = if ticked { " checked" } else { "" };
    if r.fixed {
        return Markup::from(if ticked { fl!(t, "readings-done") } else { String::new() });
    }
    let label = fl!(
        t,
        "readings-one",
        name = names.person(ctx.locale, r.account),
        maker = maker
    );
    Markup(format!(
        "<input type=\"checkbox\" name=\"read-{offer}:{}\" value=\"1\" aria-label=\"{}\"{tick}>",
        r.account,
        parts::escape(&label)
    ))
}
