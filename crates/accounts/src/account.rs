//! My account: who I am here, where I am signed in, whom I may act for, which keys I made.

use access::{LETTER_KINDS, MandateCard, MySession, MyToken, PasswordInput, Profile, ProfileInput};
use askama::Template;
use axum::{extract::Path, response::Response};
use basis::{Fail, Locale, MandateId, Moment, Refusal, SessionId};
use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed_fl::fl;
use jiff::tz::TimeZone;
use pages::{Ctx, Form, Markup, Page, Posted, Problem, fmt, parts};

use crate::request::From;
use crate::{t, tokens};

struct SessionLine {
    browser: String,
    began: String,
    seen: String,
    this: bool,
    end: Markup,
}
struct MandateLine {
    body: Markup,
    role: String,
    purpose: String,
    letter: String,
    until: String,
    in_force: bool,
    end: Markup,
}
struct TokenLine {
    label: String,
    scopes: String,
    acting: String,
    until: String,
    used: String,
    end: Markup,
}
#[derive(Template)]
#[template(path = "account.html")]
struct Account {
    t: &'static FluentLanguageLoader,
    email: String,
    by_provider: bool,
    profile: Markup,
    password: Markup,
    mandates: Vec<MandateLine>,
    sessions: Vec<SessionLine>,
    end_others: Markup,
    tokens: Vec<TokenLine>,
    new_token: Markup,
    token_open: bool,
    fresh: Option<String>,
    data: String,
    erase: String,
}

/// Which of the page's forms was refused, with what was typed.
#[derive(Default)]
pub(crate) struct Typed {
    pub profile: Option<ProfileInput>,
    pub token: Option<access::NewToken>,
    pub password: bool,
    pub refusals: Vec<Refusal>,
    /// A key that was just made: shown this once.
    pub fresh: Option<String>,
}

/// What an empty zone means here.
pub(crate) fn zone_hint(ctx: &Ctx) -> String {
    fl!(t(ctx.locale), "zone-hint", house = ctx.app.node.zone_name.as_str())
}
/// The reader's own zone: times about oneself are by one's own clock.
pub(crate) fn zone(ctx: &Ctx) -> TimeZone {
    let own = ctx.viewer.person.as_ref().and_then(|p| TimeZone::get(&p.zone).ok());
    own.unwrap_or_else(|| ctx.zone().clone())
}

pub(crate) async fn account(ctx: Ctx, from: From) -> Result<Response, Problem> {
    show(&ctx, &from, Typed::default()).await
}
pub(crate) async fn show(ctx: &Ctx, from: &From, typed: Typed) -> Result<Response, Problem> {
    let l = ctx.locale;
    let t = t(l);
    let (house, asking) = (ctx.house(), ctx.asking(None));
    let me = access::my_profile(house, &asking).await?;
    let sessions = access::my_sessions(house, &asking, from.secret.as_deref()).await?;
    let mandates = access::my_mandates(house, &asking).await?;
    let keys = access::my_tokens(house, &asking).await?;
    let zone = zone(ctx);
    let at = |m: Moment| fmt::moment(l, m, &zone);
    let others = sessions.len() > 1;
    let template = Account {
        t,
        email: me.email.clone().unwrap_or_default(),
        by_provider: me.by_provider,
        profile: profile_form(ctx, &me, &typed),
        password: password_form(ctx, &me, &typed),
        mandates: mandates.iter().map(|m| mandate_line(ctx, m)).collect(),
        sessions: sessions.into_iter().map(|s| session_line(ctx, s, &at)).collect(),
        end_others: if others {
            parts::step(
                ctx,
                "/account/sessions/others/end",
                &fl!(t, "sessions-end-others"),
                true,
            )
        } else {
            Markup::default()
        },
        tokens: keys.into_iter().map(|k| token_line(ctx, k, &mandates, &at)).collect(),
        new_token: tokens::form(ctx, &typed),
        token_open: typed.token.is_some(),
        fresh: typed.fresh,
        data: ctx.to("/account/data.json"),
        erase: ctx.to("/account/erasure"),
    };
    let page = Page::new(fl!(t, "account"))
        .unlisted()
        .in_error(!typed.refusals.is_empty());
    ctx.show(page, &template)
}

fn refused(typed: &Typed, this: bool) -> &[Refusal] {
    if this { &typed.refusals } else { &[] }
}
fn profile_form(ctx: &Ctx, me: &Profile, typed: &Typed) -> Markup {
    let t = t(ctx.locale);
    let input = typed.profile.clone().unwrap_or_else(|| ProfileInput {
        name: me.name.clone(),
        lang: if me.lang.primary() == "zh" { "zh" } else { "en" }.into(),
        zone: me.zone.clone(),
        letters: me.wanted.clone(),
    });
    let mut form = Form::post(
        ctx,
        "/account/profile",
        fl!(t, "save"),
        refused(typed, typed.profile.is_some()),
    );
    form.plain();
    form.text("name", &fl!(t, "name"), &fl!(t, "name-hint"), &input.name);
    let languages = Locale::ALL.map(|l| {
        let name = parts::language_name(ctx.locale, l.tag());
        (l.path().to_owned(), name, String::new())
    });
    form.radios("lang", &fl!(t, "lang"), &fl!(t, "lang-hint"), &languages, &input.lang);
    form.zone("zone", &fl!(t, "zone"), &zone_hint(ctx), &input.zone, false);
    let kinds: Vec<(String, String, String)> = LETTER_KINDS
        .iter()
        .map(|k| {
            let words = crate::TEXTS.find(ctx.locale, &format!("letters-{k}"), Default::default());
            ((*k).to_owned(), words.unwrap_or_else(|| (*k).to_owned()), String::new())
        })
        .collect();
    let wanted: Vec<&str> = input.letters.iter().map(String::as_str).collect();
    form.checks("letters", &fl!(t, "letters"), &fl!(t, "letters-hint"), &kinds, &wanted);
    form.done()
}
fn password_form(ctx: &Ctx, me: &Profile, typed: &Typed) -> Markup {
    let t = t(ctx.locale);
    let mut form = Form::post(
        ctx,
        "/account/password",
        fl!(t, "password-change"),
        refused(typed, typed.password),
    );
    form.plain();
    if me.has_password {
        form.line("password", "password", &fl!(t, "password-now"), "", "", false);
    }
    let (label, hint) = (fl!(t, "new-password"), fl!(t, "new-password-hint"));
    form.line("password", "new_password", &label, &hint, "", false);
    form.done()
}
fn session_line(ctx: &Ctx, s: MySession, at: &impl Fn(Moment) -> String) -> SessionLine {
    let end = format!("/account/sessions/{}/end", s.id);
    SessionLine {
        began: at(s.made_at),
        seen: at(s.seen_at),
        this: s.this,
        end: if s.this {
            Markup::default()
        } else {
            parts::step(ctx, &end, &fl!(t(ctx.locale), "session-end"), true)
        },
        browser: program_name(ctx.locale, &s.browser),
    }
}
/// A browser and its system by what the browser calls itself.
fn program(agent: &str) -> (Option<&'static str>, Option<&'static str>) {
    let first = |marks: &[(&str, &'static str)]| marks.iter().find(|(m, _)| agent.contains(m)).map(|(_, name)| *name);
    // In this order: Edge calls itself Chrome too, Chrome calls itself Safari, Android calls itself Linux.
    let browser = first(&[
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("Chrome", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iOS"),
        ("iPad", "iOS"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Macintosh", "macOS"),
        ("Linux", "Linux"),
    ]);
    (browser, system)
}
fn program_name(locale: Locale, agent: &str) -> String {
    match program(agent) {
        (Some(browser), Some(system)) => fl!(t(locale), "session-program", browser = browser, system = system),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => fl!(t(locale), "session-program-other"),
    }
}
fn mandate_line(ctx: &Ctx, m: &MandateCard) -> MandateLine {
    let (l, t) = (ctx.locale, t(ctx.locale));
    let in_force = m.in_force(ctx.now());
    let day = |m: Moment| fmt::day(l, m.to_zoned(ctx.zone().clone()).date());
    let mut body = parts::name(l, &m.mandate.body_name);
    body.0.push_str(&parts::made_up_if(l, m.mandate.illustrative).0);
    MandateLine {
        body,
        role: parts::role_name(l, m.mandate.role),
        purpose: m.mandate.purpose.clone(),
        letter: m.mandate.letter.clone(),
        until: match (m.ended_at, m.mandate.until) {
            (Some(ended), _) => fl!(t, "mandate-ended", day = day(ended)),
            (None, Some(until)) => {
                let last = fmt::day(l, fmt::last_day(until, ctx.zone()));
                if until <= ctx.now() {
                    fl!(t, "mandate-ended", day = last)
                } else {
                    last
                }
            }
            (None, None) => fl!(t, "mandate-open"),
        },
        in_force,
        end: if in_force {
            let path = format!("/account/mandates/{}/end", m.mandate.id);
            parts::step(ctx, &path, &fl!(t, "mandate-lay-down"), true)
        } else {
            Markup::default()
        },
    }
}
fn token_line(ctx: &Ctx, k: MyToken, mandates: &[MandateCard], at: &impl Fn(Moment) -> String) -> TokenLine {
    let t = t(ctx.locale);
    let acting = mandates.iter().find(|m| Some(m.mandate.id) == k.mandate);
    let path = format!("/account/tokens/{}/end", k.id);
    TokenLine {
        label: k.label,
        scopes: k.scopes.join(", "),
        acting: match acting {
            Some(m) => m.mandate.body_name.plain(ctx.locale).to_owned(),
            None => fl!(t, "token-myself"),
        },
        until: at(k.expires_at),
        used: k.used_at.map_or_else(|| fl!(t, "token-unused"), at),
        end: parts::step(ctx, &path, &fl!(t, "token-end"), true),
    }
}

pub(crate) async fn change_profile(ctx: Ctx, from: From, posted: Posted<ProfileInput>) -> Result<Response, Problem> {
    match access::change_profile(ctx.house(), &ctx.asking(posted.once), &posted.input).await {
        Ok(()) | Err(Fail::Repeated(_)) => Ok(ctx.go("/account", Some("saved"))),
        Err(Fail::Refused(refusals)) => {
            let typed = Typed {
                profile: Some(posted.input),
                refusals,
                ..Typed::default()
            };
            show(&ctx, &from, typed).await
        }
        Err(other) => Err(other.into()),
    }
}
pub(crate) async fn change_password(ctx: Ctx, from: From, posted: Posted<PasswordInput>) -> Result<Response, Problem> {
    let (house, config, asking) = (ctx.house(), &ctx.app.access, ctx.asking(posted.once));
    match access::change_password(house, config, &asking, from.secret(), &posted.input).await {
        Ok(()) | Err(Fail::Repeated(_)) => Ok(ctx.go("/account", Some("password-changed"))),
        Err(Fail::Refused(refusals)) => {
            let typed = Typed {
                password: true,
                refusals,
                ..Typed::default()
            };
            show(&ctx, &from, typed).await
        }
        Err(other) => Err(other.into()),
    }
}
pub(crate) async fn end_session(ctx: Ctx, Path(id): Path<SessionId>) -> Result<Response, Problem> {
    access::end_session(ctx.house(), &ctx.asking(None), id).await?;
    Ok(ctx.go("/account", Some("session-ended")))
}
pub(crate) async fn end_other_sessions(ctx: Ctx, from: From) -> Result<Response, Problem> {
    access::end_other_sessions(ctx.house(), &ctx.asking(None), from.secret()).await?;
    Ok(ctx.go("/account", Some("session-ended")))
}
pub(crate) async fn end_mandate(ctx: Ctx, Path(id): Path<MandateId>) -> Result<Response, Problem> {
    access::end_mandate(ctx.house(), &ctx.asking(None), id).await?;
    Ok(ctx.go("/account", Some("mandate-ended")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_called_what_people_call_them() {
        let chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0";
        for (agent, en, zh) in [
            (
                format!("Mozilla/5.0 (X11; Linux x86_64) {chrome} Safari/537.36"),
                "Chrome on Linux",
                "Linux 上的 Chrome",
            ),
            (
                format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {chrome} Safari/537.36 Edg/130.0.0.0"),
                "Edge on Windows",
                "Windows 上的 Edge",
            ),
            (
                format!("Mozilla/5.0 (Linux; Android 14; Pixel 8) {chrome} Mobile Safari/537.36"),
                "Chrome on Android",
                "Android 上的 Chrome",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15 Version/17.6 Safari/605.1.15".into(),
                "Safari on macOS",
                "macOS 上的 Safari",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1".into(),
                "Safari on iOS",
                "iOS 上的 Safari",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; rv:132.0) Gecko/20100101 Firefox/132.0".into(),
                "Firefox on Windows",
                "Windows 上的 Firefox",
            ),
            ("Firefox".into(), "Firefox", "Firefox"),
            ("curl/8.5.0".into(), "another program", "其他程序"),
            (String::new(), "another program", "其他程序"),
        ] {
            assert_eq!(program_name(Locale::En, &agent), en, "{agent}");
            assert_eq!(program_name(Locale::Zh, &agent), zh, "{agent}");
        }
    }
}
