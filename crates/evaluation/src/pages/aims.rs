//! Aims of a programme: public from the day they are set, open to change before the start only.

use ::pages::{Ctx, Form, Markup, Posted, Problem, Repeat, parts};
use axum::{extract::Path, response::Response};
use basis::{AimId, Fail, PlanItemId, Refusal};
use i18n_embed_fl::fl;

use super::{Head, Part, repeated, show, shown::Bare};
use crate::{AimInput, evaluation::aims_are_open, neighbours, store, t};

pub async fn page(ctx: Ctx, Path(raw): Path<String>) -> Result<Response, Problem> {
    show_aims(&ctx, super::id(&raw)?, &AimInput::default(), &[]).await
}
pub async fn set(ctx: Ctx, Path(raw): Path<String>, posted: Posted<AimInput>) -> Result<Response, Problem> {
    let id: PlanItemId = super::id(&raw)?;
    match Repeat::or_refused(crate::set_aim(ctx.house(), &ctx.asking(posted.once), id, &posted.input).await)? {
        Ok(_) => Ok(ctx.go(&format!("/programmes/{id}/aims"), Some("aim-set"))),
        Err(refusals) => show_aims(&ctx, id, &posted.input, &refusals).await,
    }
}
pub async fn drop(ctx: Ctx, Path(raw): Path<String>, posted: Bare) -> Result<Response, Problem> {
    let id: AimId = super::id(&raw)?;
    let aim = store::aim(&ctx.house().db, id).await?;
    crate::drop_aim(ctx.house(), &ctx.asking(posted.once), id)
        .await
        .or_else(repeated)?;
    let back = aim.map_or_else(
        || "/programmes".to_owned(),
        |a| format!("/programmes/{}/aims", a.plan_item),
    );
    Ok(ctx.go(&back, Some("aim-dropped")))
}
fn aim_form(ctx: &Ctx, id: PlanItemId, input: &AimInput, refusals: &[Refusal]) -> Form {
    let t = t(ctx.locale);
    let mut form = Form::post(
        ctx,
        &format!("/programmes/{id}/aims"),
        fl!(t, "button-set-aim"),
        refusals,
    );
    let hint = fl!(t, "hint-aim");
    form.text_in(
        "zh-Hans",
        "text_zh",
        &fl!(t, "field-aim-zh"),
        &hint,
        &input.text_zh,
        false,
    );
    form.text_in("en", "text_en", &fl!(t, "field-aim-en"), "", &input.text_en, false);
    let hint = fl!(t, "hint-measure");
    form.text_in(
        "zh-Hans",
        "measure_zh",
        &fl!(t, "field-measure-zh"),
        &hint,
        &input.measure_zh,
        false,
    );
    form.text_in(
        "en",
        "measure_en",
        &fl!(t, "field-measure-en"),
        "",
        &input.measure_en,
        false,
    );
    let hint = fl!(t, "hint-target");
    form.text_in(
        "zh-Hans",
        "target_zh",
        &fl!(t, "field-target-zh"),
        &hint,
        &input.target_zh,
        false,
    );
    form.text_in(
        "en",
        "target_en",
        &fl!(t, "field-target-en"),
        "",
        &input.target_en,
        false,
    );
    form
}
async fn show_aims(ctx: &Ctx, id: PlanItemId, input: &AimInput, refusals: &[Refusal]) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let db = &ctx.house().db;
    let item = planning::item(db, id).await?.ok_or(Fail::NotFound)?;
    let of = neighbours::programme(db, id).await?.ok_or(Fail::NotFound)?;
    let started: Vec<_> = undertakings::of_plan_items(db, &ctx.viewer, &[id])
        .await?
        .iter()
        .map(|u| u.started_at)
        .collect();
    let open = aims_are_open(&started).is_ok();
    let may = ctx.may("aim.set", &of.thing());
    let mut rows = String::new();
    for a in crate::aims(db, &[id]).await? {
        let drop = if open && may {
            parts::step(
                ctx,
                &format!("/aims/{}/removal", a.id),
                &fl!(t, "button-drop-aim"),
                true,
            )
            .0
        } else {
            String::new()
        };
        rows.push_str(&format!(
            "<li><div class=\"flow\"><h3>{}{}</h3><p>{} · {}</p></div><div class=\"meta\">{drop}</div></li>",
            parts::text(l, &a.text),
            parts::made_up_if(l, a.illustrative),
            parts::text(l, &a.measure),
            parts::text(l, &a.target),
        ));
    }
    let list = if rows.is_empty() {
        Markup(format!(
            "<p class=\"quiet\">{}</p>",
            parts::escape(&fl!(t, "no-aims-yet"))
        ))
    } else {
        Markup(format!("<ul class=\"rows\">{rows}</ul>"))
    };
    let note = fl!(t, "aims-note");
    let mut all = vec![Part {
        anchor: "aims",
        heading: fl!(t, "part-aims"),
        note,
        body: list,
    }];
    let mut in_error = false;
    if open && may {
        let form = aim_form(ctx, id, input, refusals);
        in_error = form.has_errors();
        all.push(Part {
            anchor: "set",
            heading: fl!(t, "part-set-aim"),
            note: String::new(),
            body: form.done(),
        });
    } else if may {
        let said = parts::escape(&fl!(t, "refusal-aims-after-start"));
        let body = Markup(format!("<p class=\"quiet\">{said}</p>"));
        all.push(Part {
            anchor: "set",
            heading: fl!(t, "part-set-aim"),
            note: String::new(),
            body,
        });
    }
    let head = Head {
        title: fl!(t, "aims-title", programme = item.title.plain(l)),
        lead: "",
        about: item.title.plain(l),
        about_path: format!("/programmes/{id}"),
        illustrative: item.illustrative,
        listed: true,
    };
    show(ctx, head, Markup::default(), all, in_error)
}
