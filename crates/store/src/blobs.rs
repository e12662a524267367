//! Attachments: in a local folder or an S3-compatible store. Names are never trusted, content is looked at, and what
//! is served cannot run.

use std::{path::PathBuf, sync::Arc};

use basis::{AccountId, AttachmentId, Fail, Kind, Moment, Refusal, clean_line};
use object_store::{ObjectStore, ObjectStoreExt, path::Path as Key};
use sha2::{Digest, Sha256};

use crate::{Query, StoreFault, Tx, row, vals};

#[derive(Clone, Debug)]
pub enum BlobsConfig {
    Folder(PathBuf),
    S3 {
        endpoint: String,
        bucket: String,
        region: String,
        key_id: String,
        secret: String,
        allow_http: bool,
    },
}

/// What may be handed in.
#[derive(Clone, Copy, Debug)]
pub struct UploadLimits {
    pub bytes: usize,
}
impl Default for UploadLimits {
    fn default() -> Self {
        UploadLimits {
            bytes: 20 * 1024 * 1024,
        }
    }
}

/// A file as a person handed it in.
#[derive(Clone, Debug)]
pub struct Upload {
    pub name: String,
    pub bytes: bytes::Bytes,
}

row! {
    /// A kept file.
    pub struct Kept {
        pub id: AttachmentId, pub object_kind: String, pub object_id: String, pub file_name: String, pub media_type: String,
        pub size: i64, pub sha256: String, pub blob_key: String, pub account: Option<AccountId>, pub at: Moment,
    }
}

#[derive(Clone)]
pub struct Blobs(pub(crate) Arc<dyn ObjectStore>);

/// The kinds that are kept, each by what the bytes say, not by the name. No HTML, no SVG, nothing that runs.
fn media_type(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let kind = infer::get(bytes);
    let found = match kind.map(|k| k.mime_type()) {
        Some("image/png") => ("image/png", "png"),
        Some("image/jpeg") => ("image/jpeg", "jpg"),
        Some("image/gif") => ("image/gif", "gif"),
        Some("image/webp") => ("image/webp", "webp"),
        Some("application/pdf") => ("application/pdf", "pdf"),
        Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document") => (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "docx",
        ),
        Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
        ),
        Some("application/vnd.openxmlformats-officedocument.presentationml.presentation") => (
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "pptx",
        ),
        Some("application/vnd.oasis.opendocument.text") => ("application/vnd.oasis.opendocument.text", "odt"),
        Some(_) => return None,
        None => {
            // Plain text: valid UTF-8, no control characters, and not markup by its first sign.
            let s = std::str::from_utf8(bytes).ok()?;
            let start = s.trim_start_matches('\u{feff}').trim_start();
            let markup = start.starts_with('<');
            let control = s.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
            if markup || control || s.is_empty() {
                return None;
            }
            ("text/plain", "txt")
        }
    };
    Some(found)
}

/// A name safe in a header and in any folder, with the ending that the content earns.
fn safe_name(name: &str, ending: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or("");
    let base: String = clean_line(base)
        .chars()
        .map(|c| {
            if c.is_control() || "\"<>:|?*;%".contains(c) {
                '_'
            } else {
                c
            }
        })
        .collect();
    let stem = base
        .rsplit_once('.')
        .map_or(base.as_str(), |(s, _)| s)
        .trim_matches(['.', ' ']);
    let stem: String = stem.chars().take(80).collect();
    format!("{}.{ending}", if stem.is_empty() { "file" } else { &stem })
}

impl Blobs {
    pub fn open(config: &BlobsConfig) -> Result<Blobs, StoreFault> {
        let other = |e: &dyn std::fmt::Display| StoreFault::Other(format!("attachments: {e}"));
        Ok(Blobs(match config {
            BlobsConfig::Folder(path) => {
                std::fs::create_dir_all(path).map_err(|e| other(&e))?;
                Arc::new(
                    object_store::local::LocalFileSystem::new_with_prefix(path)
                        .map_err(|e| other(&e))?
                        .with_fsync(true),
                )
            }
            BlobsConfig::S3 {
                endpoint,
                bucket,
                region,
                key_id,
                secret,
                allow_http,
            } => Arc::new(
                object_store::aws::AmazonS3Builder::new()
                    .with_endpoint(endpoint)
                    .with_bucket_name(bucket)
                    .with_region(region)
                    .with_access_key_id(key_id)
                    .with_secret_access_key(secret)
                    .with_allow_http(*allow_http)
                    .build()
                    .map_err(|e| other(&e))?,
            ),
        }))
    }
    /// Keeps a file with its object; the row stands only if the transaction commits, the bytes are named by their hash.
    /// Refuses at `field` what is empty, too large or of a kind that is not kept.
    pub async fn keep<T: Kind>(
        &self,
        tx: &Tx,
        object: basis::Id<T>,
        field: &'static str,
        upload: &Upload,
        limits: UploadLimits,
    ) -> Result<AttachmentId, Fail> {
        if upload.bytes.is_empty() {
            return Err(Refusal::at(field, "refusal-file-empty").into());
        }
        if upload.bytes.len() > limits.bytes {
            return Err(Refusal::at(field, "refusal-file-too-large")
                .with("max", (limits.bytes / 1024 / 1024) as i64)
                .into());
        }
        let Some((media, ending)) = media_type(&upload.bytes) else {
            return Err(Refusal::at(field, "refusal-file-kind").into());
        };
        let sha = hex::encode(Sha256::digest(&upload.bytes));
        let key = format!("{}/{}", &sha[..2], sha);
        self.0
            .put(&Key::from(key.as_str()), upload.bytes.clone().into())
            .await
            .map_err(Fail::fault)?;
        let id: AttachmentId = tx.fresh();
        let account = tx.act().and_then(|a| a.actor.account);
        tx.exec(
            "INSERT INTO attachment (id, object_kind, object_id, file_name, media_type, size, sha256, blob_key, account, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            vals![id, T::NAME, object, safe_name(&upload.name, ending), media, upload.bytes.len() as i64, sha, key, account, tx.now()],
        )
        .await?;
        Ok(id)
    }
    /// The bytes; a fault if they are gone or not the ones that were kept.
    pub async fn fetch(&self, kept: &Kept) -> Result<bytes::Bytes, Fail> {
        let bytes = self
            .0
            .get(&Key::from(kept.blob_key.as_str()))
            .await
            .map_err(Fail::fault)?
            .bytes()
            .await
            .map_err(Fail::fault)?;
        if hex::encode(Sha256::digest(&bytes)) != kept.sha256 {
            return Err(Fail::fault(format!("attachment {} is not what was kept", kept.id)));
        }
        Ok(bytes)
    }
    pub async fn find(&self, q: &impl Query, id: AttachmentId) -> Result<Option<Kept>, StoreFault> {
        q.one("SELECT * FROM attachment WHERE id = $1", vals![id]).await
    }
}
/// All files of these objects of one kind, oldest first.
pub async fn attachments_of<T: Kind>(q: &impl Query, objects: &[basis::Id<T>]) -> Result<Vec<Kept>, StoreFault> {
    if objects.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (0..objects.len()).map(|i| format!("${}", i + 2)).collect();
    let mut v = vals![T::NAME];
    v.extend(objects.iter().flat_map(|o| vals![*o]));
    q.all(
        &format!(
            "SELECT * FROM attachment WHERE object_kind = $1 AND object_id IN ({}) ORDER BY id",
            places.join(", ")
        ),
        v,
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn content_decides_and_markup_is_refused() {
        assert_eq!(media_type(b"%PDF-1.7 x").map(|m| m.1), Some("pdf"));
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n0000").map(|m| m.1), Some("png"));
        assert_eq!(media_type("你好".as_bytes()).map(|m| m.1), Some("txt"));
        for bad in [
            &b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>"[..],
            b" \n<!doctype html>",
            b"MZ\x90\x00",
            b"\x7fELF",
            b"a\0b",
            b"",
        ] {
            assert_eq!(media_type(bad), None, "{bad:?}");
        }
    }
    #[test]
    fn names_are_tamed() {
        assert_eq!(safe_name("../../etc/passwd", "txt"), "passwd.txt");
        assert_eq!(safe_name("报告\u{202e}fdp.exe", "pdf"), "报告fdp.pdf");
        assert_eq!(safe_name("C:\\x\\a\"b.html", "txt"), "a_b.txt");
        assert_eq!(safe_name("...", "txt"), "file.txt");
    }
}
