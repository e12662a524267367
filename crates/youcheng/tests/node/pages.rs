//! The binary's own pages: guides, and the API as it describes itself.

use store::Engine;
use youcheng::web;

use crate::house::Node;

#[test]
fn guides_are_read_inside_the_site() {
    store::testing::block_on(async {
        let node = Node::start(Engine::Sqlite, &[]).await;
        for language in ["en", "zh"] {
            let index = node.get(&format!("/{language}/help")).await;
            assert_eq!(index.status, 200);
            let links: Vec<&str> = index
                .body
                .split("href=\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .filter(|l| l.starts_with(&format!("/{language}/help/")))
                .collect();
            assert!(links.len() >= 12, "{links:?}");
            for link in links {
                let guide = node.get(link).await;
                assert_eq!(guide.status, 200, "{link}");
                assert!(
                    guide.body.matches("<h1").count() == 1 && !guide.body.contains("<h1></h1>"),
                    "{link}"
                );
            }
        }
        assert_eq!(node.get("/en/help/../Cargo").await.status, 404);
        assert_eq!(node.get("/en/help/nothing").await.status, 404);
    });
}

#[test]
fn the_description_is_kept_in_the_repository() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    assert!(
        std::fs::read_to_string(path).unwrap() == web::openapi_json().unwrap(),
        "make it anew: youcheng openapi > docs/openapi.json"
    );
}

#[test]
fn the_api_describes_itself() {
    let api = serde_json::to_value(web::openapi()).unwrap();
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(api["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    for (path, item) in api["paths"].as_object().unwrap() {
        assert!(path.starts_with("/api/v1/"), "{path}");
        for (method, operation) in item.as_object().unwrap() {
            assert!(operation["operationId"].is_string(), "{method} {path}");
            assert!(operation["tags"][0].is_string(), "{method} {path} has no tag");
            assert!(
                operation["responses"].as_object().unwrap().len() > 1,
                "{method} {path} names one answer only"
            );
        }
    }
}

#[test]
fn the_api_can_be_browsed_without_scripts() {
    store::testing::block_on(async {
        let node = Node::start(Engine::Sqlite, &[]).await;
        let served = node.get("/api/openapi.json").await.json();
        assert_eq!(served["servers"][0]["url"], node.base.as_str());
        for language in ["en", "zh"] {
            let docs = node.get_in("/api/docs", language).await;
            assert_eq!(docs.status, 200);
            for path in served["paths"].as_object().unwrap().keys() {
                assert!(docs.body.contains(&format!("<code>{path}</code>")), "{path}");
            }
            assert!(!docs.body.contains("https://cdn") && !docs.body.contains("onclick"));
        }
    });
}
