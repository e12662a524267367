//! Links in our documents lead somewhere.
use crate::{none, tree};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn documents() -> Vec<PathBuf> {
    let root = tree::root();
    let top = std::fs::read_dir(&root)
        .expect("the root is readable")
        .flatten()
        .map(|entry| entry.path());
    let top = top.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    top.chain(tree::files(&root.join("docs"), ".md")).collect()
}

/// The targets of `[text](target)`, `![text](target)`, `href="target"` and `src="target"`, outside of code.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in prose(text) {
        let line = without_code(line);
        for mark in ["](", "href=\"", "src=\""] {
            for (place, _) in line.match_indices(mark) {
                let rest = &line[place + mark.len()..];
                let end = rest.find(if mark == "](" { [')', ' '] } else { ['"', '"'] });
                found.push(rest[..end.unwrap_or(rest.len())].to_owned());
            }
        }
    }
    found
}

fn prose(text: &str) -> Vec<&str> {
    let mut fenced = false;
    text.lines()
        .filter(|line| {
            let fence = line.trim_start().starts_with("```");
            fenced ^= fence;
            !fenced && !fence
        })
        .collect()
}

fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

/// The anchors that a page with these headings has: lower case, blanks to hyphens, other punctuation gone.
fn anchors(text: &str) -> Vec<String> {
    let mut seen = BTreeMap::new();
    let mut found = Vec::new();
    for line in prose(text) {
        let Some(heading) = line.strip_prefix('#').map(|line| line.trim_start_matches('#').trim()) else {
            continue;
        };
        let heading = heading.to_lowercase();
        let kept = heading.chars().filter_map(|letter| match letter {
            ' ' => Some('-'),
            '-' | '_' => Some(letter),
            letter => letter.is_alphanumeric().then_some(letter),
        });
        let anchor: String = kept.collect();
        let times = seen.entry(anchor.clone()).or_insert(0);
        found.push(if *times == 0 {
            anchor
        } else {
            format!("{anchor}-{times}")
        });
        *times += 1;
    }
    found
}

fn dead(document: &Path, link: &str) -> bool {
    let outside = ["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| link.starts_with(scheme));
    if outside || link.is_empty() {
        return false;
    }
    let (file, anchor) = link
        .split_once('#')
        .map_or((link, None), |(file, anchor)| (file, Some(anchor)));
    let target = match file {
        "" => document.to_owned(),
        file => match file.strip_prefix('/') {
            Some(from_root) => tree::root().join(from_root),
            None => document.parent().expect("a document lies in a folder").join(file),
        },
    };
    match anchor {
        _ if !target.exists() => true,
        Some(anchor) if target.extension().is_some_and(|ending| ending == "md") => {
            !anchors(&tree::read(&target)).iter().any(|known| known == anchor)
        }
        _ => false,
    }
}

#[test]
fn every_link_is_alive() {
    let mut findings = Vec::new();
    for document in documents() {
        for link in links(&tree::read(&document)) {
            if dead(&document, &link) {
                findings.push(format!("{}: {link}", tree::named(&document)));
            }
        }
    }
    none("Dead links:", findings);
}

#[test]
fn links_and_anchors_are_found() {
    let text = "# One page\n[a](b.md#c) ![p](d.png \"x\") `[no](no.md)`\n```\n[no](no.md)\n```\n<img src=\"e.png\">\n## 门 & Tür\n## One page";
    assert_eq!(links(text), ["b.md#c", "d.png", "e.png"]);
    assert_eq!(anchors(text), ["one-page", "门--tür", "one-page-1"]);
}
