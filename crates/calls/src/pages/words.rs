//! Words and clocks that several pages of this room use.

use std::collections::HashMap;

use ::pages::{Ctx, Markup, Problem, fmt, parts};
use basis::{AccountId, BodyId, Locale, Moment, OfferId};
use i18n_embed_fl::fl;
use jiff::tz::TimeZone;

use crate::{
    Channel, Mode, OfferStatus, Phase, PlanStatus, Struck,
    allocate::{ASPECTS, Aspect, Weights},
    t,
};

pub(crate) fn phase(l: Locale, p: Phase) -> String {
    let t = t(l);
    match p {
        Phase::Draft => fl!(t, "phase-draft"),
        Phase::Announced => fl!(t, "phase-announced"),
        Phase::Open => fl!(t, "phase-open"),
        Phase::Closed => fl!(t, "phase-closed"),
        Phase::InReview => fl!(t, "phase-in-review"),
        Phase::Decided => fl!(t, "phase-decided"),
        Phase::Cancelled => fl!(t, "phase-cancelled"),
        Phase::Asked => fl!(t, "phase-asked"),
    }
}
pub(super) fn offer_status(l: Locale, s: OfferStatus) -> String {
    let t = t(l);
    match s {
        OfferStatus::Draft => fl!(t, "offer-draft"),
        OfferStatus::Submitted => fl!(t, "offer-submitted"),
        OfferStatus::Withdrawn => fl!(t, "offer-withdrawn"),
        OfferStatus::Awarded => fl!(t, "offer-awarded"),
        OfferStatus::Declined => fl!(t, "offer-declined"),
    }
}
pub(crate) fn mode(l: Locale, m: Mode) -> String {
    match m {
        Mode::Outsourcing => fl!(t(l), "mode-outsourcing"),
        Mode::Assignment => fl!(t(l), "mode-assignment"),
    }
}
/// "service", or "service (health)" where the need is of a field of its own.
pub(super) fn need_kind(l: Locale, n: &crate::Need) -> String {
    let kind = channel(l, n.channel);
    match n.field {
        Some(field) => fl!(
            t(l),
            "need-kind-field",
            kind = kind,
            field = ::pages::parts::field_name(l, field)
        ),
        None => kind,
    }
}
/// A need by its title, with its own field where it has one.
pub(super) fn need_kind_of(l: Locale, n: &crate::Need) -> String {
    let title = n.title.plain(l).to_owned();
    match n.field {
        Some(field) => fl!(
            t(l),
            "need-kind-field",
            kind = title,
            field = ::pages::parts::field_name(l, field)
        ),
        None => title,
    }
}
pub(super) fn channel(l: Locale, c: Channel) -> String {
    let t = t(l);
    match c {
        Channel::Money => fl!(t, "channel-money"),
        Channel::VenueEquipment => fl!(t, "channel-venue-equipment"),
        Channel::Service => fl!(t, "channel-service"),
        Channel::Consultation => fl!(t, "channel-consultation"),
        Channel::Volunteering => fl!(t, "channel-volunteering"),
    }
}
pub(super) fn plan_status(l: Locale, s: PlanStatus) -> String {
    let t = t(l);
    match s {
        PlanStatus::Draft => fl!(t, "plan-state-draft"),
        PlanStatus::Published => fl!(t, "plan-state-published"),
        PlanStatus::SetAside => fl!(t, "plan-state-set-aside"),
    }
}
pub(super) fn struck(l: Locale, s: Struck) -> String {
    match s {
        Struck::Offers => fl!(t(l), "struck-offers"),
        Struck::Guides => fl!(t(l), "struck-guides"),
        Struck::MadeCall => fl!(t(l), "struck-made-call"),
        Struck::Withdrawn => fl!(t(l), "struck-withdrawn"),
        Struck::Gone => fl!(t(l), "struck-gone"),
    }
}
pub(super) fn aspect(l: Locale, a: Aspect) -> String {
    let t = t(l);
    match a {
        Aspect::Panel => fl!(t, "aspect-panel"),
        Aspect::Skills => fl!(t, "aspect-skills"),
        Aspect::Dates => fl!(t, "aspect-dates"),
        Aspect::Languages => fl!(t, "aspect-languages"),
        Aspect::Place => fl!(t, "aspect-place"),
        Aspect::Promises => fl!(t, "aspect-promises"),
    }
}
/// The formula of an aspect's mark.
pub(super) fn aspect_how(l: Locale, a: Aspect) -> String {
    let t = t(l);
    match a {
        Aspect::Panel => fl!(t, "weight-panel-how"),
        Aspect::Skills => fl!(t, "weight-skills-how"),
        Aspect::Dates => fl!(t, "weight-dates-how"),
        Aspect::Languages => fl!(t, "weight-languages-how"),
        Aspect::Place => fl!(t, "weight-place-how"),
        Aspect::Promises => fl!(t, "weight-promises-how"),
    }
}
/// What counts, and how much: "the panel’s score 60, languages 10".
pub(super) fn weights(l: Locale, w: &Weights) -> String {
    let counts = ASPECTS.into_iter().filter(|a| w.of(*a) > 0);
    let said: Vec<String> = counts.map(|x| format!("{} {}", aspect(l, x), w.of(x))).collect();
    said.join(if l == Locale::Zh { "，" } else { ", " })
}
/// Tenths of a point: "86.5".
pub(super) fn tenths(n: i64) -> String {
    format!("{}.{}", n / 10, n % 10)
}

/// A sum of values as a plan keeps it, in the points that its lines show.
pub(super) fn points(sum: &str) -> String {
    sum.parse::<i64>().map_or_else(
        |_| sum.to_owned(),
        |n| format!("{}.{}", fmt::number(n / 10), (n % 10).abs()),
    )
}

/// A partner's clock: by its country where that has one zone, by the longitude of its point where it has a few. Where
/// neither tells, none is claimed.
fn zone_of(card: &relations::GovCard) -> Option<TimeZone> {
    let (lat, lon) = card.point.map_or((0.0, 0.0), |p| (p.lat, p.lon));
    let known = card.point.is_some();
    let name = match card.country.as_str() {
        "DE" => "Europe/Berlin",
        "FR" => "Europe/Paris",
        "GB" => "Europe/London",
        "IT" => "Europe/Rome",
        "ES" => "Europe/Madrid",
        "BE" => "Europe/Brussels",
        "NL" => "Europe/Amsterdam",
        "CH" => "Europe/Zurich",
        "AT" => "Europe/Vienna",
        "HU" => "Europe/Budapest",
        "PL" => "Europe/Warsaw",
        "NO" => "Europe/Oslo",
        "SE" => "Europe/Stockholm",
        "FI" => "Europe/Helsinki",
        "GR" => "Europe/Athens",
        "UA" => "Europe/Kyiv",
        "BY" => "Europe/Minsk",
        "JP" => "Asia/Tokyo",
        "KR" => "Asia/Seoul",
        "TH" => "Asia/Bangkok",
        "VN" => "Asia/Ho_Chi_Minh",
        "LA" => "Asia/Vientiane",
        "SG" => "Asia/Singapore",
        "LK" => "Asia/Colombo",
        "IN" => "Asia/Kolkata",
        "IR" => "Asia/Tehran",
        "TR" => "Europe/Istanbul",
        "EG" => "Africa/Cairo",
        "ET" => "Africa/Addis_Ababa",
        "TD" => "Africa/Ndjamena",
        "ZA" => "Africa/Johannesburg",
        "NZ" => "Pacific/Auckland",
        "AR" => "America/Argentina/Buenos_Aires",
        "US" if known && lon < -115.0 => "America/Los_Angeles",
        "US" if known && lon < -102.0 => "America/Denver",
        "US" if known && lon < -87.0 => "America/Chicago",
        "US" if known => "America/New_York",
        "CA" if known && lon < -120.0 => "America/Vancouver",
        "CA" if known && lon > -90.0 => "America/Toronto",
        "AU" if known && lon > 141.0 && lat > -29.0 => "Australia/Brisbane",
        "AU" if known && lon > 141.0 => "Australia/Sydney",
        "RU" if known && lon < 45.0 => "Europe/Moscow",
        _ => return None,
    };
    TimeZone::get(name).ok()
}
/// A moment by the clocks of both cities, each named; the partner's only where it is known.
pub(super) fn clocks(ctx: &Ctx, at: Moment, partner: Option<&relations::RelationCard>) -> String {
    each_clock(ctx, at, partner).join(if ctx.locale == Locale::Zh { "，" } else { "; " })
}
/// The same, one clock under the other.
pub(super) fn clock_lines(ctx: &Ctx, at: Moment, partner: Option<&relations::RelationCard>) -> Markup {
    let each = each_clock(ctx, at, partner);
    let lines: Vec<String> = each.iter().map(|clock| parts::escape(clock)).collect();
    Markup(lines.join("<br>"))
}
/// Until the end of a day by the home city's clock: the day itself, or where the partner's clock stands beside it, the
/// day's last minute by both.
pub(super) fn last_day(ctx: &Ctx, end: Moment, partner: Option<&relations::RelationCard>) -> String {
    let l = ctx.locale;
    let last = crate::assign::last_of(end);
    if partner.is_some_and(|p| zone_of(&p.partner).is_some()) {
        return clocks(ctx, last, partner);
    }
    let day = fmt::day(l, last.to_zoned(ctx.zone().clone()).date());
    fl!(t(l), "clock-of", when = day, city = ctx.app.node.city.plain(l))
}
fn each_clock(ctx: &Ctx, at: Moment, partner: Option<&relations::RelationCard>) -> Vec<String> {
    let l = ctx.locale;
    let by = |zone: &TimeZone, city: &str| fl!(t(l), "clock-of", when = fmt::moment(l, at, zone), city = city);
    let mut each = vec![by(ctx.zone(), ctx.app.node.city.plain(l))];
    if let Some(p) = partner {
        each.extend(zone_of(&p.partner).map(|zone| by(&zone, p.partner.name.plain(l))));
    }
    each
}
/// How long until then, in the largest whole unit that helps.
pub(super) fn left(ctx: &Ctx, until: Moment) -> String {
    let seconds = until.as_second() - ctx.now().as_second();
    let t = t(ctx.locale);
    match seconds {
        s if s < 0 => String::new(),
        s if s < 3600 => fl!(t, "left-minutes", count = (s / 60).max(1)),
        s if s < 2 * 86_400 => fl!(t, "left-hours", count = (s / 3600)),
        s => fl!(t, "left-days", count = (s / 86_400)),
    }
}

/// Names of makers and people, asked for once a page.
#[derive(Default)]
pub(super) struct Names {
    bodies: HashMap<BodyId, parties_card::Body>,
    people: HashMap<AccountId, String>,
}
mod parties_card {
    /// Its name, and whether it has a page of its own: an organisation has, an office has not.
    pub(super) type Body = (basis::Text, bool);
}
impl Names {
    pub async fn of(ctx: &Ctx, bodies: Vec<BodyId>, people: Vec<AccountId>) -> Result<Names, Problem> {
        let q = &ctx.house().db;
        let bodies = parties::bodies(q, &bodies).await?;
        let people = if people.is_empty() {
            HashMap::new()
        } else {
            parties::people(q, &people).await?
        };
        Ok(Names {
            bodies: bodies
                .into_iter()
                .map(|(id, b)| (id, (b.name, b.kind == access::BodyKind::Organisation)))
                .collect(),
            people: people.into_iter().map(|(id, p)| (id, p.name)).collect(),
        })
    }
    pub fn person(&self, l: Locale, id: AccountId) -> String {
        self.people
            .get(&id)
            .filter(|n| !n.is_empty())
            .cloned()
            .unwrap_or_else(|| fl!(t(l), "somebody"))
    }
    pub fn body(&self, l: Locale, id: BodyId) -> String {
        self.bodies
            .get(&id)
            .map(|b| b.0.plain(l).to_owned())
            .unwrap_or_default()
    }
    /// Who offers: an organisation with its page, or a person.
    pub fn maker(&self, l: Locale, body: Option<BodyId>, account: Option<AccountId>) -> String {
        match (body, account) {
            (Some(b), _) => self.body(l, b),
            (None, Some(a)) => self.person(l, a),
            (None, None) => fl!(t(l), "somebody"),
        }
    }
    pub fn maker_link(&self, ctx: &Ctx, body: Option<BodyId>, account: Option<AccountId>) -> Markup {
        let name = parts::escape(&self.maker(ctx.locale, body, account));
        match body.filter(|b| self.bodies.get(b).is_some_and(|b| b.1)) {
            Some(b) => Markup(format!(
                "<a href=\"{}\">{name}</a>",
                ctx.to(&format!("/organisations/{b}"))
            )),
            None => Markup(name),
        }
    }
}
/// Offers' makers by id, for pages that name offers.
pub(super) type Makers = HashMap<OfferId, String>;
