//! The port to "who may do what". Rooms bring their policies as Cedar files; the rest of the house sees [`Gate`].

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use basis::{Code, Denial, Fail, Locale};
use cedar_policy::{
    ActionConstraint, Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet,
    Request, Response, RestrictedExpression, Schema, ValidationMode, Validator,
};

use crate::{Explanation, PolicyFile, Role, RuleText, Thing, Viewer, prototype, reading, schema};

/// All policies, validated. Cheap to clone.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    authorizer: Authorizer,
    account: EntityTypeName,
    thing: EntityTypeName,
    actions: BTreeMap<&'static str, Action>,
    rules: BTreeMap<String, RuleText>,
    unclaimed: Vec<&'static str>,
}

/// Everything about one action that does not depend on who asks.
struct Action {
    room: &'static str,
    uid: EntityUid,
    context: Context,
    /// The action and its groups, as entities.
    entities: Entities,
    /// Only the policies whose scope covers this action: the rest could not match.
    policies: PolicySet,
    permits: PolicySet,
    /// Words its policies compare attributes with, to build prototypes from.
    words: Vec<(String, String, String)>,
    who_could: OnceLock<Vec<Role>>,
}

/// Runs of the same fault in every caller read better as one word.
fn fault(e: impl std::fmt::Display) -> String {
    e.to_string()
}

impl Gate {
    /// Reads the policies of these rooms on top of the house's own ([`crate::POLICIES`], always there) and checks the
    /// whole strictly.
    ///
    /// # Errors
    /// Every fault found, a line each, with the room's file and line: a policy that does not parse, lacks one of its
    /// annotations, shares its id, names an undeclared action or an attribute that is not there, or compares a role,
    /// kind of body or field with a word that is none.
    pub fn new(files: &[PolicyFile]) -> Result<Gate, String> {
        let mut all = vec![crate::POLICIES];
        all.extend(files.iter().filter(|f| f.room != crate::POLICIES.room).copied());
        let declared = schema::declared(&all)?;
        let read = read_all(&all)?;
        validate(&read, &declared)?;

        let account: EntityTypeName = "Account".parse().map_err(fault)?;
        let thing: EntityTypeName = "Thing".parse().map_err(fault)?;
        let kind: EntityTypeName = "Action".parse().map_err(fault)?;
        let mut actions = BTreeMap::new();
        for (name, room) in &declared {
            actions.insert(*name, Action::new(name, room, &kind, &read)?);
        }
        let rules = read.into_iter().map(|r| (r.id.clone(), rule_text(r, &declared)));
        Ok(Gate(Arc::new(Inner {
            authorizer: Authorizer::new(),
            account,
            thing,
            rules: rules.collect(),
            unclaimed: schema::GROUPS
                .iter()
                .flat_map(|(_, members)| *members)
                .filter(|m| !declared.contains_key(**m))
                .copied()
                .collect(),
            actions,
        })))
    }

    /// `Ok` or a [`Denial`] that names the rules.
    ///
    /// # Errors
    /// [`Fail::Denied`]; a fault when no room declares the action, or a rule could not be worked out: a forbid that
    /// fails must not turn into a permit.
    pub fn check(&self, viewer: &Viewer, action: &'static str, thing: &Thing) -> Result<(), Fail> {
        let answer = self.ask(viewer, action, thing, |a| &a.policies)?;
        if answer.decision() == Decision::Allow {
            return Ok(());
        }
        Err(Fail::Denied(Denial {
            action: action.into(),
            rules: ids(&answer),
            anonymous: !viewer.is_signed_in(),
        }))
    }
    pub fn may(&self, viewer: &Viewer, action: &'static str, thing: &Thing) -> bool {
        self.check(viewer, action, thing).is_ok()
    }

    /// All rules, by id.
    pub fn rules(&self) -> Vec<RuleText> {
        self.0.rules.values().cloned().collect()
    }
    pub fn rule(&self, id: &str) -> Option<RuleText> {
        self.0.rules.get(id).cloned()
    }
    /// Every declared action with its room, in order.
    pub fn actions(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.0.actions.iter().map(|(name, a)| (*name, a.room))
    }
    /// The declared action of this name, as it came in from outside.
    pub fn action(&self, name: &str) -> Option<&'static str> {
        self.0.actions.get_key_value(name).map(|(name, _)| *name)
    }
    /// Actions the house's own separations name and no room declares: empty in the whole house, or a separation would
    /// stand on paper only.
    pub fn unclaimed(&self) -> &[&'static str] {
        &self.0.unclaimed
    }

    /// Roles that could do this, asked of the policies themselves: for each role, somebody with everything a mandate
    /// can give, and things that stand to them in every way a rule may ask for.
    pub fn who_could(&self, action: &str) -> Vec<Role> {
        let Some((name, a)) = self.0.actions.get_key_value(action) else {
            return Vec::new();
        };
        a.who_could
            .get_or_init(|| {
                let able = |role: &Role| {
                    prototype::pairs(*role, &a.words).any(|(viewer, thing)| self.may(&viewer, name, &thing))
                };
                Role::ALL.iter().copied().filter(able).collect()
            })
            .clone()
    }

    /// By which rules a viewer may or may not do something.
    ///
    /// # Errors
    /// As [`Gate::check`], but a denial is an answer here.
    pub fn explain(&self, viewer: &Viewer, action: &'static str, thing: &Thing) -> Result<Explanation, Fail> {
        let answer = self.ask(viewer, action, thing, |a| &a.policies)?;
        let permits = self.ask(viewer, action, thing, |a| &a.permits)?;
        let allowed = answer.decision() == Decision::Allow;
        let texts = |r: &Response| ids(r).iter().filter_map(|id| self.rule(id)).collect();
        Ok(Explanation {
            allowed,
            permits: texts(&permits),
            forbids: if allowed { Vec::new() } else { texts(&answer) },
            who_could: self.who_could(action),
        })
    }

    fn ask(
        &self,
        viewer: &Viewer,
        action: &str,
        thing: &Thing,
        which: impl Fn(&Action) -> &PolicySet,
    ) -> Result<Response, Fail> {
        let a = self
            .0
            .actions
            .get(action)
            .ok_or_else(|| Fail::fault(format!("no room declares the action \"{action}\"")))?;
        let account = principal(&self.0.account, viewer).map_err(Fail::fault)?;
        let thing = resource(&self.0.thing, thing).map_err(Fail::fault)?;
        let request =
            Request::new(account.uid(), a.uid.clone(), thing.uid(), a.context.clone(), None).map_err(Fail::fault)?;
        let entities = a
            .entities
            .clone()
            .add_entities([account, thing], None)
            .map_err(Fail::fault)?;
        let answer = self.0.authorizer.is_authorized(&request, which(a), &entities);
        if let Some(e) = answer.diagnostics().errors().next() {
            return Err(Fail::fault(format!("{action}: {e}")));
        }
        Ok(answer)
    }
}

impl Action {
    fn new(
        name: &'static str,
        room: &'static str,
        kind: &EntityTypeName,
        read: &[reading::Read],
    ) -> Result<Action, String> {
        let uid_of = |id: &str| EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id));
        let groups: HashSet<EntityUid> = schema::groups_of(name).into_iter().map(uid_of).collect();
        let entities = groups
            .iter()
            .map(|g| Entity::new_no_attrs(g.clone(), HashSet::new()))
            .chain([Entity::new_no_attrs(uid_of(name), groups.clone())]);
        let context = Context::from_pairs([
            ("room".to_owned(), text(room)),
            ("reads".to_owned(), RestrictedExpression::new_bool(schema::reads(name))),
        ]);
        let about: Vec<&reading::Read> = read.iter().filter(|r| is_about(r, name)).collect();
        let set = |reads: Vec<&reading::Read>| {
            PolicySet::from_policies(reads.into_iter().map(|r| r.policy.clone())).map_err(fault)
        };
        Ok(Action {
            room,
            uid: uid_of(name),
            context: context.map_err(fault)?,
            entities: Entities::from_entities(entities, None).map_err(fault)?,
            policies: set(about.clone())?,
            permits: set(about.iter().copied().filter(|r| permits(r)).collect())?,
            words: about.iter().flat_map(|r| reading::compared_words(&r.policy)).collect(),
            who_could: OnceLock::new(),
        })
    }
}

fn read_all(files: &[PolicyFile]) -> Result<Vec<reading::Read>, String> {
    let (mut all, mut faults) = (Vec::new(), Vec::new());
    let mut seen: HashMap<String, String> = HashMap::new();
    for file in files {
        match reading::policies(file) {
            Err(more) => faults.extend(more),
            Ok(read) => {
                for r in read {
                    match seen.insert(r.id.clone(), r.place.clone()) {
                        Some(first) => faults.push(format!("{}: \"{}\" is the id of {first} too", r.place, r.id)),
                        None => all.push(r),
                    }
                }
            }
        }
    }
    if faults.is_empty() {
        Ok(all)
    } else {
        Err(faults.join("\n"))
    }
}

fn validate(read: &[reading::Read], declared: &BTreeMap<&'static str, &'static str>) -> Result<(), String> {
    let (schema, _) = Schema::from_cedarschema_str(&schema::cedar(declared)).map_err(fault)?;
    let set = PolicySet::from_policies(read.iter().map(|r| r.policy.clone())).map_err(fault)?;
    let result = Validator::new(schema).validate(&set, ValidationMode::Strict);
    let faults: BTreeSet<String> = result
        .validation_errors()
        .map(|e| {
            let place = read.iter().find(|r| r.policy.id() == e.policy_id());
            format!("{}: {e}", place.map_or("policies", |r| &r.place))
        })
        .collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.into_iter().collect::<Vec<_>>().join("\n"))
    }
}

fn permits(r: &reading::Read) -> bool {
    r.policy.effect() == cedar_policy::Effect::Permit
}
/// Whether the scope of a policy covers this action.
fn is_about(r: &reading::Read, action: &str) -> bool {
    let covers = |uid: &EntityUid| {
        let id = uid.id().unescaped();
        id == action || schema::groups_of(action).contains(&id)
    };
    match r.policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(uid) => uid.id().unescaped() == action,
        ActionConstraint::In(uids) => uids.iter().any(covers),
    }
}
fn rule_text(r: reading::Read, declared: &BTreeMap<&'static str, &'static str>) -> RuleText {
    RuleText {
        permits: permits(&r),
        actions: declared
            .keys()
            .filter(|a| is_about(&r, a))
            .map(ToString::to_string)
            .collect(),
        id: r.id,
        room: r.room,
        zh: r.zh,
        en: r.en,
        source: r.source,
        cedar: r.cedar,
    }
}
fn ids(answer: &Response) -> Vec<String> {
    let mut ids: Vec<String> = answer.diagnostics().reason().map(ToString::to_string).collect();
    ids.sort();
    ids
}

fn text(s: impl ToString) -> RestrictedExpression {
    RestrictedExpression::new_string(s.to_string())
}
fn set<T: std::fmt::Display>(items: &[T]) -> RestrictedExpression {
    RestrictedExpression::new_set(items.iter().map(text))
}
/// Attributes of an entity; those that are not known are left out, and rules must ask whether they are there.
struct Attributes(HashMap<String, RestrictedExpression>);
impl Attributes {
    fn put(&mut self, name: &str, value: RestrictedExpression) {
        self.0.insert(name.to_owned(), value);
    }
    fn maybe<T: ToString>(&mut self, name: &str, value: Option<T>) {
        if let Some(v) = value {
            self.put(name, text(v));
        }
    }
}
fn principal(kind: &EntityTypeName, viewer: &Viewer) -> Result<Entity, String> {
    let mut a = Attributes(HashMap::with_capacity(12));
    let acting = viewer.acting.as_ref();
    let account = viewer.account().map(|id| id.to_string()).unwrap_or_default();
    a.put("account", text(&account));
    a.put("role", text(viewer.role().code()));
    a.put("signedIn", RestrictedExpression::new_bool(viewer.is_signed_in()));
    a.put("home", RestrictedExpression::new_bool(acting.is_some_and(|m| m.home)));
    a.put("via", text(viewer.via.code()));
    a.put("byToken", RestrictedExpression::new_bool(viewer.token.is_some()));
    a.put(
        "scopes",
        set(viewer.token.as_ref().map_or(&[], |(_, scopes)| scopes.as_slice())),
    );
    // All bodies the person may act for now, whichever they act for at the moment: a separation counts by person.
    let mut bodies: Vec<basis::BodyId> = viewer.mandates.iter().map(|m| m.body).collect();
    bodies.extend(viewer.body());
    a.put("bodies", set(&bodies));
    a.maybe("body", acting.map(|m| m.body));
    a.maybe("bodyKind", acting.map(|m| m.body_kind.code()));
    a.maybe("field", acting.and_then(|m| m.field));
    a.maybe("district", acting.and_then(|m| m.district));
    a.maybe("government", acting.and_then(|m| m.government));
    let uid = EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(&account));
    Entity::new(uid, a.0, HashSet::new()).map_err(fault)
}
fn resource(kind: &EntityTypeName, t: &Thing) -> Result<Entity, String> {
    let mut a = Attributes(HashMap::with_capacity(16));
    a.put("kind", text(t.kind));
    a.put("id", text(&t.id));
    a.maybe("field", t.field);
    a.maybe("district", t.district);
    a.maybe("relation", t.relation);
    a.maybe("partner", t.partner);
    a.maybe("guiding", t.guiding);
    a.maybe("ownerBody", t.owner_body);
    a.maybe("owner", t.owner);
    a.put("executingBodies", set(&t.executing_bodies));
    a.put("executingPeople", set(&t.executing_people));
    a.put("panel", set(&t.panel));
    a.put("earlierPeople", set(&t.earlier_people));
    a.maybe("status", t.status);
    let uid = EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(format!("{}/{}", t.kind, t.id)));
    Entity::new(uid, a.0, HashSet::new()).map_err(fault)
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Gate({} rules, {} actions)",
            self.0.rules.len(),
            self.0.actions.len()
        )
    }
}

impl Gate {
    /// The rules that hit a denial, in the reader's language.
    pub fn reasons(&self, denial: &Denial, locale: Locale) -> Vec<String> {
        let texts = denial.rules.iter().filter_map(|id| self.0.rules.get(id));
        texts.map(|r| r.words(locale).to_owned()).collect()
    }
}
