//! What the time is on both sides.

use access::Role;
use basis::{Fail, RelationId};
use i18n_embed_fl::fl;
use jiff::tz::TimeZone;
use pages::{Ctx, fmt};

use crate::{t, zones};

/// "Sunday …, 15:20 in Chongqing, 08:20 in Düsseldorf": the second clock where a partner is concerned and its zone known.
pub async fn line(ctx: &Ctx, relation: Option<RelationId>) -> Result<String, Fail> {
    let l = t(ctx.locale);
    let (day, city) = (fmt::day(ctx.locale, ctx.today()), ctx.app.node.city.plain(ctx.locale));
    let home = fmt::clock(ctx.now(), ctx.zone());
    let Some((partner, zone)) = partner(ctx, relation).await? else {
        return Ok(fl!(l, "clock-one", day = day, home = home, city = city));
    };
    Ok(fl!(
        l,
        "clock-two",
        day = day,
        home = home,
        city = city,
        there = fmt::clock(ctx.now(), &zone),
        partner = partner
    ))
}
async fn partner(ctx: &Ctx, relation: Option<RelationId>) -> Result<Option<(String, TimeZone)>, Fail> {
    let q = &ctx.house().db;
    let card = match (relation, ctx.viewer.acting.as_ref()) {
        (Some(id), _) => relations::cards(q, &[id])
            .await?
            .remove(&id)
            .filter(|c| relations::may_see(&ctx.viewer, c))
            .map(|c| c.partner),
        (None, Some(m)) if m.role == Role::PartnerOfficer || !m.home => match m.government {
            Some(g) => relations::government(q, g).await?,
            None => None,
        },
        _ => None,
    };
    let Some(card) = card else { return Ok(None) };
    // A partner's own officer knows their zone best.
    let own = (ctx.viewer.role() == Role::PartnerOfficer && relation.is_none())
        .then(|| ctx.viewer.person.as_ref().and_then(|p| TimeZone::get(&p.zone).ok()))
        .flatten();
    let zone = zones::of_country(&card.country).or(own);
    Ok(zone.map(|z| (card.name.plain(ctx.locale).to_owned(), z)))
}
