//! The machine is switched off in mid-write, a hundred times: what was answered is there, and everything is in order.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use access::{AccessConfig, MadeAccount, Origin};
use basis::{AccountId, Chance, Locale};
use indicatif::ProgressBar;
use store::{Act, Blobs, BlobsConfig, Db, DbConfig, Env, OsChance, Query, Via, vals};
use youcheng::{proof, rooms};

const KILLS: usize = 100;
const WRITERS: usize = 4;

fn spawn(folder: &Path) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_youcheng"))
        .arg("serve")
        .current_dir(folder)
        .env_clear()
        .env("YOUCHENG_LISTEN__ADDRESS", "127.0.0.1:0")
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

/// An account of the house's own making, and a session of its own.
async fn signed_in(db: &Db, n: usize) -> (AccountId, String) {
    let config = AccessConfig {
        public_url: "http://127.0.0.1".into(),
        secure_cookies: false,
        demo: true,
        oidc: None,
    };
    let tx = db.begin(&Act::house(Via::Seed)).await.unwrap();
    let new = MadeAccount {
        id: tx.fresh(),
        name: format!("writer {n}"),
        email: Some(format!("writer{n}@example.org")),
        locale: Locale::En,
        zone: "Asia/Shanghai".into(),
        illustrative: true,
    };
    access::make_account(&tx, &new).await.unwrap();
    tx.done(()).await.unwrap();
    let key = access::demo_link(db, &config, new.id).await.unwrap();
    let signed = access::demo_sign_in(db, &config, &Origin::here(Locale::En), &key)
        .await
        .unwrap();
    (new.id, format!("{}={}", config.cookie_name(), signed.secret))
}

/// One writer: renames its account over and over; keeps the number of the last name that was answered, and returns how
/// many were.
async fn write(
    base: String,
    cookie: String,
    answered: Arc<AtomicUsize>,
    asked: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
) -> usize {
    let mut count = 0;
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    while !stop.load(Ordering::SeqCst) {
        let n = asked.fetch_add(1, Ordering::SeqCst) + 1;
        let form = format!("name=name+{n}&lang=en&zone=Asia%2FShanghai&once=k{n}");
        let sent = client
            .post(format!("{base}/en/account/profile"))
            .header("cookie", &cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await;
        match sent {
            Ok(r) if r.status() == 303 => {
                answered.store(n, Ordering::SeqCst);
                count += 1;
            }
            Ok(r) => panic!("{} {}", r.status(), r.text().await.unwrap_or_default()),
            // The node is gone: this name may or may not have been kept.
            Err(_) => return count,
        }
    }
    count
}

async fn open(folder: &Path) -> Db {
    let file = folder.join("data/youcheng.sqlite");
    Db::open(&DbConfig::Sqlite(file), Env::real()).await.unwrap()
}
async fn whole(folder: &Path, db: &Db) -> proof::Proof {
    let blobs = Blobs::open(&BlobsConfig::Folder(folder.join("data/attachments"))).unwrap();
    proof::whole(db, &blobs, &ProgressBar::hidden()).await.unwrap()
}

#[test]
fn killed_a_hundred_times_in_mid_write() {
    store::testing::block_on(async {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let begun = Instant::now();
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path();
        let db = open(folder).await;
        db.migrate(&rooms::migrations()).await.unwrap();
        let mut writers = Vec::new();
        for n in 0..WRITERS {
            let (account, cookie) = signed_in(&db, n).await;
            writers.push((
                account,
                cookie,
                Arc::new(AtomicUsize::new(0)),
                Arc::new(AtomicUsize::new(0)),
            ));
        }
        db.close().await;

        let (mut entries, mut answered_writes) = (0, 0);
        for round in 0..KILLS {
            let (mut child, base) = spawn(folder);
            let stop = Arc::new(AtomicBool::new(false));
            let tasks: Vec<_> = writers
                .iter()
                .map(|(_, cookie, answered, asked)| {
                    tokio::spawn(write(
                        base.clone(),
                        cookie.clone(),
                        answered.clone(),
                        asked.clone(),
                        stop.clone(),
                    ))
                })
                .collect();
            // Two writes at least are answered (each of four writers may skip a number that the last kill left unanswered), then
            // at any moment: a slow machine is hammered as a quick one is.
            let last = || -> usize { writers.iter().map(|w| w.2.load(Ordering::SeqCst)).sum() };
            let (before, patience) = (last(), Instant::now() + Duration::from_secs(20));
            while last() < before + 6 && Instant::now() < patience {
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
            // Every tenth time everything is looked at; each time, that nothing answered is lost.
            let db = open(folder).await;
            for (account, _, answered, asked) in &writers {
                store::row! { struct Named { name: String } }
                let kept: Named = db
                    .one("SELECT name FROM account WHERE id = $1", vals![*account])
                    .await
                    .unwrap()
                    .unwrap();
                let kept: usize = kept.name.strip_prefix("name ").map_or(0, |n| n.parse().unwrap());
                let (answered, asked) = (answered.load(Ordering::SeqCst), asked.load(Ordering::SeqCst));
                assert!(
                    (answered..=asked).contains(&kept),
                    "round {round}: {kept} is kept, {answered} was answered, {asked} was asked"
                );
            }
            if round % 10 == 9 {
                let found = whole(folder, &db).await;
                assert_eq!(found.faults, Vec::<String>::new(), "round {round}");
                assert!(found.size >= entries, "the journal does not grow shorter");
                entries = found.size;
            }
            db.close().await;
        }
        assert!(
            answered_writes > KILLS,
            "only {answered_writes} writes were answered: nothing was hammered"
        );
        assert!(entries as usize >= answered_writes, "each answered write has its entry");
        println!(
            "{answered_writes} answered writes, {entries} entries, {:?}",
            begun.elapsed()
        );
    });
}
