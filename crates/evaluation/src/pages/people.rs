//! Appointing people from outside.

use ::pages::{Ctx, Form, Markup, Posted, Problem, Repeat};
use axum::{extract::Path, response::Response};
use basis::{AccountId, Fail, Refusal, UndertakingId};
use i18n_embed_fl::fl;
use serde::Deserialize;

use super::{Head, Part, show};
use crate::{
    AppointInput,
    appoint::thing_of,
    conflict::{Tied, conflicts},
    neighbours, t,
};

/// The form: people picked from the list, others by their e-mail address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Picked {
    evaluators: Vec<String>,
    others: String,
    due_on: String,
}
impl Picked {
    fn input(&self) -> AppointInput {
        let others = self
            .others
            .split([',', '，', '、', ';', '；', ' ', '\n'])
            .map(str::trim)
            .filter(|o| !o.is_empty());
        AppointInput {
            evaluators: self.evaluators.clone(),
            others: others.map(str::to_owned).collect(),
            due_on: self.due_on.clone(),
        }
    }
}
pub async fn appoint_form(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    let id: UndertakingId = super::id(&raw)?;
    let db = &ctx.house().db;
    let u = undertakings::undertaking(db, &ctx.viewer, id)
        .await?
        .ok_or(Fail::NotFound)?;
    if let Some(e) = crate::of_undertaking(db, &ctx.viewer, &u).await? {
        return Ok(ctx.go(&format!("/evaluations/{}", e.id), None));
    }
    show_form(&ctx, id, &Picked::default(), &[]).await
}
pub async fn appoint(ctx: Ctx, Path(raw): Path<String>, posted: Posted<Picked>) -> Result<Response, Problem> {
    let id: UndertakingId = super::id(&raw)?;
    let answer = crate::appoint(ctx.house(), &ctx.asking(posted.once), id, &posted.input.input()).await;
    match Repeat::or_refused(answer)? {
        Ok(e) => Ok(ctx.go(&format!("/evaluations/{e}"), Some("appointed"))),
        Err(refusals) => show_form(&ctx, id, &posted.input, &refusals).await,
    }
}
async fn show_form(ctx: &Ctx, id: UndertakingId, input: &Picked, refusals: &[Refusal]) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let db = &ctx.house().db;
    let u = undertakings::undertaking(db, &ctx.viewer, id)
        .await?
        .ok_or(Fail::NotFound)?;
    ctx.house()
        .gate
        .check(&ctx.viewer, "evaluation.appoint", &thing_of(db, &u).await?)?;
    let pool = neighbours::pool(ctx.house()).await?;
    let panel = neighbours::panel(ctx.house(), &ctx.viewer, id).await?;
    let tied = Tied {
        hands: undertakings::hands(db, id).await?.unwrap_or_default(),
        panel_people: panel.people,
        panel_bodies: panel.bodies,
    };
    // Only those are offered against whom no rule stands; whoever else is named gets the rule as an answer.
    let known = neighbours::candidates(db, ctx.now(), id, &pool, &tied.panel_bodies).await?;
    let mut free: Vec<(AccountId, String)> = known
        .into_iter()
        .filter(|c| conflicts(&tied, c.account, &c.bodies).is_none())
        .map(|c| (c.account, c.name))
        .collect();
    free.sort_by(|a, b| a.1.cmp(&b.1));
    let options: Vec<(String, String, String)> = free
        .into_iter()
        .map(|(a, name)| (a.to_string(), name, String::new()))
        .collect();
    let mut form = Form::post(
        ctx,
        &format!("/undertakings/{id}/evaluation"),
        fl!(t, "button-appoint"),
        refusals,
    );
    let picked: Vec<&str> = input.evaluators.iter().map(String::as_str).collect();
    form.checks(
        "evaluators",
        &fl!(t, "part-evaluators"),
        &fl!(t, "hint-evaluators"),
        &options,
        &picked,
    );
    form.text_opt("others", &fl!(t, "field-others"), &fl!(t, "hint-others"), &input.others);
    form.day(
        "due_on",
        &fl!(t, "field-due"),
        &fl!(t, "hint-due"),
        &input.due_on,
        false,
    );
    form.beside(&ctx.to(&format!("/undertakings/{id}")), &fl!(t, "link-back"));
    let lead = fl!(t, "appoint-lead");
    let head = Head {
        title: fl!(t, "step-appoint"),
        lead: &lead,
        about: u.title.plain(l),
        about_path: format!("/undertakings/{id}"),
        illustrative: u.illustrative,
        listed: false,
    };
    let in_error = form.has_errors();
    let note = fl!(t, "outside-note");
    let part = Part {
        anchor: "appoint",
        heading: fl!(t, "part-evaluators"),
        note,
        body: form.done(),
    };
    show(ctx, head, Markup::default(), vec![part], in_error)
}
