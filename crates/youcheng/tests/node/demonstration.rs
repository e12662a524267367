//! The demonstration as a stranger starts it.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

struct Demo {
    child: Child,
    url: String,
    sign_in: Vec<(String, String)>,
    tokens: Vec<(String, String)>,
}
fn start(folder: &Path, more: &[&str]) -> Demo {
    let mut child = Command::new(env!("CARGO_BIN_EXE_youcheng"))
        .args(["demo", "--port", "0", "--no-browser", "--data", "there"])
        .args(more)
        .current_dir(folder)
        .env_clear()
        .env("YOUCHENG_LOGS__FILTER", "warn")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready = lines.next().expect("a line before it ends").unwrap();
    let url = ready.strip_prefix("ready ").expect("ready comes first").to_owned();
    let mut demo = Demo {
        child,
        url,
        sign_in: Vec::new(),
        tokens: Vec::new(),
    };
    let players = youcheng::demo::players();
    let expected = players.len() + players.iter().filter(|p| p.token).count();
    for line in lines.by_ref().take(expected) {
        let line = line.unwrap();
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["sign-in", role, url] => demo.sign_in.push((role.into(), url.into())),
            ["token", role, token] => demo.tokens.push((role.into(), token.into())),
            _ => panic!("{line}"),
        }
    }
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    demo
}
impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
/// Told to stop as a service manager does, it ends by itself.
fn stop(mut demo: Demo) {
    let told = Command::new("kill")
        .arg("-TERM")
        .arg(demo.child.id().to_string())
        .status()
        .unwrap();
    assert!(told.success());
    assert!(demo.child.wait().unwrap().success(), "it ended in order");
}

/// Columns that hold a person under a name by which one's own data are not gathered.
async fn people_elsewhere(file: &Path) -> Vec<String> {
    use store::Query as _;
    let db = store::Db::open(&store::DbConfig::Sqlite(file.to_owned()), store::Env::real())
        .await
        .unwrap();
    let mut found = Vec::new();
    for table in store::shapes(&db, db.engine()).await.unwrap() {
        for c in table.columns.iter().filter(|c| c.kind == store::ColumnKind::Text) {
            let gathered = ["account", "by_account", "responsible", "applicant"].contains(&c.name.as_str());
            if gathered || c.name.ends_with("_by") {
                continue;
            }
            let sql = format!(
                "SELECT COUNT(*) AS n FROM \"{}\" WHERE \"{}\" IN (SELECT id FROM account)",
                table.name, c.name
            );
            if db.number(&sql, vec![]).await.unwrap() > 0 {
                found.push(format!("{}.{}", table.name, c.name));
            }
        }
    }
    db.close().await;
    found
}

#[test]
fn a_stranger_starts_it_twice() {
    store::testing::block_on(async {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let dir = tempfile::tempdir().unwrap();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let demo = start(dir.path(), &[]);
        let roles: Vec<&str> = demo.sign_in.iter().map(|s| s.0.as_str()).collect();
        for role in [
            "office-lead",
            "department-officer",
            "district-officer",
            "panel-lead",
            "panel-member",
            "finance",
            "auditor",
            "organisation-delegate",
            "individual",
            "partner-city-officer",
        ] {
            assert!(roles.contains(&role), "{role} is not among {roles:?}");
        }
        let mut cookie = String::new();
        for (role, url) in &demo.sign_in {
            assert!(url.starts_with(&demo.url), "{url}");
            let to_language = client.get(url).header("accept-language", "zh").send().await.unwrap();
            let to = to_language.headers()["location"].to_str().unwrap().to_owned();
            assert!(to.starts_with("/zh/demo/"), "{to}");
            let signed_in = client.get(format!("{}{to}", demo.url)).send().await.unwrap();
            assert!(signed_in.status().is_redirection(), "{role}: {}", signed_in.status());
            let set = signed_in.headers()["set-cookie"].to_str().unwrap();
            cookie = set.split(';').next().unwrap().to_owned();
            let desk = client
                .get(format!("{}/zh/account", demo.url))
                .header("cookie", &cookie)
                .send()
                .await
                .unwrap();
            assert_eq!(desk.status(), 200, "{role}");
            // Whoever's place is taken, there is something to do: auditors alone change nothing.
            let waits = match role.as_str() {
                "office-lead" => ["/desk", "/decision"],
                "department-officer" => ["/desk", "/plan/items/"],
                "department-officer-environment" => ["/desk", "/deliverables/"],
                "department-officer-health" => ["/desk", "/calls/"],
                "district-officer" => ["/desk", "/calls/"],
                "panel-lead" | "panel-member" | "panel-member-2" => ["/desk", "/review"],
                "finance" | "finance-2" => ["/desk", "/instalments/"],
                "organisation-delegate" => ["/my-work", "/milestones/"],
                "partner-delegate" => ["/my-work", "/milestones/"],
                "library-delegate" => ["/my-work", "/offers/"],
                "individual" => ["/my-work", "/answer"],
                "partner-city-officer" => ["/desk", "/answer"],
                "evaluator" => ["/my-work", "/evaluations/"],
                _ => continue,
            };
            let queue = client
                .get(format!("{}/zh{}", demo.url, waits[0]))
                .header("cookie", &cookie)
                .send()
                .await
                .unwrap();
            assert_eq!(queue.status(), 200, "{role} at {}", waits[0]);
            let queue = queue.text().await.unwrap();
            assert!(queue.contains(waits[1]), "{role} finds nothing at {}", waits[1]);
        }
        for path in [
            "",
            "/relations",
            "/calls",
            "/programmes",
            "/organisations",
            "/numbers",
            "/help",
        ] {
            for language in ["zh", "en"] {
                let page = client
                    .get(format!("{}/{language}{path}", demo.url))
                    .send()
                    .await
                    .unwrap();
                assert_eq!(page.status(), 200, "/{language}{path}");
            }
        }
        let (_, token) = &demo.tokens[0];
        let asked = client
            .get(format!("{}/api/v1/relations?limit=1", demo.url))
            .bearer_auth(token)
            .send()
            .await
            .unwrap();
        assert_eq!(asked.status(), 200);
        stop(demo);

        let store = dir.path().join("there/youcheng.sqlite");
        let verify = || {
            let o = Command::new(env!("CARGO_BIN_EXE_youcheng"))
                .args(["verify", "--json"])
                .current_dir(dir.path())
                .env_clear()
                .env("YOUCHENG_STORE__SQLITE", &store)
                .env("YOUCHENG_ATTACHMENTS__FOLDER", dir.path().join("there/attachments"))
                .output()
                .unwrap();
            let found: serde_json::Value = serde_json::from_slice(&o.stdout).unwrap();
            assert!(
                o.status.success() && found["faults"] == serde_json::json!([]),
                "{found}"
            );
            found["size"].as_u64().unwrap()
        };
        let first = verify();
        assert!(first > 100);
        // All stories told: no room keeps a person where taking one's data along would not look.
        assert_eq!(people_elsewhere(&store).await, ["account.id", "journal.object_id"]);
        // The second start keeps what was done, sessions included; its printed links work as well.
        let again = start(dir.path(), &[]);
        let kept = client
            .get(format!("{}/en/account", again.url))
            .header("cookie", &cookie)
            .send()
            .await
            .unwrap();
        assert_eq!(kept.status(), 200);
        stop(again);
        assert!(verify() >= first);
        // Fresh is fresh, and touches nothing else in the folder.
        std::fs::write(dir.path().join("there/notes.txt"), "mine").unwrap();
        let fresh = start(dir.path(), &["--fresh"]);
        let gone = client
            .get(format!("{}/en/account", fresh.url))
            .header("cookie", &cookie)
            .send()
            .await
            .unwrap();
        assert_eq!(gone.status(), 401);
        stop(fresh);
        assert_eq!(
            std::fs::read_to_string(dir.path().join("there/notes.txt")).unwrap(),
            "mine"
        );
    });
}

crate::on_each!(
    async fn fifty_offers_stand_on_the_page_that_is_measured(engine) {
        let node = crate::house::Node::start(engine, &[]).await;
        youcheng::demo::seed(&node.parts, &node.clock).await.unwrap();
        let item = youcheng::demo::fifty_offers(&node.parts, &node.clock).await.unwrap();
        let page = node.get(&format!("/en/programmes/{item}")).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.body.matches(": time twice a week").count(), 50);
    }
);
