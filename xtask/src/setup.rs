//! What building and testing need. Each step looks first, is quick when all is there, and says what it does.
use crate::process::{must, quietly};
use crate::root;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The fuzzer of the HTTP interface; its version is part of what the tests mean.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";
/// The solver that `cargo xtask bench matching` runs beside ours.
const ORTOOLS: [&str; 2] = ["ortools==9.15.6755", "numpy"];
const OLDEST_NODE: u32 = 20;
pub const OLDEST_POSTGRES: u32 = 15;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Compiler,
    Rustfmt,
    Clippy,
    Node,
    Postgres,
    Chromium,
    HanFonts,
    PythonVenv,
}

impl Need {
    const ALL: [Need; 8] = [
        Need::Compiler,
        Need::Rustfmt,
        Need::Clippy,
        Need::Node,
        Need::Postgres,
        Need::Chromium,
        Need::HanFonts,
        Need::PythonVenv,
    ];

    fn what(self) -> &'static str {
        match self {
            Need::Compiler => "a C compiler (SQLite is built from source)",
            Need::Rustfmt => "rustfmt",
            Need::Clippy => "clippy",
            Need::Node => "Node.js 20 or later with npm",
            Need::Postgres => "PostgreSQL 15 or later (the server's programs; no running server)",
            Need::Chromium => "Chromium",
            Need::HanFonts => "a font with Han characters, for the browser tests",
            Need::PythonVenv => "Python 3 with venv",
        }
    }

    fn is_there(self) -> bool {
        match self {
            Need::Compiler => quietly("cc", &["--version"]).is_some(),
            Need::Rustfmt => quietly("cargo", &["fmt", "--version"]).is_some(),
            Need::Clippy => quietly("cargo", &["clippy", "--version"]).is_some(),
            Need::Node => node_version().is_some_and(|major| major >= OLDEST_NODE) && on_path("npm").is_some(),
            Need::Postgres => postgres_programs().is_some(),
            Need::Chromium => chromium().is_some(),
            Need::HanFonts => has_han_font(),
            Need::PythonVenv => quietly("python3", &["-c", "import venv, ensurepip"]).is_some(),
        }
    }

    /// Debian's and Ubuntu's packages for it.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Need::Compiler => &["gcc", "libc6-dev"],
            Need::Rustfmt | Need::Clippy => &[],
            Need::Node => &["nodejs", "npm"],
            Need::Postgres => &["postgresql"],
            Need::Chromium => &["chromium"],
            Need::HanFonts => &["fonts-noto-cjk"],
            Need::PythonVenv => &["python3-venv"],
        }
    }

    fn by_hand(self) -> String {
        match self {
            Need::Rustfmt => "rustup component add rustfmt".to_owned(),
            Need::Clippy => "rustup component add clippy".to_owned(),
            Need::Chromium => {
                "sudo apt-get install chromium, or name a Chromium or Chrome in YOUCHENG_CHROMIUM".to_owned()
            }
            Need::Node => "sudo apt-get install nodejs npm where that gives version 20 or later (Debian 13, Ubuntu \
                           26.04), else from the makers of Node.js or your system's packages"
                .to_owned(),
            other => format!(
                "sudo apt-get install {} (or your system's like)",
                other.packages().join(" ")
            ),
        }
    }
}

/// All of it: for `cargo xtask setup`, and before a whole test run.
pub fn everything() -> Result<()> {
    ensure(&Need::ALL)?;
    npm_packages()?;
    python_packages()?;
    println!("setup: everything is there");
    Ok(())
}

/// Installs what is missing where that is possible (root, apt-get), and says what and how where it is not.
pub fn ensure(needs: &[Need]) -> Result<()> {
    let missing = |needs: &[Need]| {
        needs
            .iter()
            .copied()
            .filter(|need| !need.is_there())
            .collect::<Vec<_>>()
    };
    let lacking = missing(needs);
    if lacking.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = lacking.iter().flat_map(|need| need.packages()).copied().collect();
    if !packages.is_empty() && is_root() && on_path("apt-get").is_some() {
        println!("setup: installing {} with apt-get", packages.join(", "));
        let apt = || {
            let mut command = Command::new("apt-get");
            command
                .env("DEBIAN_FRONTEND", "noninteractive")
                .args(["-qq", "-o", "Acquire::Retries=3"]);
            command
        };
        must(apt().arg("update"))?;
        must(apt().args(["install", "-y", "--no-install-recommends"]).args(&packages))?;
    }
    let lacking = missing(&lacking);
    if lacking.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = lacking
        .iter()
        .map(|need| format!("  {}\n      {}", need.what(), need.by_hand()))
        .collect();
    bail!(
        "this is missing and cannot be installed from here:\n{}",
        lines.join("\n")
    )
}

/// The npm packages exactly as the lock file has them; skipped while it is unchanged.
pub fn npm_packages() -> Result<()> {
    ensure(&[Need::Node])?;
    let lock = fs::read_to_string(root().join("package-lock.json"))?;
    let stamp = root().join("node_modules/.youcheng-installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("setup: installing npm packages");
    must(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .current_dir(root()),
    )?;
    fs::write(stamp, lock)?;
    Ok(())
}

/// A Python of our own with the fuzzer of the HTTP interface; skipped while its version is unchanged.
pub fn python_packages() -> Result<()> {
    python_with(&python_folder(), &[SCHEMATHESIS])
}

/// The interpreter with the solver that matching is measured against.
pub fn python_peer() -> Result<PathBuf> {
    let folder = root().join(".tools/peer");
    python_with(&folder, &ORTOOLS)?;
    Ok(folder.join("bin/python"))
}

fn python_with(folder: &Path, packages: &[&str]) -> Result<()> {
    ensure(&[Need::PythonVenv])?;
    let stamp = folder.join("youcheng-installed");
    let wanted = packages.join(" ");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("setup: installing {wanted} into {}", folder.display());
    must(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
    must(
        Command::new(folder.join("bin/python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-input",
                "--disable-pip-version-check",
            ])
            .args(packages)
            .current_dir(root()),
    )?;
    fs::write(stamp, wanted)?;
    Ok(())
}

pub fn python_folder() -> PathBuf {
    root().join(".tools/venv")
}

pub fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("YOUCHENG_CHROMIUM").map(PathBuf::from);
    let known = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
    named
        .into_iter()
        .chain(known.iter().filter_map(|name| on_path(name)))
        .chain([PathBuf::from(mac)])
        .find(|program| program.is_file())
}

/// The folder with `initdb` and `postgres` of a version that is new enough.
pub fn postgres_programs() -> Option<PathBuf> {
    let on_path = on_path("postgres").and_then(|program| program.parent().map(Path::to_owned));
    let mut versions: Vec<PathBuf> = ["/usr/lib/postgresql", "/usr/local/lib/postgresql"]
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path().join("bin")))
        .collect();
    versions.sort();
    on_path
        .into_iter()
        .chain([PathBuf::from("/usr/local/bin")])
        .chain(versions.into_iter().rev())
        .find(|folder| {
            folder.join("initdb").is_file()
                && quietly(&folder.join("postgres").to_string_lossy(), &["--version"])
                    .and_then(|version| first_number(&version))
                    .is_some_and(|major| major >= OLDEST_POSTGRES)
        })
}

fn has_han_font() -> bool {
    match quietly("fc-list", &[":lang=zh-cn", "family"]) {
        Some(families) => !families.is_empty(),
        None => cfg!(target_os = "macos") || Path::new("/usr/share/fonts/opentype/noto").is_dir(),
    }
}

fn node_version() -> Option<u32> {
    first_number(quietly("node", &["--version"])?.trim_start_matches('v'))
}

/// 15 of `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn first_number(text: &str) -> Option<u32> {
    text.split(|letter: char| !letter.is_ascii_digit())
        .find(|digits| !digits.is_empty())?
        .parse()
        .ok()
}

pub fn on_path(program: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

pub fn is_root() -> bool {
    quietly("id", &["-u"]).as_deref() == Some("0")
}

/// A folder of this run's own that is removed with everything in it.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new(what: &str) -> Result<Scratch> {
        let folder = std::env::temp_dir().join(format!("youcheng-{what}-{}", std::process::id()));
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Scratch(folder))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(fault) = fs::remove_dir_all(&self.0) {
            eprintln!("xtask: {} stays: {fault}", self.0.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::first_number;

    #[test]
    fn versions_are_read_as_programs_print_them() {
        assert_eq!(
            first_number("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"),
            Some(15)
        );
        assert_eq!(first_number("20.20.2"), Some(20));
        assert_eq!(first_number("none"), None);
    }
}
