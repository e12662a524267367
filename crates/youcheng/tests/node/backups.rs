//! A node in one file, and back in a node.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use basis::{Account, Id};
use indicatif::ProgressBar;
use store::{Act, Blobs, BlobsConfig, Engine, Entry, Upload, UploadLimits, Via, testing::TestDb};
use youcheng::{backup, proof, rooms};

use crate::{house::migrations, on_each};

fn blobs(t: &TestDb, name: &str) -> Blobs {
    Blobs::open(&BlobsConfig::Folder(t.dir.join(name))).unwrap()
}
async fn write_one(t: &TestDb, kept: &Blobs, i: u64) {
    // Bytes are laid down before the one writer is taken: they may be long on their way.
    let mut placed = None;
    if i.is_multiple_of(10) {
        let upload = Upload {
            name: "说明.txt".into(),
            bytes: format!("attachment {i}").into(),
        };
        let laid = kept.place(&t.db, "file", &upload, UploadLimits::default()).await;
        placed = Some(laid.unwrap());
    }
    let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
    let new = access::MadeAccount {
        id: tx.fresh(),
        name: format!("王芳 {i}"),
        email: Some(format!("wang{i}@example.org")),
        locale: basis::Locale::Zh,
        zone: "Asia/Shanghai".into(),
        illustrative: true,
    };
    access::make_account(&tx, &new).await.unwrap();
    tx.journal(Entry::of::<Account>("account.noted", new.id).because("换行\n和\"引号\""));
    if let Some(placed) = &placed {
        store::keep(&tx, new.id, placed).await.unwrap();
    }
    tx.done(()).await.unwrap();
}

on_each!(
    async fn a_backup_under_write_load_restores_to_an_identical_verify(engine) {
        let t = TestDb::fresh(engine, migrations()).await;
        let kept = blobs(&t, "attachments");
        for i in 0..40 {
            write_one(&t, &kept, i).await;
        }
        let stop = Arc::new(AtomicBool::new(false));
        let t = Arc::new(t);
        let writer = {
            let (t, kept, stop) = (t.clone(), kept.clone(), stop.clone());
            tokio::spawn(async move {
                let mut i = 1000;
                while !stop.load(Ordering::SeqCst) {
                    write_one(&t, &kept, i).await;
                    i += 1;
                }
                i - 1000
            })
        };
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        let bar = ProgressBar::hidden();
        let file = t.dir.join("node.zip");
        let manifest = backup::write(&t.db, &kept, &file, &bar).await.unwrap();
        stop.store(true, Ordering::SeqCst);
        let written = writer.await.unwrap();
        assert!(written > 0, "the load did run");
        assert!(manifest.journal.size >= 80);
        assert!(store::journal::size(&t.db).await.unwrap() > manifest.journal.size, "and went on after the snapshot");

        for into in [Engine::Sqlite, Engine::Postgres] {
            let blank = TestDb::blank(into).await;
            let there = blobs(&blank, "attachments");
            backup::restore(&file, &blank.db, &there, &rooms::migrations(), &bar).await.unwrap();
            let found = proof::whole(&blank.db, &there, &bar).await.unwrap();
            assert_eq!(found.faults, Vec::<String>::new());
            assert_eq!((found.size, &found.root), (manifest.journal.size, &manifest.journal.root));
            assert!(found.attachments >= 4);
            // Not twice into the same.
            let twice = backup::restore(&file, &blank.db, &there, &rooms::migrations(), &bar).await;
            assert!(twice.unwrap_err().to_string().contains("not empty"));
            assert_eq!(proof::whole(&blank.db, &there, &bar).await.unwrap().root, manifest.journal.root);
            // A backup of the restored node says the same again.
            let again = blank.dir.join("again.zip");
            let second = backup::write(&blank.db, &there, &again, &bar).await.unwrap();
            assert_eq!(second.journal, manifest.journal);
            // The restored node goes on.
            write_one(&blank, &there, 9_000_000).await;
            assert!(proof::whole(&blank.db, &there, &bar).await.unwrap().faults.is_empty());
        }
    }
);

/// The same file with one entry's bytes changed.
fn tampered(file: &std::path::Path, entry: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) -> std::path::PathBuf {
    let to = file.with_extension("tampered.zip");
    let mut from = zip::ZipArchive::new(std::fs::File::open(file).unwrap()).unwrap();
    let mut out = zip::ZipWriter::new(std::fs::File::create(&to).unwrap());
    for i in 0..from.len() {
        let mut e = from.by_index(i).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut e, &mut bytes).unwrap();
        let name = e.name().unwrap().into_owned();
        if name.contains(entry) {
            bytes = change(bytes);
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut out, &bytes).unwrap();
    }
    out.finish().unwrap();
    to
}

on_each!(
    async fn a_broken_backup_restores_nothing(engine) {
        let t = TestDb::fresh(Engine::Sqlite, migrations()).await;
        let kept = blobs(&t, "attachments");
        for i in 0..20 {
            write_one(&t, &kept, i).await;
        }
        let bar = ProgressBar::hidden();
        let file = t.dir.join("node.zip");
        backup::write(&t.db, &kept, &file, &bar).await.unwrap();
        assert!(backup::write(&t.db, &kept, &file, &bar).await.unwrap_err().to_string().contains("already"));
        let swap = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace("wang1@", "wong1@").into_bytes();
        let blank = TestDb::blank(engine).await;
        let there = blobs(&blank, "attachments");
        for (entry, says) in [("tables/account", "account is not what"), ("attachments/", "attachment")] {
            let broken = match entry {
                "attachments/" => tampered(&file, entry, |_| b"something else".to_vec()),
                _ => tampered(&file, entry, swap),
            };
            let said = backup::restore(&broken, &blank.db, &there, &rooms::migrations(), &bar).await.unwrap_err();
            assert!(format!("{said:#}").contains(says), "{said:#}");
            assert!(store::is_blank(&blank.db).await.unwrap(), "nothing is left behind");
        }
        let half = t.dir.join("half.zip");
        let bytes = std::fs::read(&file).unwrap();
        std::fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
        assert!(backup::restore(&half, &blank.db, &there, &rooms::migrations(), &bar).await.is_err());
        // After all that, the whole one still goes in.
        backup::restore(&file, &blank.db, &there, &rooms::migrations(), &bar).await.unwrap();
    }
);

on_each!(
    async fn verify_sees_what_was_changed_behind_the_houses_back(engine) {
        let t = TestDb::fresh(engine, migrations()).await;
        let kept = blobs(&t, "attachments");
        for i in 0..20 {
            write_one(&t, &kept, i).await;
        }
        let bar = ProgressBar::hidden();
        assert!(proof::whole(&t.db, &kept, &bar).await.unwrap().faults.is_empty());
        let (included, line) = proof::entry(&t.db, 7).await.unwrap().unwrap();
        assert_eq!((included.seq, included.size, line.seq), (7, 40, 7));
        assert!(proof::entry(&t.db, 40).await.unwrap().is_none());

        let behind = async |sql: &str| {
            let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
            tx.exec(sql, vec![]).await.unwrap();
            tx.done(()).await.unwrap();
        };
        behind("UPDATE journal SET action = 'account.praised' WHERE seq = 7").await;
        behind("UPDATE journal_detail SET reason = 'another' WHERE seq = 9").await;
        behind("DELETE FROM journal_detail WHERE seq = 11").await;
        let line = store::journal::line(&t.db, 12).await.unwrap().unwrap();
        let whose: basis::AccountId = line.object_id.parse().unwrap();
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        store::journal::erase_details_of(&tx, whose).await.unwrap();
        tx.journal(Entry::of(store::journal::ERASED, whose));
        tx.done(()).await.unwrap();
        let key = store::blob_rows(&t.db).await.unwrap().remove(0).blob_key;
        std::fs::write(t.dir.join("attachments").join(&key), "not what was kept").unwrap();
        let found = proof::whole(&t.db, &kept, &bar).await.unwrap();
        assert_eq!(found.erased_details, 2, "erasing is a right, and no fault; taking away what stays is one");
        for (what, number) in [("entry 7", 1), ("entry 9", 1), ("entry 11 ", 1), (key.as_str(), 1)] {
            assert_eq!(found.faults.iter().filter(|f| f.contains(what)).count(), number, "{what}: {:?}", found.faults);
        }
        assert!(proof::entry(&t.db, 7).await.is_err(), "its proof no longer holds");
        let _: Id<Account> = Id::named("x");
    }
);
