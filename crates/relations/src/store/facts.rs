//! Claims, links, agreements and inside notes.

use basis::{AccountId, AgreementId, BodyId, Day, Field, Id, Kind, LinkId, Moment, Precision, RelationId, Text};
use store::{Query, StoreFault, Tx, Val, row, vals};

use super::places;
use crate::{AgreementCard, FactRow, InsideNote, LinkCard, Side, SignedDate};

const CLAIM: &str = "SELECT id, object_kind, object_id, field, value, precision, source, claimant, confidence, as_of, note, account, at, illustrative FROM fact";

/// All claims about these objects, inside ones too: [`crate::facts_for`] leaves out what a reader may not see.
pub async fn claims(q: &impl Query, objects: &[(&str, String)]) -> Result<Vec<FactRow>, StoreFault> {
    if objects.is_empty() {
        return Ok(Vec::new());
    }
    let v: Vec<Val> = objects.iter().flat_map(|(kind, id)| vals![*kind, *id]).collect();
    let each: Vec<String> = (0..objects.len())
        .map(|i| format!("(object_kind = ${} AND object_id = ${})", 2 * i + 1, 2 * i + 2))
        .collect();
    q.all(
        &format!("{CLAIM} WHERE {} ORDER BY field, at, id", each.join(" OR ")),
        v,
    )
    .await
}
/// All claims there are, for the export.
pub async fn every_claim(q: &impl Query) -> Result<Vec<FactRow>, StoreFault> {
    q.all(
        &format!("{CLAIM} ORDER BY object_kind, object_id, field, at, id"),
        vec![],
    )
    .await
}
pub async fn insert_claims(tx: &Tx, all: &[FactRow]) -> Result<(), StoreFault> {
    let rows = all.iter().map(|f| {
        vals![
            f.id,
            f.object_kind,
            f.object_id,
            f.field,
            f.value,
            f.precision,
            f.source,
            f.claimant,
            f.confidence,
            f.as_of,
            f.note,
            f.account,
            f.at,
            f.illustrative
        ]
    });
    tx.insert_many("INSERT INTO fact (id, object_kind, object_id, field, value, precision, source, claimant, confidence, as_of, note, account, at, illustrative)", 14, rows.collect()).await
}

row! {
    struct LinkRow {
        id: LinkId, relation: RelationId, field: Field, own_name: Text, partner_name: Text, what: Text,
        since: Option<String>, source: String, own_body: Option<BodyId>, partner_body: Option<BodyId>, made_at: Moment,
        illustrative: bool,
    }
}
impl From<LinkRow> for LinkCard {
    fn from(r: LinkRow) -> Self {
        LinkCard {
            id: r.id,
            relation: r.relation,
            field: r.field,
            own_name: r.own_name,
            partner_name: r.partner_name,
            what: r.what,
            since: r.since,
            source: r.source,
            own_body: r.own_body,
            partner_body: r.partner_body,
            made_at: r.made_at,
            illustrative: r.illustrative,
        }
    }
}
const LINK: &str = "SELECT id, relation, field, own_name, partner_name, what, since, source, own_body, partner_body, made_at, illustrative FROM link";

/// Institution pairs of these relations, by relation, field and birth.
pub async fn links(q: &impl Query, relations: &[RelationId]) -> Result<Vec<LinkCard>, StoreFault> {
    if relations.is_empty() {
        return Ok(Vec::new());
    }
    let v: Vec<Val> = relations.iter().flat_map(|i| vals![*i]).collect();
    let sql = format!(
        "{LINK} WHERE relation IN ({}) ORDER BY relation, field, since, id",
        places(relations.len(), 1)
    );
    let rows: Vec<LinkRow> = q.all(&sql, v).await?;
    Ok(rows.into_iter().map(LinkCard::from).collect())
}
pub async fn every_link(q: &impl Query) -> Result<Vec<LinkCard>, StoreFault> {
    let rows: Vec<LinkRow> = q
        .all(&format!("{LINK} ORDER BY relation, field, since, id"), vec![])
        .await?;
    Ok(rows.into_iter().map(LinkCard::from).collect())
}
pub async fn insert_links(tx: &Tx, all: &[LinkCard]) -> Result<(), StoreFault> {
    let rows = all.iter().map(|l| {
        vals![
            l.id,
            l.relation,
            l.field,
            l.own_name,
            l.partner_name,
            l.what,
            l.since,
            l.source,
            l.own_body,
            l.partner_body,
            l.made_at,
            l.illustrative
        ]
    });
    tx.insert_many("INSERT INTO link (id, relation, field, own_name, partner_name, what, since, source, own_body, partner_body, made_at, illustrative)", 12, rows.collect()).await
}

row! {
    struct AgreementRow {
        id: AgreementId, relation: RelationId, title: Text, signed_from: Option<Day>, precision: Option<Precision>,
        occasion: Option<String>, source: String, made_at: Moment, illustrative: bool,
    }
}
/// Agreements under these relations, newest first (R21).
pub async fn agreements(q: &impl Query, relations: &[RelationId]) -> Result<Vec<AgreementCard>, StoreFault> {
    if relations.is_empty() {
        return Ok(Vec::new());
    }
    let v: Vec<Val> = relations.iter().flat_map(|i| vals![*i]).collect();
    let sql = format!(
        "SELECT id, relation, title, signed_from, precision, occasion, source, made_at, illustrative FROM agreement WHERE relation IN ({}) ORDER BY signed_from DESC, id DESC",
        places(relations.len(), 1)
    );
    let rows: Vec<AgreementRow> = q.all(&sql, v).await?;
    let cards = rows.into_iter().map(|r| AgreementCard {
        id: r.id,
        relation: r.relation,
        title: r.title,
        signed: r
            .signed_from
            .zip(r.precision)
            .map(|(from, precision)| SignedDate { from, precision }),
        occasion: r.occasion,
        source: r.source,
        made_at: r.made_at,
        illustrative: r.illustrative,
    });
    Ok(cards.collect())
}
pub async fn insert_agreements(tx: &Tx, all: &[AgreementCard]) -> Result<(), StoreFault> {
    let rows = all.iter().map(|a| {
        let (from, precision) = (a.signed.map(|s| s.from), a.signed.map(|s| s.precision));
        vals![
            a.id,
            a.relation,
            a.title,
            from,
            precision,
            a.occasion,
            a.source,
            a.made_at,
            a.illustrative
        ]
    });
    tx.insert_many(
        "INSERT INTO agreement (id, relation, title, signed_from, precision, occasion, source, made_at, illustrative)",
        9,
        rows.collect(),
    )
    .await
}

row! {
    struct NoteRow {
        id: Id<InsideNote>, relation: RelationId, answers: Option<Id<InsideNote>>, side: Side, account: AccountId,
        body: Option<BodyId>, field: Option<Field>, words: String, at: Moment, illustrative: bool,
    }
}
impl Kind for InsideNote {
    const NAME: &'static str = "inside-note";
}
/// What both sides' officers told each other about one relation, oldest first. Which of it a reader may see,
/// [`crate::notes_for`] tells.
pub async fn inside_notes(q: &impl Query, relation: RelationId) -> Result<Vec<InsideNote>, StoreFault> {
    let rows: Vec<NoteRow> = q
        .all(
            "SELECT id, relation, answers, side, account, body, field, words, at, illustrative FROM inside_note WHERE relation = $1 ORDER BY at, id",
            vals![relation],
        )
        .await?;
    let notes = rows.into_iter().map(|r| InsideNote {
        id: r.id,
        relation: r.relation,
        answers: r.answers,
        side: r.side,
        account: r.account,
        body: r.body,
        field: r.field,
        words: r.words,
        at: r.at,
        illustrative: r.illustrative,
    });
    Ok(notes.collect())
}
pub async fn insert_inside_note(tx: &Tx, n: &InsideNote) -> Result<(), StoreFault> {
    tx.exec(
        "INSERT INTO inside_note (id, relation, answers, side, account, body, field, words, at, illustrative) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vals![n.id, n.relation, n.answers, n.side, n.account, n.body, n.field, n.words, n.at, n.illustrative],
    )
    .await?;
    Ok(())
}
/// What one side wrote and the other has not answered yet, by relation and by the field it is about, with the moment since
/// when. A later note about the same field answers it, and so does one about none: the offices speak for every field.
pub async fn unanswered_notes(
    q: &impl Query,
    from: Side,
) -> Result<Vec<(RelationId, Option<Field>, Moment)>, StoreFault> {
    row! { struct Waiting { relation: RelationId, field: Option<Field>, at: Moment } }
    let rows: Vec<Waiting> = q
        .all(
            "SELECT n.relation, n.field, MIN(n.at) AS at FROM inside_note n WHERE n.side = $1 AND NOT EXISTS (SELECT 1 FROM inside_note a WHERE a.relation = n.relation AND a.side <> n.side AND (a.answers = n.id OR (a.at >= n.at AND (a.field IS NULL OR a.field = n.field)))) GROUP BY n.relation, n.field ORDER BY MIN(n.at), n.relation, n.field",
            vals![from],
        )
        .await?;
    Ok(rows.into_iter().map(|w| (w.relation, w.field, w.at)).collect())
}

/// The relations that a fact, a link or an agreement is under; a claim about a government is under all that it is a
/// partner in.
pub async fn relations_above(q: &impl Query, kind: &str, id: &str) -> Result<Vec<RelationId>, StoreFault> {
    row! { struct Above { id: RelationId } }
    let sql = match kind {
        "link" => "SELECT relation AS id FROM link WHERE id = $1",
        "agreement" => "SELECT relation AS id FROM agreement WHERE id = $1",
        "fact" => {
            "SELECT r.id FROM fact f JOIN relation r ON (f.object_kind = 'relation' AND r.id = f.object_id) OR (f.object_kind = 'government' AND r.partner_government = f.object_id) WHERE f.id = $1 ORDER BY r.id"
        }
        _ => return Ok(Vec::new()),
    };
    let rows: Vec<Above> = q.all(sql, vals![id]).await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}
