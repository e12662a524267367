//! What makers stated to give in all, and what they give, over all calls: in batches of makers, once a call is opened.

use basis::{CallId, Day, OfferId, Text};
use std::collections::HashMap;
use store::{Json, Query, StoreFault, ToVal, Tx, row, vals};

use super::places;
use crate::allocate::Outcome;
use crate::limits::{Stated, Used};

/// Makers in one question.
const MAKERS: usize = 5000;

/// Offers that are opened and not over. While a call is sealed, nothing of its offers is told, their limits included.
const OPENED: &str = "o.ends >= $1 AND c.opened_at IS NOT NULL AND ((o.status = 'submitted' AND c.status = 'in-review') OR o.status = 'awarded')";
/// The maker's own also while they lie sealed.
const OWN: &str = "o.ends >= $1 AND ((o.status = 'submitted' AND c.status IN ('open', 'closed', 'in-review')) OR o.status = 'awarded')";

row! { struct MostRow { maker: String, call: CallId, most: i64 } }
row! { struct LimitRow { maker: String, call: CallId, unit: Text, most: i64 } }
async fn stated(q: &impl Query, makers: &[String], today: Day, which: &str) -> Result<Vec<Stated>, StoreFault> {
    let mut out = Vec::new();
    for some in makers.chunks(MAKERS) {
        let v = || -> Vec<store::Val> {
            let mut v = vals![today];
            v.extend(some.iter().map(ToVal::to_val));
            v
        };
        let makers = places(2, some.len());
        let rows: Vec<MostRow> = q
            .all(
                &format!("SELECT o.maker, o.call, o.most FROM offer o JOIN call c ON c.id = o.call WHERE o.most IS NOT NULL AND {which} AND o.maker IN ({makers}) ORDER BY o.id"),
                v(),
            )
            .await?;
        out.extend(rows.into_iter().map(|r| Stated {
            maker: r.maker,
            call: r.call,
            unit: None,
            most: r.most,
        }));
        let rows: Vec<LimitRow> = q
            .all(
                &format!("SELECT o.maker, o.call, n.unit, m.most FROM offer_limit m JOIN offer o ON o.id = m.offer JOIN call c ON c.id = o.call JOIN need n ON n.id = m.need WHERE {which} AND o.maker IN ({makers}) ORDER BY o.id, n.position"),
                v(),
            )
            .await?;
        out.extend(rows.into_iter().map(|r| Stated {
            maker: r.maker,
            call: r.call,
            unit: Some(r.unit),
            most: r.most,
        }));
    }
    Ok(out)
}
/// What these makers stated in offers that are opened and not over.
pub(crate) async fn stated_limits(q: &impl Query, makers: &[String], today: Day) -> Result<Vec<Stated>, StoreFault> {
    stated(q, makers, today, OPENED).await
}
/// What a maker stated anywhere, sealed or not: for the maker's own pages only.
pub(crate) async fn own_stated_limits(q: &impl Query, maker: &str, today: Day) -> Result<Vec<Stated>, StoreFault> {
    stated(q, &[maker.to_owned()], today, OWN).await
}

row! { struct AwardedRow { maker: String, call: CallId, unit: Text, n: i64 } }
row! { struct PlannedRow { id: OfferId, maker: String, call: CallId } }
row! { struct ResultRow { call: CallId, result: Json<Outcome> } }
/// Units that makers give already in any call but `except`: what they were awarded for work that is not over, and what
/// published plans give them while those calls are in review.
pub(crate) async fn used_units(
    q: &impl Query,
    makers: &[String],
    except: Option<CallId>,
    today: Day,
) -> Result<Vec<Used>, StoreFault> {
    let except = except.map(|c| c.to_string()).unwrap_or_default();
    let mut out = Vec::new();
    let mut planned: HashMap<CallId, Vec<PlannedRow>> = HashMap::new();
    for some in makers.chunks(MAKERS) {
        let v = || -> Vec<store::Val> {
            let mut v = vals![today, except.as_str()];
            v.extend(some.iter().map(ToVal::to_val));
            v
        };
        let makers = places(3, some.len());
        let rows: Vec<AwardedRow> = q
            .all(
                &format!("SELECT o.maker, o.call, n.unit, CAST(SUM(l.units) AS BIGINT) AS n FROM award_line l JOIN award a ON a.id = l.award JOIN offer o ON o.id = a.offer JOIN need n ON n.id = l.need WHERE o.ends >= $1 AND o.call <> $2 AND o.maker IN ({makers}) GROUP BY o.maker, o.call, n.unit ORDER BY o.maker, o.call, n.unit"),
                v(),
            )
            .await?;
        out.extend(rows.into_iter().map(|r| Used {
            maker: r.maker,
            call: r.call,
            unit: r.unit,
            units: r.n,
            awarded: true,
        }));
        let rows: Vec<PlannedRow> = q
            .all(
                &format!("SELECT o.id, o.maker, o.call FROM offer o JOIN call c ON c.id = o.call WHERE o.ends >= $1 AND o.call <> $2 AND o.status = 'submitted' AND c.status = 'in-review' AND EXISTS (SELECT 1 FROM allocation x WHERE x.call = c.id AND x.status = 'published') AND o.maker IN ({makers}) ORDER BY o.id"),
                v(),
            )
            .await?;
        for r in rows {
            planned.entry(r.call).or_default().push(r);
        }
    }
    let mut calls: Vec<CallId> = planned.keys().copied().collect();
    calls.sort_unstable();
    for call in calls {
        let plan: Option<ResultRow> = q
            .one(
                "SELECT call, result FROM allocation WHERE call = $1 AND status = 'published'",
                vals![call],
            )
            .await?;
        let Some(plan) = plan else { continue };
        let units: HashMap<_, Text> = super::needs(q, plan.call)
            .await?
            .into_iter()
            .map(|n| (n.id, n.unit))
            .collect();
        let mut given: HashMap<OfferId, Vec<(Text, i64)>> = HashMap::new();
        for line in plan.result.0.lines {
            let Some(unit) = units.get(&line.need) else { continue };
            given.entry(line.offer).or_default().push((unit.clone(), line.units));
        }
        for offer in planned.remove(&call).unwrap_or_default() {
            for (unit, units) in given.remove(&offer.id).unwrap_or_default() {
                out.push(Used {
                    maker: offer.maker.clone(),
                    call,
                    unit,
                    units,
                    awarded: false,
                });
            }
        }
    }
    Ok(out)
}
/// Holds these makers until the transaction ends, always in one order: of two plans that give from the same hours at
/// once the second waits and counts the first.
pub(crate) async fn hold_makers(tx: &Tx, makers: &[String]) -> Result<(), StoreFault> {
    let mut makers = makers.to_vec();
    makers.sort_unstable();
    makers.dedup();
    for maker in makers {
        tx.exec(
            "UPDATE offer SET version = version WHERE id = (SELECT MIN(x.id) FROM offer x WHERE x.maker = $1)",
            vals![maker],
        )
        .await?;
    }
    Ok(())
}
