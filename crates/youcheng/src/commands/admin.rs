//! `youcheng admin`: the first account and the first mandates, for whoever operates the node.

use std::{path::PathBuf, process::ExitCode};

use access::{BodyCard, BodyKind, HouseGrant, MadeAccount, Role};
use anyhow::{Context, Result, bail};
use basis::{AccountId, BodyId, Code, Day, Locale, Moment, Text};
use clap::Subcommand;
use store::{Act, Env, Via};

use super::said;
use crate::{config::Config, node::Parts};

#[derive(Subcommand)]
pub enum What {
    /// Make an account and post a letter by which its owner chooses a password.
    CreateAccount {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// The language of letters to them: zh or en.
        #[arg(long, default_value = "zh")]
        lang: String,
    },
    /// Let an account act for a body. For the office itself, --office founds it where there is none.
    GrantMandate {
        #[arg(long)]
        email: String,
        /// The body's id, as `youcheng admin list` shows it.
        #[arg(long, required_unless_present = "office")]
        body: Option<BodyId>,
        /// The office that runs the node.
        #[arg(long, conflicts_with = "body")]
        office: bool,
        /// office-lead, department-officer, …
        #[arg(long, default_value = "office-lead")]
        role: String,
        #[arg(long)]
        purpose: String,
        /// Number or name of the letter it rests on.
        #[arg(long)]
        letter: String,
        /// The last day it holds, as 2027-12-31.
        #[arg(long, value_name = "DAY")]
        until: Option<Day>,
    },
    /// Set the city this node stands in, with its districts: once, before anything else.
    SetHome(Home),
    /// Load what is publicly known of Chongqing and its relations, each row with its source; sets the home city too.
    LoadReference,
    /// Bodies and who acts for them.
    List,
}

#[derive(clap::Args)]
pub struct Home {
    /// The official code, by which files name the city: GB/T 2260 in China.
    #[arg(long)]
    code: String,
    /// The name in Chinese, in English, or both.
    #[arg(long, required_unless_present = "name_en")]
    name_zh: Option<String>,
    #[arg(long)]
    name_en: Option<String>,
    /// ISO 3166-1 alpha-2, as CN or DE.
    #[arg(long)]
    country: String,
    /// municipality, city, county, …
    #[arg(long, default_value = "city")]
    level: String,
    #[arg(long, requires = "lon", allow_hyphen_values = true)]
    lat: Option<String>,
    #[arg(long, requires = "lat", allow_hyphen_values = true)]
    lon: Option<String>,
    /// Where names and codes were taken from.
    #[arg(long)]
    source: String,
    /// CSV or XLSX of the districts: code, name_zh, name_en, level.
    #[arg(long, value_name = "FILE")]
    districts: Option<PathBuf>,
}

pub async fn run(config: Config, what: &What) -> Result<ExitCode> {
    let parts = Parts::open(config, Env::real(), false).await?;
    let outcome = match what {
        What::CreateAccount { email, name, lang } => create_account(&parts, email, name, lang).await,
        What::GrantMandate { .. } => grant_mandate(&parts, what).await,
        What::SetHome(home) => set_home(&parts, home).await,
        What::LoadReference => load_reference(&parts).await,
        What::List => list(&parts).await,
    };
    parts.db().clone().close().await;
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn create_account(parts: &Parts, email: &str, name: &str, lang: &str) -> Result<()> {
    let locale = Locale::from_path(lang).with_context(|| format!("--lang is zh or en, not {lang}"))?;
    let tx = parts
        .db()
        .begin(&Act::house(Via::Command))
        .await
        .map_err(|e| said(parts, Locale::En, e))?;
    let new = MadeAccount {
        id: tx.fresh(),
        name: name.to_owned(),
        email: Some(email.to_owned()),
        locale,
        zone: parts.config.node.zone.1.clone(),
        illustrative: false,
    };
    let id = access::make_account(&tx, &new)
        .await
        .map_err(|e| said(parts, Locale::En, e))?;
    tx.done(id).await.map_err(|e| said(parts, Locale::En, e))?;
    let origin = access::Origin::here(locale);
    access::recover(parts.db(), &parts.app.access, &origin, email)
        .await
        .map_err(|e| said(parts, Locale::En, e))?;
    println!("account {id}");
    println!("a letter with a link to choose a password waits for {email}; the running node sends it");
    Ok(())
}

async fn grant_mandate(parts: &Parts, what: &What) -> Result<()> {
    let What::GrantMandate {
        email,
        body,
        office: _,
        role,
        purpose,
        letter,
        until,
    } = what
    else {
        return Ok(());
    };
    let role = Role::from_code(role).with_context(|| {
        let all: Vec<&str> = Role::ALL.iter().map(|r| r.code()).collect();
        format!("there is no role {role}; there are {}", all.join(", "))
    })?;
    let until: Option<Moment> = until
        .map(|d| {
            let next = d.tomorrow()?.to_zoned(parts.house().zone.clone())?;
            Ok::<_, jiff::Error>(next.timestamp())
        })
        .transpose()
        .context("--until")?;
    let found = access::account_of_mailbox(parts.db(), email).await;
    let Some(account): Option<AccountId> = found.map_err(|e| said(parts, Locale::En, e))? else {
        bail!("there is no account for {email}");
    };
    let db = parts.db();
    let offices = access::bodies_of_kind(db, BodyKind::Office)
        .await
        .map_err(|e| said(parts, Locale::En, e))?;
    let tx = db
        .begin(&Act::house(Via::Command))
        .await
        .map_err(|e| said(parts, Locale::En, e))?;
    let body = match (body, offices.iter().find(|b| b.ended_at.is_none() && b.home)) {
        (Some(id), _) => *id,
        (None, Some(office)) => office.id,
        (None, None) => {
            let n = &parts.config.node;
            let office = BodyCard {
                id: tx.fresh(),
                kind: BodyKind::Office,
                name: Text::both(n.office_zh.clone(), n.office_en.clone()),
                field: None,
                district: None,
                government: None,
                home: true,
                illustrative: false,
                ended_at: None,
            };
            access::found_body(&tx, &office)
                .await
                .map_err(|e| said(parts, Locale::En, e))?;
            println!("founded the office {}", office.id);
            office.id
        }
    };
    let grant = HouseGrant {
        account,
        body,
        role,
        purpose: purpose.clone(),
        letter: letter.clone(),
        until,
    };
    let id = access::grant_by_house(&tx, &grant)
        .await
        .map_err(|e| said(parts, Locale::En, e))?;
    tx.done(id).await.map_err(|e| said(parts, Locale::En, e))?;
    println!("mandate {id}: {email} acts for {body} as {role}");
    Ok(())
}

async fn set_home(parts: &Parts, home: &Home) -> Result<()> {
    let words = |e| said(parts, Locale::En, e);
    let input = relations::home::Input {
        code: home.code.clone(),
        name_zh: home.name_zh.clone().unwrap_or_default(),
        name_en: home.name_en.clone().unwrap_or_default(),
        level: home.level.clone(),
        country: home.country.clone(),
        lat: home.lat.clone().unwrap_or_default(),
        lon: home.lon.clone().unwrap_or_default(),
        source: home.source.clone(),
    };
    let file = match &home.districts {
        Some(path) => Some((
            std::fs::read(path).with_context(|| path.display().to_string())?,
            path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        )),
        None => None,
    };
    let tx = parts.db().begin(&Act::house(Via::Command)).await.map_err(words)?;
    let districts = file.as_ref().map(|(bytes, name)| (&bytes[..], &**name));
    let report = relations::home::set_home(&tx, &input, districts).await.map_err(words)?;
    for f in &report.faults {
        let why = parts.app.texts.refusal(Locale::En, &parts.house().zone, &f.code);
        println!("row {}, {} {}: {why}", f.row, f.column_letter, f.column_key);
    }
    if !report.is_clean() {
        bail!("nothing was written: mend the file and try again");
    }
    tx.done(()).await.map_err(words)?;
    println!("home city set, with {} districts", report.added - 1);
    Ok(())
}

async fn load_reference(parts: &Parts) -> Result<()> {
    let by_house = access::Asking::new(access::Viewer::public(Via::Command));
    let loaded = relations::reference::load(parts.house(), &by_house)
        .await
        .map_err(|e| said(parts, Locale::En, e))?;
    println!(
        "{} local governments, {} relations, {} claims, {} institution pairs, {} institutions, {} events, {} counts",
        loaded.governments,
        loaded.relations,
        loaded.facts,
        loaded.links,
        loaded.institutions,
        loaded.events,
        loaded.counts
    );
    Ok(())
}

async fn list(parts: &Parts) -> Result<()> {
    let db = parts.db();
    for kind in BodyKind::ALL {
        for body in access::bodies_of_kind(db, *kind)
            .await
            .map_err(|e| said(parts, Locale::En, e))?
        {
            let ended = if body.ended_at.is_some() { " (ended)" } else { "" };
            println!("{}  {kind}  {}{ended}", body.id, body.name.plain(Locale::En));
            // "account" is no kind of letter one can do without: this is everybody.
            let people = access::addressees_of_body(db, body.id, "account").await;
            for person in people.map_err(|e| said(parts, Locale::En, e))? {
                println!("    {}  {}", person.email, person.name);
            }
        }
    }
    Ok(())
}
