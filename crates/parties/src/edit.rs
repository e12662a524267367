//! An organisation changes what it says of itself. A new name or number has to be checked again.

use access::{Asking, House};
use basis::{BodyId, Check, Fail, Refusal};
use serde::{Deserialize, Serialize};
use store::Entry;

use crate::{Organisation, Standing, register, store as sql};

/// As handed in; [`Input::of`] gives what stands now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = OrganisationEdit)]
pub struct Input {
    pub name_zh: String,
    pub name_en: String,
    pub legal_form: String,
    pub country: String,
    pub registration_no: String,
    pub website: String,
    pub about_zh: String,
    pub about_en: String,
    pub fields: Vec<String>,
    pub capabilities: String,
    pub government: String,
    pub district: String,
    /// The version that was read.
    pub version: String,
}
impl Input {
    /// As its own people find it: with the name they asked for. The office corrects what everybody reads.
    pub(crate) fn shown_to(viewer: &access::Viewer, o: &Organisation) -> Input {
        match &o.wanted_name {
            Some(wanted) if viewer.role() != access::Role::OfficeLead => Input::of(&Organisation {
                name: wanted.clone(),
                ..o.clone()
            }),
            _ => Input::of(o),
        }
    }
    pub fn of(o: &Organisation) -> Input {
        let in_lang = |t: Option<&basis::Text>, l: &str| t.and_then(|t| t.get(l)).unwrap_or_default().to_owned();
        let id = |g: Option<basis::GovernmentId>| g.map(|g| g.to_string()).unwrap_or_default();
        Input {
            name_zh: in_lang(Some(&o.name), "zh-Hans"),
            name_en: in_lang(Some(&o.name), "en"),
            legal_form: o.legal_form.to_string(),
            country: o.country.clone(),
            registration_no: o.registration_no.clone().unwrap_or_default(),
            website: o.website.clone().unwrap_or_default(),
            about_zh: in_lang(o.about.as_ref(), "zh-Hans"),
            about_en: in_lang(o.about.as_ref(), "en"),
            fields: o.fields.iter().map(ToString::to_string).collect(),
            capabilities: o.capabilities.join("\n"),
            government: id(o.government),
            district: id(o.district),
            version: o.version.to_string(),
        }
    }
    /// What a registration says of the organisation, as typed: both forms show it alike.
    pub(crate) fn typed(r: &register::Input) -> Input {
        let r = r.clone();
        Input {
            name_zh: r.name_zh,
            name_en: r.name_en,
            legal_form: r.legal_form,
            country: r.country,
            registration_no: r.registration_no,
            website: r.website,
            about_zh: r.about_zh,
            about_en: r.about_en,
            fields: r.fields,
            capabilities: r.capabilities,
            government: r.government,
            district: r.district,
            version: String::new(),
        }
    }
    fn as_registration(&self) -> register::Input {
        let i = self.clone();
        register::Input {
            name_zh: i.name_zh,
            name_en: i.name_en,
            legal_form: i.legal_form,
            country: i.country,
            registration_no: i.registration_no,
            website: i.website,
            about_zh: i.about_zh,
            about_en: i.about_en,
            fields: i.fields,
            capabilities: i.capabilities,
            government: i.government,
            district: i.district,
            ..Default::default()
        }
    }
}

/// The organisation with a new profile. What was verified stays so only while name, form, country and number stay.
pub(crate) fn changed(before: &Organisation, p: register::Profile) -> Organisation {
    let mut next = before.clone();
    next.version += 1;
    let same = before.name == p.name
        && before.legal_form == p.legal_form
        && before.country == p.country
        && before.registration_no == p.registration_no;
    if !same && matches!(before.standing, Standing::Verified | Standing::Refused) {
        next.standing = Standing::Pending;
        next.verified_until = None;
        next.verified_by = None;
    }
    next.name = p.name;
    next.legal_form = p.legal_form;
    next.country = p.country;
    next.registration_no = p.registration_no;
    next.website = p.website;
    next.about = p.about;
    next.fields = p.fields;
    next.capabilities = p.capabilities;
    next.government = p.government;
    next.district = p.district;
    next
}

/// A new name waits for the office: until it was checked, everybody goes on reading the old one, also on what was done
/// under it.
fn wait_for_name(before: &Organisation, next: &mut Organisation) {
    let asked = std::mem::replace(&mut next.name, before.name.clone());
    next.wanted_name = (asked != before.name).then_some(asked);
    if next.wanted_name.is_some() && next.standing == Standing::Unverified {
        next.standing = Standing::Pending;
    }
}

/// The version a caller read. An edit that does not say what it was made on is refused: it could overwrite what nobody
/// saw.
pub(crate) fn version_of(c: &mut Check, raw: &str) -> Option<i64> {
    if raw.trim().is_empty() {
        c.refuse(Refusal::page("refusal-version-needed"));
        None
    } else {
        Some(c.number("version", raw, 1..=i64::MAX))
    }
}

pub async fn edit(house: &House, asking: &Asking, id: BodyId, input: &Input) -> Result<BodyId, Fail> {
    let mut c = Check::new();
    let profile = input.as_registration().profile(&mut c);
    let version = version_of(&mut c, &input.version);
    c.done(())?;
    let tx = asking.begin(house).await?;
    let before = sql::organisation(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "organisation.edit", &before.thing())?;
    if version.is_some_and(|v| v != before.version) {
        return Err(Fail::Changed);
    }
    let mut next = changed(&before, profile);
    if asking.viewer.role() == access::Role::OfficeLead {
        // The office's own correction needs nobody else's check.
        next.standing = before.standing;
        next.verified_until = before.verified_until;
        next.verified_by = before.verified_by;
        if next.name != before.name {
            next.wanted_name = None;
        }
    } else {
        wait_for_name(&before, &mut next);
    }
    sql::save_organisation(&tx, &next, None).await?;
    if next.name != before.name {
        access::rename_body(&tx, id, &next.name).await?;
    }
    tx.journal(Entry::of("organisation.edited", id).before(&before).after(&next));
    tx.done(id).await
}
