//! The store's functions, one by one, on both engines: what the use cases' tests do not see from outside.

use basis::{AccountId, BodyId, Id, Lang, MandateId, Moment, SessionId, Text, TokenId};
use store::{Act, Migrations, Tx, Via, on_each_engine, testing::TestDb};

use crate::session::later;
use crate::store::*;
use crate::{BodyKind, Role};

const ROOMS: &[Migrations] = &[::store::MIGRATIONS, crate::MIGRATIONS];

async fn open(t: &TestDb) -> Tx {
    t.db.begin(&Act::house(Via::Seed)).await.unwrap()
}
async fn person(tx: &Tx, email: &str, confirmed: bool) -> AccountId {
    let id: AccountId = tx.fresh();
    let new = NewAccount {
        id,
        email: Some(email),
        name: "Li",
        lang: &Lang::zh(),
        zone: "Asia/Shanghai",
        confirmed_at: confirmed.then(|| tx.now()),
        illustrative: false,
        made_at: tx.now(),
    };
    assert!(insert_account(tx, new).await.unwrap());
    id
}
fn minutes(now: Moment, n: i64) -> Moment {
    later(now, n * 60)
}

on_each_engine!(
    ROOMS,
    async fn accounts_are_kept(t: TestDb) {
        let tx = open(&t).await;
        let now = tx.now();
        let id = person(&tx, "Li@Example.org", false).await;
        assert_eq!(
            rename_unconfirmed(&tx, id, "Li Wei", &Lang::en(), "UTC").await.unwrap(),
            1
        );
        assert_eq!(confirm_account(&tx, id, now).await.unwrap(), 1);
        assert_eq!(confirm_account(&tx, id, now).await.unwrap(), 0);
        assert_eq!(rename_unconfirmed(&tx, id, "Eve", &Lang::en(), "UTC").await.unwrap(), 0);
        assert_eq!(set_password(&tx, id, "old").await.unwrap(), 1);
        assert_eq!(renew_password(&tx, id, "other", "new").await.unwrap(), 0);
        assert_eq!(renew_password(&tx, id, "old", "new").await.unwrap(), 1);
        assert_eq!(link_subject(&tx, id, "issuer", "subject").await.unwrap(), 1);
        assert_eq!(link_subject(&tx, id, "issuer", "another").await.unwrap(), 0);
        set_profile(&tx, id, "Li", &Lang::zh(), "Asia/Shanghai", &["digest".into()])
            .await
            .unwrap();
        let by_email = account_by_email(&tx, "LI@example.ORG").await.unwrap().unwrap();
        let by_subject = account_by_subject(&tx, "issuer", "subject").await.unwrap().unwrap();
        let by_id = account_by_id(&tx, id).await.unwrap().unwrap();
        assert!(by_email == by_subject && by_subject == by_id);
        assert_eq!(
            (by_id.letters.0, by_id.password_hash),
            (vec!["digest".to_owned()], Some("new".into()))
        );
        assert_eq!(names_of(&tx, &[id]).await.unwrap()[&id], "Li");
        assert_eq!(addressees(&tx, &[id]).await.unwrap()[0].email, "Li@Example.org");
        assert_eq!(empty_account(&tx, id, now).await.unwrap(), 1);
        assert_eq!(empty_account(&tx, id, now).await.unwrap(), 0);
        assert!(addressees(&tx, &[id]).await.unwrap().is_empty());
        person(&tx, "li@example.org", true).await;
        assert_eq!(broken(&tx).await.unwrap(), Vec::<String>::new());
        tx.exec("UPDATE account SET name = 'Li' WHERE id = $1", ::store::vals![id])
            .await
            .unwrap();
        assert_eq!(broken(&tx).await.unwrap().len(), 1);
    }
);

on_each_engine!(
    ROOMS,
    async fn secrets_and_flows_are_used_once(t: TestDb) {
        let tx = open(&t).await;
        let now = tx.now();
        let id = person(&tx, "li@example.org", true).await;
        insert_secret(&tx, "h1", "recover", id, now, minutes(now, 5))
            .await
            .unwrap();
        insert_secret(&tx, "h2", "recover", id, now, minutes(now, 5))
            .await
            .unwrap();
        assert_eq!(secret_owner(&tx, "h1", "recover", now).await.unwrap(), Some(id));
        assert_eq!(secret_owner(&tx, "h1", "confirm", now).await.unwrap(), None);
        assert_eq!(use_secret(&tx, "h1", "recover", minutes(now, 5)).await.unwrap(), None);
        assert_eq!(use_secret(&tx, "h1", "recover", now).await.unwrap(), Some(id));
        assert_eq!(use_secret(&tx, "h1", "recover", now).await.unwrap(), None);
        assert_eq!(spend_secrets(&tx, id, now).await.unwrap(), 1);
        let flow = Flow {
            nonce: "n".into(),
            verifier: "v".into(),
            back: "/".into(),
        };
        for state in ["s1", "s2"] {
            insert_flow(&tx, state, &flow, minutes(now, 5)).await.unwrap();
        }
        assert_eq!(take_flow(&tx, "s1", now).await.unwrap().unwrap().verifier, "v");
        assert!(take_flow(&tx, "s1", now).await.unwrap().is_none());
        assert!(take_flow(&tx, "s2", minutes(now, 6)).await.unwrap().is_none());
        assert!(sweep(&tx, minutes(now, 60 * 24 * 60)).await.unwrap() >= 3);
    }
);

on_each_engine!(
    ROOMS,
    async fn sessions_and_keys_are_kept(t: TestDb) {
        let tx = open(&t).await;
        let now = tx.now();
        let id = person(&tx, "li@example.org", true).await;
        let made: Vec<SessionId> = vec![Id::named("a"), Id::named("b"), Id::named("c")];
        for (session, hash) in made.iter().zip(["a", "b", "c"]) {
            let new = NewSession {
                id: *session,
                hash,
                account: id,
                acting: None,
                now,
                until: minutes(now, 5),
                browser: "x",
            };
            insert_session(&tx, new).await.unwrap();
        }
        assert!(session_by_secret(&tx, "a", minutes(now, 5)).await.unwrap().is_none());
        assert_eq!(
            touch_session(&tx, made[0], minutes(now, 2), minutes(now, 9))
                .await
                .unwrap(),
            1
        );
        assert_eq!(
            touch_session(&tx, made[0], minutes(now, 1), minutes(now, 9))
                .await
                .unwrap(),
            0
        );
        let s = session_by_secret(&tx, "a", minutes(now, 8)).await.unwrap().unwrap();
        assert_eq!((s.id, s.account, s.acting), (made[0], id, None));
        assert_eq!(set_acting(&tx, id, "nobody's", None).await.unwrap(), 0);
        assert_eq!(set_acting(&tx, id, "a", None).await.unwrap(), 1);
        assert_eq!(last_acting(&tx, id).await.unwrap(), None);
        assert_eq!(end_session(&tx, Id::named("stranger"), made[1], now).await.unwrap(), 0);
        assert_eq!(end_session(&tx, id, made[1], now).await.unwrap(), 1);
        assert_eq!(end_session_by_secret(&tx, "c", now).await.unwrap().unwrap().account, id);
        assert!(end_session_by_secret(&tx, "c", now).await.unwrap().is_none());
        assert_eq!(sessions_of(&tx, id, now).await.unwrap().len(), 1);
        assert_eq!(end_sessions_but(&tx, id, Some("a"), now).await.unwrap(), 0);
        assert_eq!(end_sessions_but(&tx, id, None, now).await.unwrap(), 1);

        let token: TokenId = Id::named("t");
        let new = NewTokenRow {
            id: token,
            hash: "t",
            account: id,
            mandate: None,
            label: "sheet",
            scopes: &["read".into()],
            now,
            until: minutes(now, 5),
        };
        insert_token(&tx, new).await.unwrap();
        assert_eq!(touch_token(&tx, token, now).await.unwrap(), 1);
        assert_eq!(
            token_by_secret(&tx, "t", now).await.unwrap().unwrap().scopes.0,
            ["read"]
        );
        assert!(token_by_secret(&tx, "t", minutes(now, 5)).await.unwrap().is_none());
        assert_eq!(tokens_of(&tx, id, now).await.unwrap().len(), 1);
        assert_eq!(end_token(&tx, Id::named("stranger"), token, now).await.unwrap(), 0);
        assert_eq!(end_token(&tx, id, token, now).await.unwrap(), 1);
        assert_eq!(end_tokens_of(&tx, id, now).await.unwrap(), 0);
    }
);

on_each_engine!(
    ROOMS,
    async fn mandates_hold_from_their_first_to_their_last_moment(t: TestDb) {
        let tx = open(&t).await;
        let now = tx.now();
        let id = person(&tx, "li@example.org", true).await;
        let body: BodyId = Id::named("body");
        let card = BodyCard {
            id: body,
            kind: BodyKind::Organisation,
            name: Text::both("会", "association"),
            field: Some(basis::Field::Culture),
            district: None,
            government: None,
            home: true,
            illustrative: false,
            ended_at: None,
        };
        assert_eq!(insert_body(&tx, &card, now).await.unwrap(), 1);
        assert_eq!(insert_body(&tx, &card, now).await.unwrap(), 0);
        let m: MandateId = Id::named("m");
        let new = NewMandate {
            id: m,
            account: id,
            body,
            role: Role::Delegate,
            purpose: "p",
            letter: "l",
            starts: minutes(now, 1),
            until: Some(minutes(now, 3)),
            granted_by: None,
            now,
        };
        insert_mandate(&tx, new).await.unwrap();
        for (minute, held) in [(0, 0), (1, 1), (2, 1), (3, 0), (4, 0)] {
            let at = minutes(now, minute);
            assert_eq!(
                mandates_in_force(&tx, id, at).await.unwrap().len(),
                held,
                "minute {minute}"
            );
            assert_eq!(mandates_of_body(&tx, body, at).await.unwrap().len(), held);
            assert_eq!(addressees_of_body(&tx, body, at).await.unwrap().len(), held);
        }
        assert_eq!(mandates_of(&tx, id).await.unwrap().len(), 1);
        assert_eq!(
            mandate(&tx, m).await.unwrap().unwrap().field,
            Some(basis::Field::Culture)
        );
        assert_eq!(end_mandate(&tx, m, minutes(now, 2)).await.unwrap(), 1);
        assert_eq!(end_mandate(&tx, m, minutes(now, 2)).await.unwrap(), 0);
        assert_eq!(end_mandates_of(&tx, id, now).await.unwrap(), 0);
        assert_eq!(rename_body(&tx, body, &Text::both("新", "new")).await.unwrap(), 1);
        assert_eq!(
            bodies(&tx, &[body]).await.unwrap()[&body].name.plain(basis::Locale::En),
            "new"
        );
        assert_eq!(bodies_of_kind(&tx, BodyKind::Organisation).await.unwrap().len(), 1);
        assert_eq!(end_body(&tx, body, now).await.unwrap(), 1);
        assert!(bodies_of_kind(&tx, BodyKind::Organisation).await.unwrap().is_empty());
    }
);

on_each_engine!(
    ROOMS,
    async fn tries_are_counted_in_windows(t: TestDb) {
        let tx = open(&t).await;
        let now = tx.now();
        for n in 1..=3 {
            assert_eq!(count_try(&tx, "k", now, 60).await.unwrap(), (now, n));
        }
        let next = minutes(now, 1);
        assert_eq!(count_try(&tx, "k", next, 60).await.unwrap(), (next, 1));
        forget_tries(&tx, "k").await.unwrap();
        assert_eq!(count_try(&tx, "k", next, 60).await.unwrap(), (next, 1));
    }
);
