//! An organisation is registered by a person who says, with a letter, that they may act for it.

use access::{Asking, BodyCard, BodyKind, House, Thing};
use basis::{BodyId, Check, Code, Fail, Field, GovernmentId, Lang, Refusal, Text};
use serde::{Deserialize, Serialize};
use store::{Entry, Upload, UploadLimits};

use crate::{LegalForm, Organisation, Standing, store as sql};

/// As handed in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = NewOrganisation)]
pub struct Input {
    pub name_zh: String,
    pub name_en: String,
    pub legal_form: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    pub registration_no: String,
    pub website: String,
    pub about_zh: String,
    pub about_en: String,
    /// education, health, culture, sport, economy, science, environment, emergency.
    pub fields: Vec<String>,
    /// What it can do, a line each.
    pub capabilities: String,
    /// Ids of local governments: the partner's it belongs to, or our district it is in.
    pub government: String,
    pub district: String,
    /// What the person will do for it.
    pub purpose: String,
    /// Number or name of the letter that gives the mandate.
    pub letter: String,
}

/// What an organisation says of itself, checked; shared with editing and import.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub name: Text,
    pub legal_form: LegalForm,
    pub country: String,
    pub registration_no: Option<String>,
    pub website: Option<String>,
    pub about: Option<Text>,
    pub fields: Vec<Field>,
    pub capabilities: Vec<String>,
    pub government: Option<GovernmentId>,
    pub district: Option<GovernmentId>,
}
impl Input {
    pub(crate) fn profile(&self, c: &mut Check) -> Profile {
        let name = c.bilingual("name_zh", &self.name_zh, "name_en", &self.name_en, 200, Lang::zh());
        let legal_form = c.one_of("legal_form", &self.legal_form).unwrap_or(LegalForm::Other);
        let country = self.country.trim().to_ascii_uppercase();
        let shaped = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
        c.ensure(shaped, || {
            Refusal::at(
                "country",
                if country.is_empty() {
                    "refusal-required"
                } else {
                    "refusal-country"
                },
            )
        });
        let registration_no = c.line_opt("registration_no", &self.registration_no, 60);
        let website = c.web_address_opt("website", &self.website);
        let zh = c.prose_opt("about_zh", &self.about_zh, 2000);
        let en = c.prose_opt("about_en", &self.about_en, 2000);
        let about = match (zh, en) {
            (Some(zh), Some(en)) => Some(Text::both(zh, en)),
            (Some(zh), None) => Some(Text::new(Lang::zh(), zh)),
            (None, Some(en)) => Some(Text::new(Lang::en(), en)),
            (None, None) => None,
        };
        let mut fields = Vec::new();
        for raw in self
            .fields
            .iter()
            .flat_map(|f| f.split([',', ';', '，', '；', '、']))
            .filter(|f| !f.trim().is_empty())
        {
            match Field::from_code(raw.trim()) {
                Some(f) if !fields.contains(&f) => fields.push(f),
                Some(_) => {}
                None => c.refuse(Refusal::at("fields", "refusal-not-in-list")),
            }
        }
        let lines = c
            .prose_opt("capabilities", &self.capabilities, 2000)
            .unwrap_or_default();
        let capabilities = lines
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .take(20)
            .map(str::to_owned)
            .collect();
        let government = c.id_opt("government", &self.government);
        let district = c.id_opt("district", &self.district);
        Profile {
            name,
            legal_form,
            country,
            registration_no,
            website,
            about,
            fields,
            capabilities,
            government,
            district,
        }
    }
    fn check(&self) -> Result<(Profile, String, String), Vec<Refusal>> {
        let mut c = Check::new();
        let profile = self.profile(&mut c);
        let purpose = c.line("purpose", &self.purpose, 300);
        let letter = c.line("letter", &self.letter, 200);
        c.done((profile, purpose, letter))
    }
}

/// Registers the organisation as waiting; the mandate comes with the office's verification. The letter itself may come
/// as a file, kept for the office's eyes.
pub async fn register(
    house: &House,
    asking: &Asking,
    input: &Input,
    letter_file: Option<&Upload>,
) -> Result<BodyId, Fail> {
    let (p, purpose, letter) = input.check()?;
    let may = |asking: &Asking| asking.check(house, "organisation.register", &Thing::new("organisation", ""));
    // The bytes go first, so that nobody waits for them while the store is held; and only for who may register.
    let placed = match letter_file {
        Some(file) => {
            may(asking)?;
            let limits = UploadLimits::default();
            Some(house.blobs.place(&house.db, "letter_file", file, limits).await?)
        }
        None => None,
    };
    let tx = asking.begin(house).await?;
    may(asking)?;
    let id: BodyId = tx.fresh();
    let tail = id.to_string().replace('-', "").to_uppercase();
    // What a demonstration's person registers is as made up as they are.
    let who: Vec<_> = asking.viewer.account().into_iter().collect();
    let illustrative = crate::people(&tx, &who).await?.values().any(|p| p.illustrative);
    let organisation = Organisation {
        id,
        reference: format!("ORG-{}", &tail[20..]),
        home: p.country == "CN" && p.government.is_none(),
        name: p.name,
        wanted_name: None,
        legal_form: p.legal_form,
        country: p.country,
        registration_no: p.registration_no,
        website: p.website,
        about: p.about,
        fields: p.fields,
        government: p.government,
        district: p.district,
        capabilities: p.capabilities,
        standing: Standing::Pending,
        verified_until: None,
        verified_by: None,
        reason: None,
        applicant: asking.viewer.account(),
        purpose,
        letter,
        made_at: tx.now(),
        version: 1,
        illustrative,
    };
    access::found_body(&tx, &body_of(&organisation)).await?;
    sql::insert_organisations(&tx, std::slice::from_ref(&organisation), None).await?;
    if let Some(file) = &placed {
        store::keep(&tx, id, file).await?;
    }
    tx.journal(Entry::of("organisation.registered", id).after(&organisation));
    tx.done(id).await
}

/// The body that one acts for.
pub(crate) fn body_of(o: &Organisation) -> BodyCard {
    BodyCard {
        id: o.id,
        kind: BodyKind::Organisation,
        name: o.name.clone(),
        field: None,
        district: o.district,
        government: o.government,
        home: o.home,
        illustrative: o.illustrative,
        ended_at: None,
    }
}
