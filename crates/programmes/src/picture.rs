//! The map of relations, drawn once for each state of the register, language and address, and kept.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use atlas::{Land, MapSpec, Place, PointKind, Region};
use basis::{GovernmentId, Locale};
use i18n_embed_fl::fl;
use pages::{Ctx, Markup};
use relations::{GovCard, RelationCard, RelationKind};
use sha2::{Digest, Sha256};

use crate::t;

static LAND: LazyLock<Option<Land>> = LazyLock::new(|| Land::from_topojson(atlas::LAND_110M).ok());
/// A drawing takes tens of milliseconds; what it shows changes a few times a day.
static DRAWN: LazyLock<Mutex<HashMap<[u8; 32], Arc<str>>>> = LazyLock::new(Mutex::default);

pub(crate) fn point_kind(card: &RelationCard) -> PointKind {
    match card.kind {
        RelationKind::Sister if card.signed.is_some() => PointKind::Dated,
        RelationKind::Sister => PointKind::Undated,
        RelationKind::Unclear => PointKind::Unsaid,
        RelationKind::FriendlyExchange | RelationKind::FriendlyCooperation => PointKind::Exchange,
    }
}
fn place(gov: &GovCard, locale: Locale, kind: PointKind, href: Option<String>, featured: bool) -> Option<Place> {
    let point = gov.point?;
    let shown = gov.name.shown(locale);
    Some(Place {
        name: shown.text.to_owned(),
        name_lang: shown.lang.to_string(),
        lat: point.lat,
        lon: point.lon,
        kind,
        href,
        featured,
    })
}

/// The map with its phone twin of the crowded part. `featured` is the partner that is told about.
pub(crate) fn map(ctx: &Ctx, home: &GovCard, cards: &[RelationCard], featured: Option<GovernmentId>) -> Markup {
    let l = ctx.locale;
    // One partner may hold several relations; it is one point, and the surest kind wins.
    let mut by_partner: HashMap<GovernmentId, &RelationCard> = HashMap::new();
    for c in cards {
        let e = by_partner.entry(c.partner.id).or_insert(c);
        if c.signed.is_some() && e.signed.is_none() {
            *e = c;
        }
    }
    let mut partners: Vec<&&RelationCard> = by_partner.values().collect();
    partners.sort_by_key(|c| (c.reference.clone(), c.id));
    // More than two hundred names are a blot, not a map: the earliest relations are drawn.
    partners.truncate(200);
    let places: Vec<Place> = partners
        .iter()
        .filter_map(|c| {
            place(
                &c.partner,
                l,
                point_kind(c),
                Some(ctx.to(&format!("/relations/{}", c.id))),
                featured == Some(c.partner.id),
            )
        })
        .collect();
    let Some(home_place) = place(home, l, PointKind::Dated, None, false) else {
        return Markup::default();
    };
    let city = home.name.plain(l).to_owned();
    let spec = MapSpec {
        width: 1200.0,
        cut_lon: -30.0,
        home: home_place,
        title: fl!(t(l), "map-title", city = city.as_str()),
        desc: fl!(t(l), "map-desc", city = city.as_str(), count = places.len()),
        places,
        id_prefix: "rel".into(),
        inset: Some(Region::EUROPE),
    };
    let key: [u8; 32] = Sha256::digest(format!("{spec:?}").as_bytes()).into();
    if let Some(done) = DRAWN.lock().unwrap_or_else(|p| p.into_inner()).get(&key) {
        return Markup(done.to_string());
    }
    let Some(land) = LAND.as_ref() else {
        return Markup::default();
    };
    // A phone gets the crowded part again, larger, below the whole.
    let drawn: Arc<str> = format!(
        "{}{}",
        atlas::draw(land, &spec),
        atlas::draw_region(land, &spec, &Region::EUROPE, 620.0)
    )
    .into();
    let mut kept = DRAWN.lock().unwrap_or_else(|p| p.into_inner());
    if kept.len() > 16 {
        kept.clear();
    }
    kept.insert(key, drawn.clone());
    Markup(drawn.to_string())
}
