//! A relation is entered into the register, from the first lead on.

use access::{Asking, House, Thing};
use basis::{Check, Claimant, Confidence, Day, Fail, GovernmentId, Lang, Point, Refusal, RelationId, Text};
use serde::{Deserialize, Serialize};
use store::{Entry, Tx};

use crate::{
    GovCard, Government, Level, Relation, RelationKind, RelationStatus, SignedDate, government, store as sql, view,
};

/// As handed in by a form, the API, or a row of a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = NewRelation)]
pub struct Input {
    /// Our side: the id or the official code of the city or district; the city itself when empty.
    pub own: String,
    /// The partner, where it is known already; else its names below.
    pub partner: String,
    pub partner_zh: String,
    pub partner_en: String,
    pub partner_native: String,
    /// BCP 47 tag of the native name's language.
    pub native_language: String,
    pub partner_level: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    pub lat: String,
    pub lon: String,
    pub kind: String,
    pub status: String,
    /// "1982-12-03", "1982-12" or "1982".
    pub signed: String,
    pub filed_on: String,
    pub source: String,
    pub claimant: String,
    pub confidence: String,
    pub note_zh: String,
    pub note_en: String,
    /// A short name of your own that stays; given when empty.
    pub reference: String,
}

/// A relation's own members, checked.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    pub reference: Option<String>,
    pub kind: RelationKind,
    pub status: RelationStatus,
    pub signed: Option<SignedDate>,
    pub filed_on: Option<Day>,
    pub note: Option<Text>,
    pub source: String,
    pub claimant: Option<Claimant>,
    pub confidence: Confidence,
    /// None where an id was given.
    pub partner: Option<Partner>,
}
/// A partner by its names.
#[derive(Clone, Debug)]
pub(crate) struct Partner {
    pub name: Text,
    pub level: Level,
    pub country: String,
    pub point: Option<Point>,
}

pub(crate) fn note_of(c: &mut Check, zh: &str, en: &str) -> Option<Text> {
    let (zh, en) = (c.prose_opt("note_zh", zh, 2000), c.prose_opt("note_en", en, 2000));
    match (zh, en) {
        (Some(zh), Some(en)) => Some(Text::both(zh, en)),
        (Some(zh), None) => Some(Text::new(Lang::zh(), zh)),
        (None, Some(en)) => Some(Text::new(Lang::en(), en)),
        (None, None) => None,
    }
}
pub(crate) fn known_date(c: &mut Check, field: &'static str, raw: &str) -> Option<SignedDate> {
    let day = SignedDate::parse(raw);
    c.ensure(raw.trim().is_empty() || day.is_some(), || {
        Refusal::at(field, "refusal-known-date")
    });
    day
}
fn or_default<T: basis::Code>(c: &mut Check, field: &'static str, raw: &str, otherwise: T) -> T {
    if raw.trim().is_empty() {
        otherwise
    } else {
        c.one_of(field, raw).unwrap_or(otherwise)
    }
}

impl Partner {
    fn check(c: &mut Check, input: &Input) -> Partner {
        let mut name = c.bilingual(
            "partner_zh",
            &input.partner_zh,
            "partner_en",
            &input.partner_en,
            120,
            Lang::en(),
        );
        let native = c.line_opt("partner_native", &input.partner_native, 120);
        if let Some(native) = native {
            match input.native_language.trim().parse::<Lang>() {
                Ok(lang) if lang.primary() == "zh" || lang.primary() == "en" => {}
                Ok(lang) => name = name.with(lang, native),
                Err(_) => c.refuse(Refusal::at("native_language", "refusal-language-tag")),
            }
        }
        let level = c.one_of("partner_level", &input.partner_level).unwrap_or(Level::City);
        let country = input.country.trim().to_ascii_uppercase();
        c.ensure(government::is_country(&country), || {
            let code = if country.is_empty() {
                "refusal-required"
            } else {
                "refusal-country"
            };
            Refusal::at("country", code)
        });
        let point = match (input.lat.trim(), input.lon.trim()) {
            ("", "") => None,
            (lat, lon) => {
                let point = lat
                    .parse()
                    .ok()
                    .zip(lon.parse().ok())
                    .and_then(|(lat, lon)| Point::new(lat, lon));
                c.ensure(point.is_some(), || Refusal::at("lat", "refusal-point"));
                point
            }
        };
        Partner {
            name,
            level,
            country,
            point,
        }
    }
    pub(crate) fn government(&self, id: GovernmentId, source: &str) -> Government {
        Government {
            card: GovCard {
                id,
                name: self.name.clone(),
                level: self.level,
                country: self.country.clone(),
                own: false,
                point: self.point,
                district: false,
            },
            code: None,
            point_is: None,
            geonames_id: None,
            wikidata_id: None,
            parent: None,
            successor: None,
            source: source.to_owned(),
            illustrative: false,
            version: 1,
        }
    }
}

impl Input {
    pub(crate) fn check(&self, today: Day) -> Result<Checked, Vec<Refusal>> {
        let mut c = Check::new();
        let partner = if self.partner.trim().is_empty() {
            Some(Partner::check(&mut c, self))
        } else {
            None
        };
        let kind = or_default(&mut c, "kind", &self.kind, RelationKind::Unclear);
        let status = or_default(&mut c, "status", &self.status, RelationStatus::Lead);
        c.ensure(status != RelationStatus::Succeeded, || {
            Refusal::at("status", "refusal-register-first")
        });
        let signed = known_date(&mut c, "signed", &self.signed);
        c.ensure(signed.is_none_or(|s| s.from <= today), || {
            Refusal::at("signed", "refusal-day-to-come")
        });
        let filed_on = c.day_opt("filed_on", &self.filed_on);
        c.ensure(filed_on.is_none_or(|d| d <= today), || {
            Refusal::at("filed_on", "refusal-day-to-come")
        });
        let source = c.line_opt("source", &self.source, 500).unwrap_or_default();
        // What everybody sees has a source (decision 9.2); a lead is the office's own knowledge.
        c.ensure(!source.is_empty() || !status.is_open(), || {
            Refusal::at("source", "refusal-source-required")
        });
        let claimant = if self.claimant.trim().is_empty() {
            None
        } else {
            c.one_of("claimant", &self.claimant)
        };
        let confidence = or_default(&mut c, "confidence", &self.confidence, Confidence::Medium);
        let note = note_of(&mut c, &self.note_zh, &self.note_en);
        let reference = c.line_opt("reference", &self.reference, 40);
        c.done(Checked {
            reference,
            kind,
            status,
            signed,
            filed_on,
            note,
            source,
            claimant,
            confidence,
            partner,
        })
    }
}

/// Our side, by id, by official code, or the city itself.
pub(crate) fn own_side<'a>(raw: &str, own: &'a [Government]) -> Option<&'a Government> {
    match raw.trim() {
        "" => own.iter().find(|g| !g.card.district),
        raw => own
            .iter()
            .find(|g| g.code.as_deref() == Some(raw) || g.card.id.to_string() == raw),
    }
}

async fn partner_of(tx: &Tx, input: &Input, checked: &Checked) -> Result<Government, Fail> {
    let Some(partner) = &checked.partner else {
        let known = input.partner.trim().parse().ok();
        let found = match known {
            Some(id) => sql::government(tx, id).await?.filter(|g| !g.card.own),
            None => None,
        };
        return found.ok_or_else(|| Refusal::at("partner", "refusal-not-in-list").into());
    };
    let key = government::match_key(&partner.country, partner.level, &partner.name);
    if let Some(known) = sql::government_by_key(tx, &key).await? {
        return Ok(known);
    }
    let fresh = partner.government(tx.fresh(), &checked.source);
    sql::insert_governments(tx, std::slice::from_ref(&fresh)).await?;
    tx.journal(Entry::of("government.added", fresh.card.id).after(&fresh));
    Ok(fresh)
}

/// Enters a relation; a partner not known yet is entered with it.
pub async fn enter(house: &House, asking: &Asking, input: &Input) -> Result<RelationId, Fail> {
    let checked = input.check(house.today())?;
    let tx = asking.begin(house).await?;
    let own = sql::own_governments(&tx).await?;
    let own = own_side(&input.own, &own).ok_or_else(|| Refusal::at("own", "refusal-not-in-list"))?;
    let district = own.card.district.then_some(own.card.id);
    asking.check(
        house,
        "relation.register",
        &Thing {
            district,
            ..Thing::new("relation", "")
        },
    )?;
    let partner = partner_of(&tx, input, &checked).await?;
    let id: RelationId = tx.fresh();
    let tail = id.to_string().replace('-', "").to_uppercase();
    let relation = Relation {
        id,
        reference: checked.reference.unwrap_or_else(|| format!("YC-{}", &tail[20..])),
        own: own.card.id,
        partner: partner.card.id,
        district,
        kind: checked.kind,
        status: checked.status,
        upgrade_from: None,
        since: None,
        reason: None,
        signed: checked.signed,
        filed_on: checked.filed_on,
        note: checked.note,
        source: checked.source,
        claimant: view::claimant_of(&asking.viewer, checked.claimant),
        confidence: checked.confidence,
        disputed: false,
        illustrative: asking.viewer.acting.as_ref().is_some_and(|m| m.illustrative),
        listed_at: tx.now(),
        version: 1,
    };
    sql::insert_relations(&tx, std::slice::from_ref(&relation), None).await?;
    tx.journal(Entry::of("relation.registered", id).after(&relation));
    tx.emit("relation.changed", serde_json::json!({ "relation": id }))
        .await?;
    tx.done(id).await
}
