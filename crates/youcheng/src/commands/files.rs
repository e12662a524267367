//! `youcheng import` and `youcheng export`: tables in and out, through the rooms' own functions and policies.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use access::{Asking, Viewer};
use anyhow::{Context, Result, bail};
use basis::{CallId, Fail, Locale, MandateId, Refusal};
use clap::ValueEnum;
use sheets::{CellOut, ColumnOut, Kind, Table};
use store::{ColumnKind, Env, TableShape, Via};

use super::said;
use crate::{config::Config, node::Parts, private_file};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Incoming {
    Relations,
    Organisations,
    PlanItems,
    Offers,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Outgoing {
    Relations,
    Facts,
    Links,
    Institutions,
    Counts,
    Organisations,
    PlanItems,
    PolicyLines,
    Aims,
    Evaluations,
    Offers,
    Calls,
    Awards,
    Undertakings,
    Milestones,
    Instalments,
    /// Every table of the store as it is, one file each, without secrets.
    Raw,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    Csv,
    Xlsx,
}

/// Whose eyes and hands a command borrows.
#[derive(clap::Args)]
struct As {
    /// The mailbox of the account that does it; what it may do decides, and the journal names it.
    #[arg(long = "as", value_name = "EMAIL")]
    email: Option<String>,
    /// The mandate it acts under, where it has several.
    #[arg(long)]
    mandate: Option<MandateId>,
    /// The call that offers belong to.
    #[arg(long)]
    call: Option<CallId>,
    /// The language of headings and of what is said: zh or en.
    #[arg(long, default_value = "en")]
    lang: String,
}
impl As {
    fn locale(&self) -> Result<Locale> {
        Locale::from_path(&self.lang).with_context(|| format!("--lang is zh or en, not {}", self.lang))
    }
    async fn viewer(&self, parts: &Parts) -> Result<Viewer> {
        let Some(email) = &self.email else {
            return Ok(Viewer::public(Via::Command));
        };
        let words = |e: Fail| said(parts, Locale::En, e);
        let account = access::account_of_mailbox(parts.db(), email).await.map_err(words)?;
        let account = account.with_context(|| format!("there is no account for {email}"))?;
        let myself = access::viewer_of(parts.db(), account, None, Via::Command)
            .await
            .map_err(words)?;
        let mandate = match (self.mandate, myself.mandates.as_slice()) {
            (Some(id), _) => Some(id),
            (None, [only]) => Some(only.id),
            (None, []) => None,
            (None, several) => {
                let list: Vec<String> = several
                    .iter()
                    .map(|m| format!("  {}  {} ({})", m.id, m.body_name.plain(Locale::En), m.role))
                    .collect();
                bail!(
                    "{email} has several mandates; choose one by --mandate:\n{}",
                    list.join("\n")
                );
            }
        };
        access::viewer_of(parts.db(), account, mandate, Via::Command)
            .await
            .map_err(words)
    }
    fn need_call(&self) -> Result<CallId> {
        self.call.context("offers belong to a call: name it by --call")
    }
}

#[derive(clap::Args)]
pub struct Import {
    /// What the file holds.
    what: Incoming,
    /// CSV or XLSX; headings in Chinese or English.
    file: PathBuf,
    /// Say what would happen, row by row, and change nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    by: As,
}
#[derive(clap::Args)]
pub struct Export {
    /// What to take out.
    what: Outgoing,
    /// The file to write, or the folder for raw tables.
    to: PathBuf,
    /// By the file's ending where it is not given.
    #[arg(long)]
    form: Option<Form>,
    #[command(flatten)]
    by: As,
}

/// One line of a report, whichever room made it.
struct Line {
    row: Option<u32>,
    column: String,
    value: String,
    refusal: Refusal,
}
struct Outcome {
    rows: usize,
    /// Added, changed, unchanged, where the room tells.
    counts: Option<(usize, usize, usize)>,
    written: bool,
    lines: Vec<Line>,
    more: usize,
    remarks: Vec<Refusal>,
}

pub async fn import(config: Config, options: &Import) -> Result<ExitCode> {
    let name = options
        .file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let bytes = std::fs::read(&options.file).with_context(|| options.file.display().to_string())?;
    let locale = options.by.locale()?;
    let parts = Parts::open(config, Env::real(), false).await?;
    let viewer = options.by.viewer(&parts).await?;
    let spinner = indicatif::ProgressBar::new_spinner().with_message(format!("reading {name}"));
    spinner.enable_steady_tick(std::time::Duration::from_millis(120));
    let outcome = read(&parts, viewer, options, &bytes, &name).await;
    spinner.finish_and_clear();
    let outcome = match outcome {
        Ok(o) => o,
        Err(e) => return Err(said(&parts, locale, e)),
    };
    // What follows from the rows, later rooms learn before this ends: nobody else may be running.
    if outcome.written {
        parts.worker().drain().await?;
    }
    let clean = outcome.lines.is_empty();
    report(&parts, locale, &outcome, options.dry_run);
    parts.db().clone().close().await;
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
async fn read(parts: &Parts, viewer: Viewer, options: &Import, bytes: &[u8], name: &str) -> Result<Outcome, Fail> {
    let (house, asking, dry) = (parts.house(), Asking::new(viewer), options.dry_run);
    match options.what {
        Incoming::Relations => Ok(of_report(
            relations::import::run(house, &asking, bytes, name, dry).await?,
        )),
        Incoming::Organisations => Ok(of_report(parties::import::run(house, &asking, bytes, name, dry).await?)),
        Incoming::PlanItems => Ok(of_table(
            planning::import_items(house, &asking, bytes, name, dry).await?,
        )),
        Incoming::Offers => {
            let call = options.by.need_call().map_err(|_| Fail::NotFound)?;
            Ok(of_table(
                calls::import_offers(house, &asking, call, bytes, name, dry).await?,
            ))
        }
    }
}
fn of_report(r: parties::files::Report) -> Outcome {
    Outcome {
        rows: r.rows,
        counts: Some((r.added, r.changed, r.unchanged)),
        written: r.taken(),
        more: r.more_faults,
        lines: r
            .faults
            .into_iter()
            .map(|f| Line {
                row: Some(f.row),
                column: format!("{} {}", f.column_letter, f.column_key).trim().to_owned(),
                value: f.value,
                refusal: f.code,
            })
            .collect(),
        remarks: r.remarks,
    }
}
fn of_table(r: planning::TableReport) -> Outcome {
    Outcome {
        rows: r.rows,
        counts: r.counts,
        written: r.written > 0,
        more: 0,
        lines: r
            .faults
            .into_iter()
            .map(|f| Line {
                row: f.row,
                column: format!("{} {}", f.letter, f.column).trim().to_owned(),
                value: f.value,
                refusal: f.refusal,
            })
            .collect(),
        remarks: Vec::new(),
    }
}
fn report(parts: &Parts, locale: Locale, o: &Outcome, dry_run: bool) {
    let words = |r: &Refusal| parts.app.texts.refusal(locale, &parts.house().zone, r);
    for remark in &o.remarks {
        println!("remark: {}", words(remark));
    }
    for line in &o.lines {
        let row = line.row.map_or_else(|| "file".to_owned(), |r| format!("row {r}"));
        let column = if line.column.is_empty() {
            String::new()
        } else {
            format!(", {}", line.column)
        };
        let value = if line.value.is_empty() {
            String::new()
        } else {
            format!(" \"{}\"", line.value)
        };
        println!("{row}{column}{value}: {}", words(&line.refusal));
    }
    if o.more > 0 {
        println!("and {} more", o.more);
    }
    match o.counts {
        Some((added, changed, unchanged)) => {
            println!("{} rows: {added} new, {changed} changed, {unchanged} as before", o.rows);
        }
        None => println!("{} rows", o.rows),
    }
    println!(
        "{}",
        match (o.lines.is_empty(), o.written, dry_run) {
            (false, ..) => "nothing was written: mend the file and try again",
            (true, true, _) => "written",
            (true, false, true) => "nothing was written: this was a dry run",
            (true, false, false) => "nothing to write",
        }
    );
}

pub async fn export(config: Config, options: &Export) -> Result<ExitCode> {
    let locale = options.by.locale()?;
    let parts = Parts::open(config, Env::real(), false).await?;
    if options.what == Outgoing::Raw {
        raw(&parts, &options.to, options.form.unwrap_or(Form::Csv)).await?;
    } else {
        let form = match (options.form, options.to.extension().and_then(|e| e.to_str())) {
            (Some(f), _) => f,
            (None, Some("csv")) => Form::Csv,
            (None, Some("xlsx")) => Form::Xlsx,
            _ => bail!(
                "{}: a name with .csv or .xlsx, or --form, is needed",
                options.to.display()
            ),
        };
        let viewer = options.by.viewer(&parts).await?;
        let call = if options.what == Outgoing::Offers {
            Some(options.by.need_call()?)
        } else {
            None
        };
        let table = table(&parts, &viewer, locale, options.what, call)
            .await
            .map_err(|e| said(&parts, locale, e))?;
        write(&table, form, &options.to)?;
        println!("{} rows in {}", table.rows.len(), options.to.display());
    }
    parts.db().clone().close().await;
    Ok(ExitCode::SUCCESS)
}
async fn table(
    parts: &Parts,
    viewer: &Viewer,
    locale: Locale,
    what: Outgoing,
    call: Option<CallId>,
) -> Result<Table, Fail> {
    use relations::export::What;
    let house = parts.house();
    let register = async |what: What| relations::export::table(house, viewer, locale, what).await;
    let work = async |what| undertakings::tables::export(house, viewer, locale, what).await;
    match what {
        Outgoing::Relations => register(What::Relations).await,
        Outgoing::Facts => register(What::Facts).await,
        Outgoing::Links => register(What::Links).await,
        Outgoing::Institutions => register(What::Institutions).await,
        Outgoing::Counts => register(What::Counts).await,
        Outgoing::Organisations => parties::export::organisations(house, viewer, locale).await,
        Outgoing::PlanItems => {
            planning::export_items(&house.db, viewer, &planning::Filter::default(), locale, house.today()).await
        }
        Outgoing::PolicyLines => planning::export_lines(&house.db, locale, house.today()).await,
        Outgoing::Aims => evaluation::export_aims(&house.db, locale, house.today()).await,
        Outgoing::Evaluations => evaluation::export_evaluations(&house.db, locale, house.today()).await,
        Outgoing::Offers => calls::export_offers(house, viewer, call.ok_or(Fail::NotFound)?, locale).await,
        Outgoing::Calls => calls::export_calls(house, viewer, locale).await,
        Outgoing::Awards => calls::export_awards(house, viewer, locale).await,
        Outgoing::Undertakings => work(undertakings::tables::What::Undertakings).await,
        Outgoing::Milestones => work(undertakings::tables::What::Milestones).await,
        Outgoing::Instalments => work(undertakings::tables::What::Instalments).await,
        Outgoing::Raw => Err(Fail::NotFound),
    }
}
fn write(table: &Table, form: Form, to: &Path) -> Result<()> {
    let bytes = match form {
        Form::Csv => table.to_csv()?,
        Form::Xlsx => table.to_xlsx()?,
    };
    let mut file = private_file::create(to).with_context(|| to.display().to_string())?;
    file.write_all(&bytes).with_context(|| to.display().to_string())
}

/// Columns that open doors: they leave the house in a backup only.
const SECRETS: [&str; 5] = ["password_hash", "secret_hash", "verifier", "nonce", "salt"];
/// So do the words of letters about accounts, which carry links that sign in; the words of other letters stay.
fn opens_a_door(shape: &TableShape, row: &[serde_json::Value], column: usize) -> bool {
    let of = |name: &str| shape.columns.iter().position(|c| c.name == name);
    let about_account = || of("kind").is_some_and(|k| row[k].as_str().is_some_and(|k| k.starts_with("account.")));
    shape.name == "letter" && of("body_text") == Some(column) && about_account()
}

/// Every table as the store has it, for an operator who moves elsewhere or looks into something.
async fn raw(parts: &Parts, folder: &Path, form: Form) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let tx = parts.db().begin_read().await?;
    let shapes = store::shapes(&tx, parts.db().engine()).await?;
    let bar = super::bar("exporting");
    bar.set_length(shapes.len() as u64);
    for shape in shapes {
        bar.set_message(shape.name.clone());
        let table = raw_table(parts, &tx, &shape).await?;
        let ending = if form == Form::Csv { "csv" } else { "xlsx" };
        write(&table, form, &folder.join(format!("{}.{ending}", shape.name)))?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    println!("{} tables in {}", bar.position(), folder.display());
    Ok(())
}
async fn raw_table(parts: &Parts, tx: &store::Tx, shape: &TableShape) -> Result<Table> {
    let kept: Vec<usize> = (0..shape.columns.len())
        .filter(|i| !SECRETS.contains(&shape.columns[*i].name.as_str()))
        .collect();
    let mut table = Table {
        title: shape.name.clone(),
        columns: kept
            .iter()
            .map(|&i| ColumnOut {
                key: "",
                label: shape.columns[i].name.clone(),
                kind: match shape.columns[i].kind {
                    ColumnKind::Bigint => Kind::Number,
                    _ => Kind::Text,
                },
            })
            .collect(),
        rows: Vec::new(),
        made: parts.house().today(),
    };
    store::dump_table(tx, shape, |row| {
        let cells = kept.iter().map(|&i| match &row[i] {
            _ if opens_a_door(shape, &row, i) => CellOut::Blank,
            serde_json::Value::Null => CellOut::Blank,
            serde_json::Value::Number(n) => n.as_i64().map_or(CellOut::Blank, CellOut::Integer),
            serde_json::Value::String(s) => CellOut::Text(s.clone()),
            other => CellOut::Text(other.to_string()),
        });
        table.rows.push(cells.collect());
        Ok(())
    })
    .await?;
    Ok(table)
}
