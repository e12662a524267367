use crate::Fault;
use jiff::Timestamp;
use lettre::{
    Address, Message,
    message::{Mailbox, SinglePart, header::ContentType, header::HeaderName, header::HeaderValue},
};
use url::{Host, Url};

/// Who writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    pub email: String,
    pub name: Option<String>,
}

/// One letter to one person, as plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// An address of ASCII letters before the `@`; the domain may be in any script.
    pub to: String,
    pub to_name: Option<String>,
    pub from: Sender,
    pub subject: String,
    pub text: String,
    /// Where one click ends such letters (RFC 8058). It must be https or http, and must answer POST by unsubscribing
    /// and GET by a page that asks, because mail scanners open every link.
    pub list_unsubscribe: Option<Url>,
    /// `id@domain`, with or without angle brackets, the same at every try, so that readers can tell doubles.
    pub message_id: String,
    /// Language tag of the text (BCP 47), such as `zh-Hans`.
    pub lang: String,
    /// When it was written.
    pub date: Timestamp,
}

/// One line: what would end or break a header line becomes a space.
fn line(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| {
            if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                c
            }
        })
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn bad(what: &str, value: &str) -> Fault {
    Fault::Permanent(format!("{what} cannot be used: {value:?}"))
}

fn mailbox(email: &str, name: Option<&str>) -> Result<Mailbox, Fault> {
    let fault = || bad("address", email);
    let (user, domain) = email.rsplit_once('@').ok_or_else(fault)?;
    // Without SMTPUTF8 (RFC 6531) the part before the @ is ASCII; domains have an ASCII form.
    let host = Host::parse(domain).map_err(|_| fault())?;
    if !user.is_ascii() || user.chars().any(|c| c.is_ascii_control() || c == ' ') {
        return Err(fault());
    }
    let address = Address::new(user, host.to_string()).map_err(|_| fault())?;
    Ok(Mailbox::new(name.map(line).filter(|n| !n.is_empty()), address))
}

impl Letter {
    /// The letter as a message with MIME headers.
    ///
    /// # Errors
    /// [`Fault::Permanent`] when an address, the identifier, the language or the link is not well formed.
    pub(crate) fn message(&self) -> Result<Message, Fault> {
        let id = self.message_id.trim_start_matches('<').trim_end_matches('>');
        // RFC 5322 section 3.6.4, narrowed to what every server takes.
        let plain = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_+=".contains(&b));
        let fine = id.len() <= 200 && id.split_once('@').is_some_and(|(a, b)| plain(a) && plain(b));
        if !fine {
            return Err(bad("message id", &self.message_id));
        }
        if self.lang.is_empty() || !self.lang.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(bad("language", &self.lang));
        }
        let header =
            |name: &'static str, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
        let mut builder = Message::builder()
            .from(mailbox(&self.from.email, self.from.name.as_deref())?)
            .to(mailbox(&self.to, self.to_name.as_deref())?)
            .subject(line(&self.subject))
            .date(self.date.into())
            .message_id(Some(format!("<{id}>")))
            .raw_header(header("Content-Language", &self.lang))
            // Keeps "I am away" answers from coming back (RFC 3834).
            .raw_header(header("Auto-Submitted", "auto-generated"));
        if let Some(url) = &self.list_unsubscribe {
            // Url writes nothing but ASCII without spaces or controls; only > would end the value early.
            if !matches!(url.scheme(), "https" | "http") || url.as_str().contains(['<', '>', ',']) {
                return Err(bad("unsubscribe link", url.as_str()));
            }
            builder = builder
                .raw_header(header("List-Unsubscribe", &format!("<{url}>")))
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        let part = SinglePart::builder()
            .header(ContentType::TEXT_PLAIN)
            .body(self.text.clone());
        builder.singlepart(part).map_err(|e| Fault::Permanent(e.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            to: "wang@example.org".into(),
            to_name: Some("王芳".into()),
            from: Sender {
                email: "office@example.org".into(),
                name: Some("Youcheng 友城".into()),
            },
            subject: "杜塞尔多夫：您的报名已受理".into(),
            text: "您好，\n.\nhttps://example.org/a\n".into(),
            list_unsubscribe: Some(Url::parse("https://example.org/u?t=abc").unwrap()),
            message_id: "0190@example.org".into(),
            lang: "zh-Hans".into(),
            date: "2026-11-22T08:00:00Z".parse().unwrap(),
        }
    }

    /// The header lines, unfolded.
    fn heads(l: &Letter) -> Vec<String> {
        let text = String::from_utf8(l.message().unwrap().formatted()).unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        head.replace("\r\n ", " ")
            .replace("\r\n\t", " ")
            .split("\r\n")
            .map(str::to_owned)
            .collect()
    }

    fn names(l: &Letter) -> Vec<String> {
        let mut n: Vec<_> = heads(l)
            .iter()
            .map(|h| h.split_once(':').unwrap().0.to_ascii_lowercase())
            .collect();
        n.sort();
        n
    }

    #[test]
    fn headers_of_a_chinese_letter() {
        let heads = heads(&letter());
        let has = |start: &str| assert!(heads.iter().any(|h| h.starts_with(start)), "{start}: {heads:#?}");
        has("Subject: =?utf-8?b?");
        has("To: =?utf-8?b?546L6Iqz?= <wang@example.org>");
        has("Message-ID: <0190@example.org>");
        has("List-Unsubscribe: <https://example.org/u?t=abc>");
        has("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
        has("Content-Language: zh-Hans");
        has("Date: Sun, 22 Nov 2026 08:00:00");
        has("Content-Type: text/plain; charset=utf-8");
        assert!(
            letter().message().unwrap().formatted().is_ascii(),
            "seven bits: any relay passes it"
        );
    }

    #[test]
    fn no_text_adds_a_header() {
        let before = names(&letter());
        for evil in [
            "\r\nBcc: x@evil.example",
            "\nBcc: x@evil.example",
            "\r\n\r\nbody",
            "\u{2028}Bcc: x",
            "\0",
            "a\rBcc: x",
            "\u{85}Bcc: x",
        ] {
            let mut l = letter();
            l.subject.push_str(evil);
            l.to_name = Some(format!("王{evil}"));
            l.from.name = Some(format!("\"Office\" <x@evil.example>{evil}"));
            assert_eq!(names(&l), before, "{evil:?}");
            let m = l.message().unwrap();
            assert_eq!(m.envelope().to().len(), 1);
            assert_eq!(m.envelope().from().unwrap().to_string(), "office@example.org");
            for field in 0..5 {
                let mut l = letter();
                match field {
                    0 => l.to.push_str(evil),
                    1 => l.from.email.push_str(evil),
                    2 => l.message_id.push_str(evil),
                    3 => l.lang.push_str(evil),
                    _ => l.to = format!("wang{evil}@example.org"),
                }
                assert!(matches!(l.message(), Err(Fault::Permanent(_))), "{field} {evil:?}");
            }
        }
    }

    #[test]
    fn addresses() {
        let to = |t: &str| {
            let mut l = letter();
            l.to = t.into();
            l.message().map(|m| m.envelope().to()[0].to_string())
        };
        assert_eq!(to("a.b+c@例子.中国").unwrap(), "a.b+c@xn--fsqu00a.xn--fiqs8s");
        for no in [
            "",
            "a",
            "@example.org",
            "a@",
            "a b@example.org",
            "王@example.org",
            "a@b@c d",
            "a@exa mple.org",
            "a,b@example.org",
        ] {
            assert!(matches!(to(no), Err(Fault::Permanent(_))), "{no:?}");
        }
        let mut l = letter();
        l.list_unsubscribe = Some(Url::parse("mailto:x@example.org").unwrap());
        assert!(l.message().is_err());
    }
}
