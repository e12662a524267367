//! Erasing oneself: the row is emptied, every way in ends, the journal keeps that something happened and not what.

use basis::{Account, Fail, Refusal};
use store::Entry;

use crate::{Asking, House, password, session, store as rows, throttle};

/// Erases the asking person's account for good. The id stays, so that what they did for a body still has an author
/// without a name.
///
/// # Errors
/// A refusal at `password` if it is wrong; [`Fail::Slow`] as for signing in.
pub async fn erase(house: &House, asking: &Asking, typed: &str) -> Result<(), Fail> {
    let me = session::own(house, asking, "own.erase")?;
    let a = rows::account_by_id(&house.db, me).await?.ok_or(Fail::NotFound)?;
    if a.password_hash.is_some() {
        let key = rows::email_key(a.email.as_deref().unwrap_or_default());
        throttle::count(&house.db, throttle::SIGN_IN, &key).await?;
        if password::compare(typed, a.password_hash).await? == password::Match::No {
            return Err(Refusal::at("password", "refusal-password-wrong").into());
        }
    }
    let tx = asking.begin(house).await?;
    let now = tx.now();
    if rows::empty_account(&tx, me, now).await? == 0 {
        return Err(Fail::Changed);
    }
    rows::end_sessions_but(&tx, me, None, now).await?;
    rows::end_tokens_of(&tx, me, now).await?;
    rows::unname_tokens_of(&tx, me).await?;
    rows::spend_secrets(&tx, me, now).await?;
    rows::end_mandates_of(&tx, me, now).await?;
    ::store::erase_letters_of(&tx, me, a.email.as_deref()).await?;
    store::journal::erase_details_of(&tx, me).await?;
    tx.journal(Entry::of::<Account>(store::journal::ERASED, me));
    // Rooms take away what they keep of the person alone.
    tx.emit(store::journal::ERASED, me).await?;
    tx.done(()).await
}
