//! Accounts as people live with them, on both engines.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use access::*;
use basis::{AccountId, BodyId, Denial, Fail, Id, Locale, Refusal, Text};
use store::{Act, Migrations, Query, Via, count_queries, journal, on_each_engine, testing::TestDb};

const ROOMS: &[Migrations] = &[store::MIGRATIONS, access::MIGRATIONS];
const GOOD: &str = "two rivers meet at 朝天门";

fn config() -> AccessConfig {
    AccessConfig {
        public_url: "https://youcheng.example".into(),
        secure_cookies: true,
        demo: false,
        oidc: None,
    }
}
fn house(t: &TestDb) -> House {
    House {
        db: t.db.clone(),
        gate: Gate::new(&[]).unwrap(),
        blobs: store::Blobs::open(&store::BlobsConfig::Folder(t.dir.join("blobs"))).unwrap(),
        zone: jiff::tz::TimeZone::get("Asia/Shanghai").unwrap(),
    }
}
fn en() -> Origin {
    Origin {
        address: Some("192.0.2.7".into()),
        browser: "Firefox".into(),
        locale: Locale::En,
    }
}
fn codes(r: &Fail) -> Vec<(&str, &'static str)> {
    match r {
        Fail::Refused(rs) => rs
            .iter()
            .map(|r: &Refusal| (r.field.as_deref().unwrap_or(""), r.code))
            .collect(),
        other => panic!("not a refusal: {other}"),
    }
}
fn input(name: &str, email: &str) -> SignUp {
    SignUp {
        name: name.into(),
        email: email.into(),
        zone: String::new(),
    }
}
/// The key in the newest letter to an address.
async fn key(t: &TestDb, to: &str) -> String {
    let all = store::testing::letters_whole(&t.db, None, 100).await.unwrap();
    let l = all.iter().find(|l| l.to_address == to).unwrap();
    let at = l.body_text.find("key=").unwrap() + 4;
    l.body_text[at..].split_whitespace().next().unwrap().to_owned()
}
async fn signed_up(t: &TestDb, name: &str, email: &str) -> SignedIn {
    // Lists sort by birth, to the millisecond.
    t.clock.forward(Duration::from_secs(1));
    sign_up(&t.db, &config(), &Origin::here(Locale::En), &input(name, email))
        .await
        .unwrap();
    let form = Confirm {
        key: key(t, email).await,
        name: name.into(),
        new_password: GOOD.into(),
    };
    confirm(&t.db, &Origin::here(Locale::En), &form).await.unwrap()
}
async fn asking(t: &TestDb, secret: &str) -> Asking {
    Asking::new(load_viewer(&t.db, secret, Via::Page).await.unwrap())
}
/// A key to the API in one's own name.
async fn own_key(t: &TestDb, secret: &str) -> String {
    let new = NewToken {
        label: "own".into(),
        scopes: vec!["read".into()],
        mandate: None,
        days: 9,
    };
    let (_, key) = make_token(&house(t), &asking(t, secret).await, &new).await.unwrap();
    key
}
async fn founded(t: &TestDb, name: &str, kind: BodyKind) -> BodyId {
    let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
    let id: BodyId = Id::named(name);
    let card = BodyCard {
        id,
        kind,
        name: Text::both(name, name),
        field: None,
        district: None,
        government: None,
        home: true,
        illustrative: true,
        ended_at: None,
    };
    assert!(found_body(&tx, &card).await.unwrap());
    assert!(!found_body(&tx, &card).await.unwrap());
    tx.done(id).await.unwrap()
}
async fn given(t: &TestDb, account: AccountId, body: BodyId, role: Role) -> basis::MandateId {
    let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
    let g = HouseGrant {
        account,
        body,
        role,
        purpose: "for a test".into(),
        letter: "letter 1".into(),
        until: None,
    };
    let id = grant_by_house(&tx, &g).await.unwrap();
    tx.done(id).await.unwrap()
}
fn sign_in_as(email: &str, password: &str) -> SignIn {
    SignIn {
        email: email.into(),
        password: password.into(),
    }
}

on_each_engine!(
    ROOMS,
    async fn somebody_signs_up_confirms_and_signs_in(t: TestDb) {
        let c = config();
        let bad = sign_up(&t.db, &c, &en(), &input("", "no address")).await.unwrap_err();
        assert_eq!(
            codes(&bad),
            [("name", "refusal-required"), ("email", "refusal-not-email")]
        );
        let chinese = Origin {
            locale: Locale::Zh,
            ..en()
        };
        sign_up(&t.db, &c, &chinese, &input("李伟", "li@example.org"))
            .await
            .unwrap();
        let letter = store::testing::letters_whole(&t.db, None, 9).await.unwrap().remove(0);
        assert!(
            letter.subject.contains("确认") && letter.body_text.contains("https://youcheng.example/zh/confirm?key=")
        );
        assert!(
            !letter.body_text.contains("李伟"),
            "a stranger's words must not travel in our letters"
        );
        let k = key(&t, "li@example.org").await;
        assert_eq!(waiting(&t.db, &k).await.unwrap().name, "李伟");

        let mut form = Confirm {
            key: k.clone(),
            name: "李伟".into(),
            new_password: "short".into(),
        };
        let weak = confirm(&t.db, &en(), &form).await.unwrap_err();
        assert_eq!(codes(&weak), [("new_password", "refusal-password-short")]);
        form.new_password = GOOD.into();
        let me = confirm(&t.db, &en(), &form).await.unwrap();
        assert_eq!(
            codes(&confirm(&t.db, &en(), &form).await.unwrap_err()),
            [("", "refusal-link-spent")]
        );
        let v = load_viewer(&t.db, &me.secret, Via::Page).await.unwrap();
        assert_eq!((v.role(), v.person.unwrap().name.as_str()), (Role::Individual, "李伟"));

        sign_out(&t.db, &me.secret).await.unwrap();
        sign_out(&t.db, &me.secret).await.unwrap();
        assert!(!load_viewer(&t.db, &me.secret, Via::Page).await.unwrap().is_signed_in());
        let again = sign_in(&t.db, &en(), &sign_in_as(" LI@Example.org ", GOOD))
            .await
            .unwrap();
        assert_eq!(again.account, me.account);
        let wrong = sign_in(&t.db, &en(), &sign_in_as("li@example.org", "not this one, no"))
            .await
            .unwrap_err();
        let nobody = sign_in(&t.db, &en(), &sign_in_as("nobody@example.org", GOOD))
            .await
            .unwrap_err();
        assert_eq!(codes(&wrong), codes(&nobody));
        // Neither secrets nor the mailbox are in what the log proves.
        for line in journal::newest(&t.db, None, 50).await.unwrap() {
            let bytes = String::from_utf8(line.bytes()).unwrap();
            assert!(!bytes.contains("example.org") && !bytes.contains(&k) && !bytes.contains(&me.secret));
        }
        assert!(journal::verify(&t.db, |_, _| {}).await.unwrap().faults.is_empty());
    }
);

on_each_engine!(
    ROOMS,
    async fn of_two_who_open_one_letter_at_once_one_gets_in(t: TestDb) {
        sign_up(&t.db, &config(), &en(), &input("Li", "li@example.org"))
            .await
            .unwrap();
        let k = key(&t, "li@example.org").await;
        let both: Vec<_> = ["first choice of words", "second choice of words"]
            .into_iter()
            .map(|password| {
                let (db, key) = (t.db.clone(), k.clone());
                tokio::spawn(async move {
                    let form = Confirm {
                        key,
                        name: "Li".into(),
                        new_password: password.into(),
                    };
                    confirm(&db, &Origin::here(Locale::En), &form).await
                })
            })
            .collect();
        let mut fine = 0;
        for one in both {
            match one.await.unwrap() {
                Ok(_) => fine += 1,
                Err(f) => assert_eq!(codes(&f), [("", "refusal-link-spent")]),
            }
        }
        assert_eq!(fine, 1);
        assert_eq!(
            t.db.number("SELECT COUNT(*) AS n FROM session", vec![]).await.unwrap(),
            1
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn nothing_tells_who_has_an_account(t: TestDb) {
        signed_up(&t, "Li", "li@example.org").await;
        let c = config();
        let before = store::testing::letters_whole(&t.db, None, 99).await.unwrap().len();
        sign_up(&t.db, &c, &en(), &input("Eve", "li@example.org"))
            .await
            .unwrap();
        sign_up(&t.db, &c, &en(), &input("Eve", "new@example.org"))
            .await
            .unwrap();
        let all = store::testing::letters_whole(&t.db, None, 99).await.unwrap();
        assert_eq!(all.len(), before + 2);
        assert!(
            all.iter()
                .any(|l| l.kind == "account.exists" && !l.body_text.contains("key="))
        );
        recover(&t.db, &c, &en(), "li@example.org").await.unwrap();
        recover(&t.db, &c, &en(), "nobody@example.org").await.unwrap();
        assert!(
            store::testing::letters_whole(&t.db, None, 99)
                .await
                .unwrap()
                .iter()
                .all(|l| l.to_address != "nobody@example.org")
        );
        // Most of the time is the hash, and it is worked out either way.
        let mut spent = [Duration::ZERO; 2];
        for _ in 0..3 {
            for (i, email) in ["li@example.org", "nobody@example.org"].into_iter().enumerate() {
                let begun = std::time::Instant::now();
                let _ = sign_in(
                    &t.db,
                    &Origin::here(Locale::En),
                    &sign_in_as(email, "wrong but long enough"),
                )
                .await;
                spent[i] += begun.elapsed();
            }
        }
        println!("known {:?}, unknown {:?}", spent[0], spent[1]);
        assert!(spent[1] * 4 > spent[0] && spent[0] * 4 > spent[1], "{spent:?}");
    }
);

on_each_engine!(
    ROOMS,
    async fn recovery_gives_a_new_password_and_ends_the_old_sessions(t: TestDb) {
        let old = signed_up(&t, "Li", "li@example.org").await;
        let c = config();
        // Made by whoever knew the old password.
        let stranger = own_key(&t, &old.secret).await;
        load_token_viewer(&t.db, &stranger).await.unwrap();
        t.clock.forward(Duration::from_secs(1));
        recover(&t.db, &c, &en(), "li@example.org").await.unwrap();
        let k = key(&t, "li@example.org").await;
        assert_eq!(recovering(&t.db, &k).await.unwrap().email, "li@example.org");
        t.clock.forward(Duration::from_secs(3601));
        assert_eq!(
            codes(&recovering(&t.db, &k).await.unwrap_err()),
            [("", "refusal-link-spent")]
        );
        t.clock.forward(Duration::from_secs(1));
        recover(&t.db, &c, &en(), "li@example.org").await.unwrap();
        let form = NewPassword {
            key: key(&t, "li@example.org").await,
            new_password: "another river, 嘉陵江".into(),
        };
        let both: Vec<_> = (0..2)
            .map(|_| {
                let (db, form) = (t.db.clone(), form.clone());
                tokio::spawn(async move { choose_password(&db, &config(), &Origin::here(Locale::En), &form).await })
            })
            .collect();
        let mut fine = 0;
        for one in both {
            fine += u32::from(one.await.unwrap().is_ok());
        }
        assert_eq!(fine, 1);
        assert!(!load_viewer(&t.db, &old.secret, Via::Page).await.unwrap().is_signed_in());
        assert!(load_token_viewer(&t.db, &stranger).await.is_err(), "the key ends too");
        assert!(
            sign_in(&t.db, &en(), &sign_in_as("li@example.org", GOOD))
                .await
                .is_err()
        );
        sign_in(&t.db, &en(), &sign_in_as("li@example.org", "another river, 嘉陵江"))
            .await
            .unwrap();
        assert!(
            store::testing::letters_whole(&t.db, None, 99)
                .await
                .unwrap()
                .iter()
                .any(|l| l.kind == "account.password-changed")
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn too_many_tries_have_to_wait(t: TestDb) {
        signed_up(&t, "Li", "li@example.org").await;
        let elsewhere = |n: u32| Origin {
            address: Some(format!("198.51.100.{n}")),
            ..en()
        };
        let tries: Vec<_> = (0..14)
            .map(|n| {
                let (db, from) = (t.db.clone(), elsewhere(n));
                tokio::spawn(async move {
                    sign_in(&db, &from, &sign_in_as("li@example.org", "wrong, and wrong again")).await
                })
            })
            .collect();
        let mut slow = 0;
        for one in tries {
            slow += u32::from(matches!(one.await.unwrap(), Err(Fail::Slow { .. })));
        }
        assert_eq!(slow, 4, "ten tries a quarter of an hour, however many come at once");
        let Err(Fail::Slow { seconds }) = sign_in(&t.db, &en(), &sign_in_as("li@example.org", GOOD)).await else {
            panic!("even the right password waits")
        };
        assert!((1..=900).contains(&seconds));
        t.clock.forward(Duration::from_secs(900));
        sign_in(&t.db, &en(), &sign_in_as("li@example.org", GOOD))
            .await
            .unwrap();
        // A right password clears the count.
        for _ in 0..9 {
            let _ = sign_in(
                &t.db,
                &elsewhere(9),
                &sign_in_as("li@example.org", "wrong, and wrong again"),
            )
            .await;
        }
        sign_in(&t.db, &elsewhere(8), &sign_in_as("li@example.org", GOOD))
            .await
            .unwrap();
        // The letter of the sign-up was the first of three.
        for _ in 0..2 {
            recover(&t.db, &config(), &en(), "li@example.org").await.unwrap();
        }
        assert!(matches!(
            recover(&t.db, &config(), &en(), "li@example.org").await,
            Err(Fail::Slow { .. })
        ));
        // What is counted does not name anybody.
        assert_eq!(
            t.db.number(
                "SELECT COUNT(*) AS n FROM throttle WHERE key = 'sign-in:li@example.org'",
                vec![]
            )
            .await
            .unwrap(),
            0
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn sessions_slide_are_listed_and_ended(t: TestDb) {
        let h = house(&t);
        let first = signed_up(&t, "Li", "li@example.org").await;
        let (v, n) = count_queries(load_viewer(&t.db, &first.secret, Via::Page)).await;
        assert_eq!((v.unwrap().is_signed_in(), n), (true, 2));
        t.clock.forward(Duration::from_secs(600));
        let (_, n) = count_queries(load_viewer(&t.db, &first.secret, Via::Page)).await;
        assert_eq!(n, 3, "seen is noted");
        let (_, n) = count_queries(load_viewer(&t.db, &first.secret, Via::Page)).await;
        assert_eq!(n, 2, "and not again within five minutes");
        let second = sign_in(&t.db, &en(), &sign_in_as("li@example.org", GOOD))
            .await
            .unwrap();
        let third = sign_in(&t.db, &en(), &sign_in_as("li@example.org", GOOD))
            .await
            .unwrap();
        let a = asking(&t, &second.secret).await;
        let mine = my_sessions(&h, &a, Some(&second.secret)).await.unwrap();
        assert_eq!((mine.len(), mine.iter().filter(|s| s.this).count()), (3, 1));
        let other = mine.iter().find(|s| !s.this).unwrap().id;
        end_session(&h, &a, other).await.unwrap();
        assert!(matches!(end_session(&h, &a, other).await, Err(Fail::NotFound)));
        assert_eq!(end_other_sessions(&h, &a, &second.secret).await.unwrap(), 1);
        for (secret, alive) in [(&first.secret, false), (&second.secret, true), (&third.secret, false)] {
            assert_eq!(
                load_viewer(&t.db, secret, Via::Page).await.unwrap().is_signed_in(),
                alive
            );
        }
        let stranger = signed_up(&t, "Eve", "eve@example.org").await;
        let eve = asking(&t, &stranger.secret).await;
        let mine = my_sessions(&h, &a, None).await.unwrap();
        assert!(matches!(end_session(&h, &eve, mine[0].id).await, Err(Fail::NotFound)));
        // Used every week it lives, but no longer than ninety days; unused it ends after two weeks.
        for _ in 0..12 {
            t.clock.forward(Duration::from_secs(7 * 86_400));
            assert!(
                load_viewer(&t.db, &second.secret, Via::Page)
                    .await
                    .unwrap()
                    .is_signed_in()
            );
        }
        t.clock.forward(Duration::from_secs(7 * 86_400));
        assert!(
            !load_viewer(&t.db, &second.secret, Via::Page)
                .await
                .unwrap()
                .is_signed_in()
        );
        assert!(
            !load_viewer(&t.db, &stranger.secret, Via::Page)
                .await
                .unwrap()
                .is_signed_in()
        );
        assert!(sweep(&t.db).await.unwrap() > 0);
    }
);

on_each_engine!(
    ROOMS,
    async fn mandates_are_granted_acted_under_and_end(t: TestDb) {
        let h = house(&t);
        let lead = signed_up(&t, "Lead", "lead@example.org").await;
        let li = signed_up(&t, "Li", "li@example.org").await;
        let wang = signed_up(&t, "Wang", "wang@example.org").await;
        let office = founded(&t, "office", BodyKind::Office).await;
        let association = founded(&t, "association", BodyKind::Organisation).await;
        let other = founded(&t, "other", BodyKind::Organisation).await;
        given(&t, lead.account, office, Role::OfficeLead).await;
        let lead = sign_in(&t.db, &en(), &sign_in_as("lead@example.org", GOOD))
            .await
            .unwrap();
        let lead = asking(&t, &lead.secret).await;
        assert_eq!(
            lead.viewer.role(),
            Role::OfficeLead,
            "the only mandate is acted under at once"
        );

        let form = |email: &str, role: &str, until: &str| Grant {
            email: email.into(),
            role: role.into(),
            purpose: "the library programme".into(),
            letter: "2026-17".into(),
            until: until.into(),
        };
        let refused = grant_mandate(
            &h,
            &lead,
            association,
            &form("nobody@example.org", "finance", "2020-01-01"),
        )
        .await
        .unwrap_err();
        assert_eq!(
            codes(&refused),
            [
                ("role", "refusal-role-not-of-body"),
                ("until", "refusal-day-past"),
                ("email", "refusal-nobody-there")
            ]
        );
        let first = grant_mandate(
            &h,
            &lead,
            association,
            &form("li@example.org", "delegate", "2026-11-30"),
        )
        .await
        .unwrap();
        assert_eq!(
            codes(
                &grant_mandate(&h, &lead, association, &form("li@example.org", "delegate", ""))
                    .await
                    .unwrap_err()
            ),
            [("email", "refusal-holds-already")]
        );
        assert!(matches!(
            grant_mandate(&h, &lead, office, &form("lead@example.org", "office-lead", "")).await,
            Err(Fail::Denied(Denial { rules, .. })) if rules == ["mandate.not-to-oneself"]
        ));

        let me = asking(&t, &li.secret).await;
        assert_eq!((me.viewer.role(), me.viewer.mandates.len()), (Role::Individual, 1));
        switch_acting(&h, &me, &li.secret, Some(first)).await.unwrap();
        let me = asking(&t, &li.secret).await;
        assert_eq!(
            (me.viewer.role(), me.viewer.body()),
            (Role::Delegate, Some(association))
        );
        let eve = asking(&t, &wang.secret).await;
        assert!(matches!(
            switch_acting(&h, &eve, &wang.secret, Some(first)).await,
            Err(Fail::NotFound)
        ));

        // A delegate grants for their own body, with an end.
        assert_eq!(
            codes(
                &grant_mandate(&h, &me, association, &form("wang@example.org", "delegate", ""))
                    .await
                    .unwrap_err()
            ),
            [("until", "refusal-required")]
        );
        // Nor for longer than they hold themselves.
        assert_eq!(
            codes(
                &grant_mandate(
                    &h,
                    &me,
                    association,
                    &form("wang@example.org", "delegate", "2026-12-01")
                )
                .await
                .unwrap_err()
            ),
            [("until", "refusal-until-own")]
        );
        t.clock.forward(Duration::from_secs(1));
        let second = grant_mandate(
            &h,
            &me,
            association,
            &form("wang@example.org", "delegate", "2026-11-30"),
        )
        .await
        .unwrap();
        assert!(matches!(
            grant_mandate(&h, &me, other, &form("wang@example.org", "delegate", "2026-12-24")).await,
            Err(Fail::Denied(_))
        ));
        assert!(matches!(
            grant_mandate(&h, &eve, association, &form("li@example.org", "delegate", "2026-12-24")).await,
            Err(Fail::Denied(_))
        ));
        let cards = mandates_of_body(&h, &me, association).await.unwrap();
        assert_eq!(
            cards
                .iter()
                .map(|c| (c.holder.as_str(), c.in_force(h.now())))
                .collect::<Vec<_>>(),
            [("Li", true), ("Wang", true)]
        );
        assert!(matches!(mandates_of_body(&h, &me, other).await, Err(Fail::Denied(_))));
        assert_eq!(
            addressees_of_body(&t.db, association, "deadlines").await.unwrap().len(),
            2
        );

        // Whoever holds one may lay it down; twice is told.
        let wang_asks = asking(&t, &wang.secret).await;
        end_mandate(&h, &wang_asks, second).await.unwrap();
        assert!(matches!(end_mandate(&h, &wang_asks, second).await, Err(Fail::Changed)));
        assert!(matches!(end_mandate(&h, &wang_asks, first).await, Err(Fail::Denied(_))));
        // The last day counts whole, by the home city's clock: until 1 December 00:00 in Shanghai.
        t.clock.set("2026-11-30T15:59:59Z".parse().unwrap());
        assert_eq!(asking(&t, &li.secret).await.viewer.role(), Role::Delegate);
        t.clock.set("2026-11-30T16:00:00Z".parse().unwrap());
        assert_eq!(asking(&t, &li.secret).await.viewer.role(), Role::Individual);
        assert_eq!(my_mandates(&h, &me).await.unwrap().len(), 1);

        // A body that ended takes its mandates with it.
        given(&t, li.account, other, Role::Delegate).await;
        let tx = t.db.begin(&Act::house(Via::Command)).await.unwrap();
        rename_body(&tx, other, &Text::both("新名", "new name")).await.unwrap();
        end_body(&tx, other).await.unwrap();
        assert!(matches!(end_body(&tx, other).await, Err(Fail::Changed)));
        tx.done(()).await.unwrap();
        assert!(asking(&t, &li.secret).await.viewer.mandates.is_empty());
        assert_eq!(
            bodies(&t.db, &[other]).await.unwrap()[&other].name.plain(Locale::En),
            "new name"
        );
        assert_eq!(bodies_of_kind(&t.db, BodyKind::Organisation).await.unwrap().len(), 1);
        assert_eq!(names_of(&t.db, &[li.account]).await.unwrap()[&li.account], "Li");
    }
);

on_each_engine!(
    ROOMS,
    async fn mandates_of_a_body_end_with_who_vouches_for_it(t: TestDb) {
        let h = house(&t);
        let li = signed_up(&t, "Li", "li@example.org").await;
        let wang = signed_up(&t, "Wang", "wang@example.org").await;
        let body = founded(&t, "association", BodyKind::Organisation).await;
        let other = founded(&t, "other", BodyKind::Organisation).await;
        for (account, of) in [(li.account, body), (wang.account, body), (wang.account, other)] {
            given(&t, account, of, Role::Delegate).await;
        }
        let me = asking(&t, &wang.secret).await;
        let ends = async || {
            let all = my_mandates(&h, &me).await.unwrap();
            let of = |b: BodyId| all.iter().find(|m| m.mandate.body == b).unwrap().mandate.until;
            (of(body), of(other))
        };
        let day = |at: &str| at.parse::<basis::Moment>().unwrap();
        let (june, august) = (day("2027-06-30T16:00:00Z"), day("2027-08-31T16:00:00Z"));
        let hold = async |until, before, renewed| {
            let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
            hold_mandates_until(&tx, body, until, before, renewed).await.unwrap();
            tx.done(()).await.unwrap();
        };
        hold(june, None, None).await;
        assert_eq!(
            ends().await,
            (Some(june), None),
            "only those of the body, and none past the check"
        );
        hold(august, None, Some(li.account)).await;
        assert_eq!(ends().await.0, Some(june), "the check was renewed for somebody else");
        hold(august, Some(june), None).await;
        assert_eq!(
            ends().await.0,
            Some(august),
            "what ended with the check goes on with it"
        );
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        end_mandates_of_body(&tx, body).await.unwrap();
        tx.done(()).await.unwrap();
        let left = asking(&t, &wang.secret).await.viewer.mandates;
        assert_eq!(left.iter().map(|m| m.body).collect::<Vec<_>>(), [other]);
        assert!(asking(&t, &li.secret).await.viewer.mandates.is_empty());
        assert_eq!(
            journal::verify(&t.db, |_, _| {}).await.unwrap().faults,
            Vec::<String>::new()
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn keys_are_scoped_expire_and_end_with_their_mandate(t: TestDb) {
        let h = house(&t);
        let li = signed_up(&t, "Li", "li@example.org").await;
        let body = founded(&t, "association", BodyKind::Organisation).await;
        let mandate = given(&t, li.account, body, Role::Delegate).await;
        let me = asking(&t, &li.secret).await;
        let bad = NewToken {
            label: " ".into(),
            scopes: vec!["everything".into()],
            mandate: Some(Id::named("not mine")),
            days: 9999,
        };
        assert_eq!(
            codes(&make_token(&h, &me, &bad).await.unwrap_err()),
            [
                ("label", "refusal-required"),
                ("scopes", "refusal-not-in-list"),
                ("days", "refusal-out-of-range"),
                ("mandate", "refusal-not-in-list")
            ]
        );
        let new = |mandate, days| NewToken {
            label: "sheet".into(),
            scopes: vec!["read".into()],
            mandate,
            days,
        };
        let (_, acting) = make_token(&h, &me, &new(Some(mandate), 30)).await.unwrap();
        let (id, own) = make_token(&h, &me, &new(None, 1)).await.unwrap();
        assert!(own.starts_with("yc_") && own.len() > 40);
        let v = load_token_viewer(&t.db, &acting).await.unwrap();
        assert_eq!((v.role(), v.via), (Role::Delegate, Via::Api));
        let (v, n) = count_queries(load_token_viewer(&t.db, &acting)).await;
        assert_eq!((v.unwrap().body(), n), (Some(body), 2));
        assert!(matches!(load_token_viewer(&t.db, "yc_x").await, Err(Fail::Denied(d)) if d.anonymous));
        // A key makes no keys and ends no sessions.
        let by_key = Asking::new(load_token_viewer(&t.db, &own).await.unwrap());
        assert!(matches!(
            make_token(&h, &by_key, &new(None, 1)).await,
            Err(Fail::Denied(_))
        ));
        assert_eq!(my_tokens(&h, &by_key).await.unwrap().len(), 2);
        assert!(my_tokens(&h, &me).await.unwrap().iter().any(|t| t.used_at.is_some()));
        t.clock.forward(Duration::from_secs(86_401));
        assert!(load_token_viewer(&t.db, &own).await.is_err());
        assert!(matches!(end_token(&h, &me, id).await, Ok(())));
        end_mandate(&h, &me, mandate).await.unwrap();
        assert!(load_token_viewer(&t.db, &acting).await.is_err());
        assert!(scopes(&h).contains(&"read"));
    }
);

on_each_engine!(
    ROOMS,
    async fn people_change_their_profile_and_password(t: TestDb) {
        let h = house(&t);
        let li = signed_up(&t, "Li", "li@example.org").await;
        let other = sign_in(&t.db, &en(), &sign_in_as("li@example.org", GOOD))
            .await
            .unwrap();
        let me = asking(&t, &li.secret).await;
        let bad = ProfileInput {
            name: "x".repeat(200),
            lang: "tlh".into(),
            zone: "Mars/Olympus".into(),
            letters: vec![],
        };
        assert_eq!(
            codes(&change_profile(&h, &me, &bad).await.unwrap_err()),
            [
                ("name", "refusal-too-long"),
                ("name", "refusal-required"),
                ("lang", "refusal-not-in-list"),
                ("zone", "refusal-not-in-list")
            ][..]
                .iter()
                .filter(|c| c.1 != "refusal-required")
                .copied()
                .collect::<Vec<_>>()
        );
        let good = ProfileInput {
            name: "Li Wei".into(),
            lang: "zh".into(),
            zone: "Europe/Berlin".into(),
            letters: vec!["digest".into()],
        };
        change_profile(&h, &me, &good).await.unwrap();
        let p = my_profile(&h, &me).await.unwrap();
        assert_eq!(
            (p.name.as_str(), p.zone.as_str(), p.wanted.as_slice()),
            ("Li Wei", "Europe/Berlin", &["digest".to_owned()][..])
        );
        assert!(addressees(&t.db, &[li.account], "calls").await.unwrap().is_empty());
        assert_eq!(addressees(&t.db, &[li.account], "digest").await.unwrap().len(), 1);
        let change = |old: &str, new: &str| PasswordInput {
            password: old.into(),
            new_password: new.into(),
        };
        let c = config();
        assert_eq!(
            codes(
                &change_password(&h, &c, &me, &li.secret, &change("wrong", "a fresh one: 解放碑"))
                    .await
                    .unwrap_err()
            ),
            [("password", "refusal-password-wrong")]
        );
        let key = own_key(&t, &li.secret).await;
        change_password(&h, &c, &me, &li.secret, &change(GOOD, "a fresh one: 解放碑"))
            .await
            .unwrap();
        assert!(load_token_viewer(&t.db, &key).await.is_err(), "the key ends too");
        assert!(load_viewer(&t.db, &li.secret, Via::Page).await.unwrap().is_signed_in());
        assert!(
            !load_viewer(&t.db, &other.secret, Via::Page)
                .await
                .unwrap()
                .is_signed_in()
        );
        sign_in(&t.db, &en(), &sign_in_as("li@example.org", "a fresh one: 解放碑"))
            .await
            .unwrap();
    }
);

on_each_engine!(
    ROOMS,
    async fn people_take_their_data_and_go(t: TestDb) {
        let h = house(&t);
        let li = signed_up(&t, "Li Wei", "li@example.org").await;
        let body = founded(&t, "association", BodyKind::Organisation).await;
        given(&t, li.account, body, Role::Delegate).await;
        let helper = signed_up(&t, "Wang", "wang@example.org").await.account;
        let me = asking(&t, &li.secret).await;
        let (_, token) = make_token(
            &h,
            &me,
            &NewToken {
                label: "of the river project".into(),
                scopes: vec!["read".into()],
                mandate: None,
                days: 5,
            },
        )
        .await
        .unwrap();
        let data = export_own(&h, &me).await.unwrap();
        assert_eq!(data["account"]["email"], "li@example.org");
        assert_eq!(
            (
                data["mandates"].as_array().unwrap().len(),
                data["tokens"].as_array().unwrap().len()
            ),
            (1, 1)
        );
        assert!(!data.to_string().contains("argon2") && !data.to_string().contains(&token));
        assert_eq!(data["mandatesGranted"], serde_json::json!([]));
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        tx.exec(
            "UPDATE mandate SET granted_by = $1, account = $2 WHERE account = $1",
            store::vals![li.account, helper],
        )
        .await
        .unwrap();
        tx.done(()).await.unwrap();
        let data = export_own(&h, &me).await.unwrap();
        assert_eq!(data["mandatesGranted"].as_array().unwrap().len(), 1);
        let nobody = Asking::new(Viewer::public(Via::Page));
        assert!(matches!(export_own(&h, &nobody).await, Err(Fail::Denied(d)) if d.anonymous));

        assert_eq!(
            codes(&erase(&h, &me, "wrong").await.unwrap_err()),
            [("password", "refusal-password-wrong")]
        );
        erase(&h, &me, GOOD).await.unwrap();
        assert!(!load_viewer(&t.db, &li.secret, Via::Page).await.unwrap().is_signed_in());
        assert!(load_token_viewer(&t.db, &token).await.is_err());
        assert!(
            sign_in(&t.db, &en(), &sign_in_as("li@example.org", GOOD))
                .await
                .is_err()
        );
        assert_eq!(names_of(&t.db, &[li.account]).await.unwrap()[&li.account], "");
        let named = "SELECT COUNT(*) AS n FROM token WHERE label <> ''";
        assert_eq!(t.db.number(named, vec![]).await.unwrap(), 0);
        let story = journal::history(&t.db, "account", &li.account.to_string())
            .await
            .unwrap();
        assert!(story.len() >= 3);
        assert!(story.iter().all(|(_, d)| {
            d.as_ref()
                .is_none_or(|d| !format!("{:?}{:?}", d.before_json, d.after_json).contains("Li"))
        }));
        assert!(journal::verify(&t.db, |_, _| {}).await.unwrap().faults.is_empty());
        // The mailbox is free again.
        let again = signed_up(&t, "Li Wei", "li@example.org").await;
        assert_ne!(again.account, li.account);
    }
);

on_each_engine!(
    ROOMS,
    async fn demonstration_links_work_in_a_demonstration_only(t: TestDb) {
        let demo = AccessConfig { demo: true, ..config() };
        let made = |name: &str, illustrative| MadeAccount {
            id: Id::named(name),
            name: name.into(),
            email: Some(format!("{name}@example.org")),
            locale: Locale::Zh,
            zone: String::new(),
            illustrative,
        };
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        let lead = make_account(&tx, &made("lead", true)).await.unwrap();
        let real = make_account(&tx, &made("real", false)).await.unwrap();
        let twice = MadeAccount {
            id: Id::named("another"),
            ..made("lead", true)
        };
        assert_eq!(
            codes(&make_account(&tx, &twice).await.unwrap_err()),
            [("email", "refusal-email-taken")]
        );
        tx.done(()).await.unwrap();
        let key = demo_link(&t.db, &demo, lead).await.unwrap();
        assert!(demo_link(&t.db, &demo, real).await.is_err());
        assert!(demo_link(&t.db, &config(), lead).await.is_err());
        for _ in 0..2 {
            let s = demo_sign_in(&t.db, &demo, &en(), &key).await.unwrap();
            assert_eq!(s.account, lead);
        }
        assert!(demo_sign_in(&t.db, &config(), &en(), &key).await.is_err());
        assert!(demo_sign_in(&t.db, &demo, &en(), "guess").await.is_err());
        let v = viewer_of(&t.db, lead, None, Via::Command).await.unwrap();
        assert_eq!(v.account(), Some(lead));
        // The office's first account has no password: a letter opens it.
        recover(&t.db, &config(), &en(), "real@example.org").await.unwrap();
        assert!(
            store::testing::letters_whole(&t.db, None, 9)
                .await
                .unwrap()
                .iter()
                .any(|l| l.kind == "account.recover")
        );
    }
);

on_each_engine!(
    ROOMS,
    async fn a_sign_up_nobody_confirms_is_forgotten(t: TestDb) {
        sign_up(&t.db, &config(), &en(), &input("Li", "li@example.org"))
            .await
            .unwrap();
        let k = key(&t, "li@example.org").await;
        // The second sign-up of the same mailbox gets a letter of its own; the first link still opens.
        sign_up(&t.db, &config(), &en(), &input("Li Wei", "li@example.org"))
            .await
            .unwrap();
        assert_eq!(waiting(&t.db, &k).await.unwrap().name, "Li Wei");
        t.clock.forward(Duration::from_secs(86_401));
        assert!(waiting(&t.db, &k).await.is_err());
        // Somebody of the house wrote to the same mailbox: that letter is the house's.
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        let other = store::Letter {
            kind: "relation.invitation",
            to_address: "li@example.org".into(),
            to_name: None,
            account: None,
            lang: "en".into(),
            subject: "Dear city".into(),
            text: "Please come".into(),
            held: true,
        };
        tx.post(other).await.unwrap();
        tx.done(()).await.unwrap();
        let names_li = async || {
            let mut found = Vec::new();
            for sql in [
                "SELECT COUNT(*) AS n FROM letter WHERE to_address = 'li@example.org' AND kind <> 'relation.invitation'",
                "SELECT COUNT(*) AS n FROM journal_detail WHERE after_json <> replace(after_json, 'li@example.org', '')",
                "SELECT COUNT(*) AS n FROM secret_letter",
            ] {
                found.push(t.db.number(sql, vec![]).await.unwrap());
            }
            found
        };
        assert_eq!(names_li().await, [2, 1, 2]);
        t.clock.forward(Duration::from_secs(7 * 86_400));
        sweep(&t.db).await.unwrap();
        assert_eq!(names_li().await, [0, 0, 0]);
        assert_eq!(store::letters(&t.db, None, 9).await.unwrap().len(), 1);
        let v = journal::verify(&t.db, |_, _| {}).await.unwrap();
        assert_eq!((v.faults, v.erased_details), (Vec::<String>::new(), 1));
        assert_eq!(
            t.db.number("SELECT COUNT(*) AS n FROM account WHERE email IS NOT NULL", vec![])
                .await
                .unwrap(),
            0
        );
        signed_up(&t, "Li", "li@example.org").await;
    }
);

#[test]
fn cookies_stay_on_this_host_and_out_of_scripts() {
    let c = config();
    let set = c.session_cookie("abc");
    assert!(set.starts_with("__Host-youcheng=abc; Path=/;") && set.contains("; HttpOnly; SameSite=Lax; Secure"));
    let local = AccessConfig {
        secure_cookies: false,
        ..config()
    };
    assert!(
        local.session_cookie("abc").starts_with("youcheng=abc;") && !local.session_cookie("abc").contains("Secure")
    );
    assert!(c.ended_cookie().contains("Max-Age=0"));
}
