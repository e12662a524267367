//! Attachments in an S3-compatible store: `node tests/peers/s3-store.mjs` prints its address;
//! `YOUCHENG_TEST_S3` holds it.

use basis::{DeliverableId, Id};
use store::{Act, Blobs, BlobsConfig, Upload, UploadLimits, Via, on_each_engine};

fn at(address: &str, bucket: &str) -> Blobs {
    Blobs::open(&BlobsConfig::S3 {
        endpoint: format!("http://{address}"),
        bucket: bucket.into(),
        region: "us-east-1".into(),
        key_id: "S3RVER".into(),
        secret: "S3RVER".into(),
        allow_http: true,
    })
    .unwrap()
}
fn text(words: &str) -> Upload {
    Upload {
        name: "../读者 意见.txt".into(),
        bytes: bytes::Bytes::from(words.to_owned()),
    }
}

on_each_engine!(
    &[store::MIGRATIONS],
    async fn files_are_kept_and_fetched(t: TestDb) {
        let address = store::testing::peer("YOUCHENG_TEST_S3", "an S3-compatible store");
        let _ = rustls::crypto::ring::default_provider().install_default();
        let blobs = at(&address, "youcheng");
        blobs.reachable().await.unwrap();
        let object: DeliverableId = Id::named("a deliverable");
        // Bytes of its own: the other engine's test breaks what it kept, in the same bucket.
        let words = format!("{:?}: {}", t.db.engine(), "读者希望增加汉语学习读物。".repeat(40_000));
        let placed = blobs
            .place(&t.db, "files", &text(&words), UploadLimits::default())
            .await
            .unwrap();
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        let kept = store::keep(&tx, object, &placed).await.unwrap();
        tx.done(()).await.unwrap();
        let row = blobs.find(&t.db, kept).await.unwrap().unwrap();
        assert_eq!((&*row.file_name, row.size), ("读者 意见.txt", words.len() as i64));
        assert_eq!(blobs.fetch(&row).await.unwrap(), words.as_bytes());
        // What lies there is not what was kept: told, not served.
        blobs.put_back(&row.blob_key, "else".into()).await.unwrap();
        assert!(blobs.fetch(&row).await.is_err());
        assert!(blobs.bytes_at("no/such").await.unwrap().is_none());
        // Where there is no such place, it is told, and nothing is kept in the row either.
        let nowhere = at(&address, "no-such-bucket");
        assert!(nowhere.reachable().await.is_err());
        let other = text("x");
        let refused = nowhere.place(&t.db, "files", &other, UploadLimits::default());
        assert!(refused.await.is_err());
        assert_eq!(store::attachments_of(&t.db, &[object]).await.unwrap().len(), 1);
    }
);
