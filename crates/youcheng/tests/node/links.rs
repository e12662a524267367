//! No page leads into nothing: every link that a role sees is followed, files and feeds among them.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use access::{AccessConfig, Origin};
use basis::Locale;
use store::Engine;
use youcheng::demo;

use crate::house::{Answer, Node};

/// Pages of one kind that are read for their links, and links of one kind that are followed: the tenth programme looks
/// like the first.
const READ: usize = 2;
const FOLLOWED: usize = 4;

/// An address with ids and numbers left out, and of its query only the names.
fn kind_of(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let plain = |part: &str| {
        let id = part.len() == 36 && part.bytes().filter(|b| *b == b'-').count() == 4;
        let number = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if id || number { "*".to_owned() } else { part.to_owned() }
    };
    let path: Vec<String> = path.split('/').map(plain).collect();
    let names: Vec<&str> = query
        .split('&')
        .filter_map(|p| p.split('=').next())
        .filter(|n| !n.is_empty())
        .collect();
    format!("{}?{}", path.join("/"), names.join("&"))
}
/// Every address of our own that a document names.
fn links(base: &str, body: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (mark, end) in [("href=\"", '"'), ("src=\"", '"'), ("<loc>", '<')] {
        for rest in body.split(mark).skip(1) {
            let link = rest.split(end).next().unwrap_or("").replace("&amp;", "&");
            let link = link.strip_prefix(base).unwrap_or(&link);
            let link = link.split('#').next().unwrap_or("");
            if link.starts_with('/') && !link.starts_with("//") {
                out.push(link.to_owned());
            }
        }
    }
    out
}

/// A cookie of this role's own.
async fn cookie(node: &Node, role: &str) -> String {
    let config = AccessConfig {
        public_url: node.base.clone(),
        secure_cookies: false,
        demo: true,
        oidc: None,
    };
    let players = demo::players();
    let account = players.iter().find(|p| p.role == role).unwrap().account;
    let db = node.parts.db();
    let key = access::demo_link(db, &config, account).await.unwrap();
    let signed = access::demo_sign_in(db, &config, &Origin::here(Locale::En), &key)
        .await
        .unwrap();
    format!("{}={}", config.cookie_name(), signed.secret)
}

struct Walk<'a> {
    node: &'a Node,
    cookie: Option<String>,
    role: &'a str,
    /// What answered otherwise than a link should, with where the link stands.
    faults: Vec<String>,
    endings: BTreeMap<String, usize>,
    followed: usize,
}
impl Walk<'_> {
    async fn get(&self, path: &str) -> Answer {
        let mut request = self.node.client.get(self.node.url(path));
        if let Some(c) = &self.cookie {
            request = request.header("cookie", c);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let header = |name: &str| headers.get(name).map(|v| v.to_str().unwrap_or("").to_owned());
        let kept = ["content-type", "location"].map(|n| (n.to_owned(), header(n).unwrap_or_default()));
        Answer {
            status,
            headers: HashMap::from(kept),
            // Workbooks and pictures are no text.
            body: String::from_utf8_lossy(&response.bytes().await.unwrap()).into_owned(),
        }
    }
    async fn through(&mut self, starts: &[&str]) {
        let mut queue: VecDeque<(String, String)> =
            starts.iter().map(|s| ((*s).to_owned(), "the start".into())).collect();
        let (mut known, mut read) = (HashSet::new(), HashMap::<String, usize>::new());
        let mut taken = HashMap::<String, usize>::new();
        while let Some((link, from)) = queue.pop_front() {
            let kind = kind_of(&link);
            let count = taken.entry(kind.clone()).or_default();
            if *count >= FOLLOWED || !known.insert(link.clone()) {
                continue;
            }
            *count += 1;
            self.followed += 1;
            let a = self.get(&link).await;
            let ending = link.split('?').next().unwrap_or("").rsplit('/').next().unwrap_or("");
            if let Some((_, ending)) = ending.rsplit_once('.') {
                *self.endings.entry(ending.to_owned()).or_default() += 1;
            }
            match a.status {
                200 => {}
                301..=308 => queue.push_back((a.header("location").to_owned(), format!("{link}, sent on"))),
                // Whoever is not signed in is asked to, where that is what the link is for.
                401 if self.cookie.is_none() => {}
                status => self.faults.push(format!("{}: {status} {link} (on {from})", self.role)),
            }
            let readable = ["text/html", "xml"]
                .iter()
                .any(|k| a.header("content-type").contains(k));
            let seen = read.entry(kind).or_default();
            if a.status == 200 && readable && *seen < READ {
                *seen += 1;
                let found = links(&self.node.base, &a.body).into_iter();
                queue.extend(found.map(|l| (l, link.clone())));
            }
        }
    }
}

#[test]
fn every_link_leads_somewhere() {
    store::testing::block_on(async {
        let node = Node::start(Engine::Sqlite, &[]).await;
        demo::seed(&node.parts, &node.clock).await.unwrap();
        let mut faults = Vec::new();
        let mut endings = BTreeMap::new();
        let mut followed = 0;
        let visitors = [("visitor", "en"), ("visitor", "zh")];
        let roles = demo::players();
        // The second of finance sees what the first sees.
        let roles = roles.iter().map(|p| p.role).filter(|r| !r.ends_with("-2"));
        for (role, language) in visitors.into_iter().chain(roles.map(|r| (r, "en"))) {
            let cookie = match role {
                "visitor" => None,
                role => Some(cookie(&node, role).await),
            };
            let mut walk = Walk {
                node: &node,
                cookie,
                role,
                faults: Vec::new(),
                endings: BTreeMap::new(),
                followed: 0,
            };
            let at = |path: &str| format!("/{language}{path}");
            let mut starts = vec![at("")];
            if walk.cookie.is_some() {
                starts.extend([at("/desk"), at("/account"), at("/my-work")]);
            } else {
                starts.extend(["/sitemap.xml", "/robots.txt"].map(str::to_owned));
            }
            let starts: Vec<&str> = starts.iter().map(String::as_str).collect();
            walk.through(&starts).await;
            assert!(walk.followed > 30, "{role} saw only {} links", walk.followed);
            faults.append(&mut walk.faults);
            followed += walk.followed;
            for (ending, n) in walk.endings {
                *endings.entry(ending).or_insert(0) += n;
            }
        }
        println!("{followed} links, {endings:?}");
        for ending in ["csv", "xlsx", "ics", "atom", "xml"] {
            assert!(endings.contains_key(ending), "no link to a file of the kind {ending}");
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    });
}
