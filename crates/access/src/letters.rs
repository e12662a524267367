//! The letters of accounts. Short, in the person's language, with no name typed by a stranger in them: a sign-up form
//! must not be a way to send somebody words.

use basis::{Fail, Lang, Locale};
use store::{Letter, Tx};

use crate::config::AccessConfig;

pub(crate) fn locale_of(lang: &Lang) -> Locale {
    if lang.primary() == "zh" { Locale::Zh } else { Locale::En }
}

/// What a letter is about, with the link it carries.
#[derive(Clone, Copy, Debug)]
pub(crate) enum About<'a> {
    Confirm { secret: &'a str },
    HasAccount,
    Recover { secret: &'a str },
    PasswordChanged,
}

pub(crate) async fn post(
    tx: &Tx,
    config: &AccessConfig,
    account: basis::AccountId,
    email: &str,
    lang: &Lang,
    about: About<'_>,
) -> Result<(), Fail> {
    let locale = locale_of(lang);
    let (kind, subject, text) = write(config, locale, about);
    tx.post(Letter {
        kind,
        to_address: email.to_owned(),
        to_name: None,
        account: Some(account),
        lang: locale.tag().to_owned(),
        subject: subject.to_owned(),
        text,
        held: false,
    })
    .await?;
    Ok(())
}

fn write(config: &AccessConfig, locale: Locale, about: About<'_>) -> (&'static str, &'static str, String) {
    let zh = locale == Locale::Zh;
    let say = |z: &'static str, e: &'static str| if zh { z } else { e };
    let link = |path: &str| config.link(locale, path);
    match about {
        About::Confirm { secret } => (
            "account.confirm",
            say("请确认您的电子邮箱", "Please confirm your e-mail address"),
            format!(
                "{}\n\n{}\n\n{}\n",
                say(
                    "有人（希望是您）用这个邮箱在友城平台注册。请在24小时内打开以下链接，设置密码并开始使用：",
                    "Somebody, we hope you, signed up with this address. Open this link within 24 hours to choose a password and begin:"
                ),
                link(&format!("/confirm?key={secret}")),
                say(
                    "如果不是您，请忽略本邮件：什么也不会发生。",
                    "If it was not you, do nothing: nothing will happen."
                ),
            ),
        ),
        About::HasAccount => (
            "account.exists",
            say("您已有账户", "You have an account already"),
            format!(
                "{}\n\n{}\n{}\n\n{}\n",
                say(
                    "有人（希望是您）用这个邮箱再次注册。您已有账户，可直接登录，忘记密码时可找回：",
                    "Somebody, we hope you, signed up with this address again. You have an account: sign in, or recover it if the password is lost:"
                ),
                link("/sign-in"),
                link("/recover"),
                say("如果不是您，请忽略本邮件。", "If it was not you, do nothing."),
            ),
        ),
        About::Recover { secret } => (
            "account.recover",
            say("找回账户", "Recover your account"),
            format!(
                "{}\n\n{}\n\n{}\n",
                say(
                    "请在一小时内打开以下链接设置新密码。设置后，其他设备上的登录和接口密钥将全部结束：",
                    "Open this link within an hour to choose a new password. All other sign-ins and all keys to the API then end:"
                ),
                link(&format!("/recover/choose?key={secret}")),
                say(
                    "如果不是您要求的，请忽略本邮件：密码不变。",
                    "If you did not ask for it, do nothing: your password stays."
                ),
            ),
        ),
        About::PasswordChanged => (
            "account.password-changed",
            say("密码已更改", "Your password was changed"),
            format!(
                "{}\n\n{}\n",
                say(
                    "您的密码刚刚更改，其他登录和接口密钥已全部结束。如果不是您本人所为，请立即找回账户：",
                    "Your password was just changed; all other sign-ins and all keys to the API ended. If it was not you, recover your account at once:"
                ),
                link("/recover"),
            ),
        ),
    }
}
