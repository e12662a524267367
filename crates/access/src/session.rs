//! Sessions: begun by every way of signing in, listed, ended; who a secret's bearer is.

use basis::{AccountId, Denial, Fail, Moment, Session, SessionId};
use store::{Act, Actor, Db, Entry, Tx, Via};

use crate::config::Origin;
use crate::{Asking, House, Mandated, Person, Thing, Viewer, secret, store as rows};

/// A session nobody uses ends after so many days…
const IDLE_DAYS: i64 = 14;
/// …and any session after so many.
pub const MOST_DAYS: i64 = 90;
/// "Seen" is written at most this often: reading must stay reading.
const TOUCH_SECONDS: i64 = 300;

/// Somebody is signed in: the secret goes into their cookie and nowhere else.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub account: AccountId,
    pub secret: String,
}

pub(crate) fn later(now: Moment, seconds: i64) -> Moment {
    now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(now)
}
pub(crate) const DAY: i64 = 24 * 3600;

fn lives_until(made: Moment, now: Moment) -> Moment {
    later(now, IDLE_DAYS * DAY).min(later(made, MOST_DAYS * DAY))
}
/// The act of somebody who has just proved who they are.
pub(crate) fn act_of(account: AccountId, via: Via) -> Act {
    Act {
        actor: Actor {
            account: Some(account),
            body: None,
            mandate: None,
            role: crate::Role::Individual.to_string(),
            via,
        },
        once: None,
        asked: None,
        reason: None,
    }
}

/// Begins a session. It acts under the person's only mandate, or under the one they used last if it still holds.
pub(crate) async fn begin(tx: &Tx, account: AccountId, origin: &Origin) -> Result<SignedIn, Fail> {
    let now = tx.now();
    let mandates = rows::mandates_in_force(tx, account, now).await?;
    let last = rows::last_acting(tx, account).await?;
    let acting = match mandates.as_slice() {
        [only] => Some(only.id),
        many => last.filter(|l| many.iter().any(|m| m.id == *l)),
    };
    let secret = secret::fresh(&*tx.db().env().chance);
    let id: SessionId = tx.fresh();
    let browser: String = basis::clean_line(&origin.browser).chars().take(300).collect();
    let session = rows::NewSession {
        id,
        hash: &secret::hash(&secret),
        account,
        acting,
        now,
        until: lives_until(now, now),
        browser: &browser,
    };
    rows::insert_session(tx, session).await?;
    tx.journal(Entry::of::<Session>("session.begun", id));
    Ok(SignedIn { account, secret })
}

/// Who holds this session's secret; somebody unknown is the public, not a fault. Two statements, and a third at most
/// every five minutes.
///
/// # Errors
/// Faults of the store only.
pub async fn load_viewer(db: &Db, session_secret: &str, via: Via) -> Result<Viewer, Fail> {
    let now = db.now();
    let Some(s) = rows::session_by_secret(db, &secret::hash(session_secret), now).await? else {
        return Ok(Viewer::public(via));
    };
    if s.seen_at < later(now, -TOUCH_SECONDS) {
        let tx = db.begin(&act_of(s.account, via)).await?;
        rows::touch_session(&tx, s.id, now, lives_until(s.made_at, now)).await?;
        tx.done(()).await?;
    }
    let mandates = in_force(db, s.account).await?;
    Ok(Viewer {
        person: Some(Person {
            id: s.account,
            name: s.name,
            lang: s.lang,
            zone: s.zone,
        }),
        acting: mandates.iter().find(|m| Some(m.id) == s.acting).cloned(),
        mandates,
        via,
        token: None,
    })
}
/// Who holds this key to the API. A key made for a mandate is over when the mandate is.
///
/// # Errors
/// [`Fail::Denied`] (anonymous) for a key that does not hold; faults of the store.
pub async fn load_token_viewer(db: &Db, token: &str) -> Result<Viewer, Fail> {
    let unknown = || {
        Fail::Denied(Denial {
            action: "own.token".into(),
            rules: Vec::new(),
            anonymous: true,
        })
    };
    let now = db.now();
    let t = rows::token_by_secret(db, &secret::hash(token), now)
        .await?
        .ok_or_else(unknown)?;
    let mandates = in_force(db, t.account).await?;
    let acting = match t.mandate {
        Some(id) => Some(mandates.iter().find(|m| m.id == id).cloned().ok_or_else(unknown)?),
        None => None,
    };
    if t.used_at.is_none_or(|used| used < later(now, -TOUCH_SECONDS)) {
        let tx = db.begin(&act_of(t.account, Via::Api)).await?;
        rows::touch_token(&tx, t.id, now).await?;
        tx.done(()).await?;
    }
    Ok(Viewer {
        person: Some(Person {
            id: t.account,
            name: t.name,
            lang: t.lang,
            zone: t.zone,
        }),
        acting,
        mandates,
        via: Via::Api,
        token: Some((t.id, t.scopes.0)),
    })
}
/// Somebody as they are, acting under this mandate of theirs or the only one: for the command line, tests and seeds.
///
/// # Errors
/// [`Fail::NotFound`] if there is no such account; faults of the store.
pub async fn viewer_of(
    db: &Db,
    account: AccountId,
    mandate: Option<basis::MandateId>,
    via: Via,
) -> Result<Viewer, Fail> {
    let a = rows::account_by_id(db, account).await?.ok_or(Fail::NotFound)?;
    let mandates = in_force(db, account).await?;
    let acting = match mandate {
        Some(id) => mandates.iter().find(|m| m.id == id).cloned(),
        None if mandates.len() == 1 => mandates.first().cloned(),
        None => None,
    };
    Ok(Viewer {
        person: Some(Person {
            id: a.id,
            name: a.name,
            lang: a.lang,
            zone: a.zone,
        }),
        acting,
        mandates,
        via,
        token: None,
    })
}
async fn in_force(db: &Db, account: AccountId) -> Result<Vec<Mandated>, Fail> {
    let rows = rows::mandates_in_force(db, account, db.now()).await?;
    Ok(rows.into_iter().map(Mandated::from).collect())
}

/// One's own account, as a thing rules are asked about.
pub fn own_account(viewer: &Viewer) -> Thing {
    Thing {
        owner: viewer.account(),
        ..Thing::new("account", viewer.account().map(|a| a.to_string()).unwrap_or_default())
    }
}
/// The signed-in person, once the gate has said yes to something about their own account.
pub(crate) fn own(house: &House, asking: &Asking, action: &'static str) -> Result<AccountId, Fail> {
    asking.check(house, action, &own_account(&asking.viewer))?;
    asking.viewer.account().ok_or(Fail::NotFound)
}

/// One of my sessions.
#[derive(Clone, Debug)]
pub struct MySession {
    pub id: SessionId,
    pub made_at: Moment,
    pub seen_at: Moment,
    pub expires_at: Moment,
    pub browser: String,
    /// The one this request came in.
    pub this: bool,
}
/// Where I am signed in, newest first.
///
/// # Errors
/// A denial for who is not signed in.
pub async fn my_sessions(house: &House, asking: &Asking, session_secret: Option<&str>) -> Result<Vec<MySession>, Fail> {
    let me = own(house, asking, "own.read")?;
    let this = session_secret.map(secret::hash);
    let rows = rows::sessions_of(&house.db, me, house.now()).await?;
    Ok(rows
        .into_iter()
        .map(|s| MySession {
            this: this.as_ref() == Some(&s.secret_hash),
            id: s.id,
            made_at: s.made_at,
            seen_at: s.seen_at,
            expires_at: s.expires_at,
            browser: s.browser,
        })
        .collect())
}
/// Ends one of my sessions.
///
/// # Errors
/// [`Fail::NotFound`] if it is not mine or over.
pub async fn end_session(house: &House, asking: &Asking, id: SessionId) -> Result<(), Fail> {
    let me = own(house, asking, "own.session")?;
    let tx = asking.begin(house).await?;
    if rows::end_session(&tx, me, id, tx.now()).await? == 0 {
        return Err(Fail::NotFound);
    }
    tx.journal(Entry::of::<Session>("session.ended", id));
    tx.done(()).await
}
/// Ends all my sessions but this one; says how many.
///
/// # Errors
/// A denial for who is not signed in.
pub async fn end_other_sessions(house: &House, asking: &Asking, session_secret: &str) -> Result<u64, Fail> {
    let me = own(house, asking, "own.session")?;
    let tx = asking.begin(house).await?;
    let n = rows::end_sessions_but(&tx, me, Some(&secret::hash(session_secret)), tx.now()).await?;
    if n > 0 {
        tx.journal(Entry::of::<basis::Account>("account.other-sessions-ended", me).after(n));
    }
    tx.done(n).await
}
