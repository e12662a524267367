//! The register in memory: search, filters, counts per filter and pages, without a query for each.
//!
//! A process keeps the cards of one store and the stamp they were read at; every change writes a new stamp in its own
//! transaction, so one small query tells whether they are still fresh. Nothing here that another process could not
//! rebuild: 10,000 relations take about 10 MB and a fifth of a second.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
};

use access::{House, Role, Viewer};
use basis::{Code, GovernmentId, Locale, Page, PageRequest, RelationId, code};
use store::{Query, StoreFault};

use crate::{CountRow, GovCard, Level, RelationCard, RelationKind, RelationStatus, fold, store as sql};

code! {
    /// In which order the register is read.
    pub enum Order { Signed => "signed", Newest => "newest", Name => "name" }
}

/// What a reader looks for. Empty lists mean "all".
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Words, each of which must be in a name, a country or the reference.
    pub q: String,
    pub kind: Vec<RelationKind>,
    pub status: Vec<RelationStatus>,
    /// ISO codes.
    pub country: Vec<String>,
    pub level: Vec<Level>,
    /// Own side: the city's own ties, or those of these districts.
    pub own: Vec<GovernmentId>,
    pub disputed: bool,
    pub order: Option<Order>,
}

/// How many relations each choice would give, the other filters kept as they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facets {
    pub kind: Vec<(RelationKind, usize)>,
    pub status: Vec<(RelationStatus, usize)>,
    pub country: Vec<(String, usize)>,
    pub level: Vec<(Level, usize)>,
    pub own: Vec<(GovernmentId, usize)>,
    pub disputed: usize,
    /// With all filters on.
    pub total: usize,
    /// With none.
    pub all: usize,
}

struct Entry {
    card: RelationCard,
    words: String,
}
/// All relations of one store at one stamp.
pub struct Index {
    stamp: String,
    entries: Vec<Entry>,
    by_id: HashMap<RelationId, usize>,
    orders: [Vec<usize>; 3],
    /// Our own side, the city first, and the published counts: as small as they are, they change with the register.
    own: Vec<GovCard>,
    counts: Vec<CountRow>,
}
/// The register as one reader sees it, with what is told beside it; one question while nothing changed.
#[derive(Clone, Debug)]
pub struct Register {
    /// In the order in which they were signed.
    pub cards: Vec<RelationCard>,
    pub home: GovCard,
    pub districts: Vec<GovCard>,
    /// Published counts over time, oldest first.
    pub counts: Vec<CountRow>,
}

fn haystack(c: &RelationCard) -> String {
    let mut out = String::new();
    let mut add = |s: &str| {
        out.push_str(&fold::fold(s));
        out.push(' ');
    };
    for name in [&c.own.name, &c.partner.name] {
        for l in name.langs() {
            add(name.get(l.as_str()).unwrap_or(""));
        }
    }
    for locale in Locale::ALL {
        add(&crate::government::country_name(&c.partner.country, locale));
    }
    add(&c.partner.country);
    add(&c.reference);
    out
}

impl Index {
    fn new(stamp: String, cards: Vec<RelationCard>, own: Vec<GovCard>, counts: Vec<CountRow>) -> Index {
        let entries: Vec<Entry> = cards
            .into_iter()
            .map(|card| Entry {
                words: haystack(&card),
                card,
            })
            .collect();
        let order = |key: &dyn Fn(&RelationCard) -> String| {
            let mut keyed: Vec<(String, &str, usize)> = entries
                .iter()
                .enumerate()
                .map(|(i, e)| (key(&e.card), e.card.reference.as_str(), i))
                .collect();
            keyed.sort();
            keyed.into_iter().map(|(_, _, i)| i).collect::<Vec<usize>>()
        };
        // The undated come last either way.
        let day = |c: &RelationCard| c.signed.map(|s| s.text());
        let signed = order(&|c| day(c).unwrap_or_else(|| "9999".into()));
        let name = order(&|c| fold::fold(c.partner.name.plain(Locale::En)));
        let mut newest = signed.clone();
        newest.sort_by_key(|i| Reverse(day(&entries[*i].card).unwrap_or_default()));
        let by_id = entries.iter().enumerate().map(|(i, e)| (e.card.id, i)).collect();
        Index {
            stamp,
            by_id,
            orders: [signed, newest, name],
            entries,
            own,
            counts,
        }
    }
    fn card(&self, i: usize) -> &RelationCard {
        &self.entries[i].card
    }
    /// The stretch of the register a reader asked for, and what each filter would give.
    fn look(&self, viewer: &Viewer, f: &Filter, page: &PageRequest) -> (Page<RelationCard>, Facets) {
        let words = fold::words(&f.q);
        let order = f.order.unwrap_or(Order::Signed);
        let start = page
            .after
            .as_ref()
            .and_then(|c| c.0.parse().ok())
            .and_then(|id| self.by_id.get(&id).copied());
        let mut facets = Facets::default();
        let (mut kinds, mut statuses, mut countries, mut levels, mut owns) = Default::default();
        let mut hits = Vec::new();
        let mut waiting = start.is_some();
        for &i in &self.orders[order as usize] {
            let here = waiting;
            waiting &= Some(i) != start;
            let Entry { card: c, words: w } = &self.entries[i];
            if !may_see(viewer, c) {
                continue;
            }
            let status = status_for(viewer, c);
            facets.all += 1;
            if !words.iter().all(|word| w.contains(word.as_str())) {
                continue;
            }
            let fits = [
                f.kind.is_empty() || f.kind.contains(&c.kind),
                f.status.is_empty() || f.status.contains(&status),
                f.country.is_empty() || f.country.contains(&c.partner.country),
                f.level.is_empty() || f.level.contains(&c.partner.level),
                f.own.is_empty() || f.own.contains(&c.own.id),
                !f.disputed || c.disputed,
            ];
            // A filter's own choices are counted as if it were not set.
            let but = |skip: usize| fits.iter().enumerate().all(|(n, ok)| *ok || n == skip);
            count(&mut kinds, but(0), c.kind);
            count(&mut statuses, but(1), status);
            count(&mut countries, but(2), c.partner.country.clone());
            count(&mut levels, but(3), c.partner.level);
            count(&mut owns, but(4), c.own.id);
            facets.disputed += usize::from(but(5) && c.disputed);
            if fits.iter().all(|ok| *ok) {
                facets.total += 1;
                if !here && hits.len() <= page.limit as usize {
                    hits.push(i);
                }
            }
        }
        facets.kind = RelationKind::ALL
            .iter()
            .filter_map(|k| Some((*k, *kinds.get(k)?)))
            .collect();
        facets.status = RelationStatus::ALL
            .iter()
            .filter_map(|k| Some((*k, *statuses.get(k)?)))
            .collect();
        facets.level = Level::ALL.iter().filter_map(|k| Some((*k, *levels.get(k)?))).collect();
        facets.country = most_first(countries);
        facets.own = most_first(owns);
        let page = Page::from_rows(hits, page.limit, |i| self.card(*i).id.to_string())
            .map(|i| as_seen(viewer, self.card(i).clone()));
        (page, facets)
    }
}
fn count<K: Ord>(into: &mut BTreeMap<K, usize>, fits: bool, key: K) {
    if fits {
        *into.entry(key).or_default() += 1;
    }
}
fn most_first<K: Ord + Clone>(counts: BTreeMap<K, usize>) -> Vec<(K, usize)> {
    let mut all: Vec<(K, usize)> = counts.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all
}

/// Who sees a relation that is not public yet: our own officers, and the officers of that very partner; by a key only if
/// it is for this room.
pub fn may_see(viewer: &Viewer, card: &RelationCard) -> bool {
    let inside = || viewer.is_officer() || is_partner_officer(viewer, card.partner.id);
    card.is_open() || (viewer.reads(crate::POLICIES.room) && inside())
}
/// The status this reader is told: that a closer tie is applied for stays the offices' own business until it is signed.
pub(crate) fn status_for(viewer: &Viewer, card: &RelationCard) -> RelationStatus {
    if viewer.is_officer() || is_partner_officer(viewer, card.partner.id) {
        card.status
    } else {
        card.standing()
    }
}
/// The card as this reader is told of it.
pub fn as_seen(viewer: &Viewer, card: RelationCard) -> RelationCard {
    RelationCard {
        status: status_for(viewer, &card),
        upgrade_from: card.upgrade_from.filter(|_| status_for(viewer, &card) == card.status),
        ..card
    }
}
/// An officer of this partner's own office.
pub fn is_partner_officer(viewer: &Viewer, partner: GovernmentId) -> bool {
    viewer.role() == Role::PartnerOfficer && viewer.acting.as_ref().is_some_and(|m| m.government == Some(partner))
}

/// The indices this process keeps, newest last: one for a node; tests have several stores at once.
static KEPT: Mutex<Vec<Arc<Index>>> = Mutex::new(Vec::new());
const MOST: usize = 4;

/// The register as it stands now.
pub async fn index(q: &impl Query) -> Result<Arc<Index>, StoreFault> {
    let stamp = sql::stamp(q).await?.unwrap_or_default();
    let find = |kept: &[Arc<Index>]| kept.iter().find(|i| i.stamp == stamp).cloned();
    if let Some(kept) = find(&KEPT.lock().unwrap_or_else(|p| p.into_inner())) {
        return Ok(kept);
    }
    // What is read now may be newer than the stamp, never older; then the next reader finds a new stamp and reads again.
    let own = sql::own_governments(q).await?.into_iter().map(|g| g.card).collect();
    let counts = sql::count_series(q).await?;
    let fresh = Arc::new(Index::new(stamp.clone(), sql::every_card(q).await?, own, counts));
    let mut kept = KEPT.lock().unwrap_or_else(|p| p.into_inner());
    if find(&kept).is_none() && !stamp.is_empty() {
        if kept.len() >= MOST {
            kept.remove(0);
        }
        kept.push(fresh.clone());
    }
    Ok(fresh)
}

/// The stretch of the register this reader asked for, and how many relations each filter would give.
pub async fn look(
    q: &impl Query,
    viewer: &Viewer,
    filter: &Filter,
    page: PageRequest,
) -> Result<(Page<RelationCard>, Facets), StoreFault> {
    Ok(index(q).await?.look(viewer, filter, &page))
}
/// As the public sees it.
pub async fn register(q: &impl Query, filter: &Filter, page: PageRequest) -> Result<Page<RelationCard>, StoreFault> {
    Ok(look(q, &Viewer::public(store::Via::Page), filter, page).await?.0)
}
/// Cards by id, as far as this reader may see them.
pub async fn cards_for(
    q: &impl Query,
    viewer: &Viewer,
    ids: &[RelationId],
) -> Result<HashMap<RelationId, RelationCard>, StoreFault> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = sql::cards(q, ids).await?.into_iter();
    Ok(found
        .filter(|(_, c)| may_see(viewer, c))
        .map(|(id, c)| (id, as_seen(viewer, c)))
        .collect())
}
/// The whole register for a page that tells of all of it.
pub async fn whole_register(q: &impl Query, viewer: &Viewer) -> Result<Register, StoreFault> {
    let index = index(q).await?;
    let cards = index.orders[0]
        .iter()
        .map(|i| index.card(*i))
        .filter(|c| may_see(viewer, c));
    let (districts, mut home): (Vec<_>, Vec<_>) = index.own.iter().cloned().partition(|g| g.district);
    Ok(Register {
        cards: cards.map(|c| as_seen(viewer, c.clone())).collect(),
        home: home
            .pop()
            .ok_or_else(|| StoreFault::belief("own", "no home government"))?,
        districts,
        counts: index.counts.clone(),
    })
}
/// All relations that are public, in the order they were signed.
pub async fn all_cards(q: &impl Query) -> Result<Vec<RelationCard>, StoreFault> {
    all_cards_for(q, &Viewer::public(store::Via::Page)).await
}
/// All relations this reader may see, in the order they were signed.
pub async fn all_cards_for(q: &impl Query, viewer: &Viewer) -> Result<Vec<RelationCard>, StoreFault> {
    let index = index(q).await?;
    let cards = index.orders[0]
        .iter()
        .map(|i| index.card(*i))
        .filter(|c| may_see(viewer, c));
    Ok(cards.map(|c| as_seen(viewer, c.clone())).collect())
}
/// For each local government of ours, how many relations that are counted or living it has; zero is an answer (R90).
pub async fn ties_by_own(house: &House) -> Result<HashMap<GovernmentId, usize>, StoreFault> {
    let mut out: HashMap<GovernmentId, usize> = sql::own_governments(&house.db)
        .await?
        .into_iter()
        .map(|g| (g.card.id, 0))
        .collect();
    for c in all_cards(&house.db).await? {
        if c.is_living() {
            *out.entry(c.own.id).or_default() += 1;
        }
    }
    Ok(out)
}
