//! The rooms of the house, in the order in which cooperation lives. Adding a room is one line in [`all`].

use std::{future::Future, pin::Pin};

use access::PolicyFile;
use pages::{App, Texts};
use store::{Db, Handlers, Migrations, StoreFault};
use utoipa_axum::router::OpenApiRouter;

type Faults<'a> = Pin<Box<dyn Future<Output = Result<Vec<String>, StoreFault>> + Send + 'a>>;

/// What a room brings to the house.
pub struct Room {
    pub name: &'static str,
    pub migrations: Migrations,
    pub policies: PolicyFile,
    pub texts: fn() -> &'static Texts,
    pub pages: fn() -> axum::Router<App>,
    pub api: fn() -> OpenApiRouter<App>,
    pub handlers: fn(&mut Handlers),
    /// What must always hold in the room's tables; empty when it does.
    pub verify: for<'a> fn(&'a Db) -> Faults<'a>,
}

macro_rules! room {
    ($name:ident) => {
        Room {
            name: stringify!($name),
            migrations: $name::MIGRATIONS,
            policies: $name::POLICIES,
            texts: || &$name::TEXTS,
            pages: $name::pages,
            api: $name::api,
            handlers: $name::handlers,
            verify: |db| Box::pin($name::verify(db)),
        }
    };
}

/// Every room, each after those it knows.
pub fn all() -> Vec<Room> {
    vec![
        room!(accounts),
        room!(parties),
        room!(relations),
        room!(planning),
        room!(calls),
        room!(undertakings),
        room!(evaluation),
        room!(programmes),
        room!(desk),
    ]
}

/// Migrations of the floors and of all rooms, in order.
pub fn migrations() -> Vec<Migrations> {
    [store::MIGRATIONS, access::MIGRATIONS]
        .into_iter()
        .chain(all().into_iter().map(|r| r.migrations))
        .collect()
}
pub fn policies() -> Vec<PolicyFile> {
    all().into_iter().map(|r| r.policies).collect()
}
pub fn texts() -> Vec<&'static Texts> {
    all().into_iter().map(|r| (r.texts)()).chain([&*crate::TEXTS]).collect()
}
pub fn handlers() -> Handlers {
    let mut handlers = Handlers::default();
    for room in all() {
        (room.handlers)(&mut handlers);
    }
    handlers
}
