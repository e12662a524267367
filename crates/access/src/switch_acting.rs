//! Whom one acts for: a mandate of one's own that is in force, or oneself.

use basis::{Account, Fail, MandateId};
use store::Entry;

use crate::{Asking, House, secret, session, store as rows};

/// Acts under another mandate from the next request on.
///
/// # Errors
/// [`Fail::NotFound`] if the mandate is not one's own or not in force, or the session is over.
pub async fn switch_acting(
    house: &House,
    asking: &Asking,
    session_secret: &str,
    to: Option<MandateId>,
) -> Result<(), Fail> {
    let me = session::own(house, asking, "own.act")?;
    let tx = asking.begin(house).await?;
    // Asked anew inside the transaction: a mandate that ended this second is not acted under.
    let held = rows::mandates_in_force(&tx, me, tx.now()).await?;
    if to.is_some_and(|to| !held.iter().any(|m| m.id == to)) {
        return Err(Fail::NotFound);
    }
    if rows::set_acting(&tx, me, &secret::hash(session_secret), to).await? == 0 {
        return Err(Fail::NotFound);
    }
    tx.journal(Entry::of::<Account>("account.acts-as", me).after(to));
    tx.done(()).await
}
