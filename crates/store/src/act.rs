use basis::{AccountId, BodyId, MandateId, code};

code! {
    /// The door a request came through.
    pub enum Via { Page => "page", Api => "api", Command => "command", Import => "import", Job => "job", Seed => "seed" }
}

/// Who does something, as the journal keeps it.
#[derive(Clone, Debug)]
pub struct Actor {
    pub account: Option<AccountId>,
    pub body: Option<BodyId>,
    pub mandate: Option<MandateId>,
    /// The role's code, for readers of the journal.
    pub role: String,
    pub via: Via,
}
impl Actor {
    /// The house itself: jobs, imports at the command line, reference data.
    pub fn house(via: Via) -> Self {
        Actor {
            account: None,
            body: None,
            mandate: None,
            role: "house".into(),
            via,
        }
    }
}

/// One thing being done: by whom, under which once-key, for what reason.
#[derive(Clone, Debug)]
pub struct Act {
    pub actor: Actor,
    /// The same key twice is the same act once: double clicks, retried API calls (R-"safe against repeats").
    pub once: Option<String>,
    /// What was asked, such as "POST /calls": a key that comes back for something else is no repetition.
    pub asked: Option<String>,
    pub reason: Option<String>,
}
impl Act {
    pub fn house(via: Via) -> Self {
        Act {
            actor: Actor::house(via),
            once: None,
            asked: None,
            reason: None,
        }
    }
}
