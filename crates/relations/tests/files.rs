//! Relations from files and into files: all or nothing, the same columns both ways, and fast.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Instant;

use basis::{Fail, Locale, PageRequest};
use common::{ask, house, office, person, public};
use relations::{
    Filter, RelationStatus, all_cards, all_cards_for, cards,
    export::{What, table},
    import, reference, register, relation_view,
};
use store::{Migrations, Query, Tx, on_each_engine, testing::TestDb, vals};

const ROOMS: &[Migrations] = &[
    store::MIGRATIONS,
    access::MIGRATIONS,
    parties::MIGRATIONS,
    relations::MIGRATIONS,
];

async fn chongqing(t: &TestDb) -> access::House {
    let h = house(t, &[parties::POLICIES, relations::POLICIES]);
    reference::load(&h, &ask(public())).await.unwrap();
    h
}
async fn count(h: &access::House, table: &str) -> i64 {
    h.db.number(&format!("SELECT COUNT(*) AS n FROM {table}"), vec![])
        .await
        .unwrap()
}

const HEAD: &str =
    "编号,我方代码,伙伴（中文）,Partner (English),层级,国家代码,关系类别,状态,签署日期,来源,主张方,可信度\n";

on_each_engine!(
    ROOMS,
    async fn rows_are_told_what_is_wrong_and_nothing_is_half_done(t: TestDb) {
        let h = chongqing(&t).await;
        let lead = ask(office());
        let before = (
            count(&h, "relation").await,
            count(&h, "government").await,
            count(&h, "journal").await,
        );
        let bad = format!(
            "{HEAD}N1,,里昂,Lyon,city,FR,sister,active,1999-05,https://example.org,us,high\nN2,500199,,Nice,City,FR,友城?,active,someday,,us,high\nN1,,,Metz,city,FR,sister,lead,,,,\nN4,,,Lyon,city,FR,sister,lead,,,,\n"
        );
        let report = import::run(&h, &lead, bad.as_bytes(), "bad.csv", false).await.unwrap();
        let cells: Vec<_> = report
            .faults
            .iter()
            .map(|f| (f.row, f.column_letter.as_str(), f.code.code))
            .collect();
        let expected = [
            (3, "B", "refusal-own-code"),
            (3, "G", "refusal-not-in-list"),
            (3, "I", "refusal-known-date"),
            (3, "J", "refusal-source-required"),
            (4, "A", "refusal-row-twice"),
            (5, "D", "refusal-relation-exists"),
        ];
        assert_eq!(cells, expected);
        assert!(!report.taken());
        assert_eq!(
            before,
            (
                count(&h, "relation").await,
                count(&h, "government").await,
                count(&h, "journal").await
            )
        );
        let denied = import::run(&h, &ask(person("wang")), bad.as_bytes(), "bad.csv", true).await;
        assert!(matches!(denied, Err(Fail::Denied(_))));
        let no_table = import::run(&h, &lead, b"%PDF-1.7", "x.csv", true).await;
        assert!(matches!(no_table, Err(Fail::Refused(r)) if r[0].field.as_deref() == Some("file")));
        let headless = import::run(&h, &lead, "编号,状态\nN1,active\n".as_bytes(), "x.csv", true).await;
        assert!(
            matches!(headless, Err(Fail::Refused(r)) if r.iter().all(|r| r.code == "refusal-column-missing") && r.len() == 3)
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn a_file_taken_in_twice_changes_nothing_the_second_time(t: TestDb) {
        let h = chongqing(&t).await;
        let lead = ask(office());
        let file = format!(
            "{HEAD}N1,,里昂,Lyon,城市,FR,友好城市,保持活跃,1999-05,https://example.org,我方,高\nN2,500105,,Lyon,city,FR,sister,lead,,,,\n"
        );
        let dry = import::run(&h, &lead, file.as_bytes(), "n.csv", true).await.unwrap();
        assert_eq!((dry.added, dry.faults.len(), dry.taken()), (2, 0, false), "{dry:?}");
        assert_eq!(all_cards(&h.db).await.unwrap().len(), 42);
        let took = import::run(&h, &lead.clone().once("k"), file.as_bytes(), "n.csv", false)
            .await
            .unwrap();
        assert_eq!((took.added, took.taken()), (2, true));
        let click = import::run(&h, &lead.clone().once("k"), file.as_bytes(), "n.csv", false)
            .await
            .unwrap();
        assert_eq!(click.import, took.import);
        let again = import::run(&h, &lead, file.as_bytes(), "n.csv", false).await.unwrap();
        assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 2), "{again:?}");
        // Two relations, one partner.
        let all = all_cards_for(&h.db, &office()).await.unwrap();
        let lyons: Vec<_> = all
            .iter()
            .filter(|c| c.partner.name.get("en") == Some("Lyon"))
            .collect();
        assert_eq!(
            (all.len(), lyons.len(), lyons[0].partner.id == lyons[1].partner.id),
            (44, 2, true)
        );
        let seen = relation_view(&h, &office(), lyons[0].id).await.unwrap();
        assert_eq!(seen.imported.unwrap().file_name, "n.csv");
        let history = store::journal::history(&h.db, "relation", &lyons[0].id.to_string())
            .await
            .unwrap();
        assert_eq!(history.len(), 1, "what a file brought has its own entry");
        assert_eq!(history[0].0.action, "relation.registered");
        // A changed row is one change; a step that may not follow is refused at its cell.
        let file = file
            .replace("1999-05", "1999-06")
            .replace("sister,lead", "sister,contact");
        let more = import::run(&h, &lead, file.as_bytes(), "n2.csv", false).await.unwrap();
        assert_eq!((more.added, more.changed, more.unchanged), (0, 2, 0), "{more:?}");
        let wrong = file.replace("sister,contact", "sister,approved");
        let refused = import::run(&h, &lead, wrong.as_bytes(), "n3.csv", false).await.unwrap();
        assert_eq!(
            refused.faults.iter().map(|f| (f.row, f.code.code)).collect::<Vec<_>>()[0],
            (3, "refusal-step")
        );
        let now = cards(&h.db, &[lyons[0].id, lyons[1].id]).await.unwrap();
        assert!(now.values().any(|c| c.status == RelationStatus::Contact));
        let imported =
            h.db.number(
                "SELECT COUNT(*) AS n FROM journal WHERE action = 'relation.imported'",
                vec![],
            )
            .await
            .unwrap();
        assert_eq!(imported, 3);
        assert_eq!(relations::verify(&h.db).await.unwrap(), Vec::<String>::new());
    }
);

on_each_engine!(
    ROOMS,
    async fn what_goes_out_comes_back_as_it_was(t: TestDb) {
        let h = chongqing(&t).await;
        let lead = ask(office());
        for locale in Locale::ALL {
            let out = table(&h, &office(), locale, What::Relations).await.unwrap();
            for (bytes, name) in [(out.to_csv().unwrap(), "r.csv"), (out.to_xlsx().unwrap(), "r.xlsx")] {
                let back = import::run(&h, &lead, &bytes, name, true).await.unwrap();
                assert_eq!(
                    (back.unchanged, back.changed, back.faults.len(), back.remarks.len()),
                    (42, 0, 0, 0),
                    "{locale} {:?}",
                    back.faults.first()
                );
            }
        }
        for what in What::ALL {
            let out = table(&h, &public(), Locale::Zh, what).await.unwrap();
            assert!(!out.rows.is_empty() && out.columns.iter().all(|c| !c.label.is_empty()));
            // A heading without words would show its key.
            assert!(out.columns.iter().all(|c| c.label != c.key), "{:?}", out.columns);
            out.to_csv().unwrap();
        }
    }
);

fn many(n: usize) -> String {
    let mut out = String::from(HEAD);
    for i in 0..n {
        out.push_str(&format!(
            "B{i},,城市{i},Town {i},city,DE,sister,active,19{:02}-05-0{},https://example.org/{i},third,medium\n",
            i % 90 + 10,
            i % 9 + 1
        ));
    }
    out
}
async fn bare(t: &TestDb, n: usize) -> f64 {
    let tx: Tx = t.db.begin(&store::Act::house(store::Via::Command)).await.unwrap();
    tx.exec("CREATE TABLE bare_g AS SELECT * FROM government WHERE id = ''", vec![])
        .await
        .unwrap();
    tx.exec("CREATE TABLE bare_r AS SELECT * FROM relation WHERE id = ''", vec![])
        .await
        .unwrap();
    tx.done(()).await.unwrap();
    let start = Instant::now();
    let tx = t.db.begin(&store::Act::house(store::Via::Command)).await.unwrap();
    let text = |i: usize, c: usize| format!("value {i} {c}");
    let rows = |c: usize| {
        (0..n)
            .map(move |i| (0..c).map(|k| store::ToVal::to_val(&text(i, k))).collect())
            .collect()
    };
    tx.insert_many(
        "INSERT INTO bare_g (id, match_key, code, level, name, country, point_is, source)",
        8,
        rows(8),
    )
    .await
    .unwrap();
    tx.insert_many("INSERT INTO bare_r (id, reference, own_government, partner_government, district, kind, status, since, status_reason, signed_from, precision, filed_on, note, source, claimant, confidence)", 16, rows(16)).await.unwrap();
    tx.done(()).await.unwrap();
    start.elapsed().as_secs_f64()
}

on_each_engine!(
    ROOMS,
    async fn many_rows_go_in_and_the_register_stays_quick(t: TestDb) {
        let h = chongqing(&t).await;
        let n = 10_000;
        let bare = bare(&t, n).await;
        let file = many(n);
        let start = Instant::now();
        let took = import::run(&h, &ask(office()), file.as_bytes(), "many.csv", false)
            .await
            .unwrap();
        let import = start.elapsed().as_secs_f64();
        assert_eq!(took.added, n, "{:?}", took.faults.first());
        let start = Instant::now();
        let page = register(
            &h.db,
            &Filter {
                q: "town 77".into(),
                ..Default::default()
            },
            PageRequest::first(50),
        )
        .await
        .unwrap();
        let cold = start.elapsed();
        let start = Instant::now();
        register(
            &h.db,
            &Filter {
                q: "town 77".into(),
                ..Default::default()
            },
            PageRequest::first(50),
        )
        .await
        .unwrap();
        println!(
            "bare {bare:.2} s, import {import:.2} s, register cold {cold:?}, warm {:?}",
            start.elapsed()
        );
        assert!(page.items.len() > 20);
        let sizes =
            h.db.number(
                "SELECT COUNT(*) AS n FROM journal WHERE action = $1",
                vals!["relation.imported"],
            )
            .await
            .unwrap();
        assert_eq!(sizes, 1);
        // Each has its entry, though hundreds share one; and its history says so.
        let one = page.items[7].clone();
        let told = store::journal::imported_together(&h.db, "relation", &one.id.to_string())
            .await
            .unwrap();
        let [(line, Some(detail))] = told.as_slice() else {
            panic!("{told:?}")
        };
        assert_eq!(
            (line.action.as_str(), line.object_id.clone()),
            ("relation.registered", one.id.to_string())
        );
        assert_eq!(
            (&detail.before_json, &detail.after_json),
            (&None, &None),
            "who else came with it is not told"
        );
        let partner = store::journal::imported_together(&h.db, "government", &one.partner.id.to_string())
            .await
            .unwrap();
        assert_eq!(partner.len(), 1);
        let other = store::journal::imported_together(&h.db, "relation", "100%")
            .await
            .unwrap();
        assert!(other.is_empty());
        let verdict = store::journal::verify(&h.db, |_, _| {}).await.unwrap();
        assert_eq!(verdict.faults, Vec::<String>::new());
        // An unoptimised build under load proves nothing about speed; `cargo xtask bench` measures it.
    }
);
