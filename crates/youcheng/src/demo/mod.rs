//! The demonstration: reference facts with their sources, and stories told through the rooms' own use cases.
//!
//! One story is real at its heart, Chongqing Library's "Window of Chongqing" with Düsseldorf (reported 2013, 2018); what
//! the reports do not tell is filled in and marked. The others are invented, so that a visitor who takes anybody's place
//! finds something to do: one is carried out, one is in review, one waits for its evaluator, one takes offers, one has
//! closed. The clock of the telling begins in December 2011 and moves forward, so that the journal is in order.

mod cast;
mod crowd;
mod finished;
mod review;
mod river;
mod running;
mod waiting;
mod window;
mod younger;

use access::House;
use anyhow::{Context, Result, anyhow};
use basis::{AccountId, FixedClock, GovernmentId, Locale, Moment, PlanItemId, RelationId};

use crate::node::Parts;

pub use cast::asks;

/// Somebody whose place a visitor can take.
#[derive(Clone, Copy, Debug)]
pub struct Player {
    /// As printed: "office-lead", "partner-city-officer", …
    pub role: &'static str,
    pub account: AccountId,
    /// A token for the API is printed, too.
    pub token: bool,
}

/// Whose token for the API is printed: one of each side.
const TOKENS: &[&str] = &["office-lead", "partner-city-officer"];
/// Everyone who can be played, in the order in which they are printed.
pub fn players() -> Vec<Player> {
    cast::SHOWN
        .iter()
        .map(|role| Player {
            role,
            account: cast::account(role),
            token: TOKENS.contains(role),
        })
        .collect()
}

pub(crate) fn at(rfc3339: &str) -> Result<Moment> {
    rfc3339.parse().with_context(|| rfc3339.to_owned())
}

/// The stage: the house, and its clock, which the stories move.
pub(crate) struct Stage<'a> {
    pub house: House,
    pub clock: &'a FixedClock,
    pub worker: store::Worker,
    /// The day the telling ends: the younger stories are set around it.
    pub today: Moment,
}
impl Stage<'_> {
    /// Moves the clock; never back.
    pub async fn when(&self, rfc3339: &str) -> Result<()> {
        self.to(at(rfc3339)?).await
    }
    pub async fn to(&self, moment: Moment) -> Result<()> {
        self.worker.drain().await?;
        if moment < self.house.now() {
            return Err(anyhow!(
                "the story would go back in time, from {} to {moment}",
                self.house.now()
            ));
        }
        self.clock.set(moment);
        Ok(())
    }
    /// So many days before (negative) or after today.
    pub async fn days(&self, n: i64) -> Result<()> {
        self.to(self.day_moment(n)).await
    }
    pub fn day_moment(&self, n: i64) -> Moment {
        let by = jiff::SignedDuration::from_hours(n * 24);
        self.today.checked_add(by).unwrap_or(self.today)
    }
    /// The home calendar's day, so many days from today, as people type it.
    pub fn day(&self, n: i64) -> String {
        self.day_moment(n).to_zoned(self.house.zone.clone()).date().to_string()
    }
}

/// Where the stories play.
pub(crate) struct Places {
    pub duesseldorf: RelationId,
    pub duesseldorf_gov: GovernmentId,
    pub seattle: RelationId,
    pub voronezh: RelationId,
    pub wulong: GovernmentId,
}
async fn places(house: &House) -> Result<Places> {
    let cards = relations::all_cards(&house.db).await?;
    let of = |name: &str| {
        let card = cards.iter().find(|c| c.partner.name.plain(Locale::En) == name);
        card.ok_or_else(|| anyhow!("{name} is not in the register"))
    };
    let districts = relations::districts(&house.db).await?;
    let wulong = districts
        .into_iter()
        .find(|d| d.name.plain(Locale::Zh).starts_with("武隆"));
    let d = of("Düsseldorf")?;
    Ok(Places {
        duesseldorf: d.id,
        duesseldorf_gov: d.partner.id,
        seattle: of("Seattle")?.id,
        voronezh: of("Voronezh")?.id,
        wulong: wulong.ok_or_else(|| anyhow!("武隆 is not among the districts"))?.id,
    })
}

/// Sets the stage in an empty store: the clock, the reference data, the cast.
async fn set<'a>(parts: &Parts, clock: &'a FixedClock) -> Result<(Stage<'a>, Places)> {
    let today = parts.db().now();
    clock.set(at("2011-12-01T02:00:00Z")?);
    let stage = Stage {
        house: parts.house().clone(),
        clock,
        worker: parts.worker(),
        today,
    };
    let by_house = access::Asking::new(access::Viewer::public(store::Via::Seed));
    relations::reference::load(&stage.house, &by_house)
        .await
        .context("the reference data")?;
    let p = places(&stage.house).await?;
    cast::gather(&stage.house, p.wulong, p.duesseldorf_gov)
        .await
        .context("the cast")?;
    cast::name_departments(&stage.house).await?;
    Ok((stage, p))
}

/// Tells the stories to an empty store, through the rooms' own use cases. `clock` is the clock of `parts`; it is set to
/// the days on which things happened, and at the end to where it stood.
///
/// # Errors
/// When a step of a story is refused.
pub async fn seed(parts: &Parts, clock: &FixedClock) -> Result<()> {
    let (stage, p) = set(parts, clock).await?;
    let lines = window::policy_lines(&stage).await.context("policy lines")?;
    let known = window::tell(&stage, &p, lines)
        .await
        .context("the Window of Chongqing")?;
    let [library, association] = known;
    let done = finished::tell(&stage, &p, lines, library)
        .await
        .context("picture books for Seattle")?;
    let work = running::begin(&stage, &p, lines, association)
        .await
        .context("days on two rivers")?;
    let week = review::begin(&stage, &p, lines)
        .await
        .context("the artists’ week in Wulong")?;
    river::tell(&stage, &p, lines)
        .await
        .context("river readings with Seattle")?;
    // Two days before today: what waits for somebody now.
    younger::tell(&stage, &p, lines)
        .await
        .context("the younger programmes")?;
    running::go_on(&stage, work)
        .await
        .context("days on two rivers, so far")?;
    review::go_on(&stage, week).await.context("the panel for Wulong")?;
    finished::judged(&stage, done)
        .await
        .context("who judges the picture books")?;
    waiting::tell(&stage, &p, lines)
        .await
        .context("what waits for the office and the district")?;
    stage.to(stage.today).await
}

/// The reference data and the cast without stories: for measures and tests.
///
/// # Errors
/// As [`seed`].
pub async fn stage_only(parts: &Parts, clock: &FixedClock) -> Result<()> {
    let (stage, _) = set(parts, clock).await?;
    stage.to(stage.today).await
}

/// A register file of so many made-up relations of the home city, for measures.
pub fn made_up_relations(n: usize) -> String {
    let mut out =
        String::from("reference,partner_en,partner_zh,partner_level,country,kind,status,signed,source,lat,lon\n");
    for i in 0..n {
        let (year, lat, lon) = (1980 + i % 45, (i % 160) as f64 - 80.0, (i % 350) as f64 - 175.0);
        out.push_str(&format!(
            "BENCH-{i:05},Made-up City {i},虚构市{i},city,FR,sister,signed,{year},made up for a measure,{lat},{lon}\n"
        ));
    }
    out
}

/// One programme whose call holds fifty opened offers, on a stage that was set: for measures. Moves the clock three days on.
///
/// # Errors
/// As [`seed`].
pub async fn fifty_offers(parts: &Parts, clock: &FixedClock) -> Result<PlanItemId> {
    crowd::tell(parts, clock).await
}
