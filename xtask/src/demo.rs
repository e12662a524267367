//! `cargo xtask demo`: builds, runs the example node, opens a browser when it answers.
use crate::process::{Process, cargo, must};
use crate::root;
use crate::setup::{self, Need};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::{Command, Stdio};

struct Wish {
    port: u16,
    data: PathBuf,
    fresh: bool,
    browser: bool,
}

impl Wish {
    fn read(arguments: &[String]) -> Result<Wish> {
        let mut wish = Wish {
            port: 8080,
            data: root().join("data/demo"),
            fresh: false,
            browser: true,
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let (flag, joined) = match argument.split_once('=') {
                Some((flag, value)) => (flag, Some(value.to_owned())),
                None => (argument.as_str(), None),
            };
            let mut value = || joined.clone().or_else(|| rest.next().cloned());
            match flag {
                "--port" => {
                    let port = value().context("--port needs a number")?;
                    wish.port = port
                        .parse()
                        .with_context(|| format!("--port needs a number, not `{port}`"))?;
                }
                "--data" => wish.data = value().context("--data needs a folder")?.into(),
                "--fresh" => wish.fresh = true,
                "--no-browser" => wish.browser = false,
                other => bail!("demo does not know `{other}`; it takes --port N, --data DIR, --fresh, --no-browser"),
            }
        }
        if wish.data.is_relative() {
            wish.data = std::env::current_dir()?.join(&wish.data);
        }
        Ok(wish)
    }
}

pub fn run(arguments: &[String]) -> Result<u8> {
    let wish = Wish::read(arguments)?;
    setup::ensure(&[Need::Compiler])?;
    println!("building (the first time takes some minutes)");
    must(cargo().args(["build", "--release", "--package", "youcheng"]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let mut command = Command::new(target.join("release/youcheng"));
    command
        .args(["demo", "--port", &wish.port.to_string(), "--data"])
        .arg(&wish.data);
    if wish.fresh {
        command.arg("--fresh");
    }
    let mut process = Process::start(command.stdin(Stdio::null()).stdout(Stdio::piped()))?;
    let lines = process.lines();
    while let Some(line) = lines.next_line() {
        println!("{line}");
        if let (true, Some(url)) = (wish.browser, line.strip_prefix("ready ")) {
            open(url);
        }
    }
    let status = process.wait()?;
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(if status.success() { 0 } else { 1 }))
}

/// Opening a browser is a courtesy: where there is none, the address above is enough.
fn open(url: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let quiet = Command::new(opener)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    drop(quiet);
}

#[cfg(test)]
mod tests {
    use super::Wish;

    fn read(line: &str) -> anyhow::Result<Wish> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Wish::read(&words)
    }

    #[test]
    fn reads_what_is_wished() {
        let wish = read("--port 9000 --data=/srv/demo --fresh --no-browser").unwrap();
        assert_eq!((wish.port, wish.fresh, wish.browser), (9000, true, false));
        assert_eq!(wish.data.to_str(), Some("/srv/demo"));
        assert!(read("").unwrap().data.ends_with("data/demo"));
        assert!(read("elsewhere --data x").is_err());
        assert!(read("--data here").unwrap().data.is_absolute());
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert!(read("--port").is_err());
        assert!(read("--port many").is_err());
        assert!(read("--prot 1").is_err());
    }
}
