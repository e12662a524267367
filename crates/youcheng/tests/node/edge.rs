//! What every request meets: headers, languages, refusals in words, limits, figures, an orderly end.

use std::time::{Duration, Instant};

use store::Engine;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{house::Node, on_each};

on_each!(
    async fn a_node_lives_and_is_ready(engine) {
        let node = Node::start(engine, &[]).await;
        let live = node.get("/health/live").await;
        assert_eq!((live.status, live.header("location")), (200, ""));
        let ready = node.get("/health/ready").await;
        assert_eq!(ready.status, 200);
        assert_eq!(
            ready.json(),
            serde_json::json!({"ready": true, "store": true, "tables": true, "attachments": true})
        );
        // A store that is behind, or attachments that are gone, are not ready.
        let tx = node.parts.db().begin(&store::Act::house(store::Via::Job)).await.unwrap();
        tx.exec("DELETE FROM migration WHERE room = 'access'", vec![]).await.unwrap();
        tx.done(()).await.unwrap();
        std::fs::remove_dir_all(node.folder.join("attachments")).unwrap();
        std::fs::write(node.folder.join("attachments"), "no folder").unwrap();
        let behind = node.get("/health/ready").await;
        assert_eq!(behind.status, 503);
        assert_eq!((&behind.json()["tables"], &behind.json()["attachments"]), (&false.into(), &false.into()));
    }
);

fn on_sqlite<F: Future>(body: impl FnOnce(Node) -> F, settings: &[(&str, &str)]) {
    store::testing::block_on(async {
        let node = Node::start(Engine::Sqlite, settings).await;
        body(node).await;
    });
}

#[test]
fn every_answer_carries_strict_headers() {
    on_sqlite(
        async |node| {
            for path in [
                "/en/help",
                "/zh/nowhere",
                "/api/nowhere",
                "/health/live",
                "/api/openapi.json",
                "/robots.txt",
            ] {
                let a = node.get(path).await;
                let csp = a.header("content-security-policy");
                assert!(
                    csp.starts_with("default-src 'none'") && csp.contains("frame-ancestors 'none'"),
                    "{path}: {csp}"
                );
                assert!(!csp.contains("unsafe"), "{path}: {csp}");
                assert_eq!(a.header("x-content-type-options"), "nosniff", "{path}");
                assert_eq!(a.header("referrer-policy"), "same-origin", "{path}");
                assert_eq!(a.header("x-frame-options"), "DENY", "{path}");
                assert!(a.header("x-request-id").len() >= 8, "{path}");
                assert_eq!(
                    a.header("strict-transport-security"),
                    "",
                    "{path}: only where cookies are secure"
                );
            }
        },
        &[],
    );
    on_sqlite(
        async |node| {
            let a = node.get("/en/help").await;
            assert_eq!(a.header("strict-transport-security"), "max-age=31536000");
        },
        &[("NODE__PUBLIC_URL", "https://cq.example.org")],
    );
}

#[test]
fn pages_stand_in_a_language_and_machines_do_not() {
    on_sqlite(
        async |node| {
            for (path, language, to) in [
                ("/", "zh-CN,zh;q=0.9,en;q=0.8", "/zh"),
                ("/", "de", "/en"),
                ("/help?x=1&y=%E5%8F%8B", "zh", "/zh/help?x=1&y=%E5%8F%8B"),
                ("/no/such/page", "en", "/en/no/such/page"),
            ] {
                let a = node.get_in(path, language).await;
                assert_eq!((a.status, a.header("location")), (307, to), "{path} {language}");
                assert!(a.header("vary").contains("accept-language"));
            }
            for path in [
                "/health/live",
                "/metrics",
                "/robots.txt",
                "/security.txt",
                "/api/openapi.json",
                "/favicon.svg",
            ] {
                assert_eq!(node.get_in(path, "zh").await.status, 200, "{path}");
            }
            assert_eq!(node.get("/zh/help").await.header("content-language"), "zh-Hans");
            assert_eq!(node.get("/en/help").await.header("content-language"), "en");
        },
        &[],
    );
}

#[test]
fn refusals_of_the_framework_have_words_in_both_languages() {
    on_sqlite(
        async |node| {
            for (language, not_found, not_so) in [
                ("en", "Not found", "This address does not take that"),
                ("zh", "没有找到", "此地址不接受该操作"),
            ] {
                let a = node.get(&format!("/{language}/nowhere")).await;
                assert_eq!(a.status, 404);
                assert!(a.header("content-type").starts_with("text/html"));
                assert!(a.body.contains(&format!("<h1>{not_found}</h1>")), "{}", a.body);
                let wrong = node.post(&format!("/{language}/help"), "").await;
                assert_eq!((wrong.status, wrong.header("allow")), (405, "GET,HEAD"));
                assert!(wrong.body.contains(&format!("<h1>{not_so}</h1>")), "{}", wrong.body);
                // The same, for a program.
                for (path, status) in [("/api/nowhere", 404), ("/api/openapi.json", 405)] {
                    let request = node.client.post(node.url(path)).header("accept-language", language);
                    let a = crate::house::Answer::of(request.send().await.unwrap()).await;
                    assert_eq!(a.status, status, "{path}");
                    assert_eq!(a.header("content-type"), "application/problem+json");
                    let json = a.json();
                    assert_eq!(json["status"], status);
                    assert_eq!(json["title"].as_str().unwrap().is_ascii(), language == "en", "{json}");
                }
            }
            // Problem types lead somewhere.
            for kind in [
                "refused",
                "denied",
                "sign-in",
                "changed",
                "not-found",
                "slow",
                "fault",
                "request",
            ] {
                for language in ["en", "zh"] {
                    let a = node.get_in(&format!("/api/problems/{kind}"), language).await;
                    assert_eq!(a.status, 200, "{kind}");
                    assert!(!a.body.contains("<h1></h1>") && a.body.contains(&format!("/api/problems/{kind}")));
                }
            }
            assert_eq!(node.get("/api/problems/none").await.status, 404);
        },
        &[],
    );
}

#[test]
fn another_sites_page_cannot_post() {
    on_sqlite(
        async |node| {
            let post = |name: &'static str, value: String| {
                let request = node.client.post(node.url("/en/theme")).header(name, value);
                let request = request.header("content-type", "application/x-www-form-urlencoded");
                request.body("theme=dark&back=%2Fen%2Fhelp").send()
            };
            for (name, value) in [
                ("sec-fetch-site", "cross-site".to_owned()),
                ("sec-fetch-site", "same-site".to_owned()),
                ("origin", "https://evil.example".to_owned()),
                ("origin", "null".to_owned()),
            ] {
                let a = crate::house::Answer::of(post(name, value.clone()).await.unwrap()).await;
                assert_eq!(a.status, 403, "{name}: {value}");
                assert_eq!(a.header("set-cookie"), "");
                assert!(a.body.contains("<h1>") && a.body.contains("another site"), "{}", a.body);
            }
            for (name, value) in [
                ("sec-fetch-site", "same-origin".to_owned()),
                ("origin", node.base.clone()),
            ] {
                let a = crate::house::Answer::of(post(name, value).await.unwrap()).await;
                assert_eq!((a.status, a.header("location")), (303, "/en/help"));
                assert!(a.header("set-cookie").starts_with("theme=dark; Path=/;"));
            }
        },
        &[],
    );
}

/// Sends a head that promises so many bytes and then as many as the node takes; returns what it answered, and how
/// much had been sent by then.
async fn upload(node: &Node, kind: &str, promised: usize, chunked: bool) -> (String, usize) {
    let address = node.base.strip_prefix("http://").unwrap();
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut from, mut to) = stream.into_split();
    let length = if chunked {
        "Transfer-Encoding: chunked".to_owned()
    } else {
        format!("Content-Length: {promised}")
    };
    let head = format!(
        "POST /en/theme HTTP/1.1\r\nHost: {address}\r\nContent-Type: {kind}\r\nAccept-Language: zh\r\n{length}\r\n\r\n"
    );
    to.write_all(head.as_bytes()).await.unwrap();
    let sending = tokio::spawn(async move {
        let piece = vec![b'a'; 64 * 1024];
        let mut sent = 0;
        while sent < promised {
            let ok = if chunked {
                let head = format!("{:x}\r\n", piece.len());
                to.write_all(head.as_bytes()).await.is_ok()
                    && to.write_all(&piece).await.is_ok()
                    && to.write_all(b"\r\n").await.is_ok()
            } else {
                to.write_all(&piece).await.is_ok()
            };
            if !ok {
                break;
            }
            sent += piece.len();
        }
        sent
    });
    let mut answer = Vec::new();
    let mut buffer = [0; 16 * 1024];
    while let Ok(Ok(n)) = tokio::time::timeout(Duration::from_secs(20), from.read(&mut buffer)).await {
        answer.extend_from_slice(&buffer[..n]);
        if n == 0 || String::from_utf8_lossy(&answer).contains("</html>") {
            break;
        }
    }
    sending.abort();
    let sent = sending.await.unwrap_or(0);
    (String::from_utf8_lossy(&answer).into_owned(), sent)
}
fn resident_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_giant_upload_is_refused_early_in_words_and_without_memory() {
    on_sqlite(
        async |node| {
            let _ = node.get("/en/help").await;
            let before = resident_kilobytes();
            for (kind, chunked) in [
                ("application/x-www-form-urlencoded", false),
                ("multipart/form-data; boundary=x", false),
                ("application/x-www-form-urlencoded", true),
            ] {
                let start = Instant::now();
                let (answer, _) = upload(&node, kind, 200 * 1024 * 1024, chunked).await;
                let status: &str = answer.split(' ').nth(1).unwrap_or("");
                assert!(
                    matches!(status, "413" | "422"),
                    "{kind}, chunked {chunked}: {answer:.300}"
                );
                assert!(answer.contains("<h1>"), "{kind}, chunked {chunked}: {answer:.300}");
                assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
            }
            let grown = resident_kilobytes().saturating_sub(before);
            assert!(grown < 40 * 1024, "{grown} kB more");
        },
        &[],
    );
}

#[test]
fn forms_take_two_megabytes_and_files_twenty_five() {
    on_sqlite(
        async |node| {
            let form = async |bytes: usize| {
                let body = format!("back=%2F&theme={}", "x".repeat(bytes));
                node.post("/en/theme", &body).await
            };
            let form_fits = form(1024 * 1024).await;
            assert_eq!(form_fits.status, 303);
            assert_eq!(form(3 * 1024 * 1024).await.status, 413);
            let part = |bytes: usize| {
                let body = format!(
                    "--x\r\nContent-Disposition: form-data; name=\"theme\"\r\n\r\ndark\r\n--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n{}\r\n--x--\r\n",
                    "x".repeat(bytes)
                );
                let request = node.client.post(node.url("/en/theme")).body(body);
                request.header("content-type", "multipart/form-data; boundary=x").send()
            };
            assert_eq!(part(20 * 1024 * 1024).await.unwrap().status(), 303);
            assert_eq!(part(26 * 1024 * 1024).await.unwrap().status(), 413);
        },
        &[],
    );
}

#[test]
fn figures_are_for_this_machine_or_for_a_token() {
    on_sqlite(
        async |node| {
            node.get("/en/help").await;
            // The first night's round is a job of its own, which may still wait.
            let patience = Instant::now() + Duration::from_secs(20);
            let a = loop {
                let a = node.get("/metrics").await;
                assert_eq!(a.status, 200);
                if a.body.contains("youcheng_jobs_waiting 0") || Instant::now() > patience {
                    break a;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            };
            for wanted in [
                "youcheng_requests_total{method=\"GET\",path=\"/help\",status=\"200\"}",
                "youcheng_request_seconds_bucket{path=\"/help\",le=\"0.01\"}",
                "youcheng_store_queries_total",
                "youcheng_jobs_waiting 0",
                "youcheng_jobs_dead 0",
                "youcheng_letters_waiting{held=\"yes\"} 0",
            ] {
                assert!(a.body.contains(wanted), "{wanted}\n{}", a.body);
            }
            let proxied = node
                .client
                .get(node.url("/metrics"))
                .header("x-forwarded-for", "203.0.113.9");
            assert_eq!(proxied.send().await.unwrap().status(), 404);
        },
        &[],
    );
    on_sqlite(
        async |node| {
            assert_eq!(node.get("/metrics").await.status, 404);
            for (token, status) in [("s3cret", 200), ("s3cre", 404)] {
                let request = node
                    .client
                    .get(node.url("/metrics"))
                    .header("authorization", format!("Bearer {token}"));
                assert_eq!(request.send().await.unwrap().status(), status);
            }
        },
        &[("METRICS__TOKEN", "s3cret")],
    );
}

#[test]
fn queries_are_counted_when_asked() {
    on_sqlite(
        async |node| {
            let a = node.get("/en/help").await;
            assert_eq!(a.header("x-store-queries"), "1", "the stamp of public pages");
            // Whoever asks right behind finds the stamp just read; later it is read again. Never more than that.
            let kept = node.get("/en/help").await;
            assert_eq!(kept.status, 200);
            assert!(["0", "1"].contains(&kept.header("x-store-queries")));
            tokio::time::sleep(std::time::Duration::from_millis(40)).await;
            let later = node.get("/en/help").await;
            assert_eq!(later.header("x-store-queries"), "1");
            assert_eq!(later.body, kept.body);
            let request = node
                .client
                .get(node.url("/en/help"))
                .header("if-none-match", kept.header("etag"));
            assert_eq!(request.send().await.unwrap().status(), 304);
        },
        &[("TESTS__COUNT_QUERIES", "true")],
    );
}

#[test]
fn answers_are_compressed_for_who_can_read_them() {
    on_sqlite(
        async |node| {
            let mut tags = Vec::new();
            // The second of each is the kept page: dressed as the first, in its own packing.
            for accepted in ["gzip", "", "gzip, deflate, br", "gzip;q=0.1, identity", ""] {
                let request = node
                    .client
                    .get(node.url("/en/help"))
                    .header("accept-encoding", accepted);
                let a = request.send().await.unwrap();
                let packed = a.headers().get("content-encoding").is_some();
                assert_eq!(packed, accepted == "gzip" || accepted.contains("br"), "{accepted}");
                let headers = a.headers().clone();
                assert!(headers.contains_key("content-security-policy"), "{accepted}");
                assert!(headers["content-type"].as_bytes().starts_with(b"text/html"));
                let varies: Vec<_> = headers.get_all("vary").iter().filter_map(|v| v.to_str().ok()).collect();
                assert!(varies.join(",").contains("cookie") && varies.join(",").contains("accept-encoding"));
                tags.push(headers.get("etag").cloned());
                let body = a.bytes().await.unwrap();
                assert_eq!(body.starts_with(&[0x1f, 0x8b]), packed, "{accepted}");
            }
            assert_eq!(tags[0], tags[2]);
            assert_eq!(tags[1], tags[4]);
            assert_ne!(tags[0], tags[1]);
            assert_eq!(
                tags[3], None,
                "who weighs packings against each other gets a page of their own"
            );
        },
        &[],
    );
}

#[test]
fn it_stops_after_what_is_under_way() {
    on_sqlite(
        async |mut node| {
            let address = node.base.strip_prefix("http://").unwrap().to_owned();
            // A request whose body is still on its way when the node is told to stop.
            let mut slow = TcpStream::connect(&address).await.unwrap();
            let head = format!(
                "POST /en/theme HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 24\r\n\r\ntheme=dark"
            );
            slow.write_all(head.as_bytes()).await.unwrap();
            tokio::time::sleep(Duration::from_millis(200)).await;
            let running = node.running.take().unwrap();
            let stopping = tokio::spawn(running.stop());
            tokio::time::sleep(Duration::from_millis(200)).await;
            assert!(TcpStream::connect(&address).await.is_err(), "nobody new is let in");
            slow.write_all(b"&back=%2Fen%2F").await.unwrap();
            let mut answer = String::new();
            slow.read_to_string(&mut answer).await.unwrap();
            assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
            tokio::time::timeout(Duration::from_secs(10), stopping)
                .await
                .unwrap()
                .unwrap();
        },
        &[],
    );
}

#[test]
fn themes_are_kept_and_lead_back_to_this_site_only() {
    on_sqlite(
        async |node| {
            for (back, to) in [
                ("%2Fzh%2Fhelp%3Fa%3Db", "/zh/help?a=b"),
                ("https%3A%2F%2Fevil.example", "/en"),
                ("%2F%2Fevil.example", "/en"),
                ("%2F%5Cevil.example", "/en"),
            ] {
                let a = node.post("/en/theme", &format!("theme=light&back={back}")).await;
                assert_eq!((a.status, a.header("location")), (303, to));
            }
            let dark = node.client.get(node.url("/en/help")).header("cookie", "theme=dark");
            assert!(
                dark.send()
                    .await
                    .unwrap()
                    .text()
                    .await
                    .unwrap()
                    .contains("data-theme=\"dark\"")
            );
            assert!(!node.get("/en/help").await.body.contains("data-theme"));
        },
        &[],
    );
}
