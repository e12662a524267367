//! What the binary embeds from npm packages lies in the tree, so that building needs no npm; this brings it anew.
use crate::{root, setup};
use anyhow::{Context, Result, bail};
use std::fs;

pub fn run(arguments: &[String]) -> Result<u8> {
    let check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => bail!("assets takes nothing but --check"),
    };
    setup::npm_packages()?;
    let mut different = 0_u8;
    for line in fs::read_to_string(root().join("xtask/assets.txt"))?.lines() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let (to, from) = line.split_once("<-").with_context(|| format!("no `<-` in: {line}"))?;
        let (to, from) = (to.trim(), from.trim());
        let wanted = fs::read(root().join("node_modules").join(from)).with_context(|| format!("cannot read {from}"))?;
        let target = root().join("crates/pages/assets").join(to);
        if fs::read(&target).ok().as_deref() == Some(wanted.as_slice()) {
            println!("same      {to}");
            continue;
        }
        different = different.saturating_add(1);
        if check {
            println!("DIFFERENT {to}");
            continue;
        }
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&target, wanted)?;
        println!("written   {to}");
    }
    Ok(if check { different } else { 0 })
}
