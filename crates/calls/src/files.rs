//! Offers as tables, after the opening only: those that came on paper go in, all of them come out (issue 2, Files).

use access::{Asking, BodyKind, House, Viewer};
use basis::{BodyId, CallId, Fail, Locale, Moment, OfferId, Refusal, Text};
use i18n_embed_fl::fl;
use planning::{TableReport, open_table};
use sheets::{CellOut, ColumnOut, ColumnSpec, Kind, Mapping, Row, Table};
use std::collections::HashMap;
use store::Entry;

use crate::call::{Call, CallStatus, Need};
use crate::offer::{Content, Offer, OfferInput, OfferLineInput, OfferStatus};
use crate::told::{Told, ToldLine};
use crate::{see, store as sql, t};

/// The columns of an offer, under the headings people write.
const COLUMNS: [ColumnSpec<'static>; 15] = [
    ColumnSpec {
        key: "maker",
        aliases: &["organisation", "单位", "应征单位"],
        required: true,
    },
    ColumnSpec {
        key: "received",
        aliases: &["received", "收到时间"],
        required: true,
    },
    ColumnSpec {
        key: "summary_zh",
        aliases: &["summary (Chinese)", "摘要（中文）"],
        required: false,
    },
    ColumnSpec {
        key: "summary_en",
        aliases: &["summary (English)", "摘要（英文）"],
        required: false,
    },
    ColumnSpec {
        key: "plan_zh",
        aliases: &["plan (Chinese)", "实施方案（中文）", "方案（中文）"],
        required: false,
    },
    ColumnSpec {
        key: "plan_en",
        aliases: &["plan (English)", "实施方案（英文）", "方案（英文）"],
        required: false,
    },
    ColumnSpec {
        key: "starts",
        aliases: &["starts", "开始日期"],
        required: true,
    },
    ColumnSpec {
        key: "ends",
        aliases: &["ends", "结束日期"],
        required: true,
    },
    ColumnSpec {
        key: "asked",
        aliases: &["asked", "申请金额"],
        required: false,
    },
    ColumnSpec {
        key: "spend",
        aliases: &["use of money", "经费用途"],
        required: false,
    },
    ColumnSpec {
        key: "languages",
        aliases: &["languages", "工作语言"],
        required: true,
    },
    ColumnSpec {
        key: "people",
        aliases: &["people", "人员"],
        required: true,
    },
    ColumnSpec {
        key: "lines",
        aliases: &["needs", "需求与数量"],
        required: true,
    },
    ColumnSpec {
        key: "most",
        aliases: &["most units in all", "总量上限"],
        required: false,
    },
    ColumnSpec {
        key: "conflict_note",
        aliases: &["conflict of interest", "利害关系"],
        required: false,
    },
];

/// All offers this viewer may read, as a table.
///
/// # Errors
/// A refusal while they are sealed; a denial for who is neither inside nor on the panel.
pub async fn export_offers(house: &House, viewer: &Viewer, id: CallId, locale: Locale) -> Result<Table, Fail> {
    let q = &house.db;
    let call = sql::load(q, id).await?.ok_or(Fail::NotFound)?;
    let view = see::review_view(house, viewer, &call).await?;
    if call.is_sealed() {
        return Err(Refusal::page("refusal-call-sealed").into());
    }
    let needs = sql::needs(q, id).await?;
    let bodies: Vec<BodyId> = view.offers.iter().filter_map(|o| o.body).collect();
    let people: Vec<_> = view.offers.iter().filter_map(|o| o.account).collect();
    let (bodies, people) = (parties::bodies(q, &bodies).await?, parties::people(q, &people).await?);
    let means: HashMap<OfferId, Option<i64>> = view.verdicts.iter().map(|v| (v.offer, v.mean)).collect();
    let rows = view
        .offers
        .iter()
        .filter_map(|o| Some((o, o.content.as_ref()?)))
        .map(|(o, c)| {
            let maker = match (
                o.body.and_then(|b| bodies.get(&b)),
                o.account.and_then(|a| people.get(&a)),
            ) {
                (Some(b), _) => b.name.plain(locale).to_owned(),
                (None, Some(p)) => p.name.clone(),
                (None, None) => String::new(),
            };
            cells(house, o, c, maker, &needs, means.get(&o.id).copied().flatten())
        })
        .collect();
    let t = t(locale);
    let mut columns: Vec<ColumnOut> = COLUMNS
        .iter()
        .map(|c| ColumnOut {
            key: c.key,
            label: c.aliases[usize::from(locale == Locale::Zh)].to_owned(),
            kind: match c.key {
                "starts" | "ends" => Kind::Date,
                "asked" | "most" => Kind::Number,
                "maker" | "received" | "languages" => Kind::Text,
                _ => Kind::Prose,
            },
        })
        .collect();
    columns.push(ColumnOut {
        key: "status",
        label: fl!(t, "offer-status"),
        kind: Kind::Text,
    });
    columns.push(ColumnOut {
        key: "mean",
        label: fl!(t, "offer-mean"),
        kind: Kind::Number,
    });
    Ok(Table {
        title: fl!(t, "offers-title"),
        columns,
        rows,
        made: house.today(),
    })
}
fn cells(house: &House, o: &Offer, c: &Content, maker: String, needs: &[Need], mean: Option<i64>) -> Vec<CellOut> {
    let word = |s: Option<&str>| {
        s.filter(|s| !s.is_empty())
            .map_or(CellOut::Blank, |s| CellOut::Text(s.to_owned()))
    };
    let in_lang = |t: &Text, l: Locale| word(t.get(l.tag()));
    let at = o
        .submitted_at
        .map(|m| m.to_zoned(house.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string());
    let number = |id: basis::NeedId| needs.iter().position(|n| n.id == id).map_or(0, |i| i + 1);
    let lines: Vec<String> = c.lines.iter().map(|(n, u)| format!("{}: {u}", number(*n))).collect();
    let languages: Vec<String> = c.languages.iter().map(ToString::to_string).collect();
    vec![
        CellOut::Text(maker),
        word(at.as_deref()),
        in_lang(&c.summary, Locale::Zh),
        in_lang(&c.summary, Locale::En),
        in_lang(&c.plan, Locale::Zh),
        in_lang(&c.plan, Locale::En),
        CellOut::Date(c.starts),
        CellOut::Date(c.ends),
        pages::cells::money(c.asked),
        word(c.spend.as_deref()),
        CellOut::Text(languages.join(", ")),
        CellOut::Text(c.people.clone()),
        CellOut::Text(lines.join("; ")),
        most_cell(c, number),
        word(c.conflict_note.as_deref()),
        CellOut::Text(o.status.to_string()),
        mean.map_or(CellOut::Blank, |m| CellOut::Decimal { units: m, scale: 1 }),
    ]
}

/// "40", or "1: 40; 3: 8" where units of measure have limits of their own: a need counted so, and the most in all.
fn most_cell(c: &Content, number: impl Fn(basis::NeedId) -> usize) -> CellOut {
    if c.limits.is_empty() {
        return c.most.map_or(CellOut::Blank, CellOut::Integer);
    }
    let mut said: Vec<String> = c.most.iter().map(ToString::to_string).collect();
    said.extend(c.limits.iter().map(|(n, most)| format!("{}: {most}", number(*n))));
    CellOut::Text(said.join("; "))
}

/// A plan as a table: every need with who serves it, and those that nobody serves.
///
/// # Errors
/// A fault of the store.
pub(crate) async fn plan_table(
    house: &House,
    call: &Call,
    needs: &[Need],
    plan: &Told,
    locale: Locale,
) -> Result<Table, Fail> {
    let q = &house.db;
    let t = t(locale);
    let made: HashMap<OfferId, (Option<BodyId>, Option<basis::AccountId>)> = sql::makers(q, call.id)
        .await?
        .into_iter()
        .map(|m| (m.offer, (m.body, m.account)))
        .collect();
    let mut ids: Vec<OfferId> = plan.lines.iter().map(|l| l.offer).collect();
    ids.sort_unstable();
    ids.dedup();
    let (bodies, people): (Vec<_>, Vec<_>) = ids.iter().filter_map(|o| made.get(o)).copied().unzip();
    let bodies = parties::bodies(q, &bodies.into_iter().flatten().collect::<Vec<_>>()).await?;
    let people = parties::people(q, &people.into_iter().flatten().collect::<Vec<_>>()).await?;
    let maker = |offer: OfferId| {
        let (body, account) = made.get(&offer).copied().unwrap_or_default();
        let named = body
            .and_then(|b| bodies.get(&b))
            .map(|b| b.name.plain(locale).to_owned());
        named
            .or_else(|| account.and_then(|a| people.get(&a)).map(|p| p.name.clone()))
            .unwrap_or_else(|| fl!(t, "maker-withdrawn"))
    };
    let mut by_need: HashMap<basis::NeedId, Vec<&ToldLine>> = HashMap::new();
    for line in &plan.lines {
        by_need.entry(line.need).or_default().push(line);
    }
    let word = |s: &str| CellOut::Text(s.to_owned());
    let mut rows = Vec::new();
    for (i, n) in needs.iter().enumerate() {
        let head = [
            CellOut::Integer(i as i64 + 1),
            word(n.title.plain(locale)),
            CellOut::Integer(n.min),
            CellOut::Integer(n.max),
            word(n.unit.plain(locale)),
        ];
        let got = by_need.get(&n.id).map(Vec::as_slice).unwrap_or_default();
        if got.is_empty() {
            let nobody = [
                CellOut::Blank,
                CellOut::Blank,
                CellOut::Integer(0),
                CellOut::Blank,
                CellOut::Blank,
            ];
            rows.push(head.clone().into_iter().chain(nobody).collect());
        }
        for line in got {
            let rest = [
                word(&line.offer.to_string()),
                word(&maker(line.offer)),
                CellOut::Integer(line.units),
                CellOut::Text(if line.locked {
                    fl!(t, "why-locked")
                } else {
                    String::new()
                }),
                line.value
                    .map_or(CellOut::Blank, |units| CellOut::Decimal { units, scale: 1 }),
            ];
            rows.push(head.clone().into_iter().chain(rest).collect());
        }
    }
    let column = |key: &'static str, label: String, kind: Kind| ColumnOut { key, label, kind };
    Ok(Table {
        title: fl!(t, "plan-n", n = plan.number),
        columns: vec![
            column("need_number", fl!(t, "plan-need-number"), Kind::Number),
            column("need", fl!(t, "plan-need-head"), Kind::Text),
            column("min", fl!(t, "plan-need-min"), Kind::Number),
            column("max", fl!(t, "plan-need-max"), Kind::Number),
            column("unit", fl!(t, "plan-need-unit"), Kind::Text),
            column("offer", fl!(t, "plan-offer"), Kind::Text),
            column("maker", fl!(t, "offer-maker"), Kind::Text),
            column("units", fl!(t, "plan-units"), Kind::Number),
            column("fixed", fl!(t, "plan-pins"), Kind::Text),
            column("value", fl!(t, "plan-value"), Kind::Number),
        ],
        rows,
        made: house.today(),
    })
}

/// Enters offers that came on paper before the close: a dry run first, all rows or none. The panel must not have begun
/// to hand in.
///
/// # Errors
/// A refusal before the opening or once scores are in; a denial.
pub async fn import_offers(
    house: &House,
    asking: &Asking,
    id: CallId,
    bytes: &[u8],
    name: &str,
    dry_run: bool,
) -> Result<TableReport, Fail> {
    let q = &house.db;
    let call = sql::load(q, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "offer.import", &crate::review::at_stake(q, &call, &[]).await?)?;
    // Who repeats finds every row taken, by what the first time wrote.
    if !dry_run {
        asking.not_yet(house).await?;
    }
    if call.status != CallStatus::InReview {
        return Err(Refusal::page("refusal-call-not-in-review").into());
    }
    if sql::seats(q, id).await?.iter().any(|s| s.scored_at.is_some()) {
        return Err(Refusal::page("refusal-import-late").into());
    }
    let (sheet, mapping, mut report) = match open_table(bytes, name, &COLUMNS) {
        Ok(opened) => opened,
        Err(report) => return Ok(report),
    };
    let needs = sql::needs(q, id).await?;
    let bodies = access::bodies_of_kind(q, BodyKind::Organisation).await?;
    let mut named: HashMap<String, BodyId> = HashMap::new();
    for b in bodies.iter().filter(|b| b.ended_at.is_none()) {
        for l in Locale::ALL {
            named.insert(b.name.plain(l).to_lowercase(), b.id);
        }
        named.insert(b.id.to_string(), b.id);
    }
    let mut taken: Vec<BodyId> = sql::makers(q, id).await?.into_iter().filter_map(|m| m.body).collect();
    let mut found: Vec<(BodyId, Moment, Content, OfferInput)> = Vec::new();
    for row in &sheet.rows {
        let before = report.faults.len();
        let body = named.get(&mapping.text(row, "maker").to_lowercase()).copied();
        match body {
            None => report.refuse(&mapping, row, "maker", Refusal::at("maker", "refusal-not-in-list")),
            Some(b) if b == call.guiding || taken.contains(&b) => {
                report.refuse(&mapping, row, "maker", Refusal::at("maker", "refusal-offer-twice"))
            }
            Some(b) => taken.push(b),
        }
        let received = received(house, mapping.text(row, "received"));
        if received.is_none_or(|m| m >= call.closes_at || m < call.opens_at) {
            report.refuse(
                &mapping,
                row,
                "received",
                Refusal::at("received", "refusal-received").with("closes", call.closes_at),
            );
        }
        let input = typed(&mapping, row, &needs);
        match input.check(&call, &needs, crate::lang_of(asking)) {
            Ok(content) => {
                if let (Some(b), Some(m), true) = (body, received, report.faults.len() == before) {
                    found.push((b, m, content, input));
                }
            }
            Err(refusals) => refusals.into_iter().for_each(|r| refuse(&mut report, &mapping, row, r)),
        }
    }
    if dry_run || !report.is_clean() {
        return Ok(report);
    }
    report.written = write(house, asking, &call, found).await?;
    Ok(report)
}
pub(crate) async fn write(
    house: &House,
    asking: &Asking,
    call: &Call,
    found: Vec<(BodyId, Moment, Content, OfferInput)>,
) -> Result<usize, Fail> {
    let tx = asking.begin(house).await?;
    if !sql::hold_in_review(&tx, call.id).await? {
        return Err(Fail::Changed);
    }
    // Asked again, and held: a member who handed in while the file was read has not judged what is in it.
    sql::hold_seats(&tx, call.id).await?;
    if sql::seats(&tx, call.id).await?.iter().any(|s| s.scored_at.is_some()) {
        return Err(Refusal::page("refusal-import-late").into());
    }
    let count = found.len();
    for (body, received, content, input) in found {
        let mut offer = Offer {
            id: tx.fresh(),
            call: call.id,
            body: Some(body),
            account: None,
            made_by: asking.viewer.account(),
            status: OfferStatus::Submitted,
            draft: input,
            saved_at: tx.now(),
            content: None,
            seal: None,
            submitted_at: None,
            reason: None,
            shortlisted: false,
            imported: true,
            illustrative: call.illustrative,
            version: 1,
        };
        // A draft of the same maker may lie here since before the close.
        if !sql::insert_offer(&tx, &offer, call.currency).await? {
            return Err(Refusal::at("file", "refusal-offer-twice").into());
        }
        offer.seal = Some(content.seal());
        offer.submitted_at = Some(received);
        let (lines, limits) = (content.lines.clone(), content.limits.clone());
        offer.content = Some(content);
        sql::save_offer(&tx, &offer).await?;
        sql::replace_lines(&tx, offer.id, &lines, &limits).await?;
        tx.journal(
            Entry::of("offer.imported", offer.id)
                .after(serde_json::json!({ "call": call.id, "body": body, "seal": offer.seal })),
        );
    }
    // Now it is known that these offer too: who stands close to them loses their seat, as at the opening.
    crate::publish::strike_close(&tx, call).await?;
    tx.done(count).await
}
fn refuse(report: &mut TableReport, mapping: &Mapping, row: &Row, r: Refusal) {
    let field = r.field.as_deref().unwrap_or("").to_owned();
    let key = COLUMNS
        .iter()
        .map(|c| c.key)
        .find(|k| *k == field)
        .unwrap_or(if field.starts_with("units-") { "lines" } else { "" });
    report.refuse(mapping, row, key, r);
}
/// "2026-12-01 16:30" on the home city's clock.
fn received(house: &House, raw: &str) -> Option<Moment> {
    let raw = raw.trim().replace('/', "-").replace('：', ":");
    let at: jiff::civil::DateTime = raw.replace(' ', "T").parse().ok()?;
    Some(at.to_zoned(house.zone.clone()).ok()?.timestamp())
}
fn typed(mapping: &Mapping, row: &Row, needs: &[Need]) -> OfferInput {
    let text = |key: &str| mapping.text(row, key).to_owned();
    // "1: 2; 2: 1": the need's number on the call's page, and units.
    let line = |part: &str| {
        let (number, units) = part.split_once([':', '：']).unwrap_or((part, ""));
        let at = number.trim().parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        let need = at
            .and_then(|n| needs.get(n))
            .map_or_else(|| number.trim().to_owned(), |n| n.id.to_string());
        OfferLineInput {
            need,
            units: units.trim().to_owned(),
        }
    };
    let conflict_note = text("conflict_note");
    let listed = |key: &str| -> Vec<String> {
        let all = text(key);
        let split = all.split([';', '；', '\n']).filter(|p| !p.trim().is_empty());
        split.map(ToOwned::to_owned).collect()
    };
    let (limits, most): (Vec<String>, Vec<String>) =
        listed("most").into_iter().partition(|part| part.contains([':', '：']));
    OfferInput {
        summary_zh: text("summary_zh"),
        summary_en: text("summary_en"),
        plan_zh: text("plan_zh"),
        plan_en: text("plan_en"),
        lines: listed("lines").iter().map(|p| line(p)).collect(),
        limits: limits.iter().map(|p| line(p)).collect(),
        most: most.join("; "),
        starts: text("starts"),
        ends: text("ends"),
        asked: text("asked"),
        spend: text("spend"),
        languages: text("languages")
            .split([',', '，', ';', ' '])
            .filter(|l| !l.is_empty())
            .map(ToOwned::to_owned)
            .collect(),
        people: text("people"),
        conflict: if conflict_note.trim().is_empty() {
            "none"
        } else {
            "some"
        }
        .into(),
        conflict_note,
        ..Default::default()
    }
}
