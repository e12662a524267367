//! A running node for a test, and a client that follows nothing by itself.

use std::{collections::HashMap, sync::Arc};

use basis::FixedClock;
use store::{Engine, testing::TestDb};
use youcheng::{
    config::{Config, Given},
    node::Parts,
    rooms,
    server::{self, Running},
};

/// All rooms' tables, in a form that tests take.
pub fn migrations() -> &'static [store::Migrations] {
    rooms::migrations().leak()
}

pub struct Node {
    pub base: String,
    pub parts: Parts,
    pub clock: Arc<FixedClock>,
    pub running: Option<Running>,
    pub client: reqwest::Client,
    pub folder: std::path::PathBuf,
    _db: TestDb,
}
pub fn config(settings: &[(&str, &str)]) -> Config {
    let mut given = Given::default();
    given.environment(settings.iter().map(|(k, v)| (format!("YOUCHENG_{k}"), (*v).to_owned())));
    Config::read(given).unwrap()
}
impl Node {
    pub async fn start(engine: Engine, settings: &[(&str, &str)]) -> Node {
        let db = TestDb::fresh(engine, migrations()).await;
        Node::around(db, settings).await
    }
    pub async fn around(db: TestDb, settings: &[(&str, &str)]) -> Node {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = db.dir.clone();
        let (attachments, letters) = (folder.join("attachments"), folder.join("letters"));
        let listener = server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let own = [
            ("ATTACHMENTS__FOLDER", attachments.to_str().unwrap()),
            ("MAIL__FOLDER", letters.to_str().unwrap()),
            ("LISTEN__ADDRESS", address.as_str()),
        ];
        let config = config(&[&own[..], settings].concat());
        let parts = Parts::around(config, db.db.clone(), false).unwrap();
        let running = server::start(parts.clone(), listener).unwrap();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Node {
            base: format!("http://{}", running.address),
            parts,
            clock: db.clock.clone(),
            running: Some(running),
            client,
            folder,
            _db: db,
        }
    }
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.client.get(self.url(path)).send().await.unwrap()).await
    }
    pub async fn get_in(&self, path: &str, language: &str) -> Answer {
        let request = self.client.get(self.url(path)).header("accept-language", language);
        Answer::of(request.send().await.unwrap()).await
    }
    pub async fn post(&self, path: &str, form: &str) -> Answer {
        let request = self.client.post(self.url(path)).body(form.to_owned());
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        Answer::of(request.send().await.unwrap()).await
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: String,
}
impl Answer {
    pub async fn of(response: reqwest::Response) -> Answer {
        Answer {
            status: response.status().as_u16(),
            headers: response
                .headers()
                .iter()
                .map(|(k, v)| (k.to_string(), v.to_str().unwrap().to_owned()))
                .collect(),
            body: response.text().await.unwrap(),
        }
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }
}

/// `on_each!(async fn a_thing_holds(engine) { … });`: the whole node on each engine.
#[macro_export]
macro_rules! on_each {
    (async fn $name:ident($engine:ident) $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            async fn run($engine: store::Engine) $body
            #[test]
            fn sqlite() { store::testing::block_on(run(store::Engine::Sqlite)) }
            #[test]
            fn postgres() { store::testing::block_on(run(store::Engine::Postgres)) }
        }
    };
}
