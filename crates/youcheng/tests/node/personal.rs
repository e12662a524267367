//! What is kept about one person, asked over the tables of every room.

use basis::{AccountId, Id};
use store::{Act, Via, on_each_engine, vals};
use youcheng::rooms;

on_each_engine!(
    &rooms::migrations(),
    async fn every_table_can_be_asked_about_a_person(t: TestDb) {
        let (me, other): (AccountId, AccountId) = (Id::named("me"), Id::named("other"));
        let mine = async || {
            store::of_person(&t.db, t.db.engine(), me, &access::TOLD_IN_WORDS)
                .await
                .unwrap()
        };
        assert!(mine().await.is_empty());
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        for (id, whose) in [("a", me), ("b", other)] {
            tx.exec(
                "INSERT INTO attachment (id, object_kind, object_id, file_name, media_type, size, sha256, blob_key, account, at) VALUES ($1, 'offer', 'x', 'plan.txt', 'text/plain', 1, 'h', 'k', $2, 1)",
                vals![id, whose],
            )
            .await
            .unwrap();
            tx.exec(
                "INSERT INTO organisation_import (id, file_name, account, at, added, changed, digest) VALUES ($1, 'list.csv', $2, 1, 0, 0, 'd')",
                vals![id, whose],
            )
            .await
            .unwrap();
        }
        tx.done(()).await.unwrap();
        let found = mine().await;
        assert_eq!(found.keys().collect::<Vec<_>>(), ["attachment", "organisation_import"]);
        for rows in found.values() {
            assert_eq!((rows.len(), rows[0]["id"].as_str()), (1, Some("a")), "{rows:?}");
        }
    }
);
