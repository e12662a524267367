//! The machine is switched off in mid-write, a hundred times: what was answered is there, and everything is in order.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use access::{AccessConfig, Asking, NewToken, Origin};
use basis::{AccountId, Chance, FixedClock, Locale};
use indicatif::ProgressBar;
use serde_json::{Value, json};
use store::{Blobs, BlobsConfig, Db, DbConfig, Engine, Env, OsChance, Query, Via, testing::TestDb, vals};
use youcheng::{demo, node::Parts, proof};

const KILLS: usize = 100;
/// Everything is looked at after so many kills; after each, that nothing answered is lost.
const WHOLE: usize = 4;

/// How a node finds the store and its folders.
fn settings(store: &TestDb) -> Vec<(&'static str, String)> {
    let place = |name: &str| store.dir.join(name).to_string_lossy().into_owned();
    let lies = match &store.config {
        DbConfig::Sqlite(file) => ("STORE__SQLITE", file.to_string_lossy().into_owned()),
        DbConfig::Postgres { url, .. } => ("STORE__POSTGRES", url.clone()),
    };
    vec![
        lies,
        ("ATTACHMENTS__FOLDER", place("attachments")),
        ("MAIL__FOLDER", place("letters")),
    ]
}

fn spawn(store: &TestDb) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_youcheng"))
        .arg("serve")
        .current_dir(&store.dir)
        .env_clear()
        .env("YOUCHENG_LISTEN__ADDRESS", "127.0.0.1:0")
        .envs(
            settings(store)
                .into_iter()
                .map(|(name, value)| (format!("YOUCHENG_{name}"), value)),
        )
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = loop {
        let line = lines.next().expect("it says that it is ready before it ends").unwrap();
        if let Some((_, address)) = line.split_once("ready http://") {
            break address.split_whitespace().next().unwrap().to_owned();
        }
    };
    // A full pipe would stop the program.
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    (child, format!("http://{address}"))
}

/// What is written, each time with the next number: two things that are written over, two of which there are ever more.
enum Kind {
    /// An account's name, by a page's form with a cookie.
    Name { account: AccountId },
    /// A draft of an offer.
    Draft { offer: String },
    /// Items of the plan.
    Item { like: Value },
    /// Facts on a relation.
    Fact { relation: String },
}
impl Kind {
    fn name(&self) -> &'static str {
        match self {
            Kind::Name { .. } => "name",
            Kind::Draft { .. } => "draft",
            Kind::Item { .. } => "item",
            Kind::Fact { .. } => "fact",
        }
    }
}
/// A number as it is written, so that it is found again among other words.
fn marked(n: usize) -> String {
    format!("kept-{n}.")
}
/// All numbers that stand in a text as [`marked`] wrote them.
fn numbers_in(text: &str) -> Vec<usize> {
    let ends = |rest: &str| rest.split_once('.').and_then(|(n, _)| n.parse().ok());
    text.split("kept-").skip(1).filter_map(ends).collect()
}

struct Writer {
    kind: Kind,
    /// A cookie for pages, a token for the API.
    key: String,
    asked: AtomicUsize,
    answered: Mutex<BTreeSet<usize>>,
}
impl Writer {
    fn new(kind: Kind, key: String) -> Arc<Writer> {
        Arc::new(Writer {
            kind,
            key,
            asked: AtomicUsize::new(0),
            answered: Mutex::default(),
        })
    }
    fn answers(&self) -> usize {
        self.answered.lock().unwrap().len()
    }
    async fn send(&self, client: &reqwest::Client, base: &str, n: usize) -> reqwest::Result<reqwest::Response> {
        // One person may write several kinds: each has keys of its own.
        let once = format!("{}-{n}", self.kind.name());
        let api = |method: reqwest::Method, path: &str| {
            let request = client.request(method, format!("{base}/api/v1{path}"));
            request.bearer_auth(&self.key).header("idempotency-key", &once)
        };
        match &self.kind {
            Kind::Name { .. } => {
                let form = format!("name={}&lang=en&zone=Asia%2FShanghai&once={once}", marked(n));
                let post = client.post(format!("{base}/en/account/profile")).body(form);
                let post = post.header("cookie", &self.key);
                post.header("content-type", "application/x-www-form-urlencoded")
                    .send()
                    .await
            }
            Kind::Draft { offer } => {
                let path = format!("/offers/{offer}");
                let read = api(reqwest::Method::GET, &path).send().await?;
                let version = read.headers()["etag"].clone();
                let draft = json!({ "summary_en": marked(n) });
                let put = api(reqwest::Method::PUT, &path).header("if-match", version);
                put.json(&draft).send().await
            }
            Kind::Item { like } => {
                let mut item = like.clone();
                item["title_en"] = marked(n).into();
                api(reqwest::Method::POST, "/plan-items").json(&item).send().await
            }
            Kind::Fact { relation } => {
                let fact = json!({ "about": "other", "value": marked(n), "source": "an archive", "confidence": "high", "claimant": "them" });
                let path = format!("/relations/{relation}/facts");
                api(reqwest::Method::POST, &path).json(&fact).send().await
            }
        }
    }
    /// Writes until the node is gone; returns how many times it was answered.
    async fn write(self: Arc<Writer>, base: String, stop: Arc<AtomicBool>) -> usize {
        let mut count = 0;
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        while !stop.load(Ordering::SeqCst) {
            let n = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            match self.send(&client, &base, n).await {
                Ok(r) if [200, 201, 303].contains(&r.status().as_u16()) => {
                    self.answered.lock().unwrap().insert(n);
                    count += 1;
                }
                Ok(r) => panic!("{} {}", r.status(), r.text().await.unwrap_or_default()),
                // The node is gone: this may or may not have been kept.
                Err(_) => return count,
            }
        }
        count
    }
    /// What was answered is kept, once; what is kept was asked for.
    async fn look(&self, db: &Db, round: usize) {
        store::row! { struct Said { said: String } }
        let (sql, id) = match &self.kind {
            Kind::Name { account } => ("SELECT name AS said FROM account WHERE id = $1", account.to_string()),
            Kind::Draft { offer } => ("SELECT draft AS said FROM offer WHERE id = $1", offer.clone()),
            Kind::Item { .. } => ("SELECT title AS said FROM plan_item WHERE id <> $1", String::new()),
            Kind::Fact { relation } => ("SELECT value AS said FROM fact WHERE object_id = $1", relation.clone()),
        };
        let kept: Vec<Said> = db.all(sql, vals![id]).await.unwrap();
        let kept: Vec<usize> = kept.iter().flat_map(|k| numbers_in(&k.said)).collect();
        let (answered, asked) = (self.answered.lock().unwrap().clone(), self.asked.load(Ordering::SeqCst));
        assert!(
            kept.iter().all(|n| *n <= asked),
            "round {round}: nobody asked for {kept:?}"
        );
        match self.kind {
            Kind::Name { .. } | Kind::Draft { .. } => {
                let (kept, last) = (kept.last().copied(), answered.last().copied());
                assert!(kept >= last, "round {round}: {kept:?} is kept, {last:?} was answered");
            }
            Kind::Item { .. } | Kind::Fact { .. } => {
                let set: BTreeSet<usize> = kept.iter().copied().collect();
                assert_eq!(set.len(), kept.len(), "round {round}: each once");
                let lost: Vec<_> = answered.difference(&set).collect();
                assert!(lost.is_empty(), "round {round}: {lost:?} were answered and are gone");
            }
        }
    }
}

async fn open(store: &TestDb) -> Db {
    Db::open(&store.config, Env::real()).await.unwrap()
}
async fn whole(store: &TestDb, db: &Db) -> proof::Proof {
    let blobs = Blobs::open(&BlobsConfig::Folder(store.dir.join("attachments"))).unwrap();
    proof::whole(db, &blobs, &ProgressBar::hidden()).await.unwrap()
}
fn player(role: &str) -> AccountId {
    let players = demo::players();
    players.iter().find(|p| p.role == role).unwrap().account
}

/// A node with the demonstration's stories, and the people who will write.
async fn cast(store: &TestDb) -> Vec<Arc<Writer>> {
    let settings = settings(store);
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let config = crate::house::config(&settings);
    let clock = Arc::new(FixedClock::at(Env::real().clock.now()));
    let env = Env {
        clock: clock.clone(),
        chance: Arc::new(OsChance),
    };
    let parts = Parts::open(config, env, true).await.unwrap();
    demo::seed(&parts, &clock).await.unwrap();
    let (house, db) = (parts.house(), parts.db());
    let asks = async |role: &str| {
        let viewer = access::viewer_of(db, player(role), None, Via::Command).await.unwrap();
        Asking::new(viewer)
    };
    let token = async |role: &str| {
        let asking = asks(role).await;
        let input = NewToken {
            label: "kills".into(),
            scopes: vec!["read".into(), "write".into()],
            mandate: asking.viewer.mandates.first().map(|m| m.id),
            days: 30,
        };
        access::make_token(house, &asking, &input).await.unwrap().1
    };

    let config = AccessConfig {
        public_url: "http://127.0.0.1".into(),
        secure_cookies: false,
        demo: true,
        oidc: None,
    };
    let account = player("individual");
    let link = access::demo_link(db, &config, account).await.unwrap();
    let here = Origin::here(Locale::En);
    let signed = access::demo_sign_in(db, &config, &here, &link).await.unwrap();
    let cookie = format!("{}={}", config.cookie_name(), signed.secret);

    let partner = asks("partner-city-officer").await;
    let open = calls::open_calls(db, house.now(), 1).await.unwrap();
    let offer = calls::begin(house, &partner, open[0].id).await.unwrap();
    let cards = relations::all_cards(db).await.unwrap();
    let relation = cards.iter().find(|c| c.partner.name.plain(Locale::En) == "Düsseldorf");
    store::row! { struct Like { district: String, policy: String, year: i64 } }
    let like: Like = db
        .one(
            "SELECT district, policy, year FROM plan_item WHERE relation IS NULL",
            vals![],
        )
        .await
        .unwrap()
        .unwrap();
    let like = json!({
        "district": like.district, "field": "culture", "year": like.year.to_string(), "policy": like.policy,
        "title_zh": "试", "aim_zh": "试", "aim_en": "a test", "supports_zh": "试", "supports_en": "a test",
    });
    let writers = vec![
        Writer::new(Kind::Name { account }, cookie),
        Writer::new(Kind::Item { like }, token("department-officer").await),
        Writer::new(
            Kind::Draft {
                offer: offer.to_string(),
            },
            token("partner-city-officer").await,
        ),
        Writer::new(
            Kind::Fact {
                relation: relation.unwrap().id.to_string(),
            },
            token("partner-city-officer").await,
        ),
    ];
    db.clone().close().await;
    writers
}

#[test]
fn killed_a_hundred_times_in_mid_write_on_sqlite() {
    hammered(Engine::Sqlite);
}
#[test]
fn killed_a_hundred_times_in_mid_write_on_postgresql() {
    hammered(Engine::Postgres);
}

fn hammered(engine: Engine) {
    store::testing::block_on(async {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let begun = Instant::now();
        let store = TestDb::blank(engine).await;
        // No handle of ours keeps the file's log in shape while the node dies.
        store.db.clone().close().await;
        let writers = cast(&store).await;
        let (mut entries, mut answered_writes) = (0, 0);
        for round in 0..KILLS {
            let (mut child, base) = spawn(&store);
            let stop = Arc::new(AtomicBool::new(false));
            let before: Vec<usize> = writers.iter().map(|w| w.answers()).collect();
            let tasks: Vec<_> = writers
                .iter()
                .map(|w| tokio::spawn(w.clone().write(base.clone(), stop.clone())))
                .collect();
            // Each writer is answered at least once, then at any moment: a slow machine is hammered as a quick one is.
            let patience = Instant::now() + Duration::from_secs(20);
            let waits = || writers.iter().zip(&before).any(|(w, n)| w.answers() == *n);
            while waits() && Instant::now() < patience {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            let mut byte = [0];
            OsChance.fill(&mut byte);
            tokio::time::sleep(Duration::from_millis(u64::from(byte[0]) / 4)).await;
            child.kill().unwrap();
            child.wait().unwrap();
            stop.store(true, Ordering::SeqCst);
            for task in tasks {
                answered_writes += task.await.unwrap();
            }
            let db = open(&store).await;
            for writer in &writers {
                writer.look(&db, round).await;
            }
            if (round + 1) % WHOLE == 0 {
                let found = whole(&store, &db).await;
                assert_eq!(found.faults, Vec::<String>::new(), "round {round}");
                assert!(found.size >= entries, "the journal does not grow shorter");
                entries = found.size;
            }
            db.close().await;
        }
        let each: Vec<usize> = writers.iter().map(|w| w.answers()).collect();
        assert!(
            each.iter().all(|n| *n >= KILLS / 2),
            "{each:?} writes were answered: nothing was hammered"
        );
        assert!(entries as usize >= answered_writes, "each answered write has its entry");
        println!("{each:?} answered writes, {entries} entries, {:?}", begun.elapsed());
    });
}
