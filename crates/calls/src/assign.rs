//! To hand work to one named party, without a call for offers (R65, R66): the department says what, until when, for how
//! much and why this party; the party accepts, which is the award, or declines with a reason. Mode and reason are public.

use access::{Asking, House};
use basis::{
    AccountId, AwardId, BodyId, CallId, Check, Code, Currency, Day, Fail, Lang, Locale, Moment, Money, PlanItemId,
    Refusal, Text, code,
};
use i18n_embed_fl::fl;
use serde::{Deserialize, Serialize};
use store::{Entry, Tx};

use crate::allocate::Weights;
use crate::award::{Awarding, Granted};
use crate::call::{Call, CallStatus, Mode};
use crate::offer::{Content, Offer, OfferInput, OfferStatus, offering_body};
use crate::publish::CallPublished;
use crate::{neighbours, store as sql, t};

code! {
    /// What the party said.
    pub enum Answer { Awaited => "awaited", Accepted => "accepted", Declined => "declined" }
}
code! {
    /// What a party can say.
    pub enum Say { Accept => "accept", Decline => "decline" }
}
store::coded!(Answer);

/// Whom the work was handed to, and why.
#[derive(Clone, Debug, Serialize)]
pub struct Assignment {
    pub call: CallId,
    pub body: Option<BodyId>,
    pub account: Option<AccountId>,
    pub reason: Text,
    pub answer_by: Moment,
    pub assigned_by: Option<AccountId>,
    pub answer: Answer,
    pub answered_by: Option<AccountId>,
    pub answered_at: Option<Moment>,
}
impl Assignment {
    /// As the gate asks about it: the party owns the answer.
    pub fn thing(&self, call: &Call) -> access::Thing {
        access::Thing {
            kind: "assignment",
            owner_body: self.body,
            owner: if self.body.is_none() { self.account } else { None },
            ..call.thing()
        }
    }
    /// Whether the viewer speaks for the party now.
    pub fn is_of(&self, viewer: &access::Viewer) -> bool {
        match self.body {
            Some(body) => offering_body(viewer) == Some(body),
            None => self.account.is_some() && self.account == viewer.account(),
        }
    }
    /// The party takes the work on: the call is decided. Too late is too late: the department may have asked another.
    pub fn accept(&self, call: &Call, by: Option<AccountId>, now: Moment) -> Result<(Assignment, Call), Refusal> {
        self.awaited(call)?;
        if now >= self.answer_by {
            return Err(Refusal::at("answer", "refusal-assignment-late").with("closes", last_of(self.answer_by)));
        }
        let decided = Call {
            status: CallStatus::Decided,
            closes_at: now,
            opened_at: Some(now),
            opened_by: by,
            decided_at: Some(now),
            ..call.clone()
        };
        Ok((self.answered(Answer::Accepted, by, now), decided))
    }
    /// The party declines, and everybody can read why.
    pub fn decline(
        &self,
        call: &Call,
        by: Option<AccountId>,
        reason: Text,
        now: Moment,
    ) -> Result<(Assignment, Call), Refusal> {
        self.awaited(call)?;
        Ok((self.answered(Answer::Declined, by, now), call.cancel(reason)?))
    }
    fn awaited(&self, call: &Call) -> Result<(), Refusal> {
        if call.status != CallStatus::Asked || self.answer != Answer::Awaited {
            return Err(Refusal::page("refusal-assignment-over"));
        }
        Ok(())
    }
    fn answered(&self, answer: Answer, by: Option<AccountId>, now: Moment) -> Assignment {
        Assignment {
            answer,
            answered_by: by,
            answered_at: Some(now),
            ..self.clone()
        }
    }
}

/// What a department says when it hands work on directly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct AssignInput {
    pub plan_item: String,
    /// The organisation's or partner office's id; or
    pub organisation: String,
    /// … a person's e-mail address.
    pub person: String,
    pub title_zh: String,
    pub title_en: String,
    pub brief_zh: String,
    pub brief_en: String,
    /// Published: why this party. At least one language.
    pub reason_zh: String,
    pub reason_en: String,
    /// The party answers until the end of this day, by the home city's clock.
    pub answer_by: String,
    pub work_from: String,
    pub work_until: String,
    pub currency: String,
    /// The most it may cost; none if empty.
    pub amount: String,
}
struct Checked {
    plan_item: PlanItemId,
    body: Option<BodyId>,
    person: Option<String>,
    title: Text,
    brief: Text,
    reason: Text,
    answer_by: Moment,
    currency: Currency,
    ceiling: Option<i64>,
    work_from: Day,
    work_until: Day,
}
impl AssignInput {
    fn check(&self, house: &House, source: Lang) -> Result<Checked, Vec<Refusal>> {
        let mut c = Check::new();
        let plan_item = c.id("plan_item", &self.plan_item);
        let body: Option<BodyId> = c.id_opt("organisation", &self.organisation);
        let person = (!self.person.trim().is_empty()).then(|| c.email("person", &self.person));
        let parties = usize::from(!self.organisation.trim().is_empty()) + usize::from(person.is_some());
        c.ensure(parties == 1, || {
            Refusal::at("organisation", "refusal-assignment-one-party")
        });
        let pair = |c: &mut Check, zh: (&'static str, &str), en: (&'static str, &str), max: usize| {
            c.bilingual(zh.0, zh.1, en.0, en.1, max, source.clone())
        };
        let title = pair(&mut c, ("title_zh", &self.title_zh), ("title_en", &self.title_en), 120);
        let brief = pair(&mut c, ("brief_zh", &self.brief_zh), ("brief_en", &self.brief_en), 4000);
        let reason = pair(
            &mut c,
            ("reason_zh", &self.reason_zh),
            ("reason_en", &self.reason_en),
            1200,
        );
        let answer_day = c.day("answer_by", &self.answer_by);
        let work_from = c.day("work_from", &self.work_from);
        let work_until = c.day("work_until", &self.work_until);
        if let (Some(f), Some(u)) = (work_from, work_until) {
            c.ensure(f <= u, || {
                Refusal::at("work_until", "refusal-before-start").with("starts", f)
            });
        }
        if let Some(a) = answer_day {
            c.ensure(a > house.today(), || {
                Refusal::at("answer_by", "refusal-assignment-answer-past")
            });
        }
        if let (Some(a), Some(u)) = (answer_day, work_until) {
            c.ensure(a <= u, || {
                Refusal::at("answer_by", "refusal-assignment-answer-far").with("until", u)
            });
        }
        // That day is promised whole: it ends where the next begins.
        let answer_by = answer_day.and_then(|d| {
            let end = d.tomorrow().ok()?.to_zoned(house.zone.clone()).ok()?;
            Some(end.timestamp())
        });
        let currency = match self.currency.trim() {
            "" => Some(Currency::CNY),
            code => code.parse().ok(),
        };
        c.ensure(currency.is_some(), || Refusal::at("currency", "refusal-not-in-list"));
        let currency = currency.unwrap_or(Currency::CNY);
        let ceiling = (!self.amount.trim().is_empty())
            .then(|| c.money("amount", &self.amount, currency))
            .map(|m: Money| m.minor);
        match (plan_item, answer_by, work_from, work_until) {
            (Some(plan_item), Some(answer_by), Some(work_from), Some(work_until)) => c.done(Checked {
                plan_item,
                body,
                person,
                title,
                brief,
                reason,
                answer_by,
                currency,
                ceiling,
                work_from,
                work_until,
            }),
            _ => Err(c.done(()).err().unwrap_or_default()),
        }
    }
}

/// The party as it may take work on: checked by the office, or a confirmed person; never of the guiding side (R64).
async fn party(
    tx: &Tx,
    house: &House,
    d: &Checked,
    guiding: BodyId,
) -> Result<(Option<BodyId>, Option<AccountId>), Fail> {
    if let Some(body) = d.body {
        let at = |code| Refusal::at("organisation", code);
        if body == guiding {
            return Err(at("refusal-assignment-guides").into());
        }
        let card = parties::bodies(tx, &[body])
            .await?
            .remove(&body)
            .filter(|b| b.ended_at.is_none());
        let fit = match card.map(|b| b.kind) {
            Some(access::BodyKind::PartnerOffice) => true,
            Some(access::BodyKind::Organisation) => parties::organisation(tx, body)
                .await?
                .is_some_and(|o| o.is_verified(house.today())),
            _ => return Err(at("refusal-not-in-list").into()),
        };
        return if fit {
            Ok((Some(body), None))
        } else {
            Err(at("refusal-assignment-unverified").into())
        };
    }
    let email = d.person.as_deref().unwrap_or_default();
    let account = access::confirmed_account_of_mailbox(tx, email)
        .await?
        .ok_or_else(|| Refusal::at("person", "refusal-assignment-nobody"))?;
    if neighbours::members(tx, guiding, tx.now()).await?.contains(&account) {
        return Err(Refusal::at("person", "refusal-assignment-guides").into());
    }
    Ok((None, Some(account)))
}

/// Hands work under a plan item to one party. It is asked at once, and the award waits for its yes.
///
/// # Errors
/// Refusals at their fields, a denial.
pub async fn assign(house: &House, asking: &Asking, input: &AssignInput) -> Result<CallId, Fail> {
    let d = input.check(house, crate::lang_of(asking))?;
    let tx = asking.begin(house).await?;
    let item = neighbours::live_item(&tx, d.plan_item)
        .await?
        .ok_or_else(|| Refusal::at("plan_item", "refusal-call-no-item"))?;
    let call = Call {
        id: tx.fresh(),
        plan_item: item.id,
        relation: item.relation,
        field: item.field,
        district: item.district,
        title: d.title.clone(),
        brief: d.brief.clone(),
        who: Text::both(
            fl!(t(Locale::Zh), "assignment-who"),
            fl!(t(Locale::En), "assignment-who"),
        ),
        status: CallStatus::Asked,
        mode: Mode::Assignment,
        opens_at: tx.now(),
        closes_at: d.answer_by,
        opened_at: None,
        opened_by: None,
        decided_at: None,
        currency: d.currency,
        ceiling: d.ceiling,
        work_from: d.work_from,
        work_until: d.work_until,
        languages: Vec::new(),
        criteria: Vec::new(),
        weights: Weights::default(),
        guiding: item.guiding,
        made_by: asking.viewer.account(),
        made_at: tx.now(),
        published_at: Some(tx.now()),
        reason: None,
        illustrative: asking.viewer.acting.as_ref().is_some_and(|m| m.illustrative),
        version: 1,
    };
    asking.check(house, "call.assign", &call.thing())?;
    // Whether somebody has an account is told to those only who may hand work on.
    let (body, account) = party(&tx, house, &d, call.guiding).await?;
    // Nobody hands work to themselves: asked again now that it is known whose people these are, through every mandate.
    let thing = access::Thing {
        executing_bodies: body.into_iter().collect(),
        executing_people: neighbours::people_behind(&tx, body, account, tx.now()).await?,
        ..call.thing()
    };
    asking.check(house, "call.assign", &thing)?;
    sql::insert(&tx, &call).await?;
    sql::save(&tx, &call).await?;
    let assignment = Assignment {
        call: call.id,
        body,
        account,
        reason: d.reason,
        answer_by: d.answer_by,
        assigned_by: call.made_by,
        answer: Answer::Awaited,
        answered_by: None,
        answered_at: None,
    };
    sql::insert_assignment(&tx, &assignment).await?;
    tx.journal(
        Entry::of("call.assigned", call.id)
            .after((&call, &assignment))
            .because(assignment.reason.plain(Locale::Zh)),
    );
    tx.emit("call.published", CallPublished::of(&call)).await?;
    neighbours::write_to_maker(&tx, body, account, |l| {
        let (t, title) = (t(l), call.title.plain(l));
        let reason = assignment.reason.plain(l);
        (
            fl!(t, "letter-assigned-subject", call = title),
            fl!(
                t,
                "letter-assigned",
                call = title,
                reason = reason,
                by = ::pages::fmt::day(l, last_of(d.answer_by).to_zoned(house.zone.clone()).date())
            ),
        )
    })
    .await?;
    tx.done(call.id).await
}

/// The party's answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct AnswerInput {
    /// "accept" or "decline".
    pub answer: String,
    /// Why not: public.
    pub reason: String,
}
/// The party accepts, which makes the award, or declines.
///
/// # Errors
/// A refusal without a reason for a no, after the day, or when it was answered or taken back; a denial.
pub async fn answer(house: &House, asking: &Asking, id: CallId, input: &AnswerInput) -> Result<CallId, Fail> {
    let mut c = Check::new();
    let said = c.one_of::<Say>("answer", &input.answer);
    let reason = if said == Some(Say::Decline) {
        c.prose("reason", &input.reason, 600)
    } else {
        String::new()
    };
    c.done(())?;
    let tx = asking.begin(house).await?;
    let call = sql::load(&tx, id).await?.ok_or(Fail::NotFound)?;
    let asked = sql::assignment(&tx, id).await?.ok_or(Fail::NotFound)?;
    asking.check(house, "assignment.answer", &asked.thing(&call))?;
    let (by, now) = (asking.viewer.account(), tx.now());
    if said == Some(Say::Accept) {
        let (answered, next) = asked.accept(&call, by, now)?;
        // It may have run out, or been refused, since the department asked.
        if !neighbours::may_take_on(&tx, house, asked.body).await? {
            return Err(Refusal::at("answer", "refusal-assignment-unverified").into());
        }
        sql::save(&tx, &next).await?;
        sql::save_answer(&tx, &answered).await?;
        tx.journal(
            Entry::of("call.assignment-accepted", id)
                .before(call.status)
                .after(next.status),
        );
        award(&tx, &next, &answered).await?;
        tx.emit(
            "call.decided",
            serde_json::json!({ "call": id, "plan_item": next.plan_item }),
        )
        .await?;
    } else {
        let text = Text::new(crate::lang_of(asking), reason.clone());
        let (answered, next) = asked.decline(&call, by, text, now)?;
        sql::save(&tx, &next).await?;
        sql::save_answer(&tx, &answered).await?;
        tx.journal(
            Entry::of("call.assignment-declined", id)
                .before(call.status)
                .after(next.status)
                .because(reason.clone()),
        );
        tx.emit(
            "call.cancelled",
            serde_json::json!({ "call": id, "plan_item": next.plan_item }),
        )
        .await?;
    }
    neighbours::write_to_maker(&tx, Some(call.guiding), None, |l| {
        let (t, title) = (t(l), call.title.plain(l));
        let subject = fl!(t, "letter-answered-subject", call = title);
        let words = if said == Some(Say::Accept) {
            fl!(t, "letter-answered-yes", call = title)
        } else {
            fl!(t, "letter-answered-no", call = title, reason = reason.as_str())
        };
        (subject, words)
    })
    .await?;
    tx.done(id).await
}
/// What was asked and accepted stands as the party's offer, so that what follows an award follows here too.
async fn award(tx: &Tx, call: &Call, a: &Assignment) -> Result<AwardId, Fail> {
    let content = Content {
        summary: call.title.clone(),
        plan: call.brief.clone(),
        starts: call.work_from,
        ends: call.work_until,
        asked: call.ceiling(),
        spend: None,
        in_kind: Vec::new(),
        in_kind_note: None,
        languages: Vec::new(),
        people: String::new(),
        conflict_note: None,
        lines: Vec::new(),
        most: None,
        limits: Vec::new(),
        near: None,
        fields: Vec::new(),
    };
    let granted = Granted::whole(&content);
    let offer = Offer {
        id: tx.fresh(),
        call: call.id,
        body: a.body,
        account: a.account,
        made_by: a.answered_by,
        status: OfferStatus::Submitted,
        draft: OfferInput::default(),
        saved_at: tx.now(),
        seal: Some(content.seal()),
        content: Some(content),
        submitted_at: Some(tx.now()),
        reason: None,
        shortlisted: false,
        imported: false,
        illustrative: call.illustrative,
        version: 1,
    };
    if !sql::insert_offer(tx, &offer, call.currency).await? {
        return Err(Fail::Changed);
    }
    sql::save_offer(tx, &offer).await?;
    crate::award::write(
        tx,
        call,
        &offer,
        Awarding {
            reason: &a.reason,
            decided_by: a.assigned_by,
            granted: &granted,
        },
    )
    .await
}

/// The last moment before the end of a day: what people read as that day.
pub(crate) fn last_of(end: Moment) -> Moment {
    end.checked_sub(jiff::SignedDuration::from_secs(1)).unwrap_or(end)
}
/// An answer's code in an address or a form.
pub(crate) fn says() -> [String; 2] {
    [Say::Accept.code().to_owned(), Say::Decline.code().to_owned()]
}
