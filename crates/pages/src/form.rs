//! Forms: label, hint, error, control, in that order; errors first, linked, each at its field; nothing typed is lost.

use std::fmt::{self, Write};

use axum::{
    extract::{FromRequest, Multipart, Request},
    http::header,
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use basis::Refusal;
use i18n_embed_fl::fl;
use serde::de::DeserializeOwned;

use crate::{Ctx, Problem, parts::escape, t};

/// A file that was looked at travels in the form to the step that writes: nothing is left lying on the server, and nobody
/// has to choose it twice. Larger ones are chosen again.
const KEPT_MOST: usize = 1_400_000;
const KEPT_NAME: &str = "kept-name";
const KEPT_BYTES: &str = "kept-file";

/// A form's posted values: into the room's `Input` by serde, plus the once-key and uploaded files.
pub struct Posted<T> {
    pub input: T,
    pub once: Option<String>,
    pub files: Vec<Upload>,
    /// Every pair as posted, for fields whose names are made when running ("points-quality").
    pub pairs: Vec<(String, String)>,
}
/// One uploaded file and the field it came in.
#[derive(Clone, Debug)]
pub struct Upload {
    pub field: String,
    pub file: store::Upload,
}
impl<T> Posted<T> {
    /// The file chosen in this field, or the one the form carried along from the look before ([`Form::keep`]).
    pub fn file(&self, field: &str) -> Option<store::Upload> {
        if let Some(chosen) = self.files.iter().find(|f| f.field == field) {
            return Some(chosen.file.clone());
        }
        let name = self.get(KEPT_NAME);
        let bytes = BASE64.decode(self.get(KEPT_BYTES)).ok()?;
        (!name.is_empty() && !bytes.is_empty()).then(|| store::Upload {
            name: name.to_owned(),
            bytes: bytes.into(),
        })
    }
    pub fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(k, _)| k == name).map_or("", |(_, v)| v)
    }
    /// Fields that begin with a prefix: `("quality", "7")` for "points-quality".
    pub fn with_prefix<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
        self.pairs
            .iter()
            .filter_map(move |(k, v)| k.strip_prefix(prefix).map(|k| (k, v.as_str())))
    }
}
impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequest<S> for Posted<T> {
    type Rejection = Problem;
    async fn from_request(req: Request, state: &S) -> Result<Self, Problem> {
        let multipart = req
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|v| v.as_bytes().starts_with(b"multipart/form-data"));
        let (mut pairs, mut files) = (Vec::new(), Vec::new());
        let unreadable = || Problem(Refusal::page("refusal-form-unreadable").into());
        if multipart {
            let mut m = Multipart::from_request(req, state).await.map_err(|_| unreadable())?;
            while let Some(field) = m.next_field().await.map_err(|_| too_large())? {
                let name = field.name().unwrap_or("").to_owned();
                match field.file_name().map(str::to_owned) {
                    Some(file_name) => {
                        let bytes = field.bytes().await.map_err(|_| too_large())?;
                        if !(file_name.is_empty() && bytes.is_empty()) {
                            files.push(Upload {
                                field: name,
                                file: store::Upload { name: file_name, bytes },
                            });
                        }
                    }
                    None => pairs.push((name, field.text().await.map_err(|_| too_large())?)),
                }
            }
        } else {
            let bytes = axum::body::Bytes::from_request(req, state)
                .await
                .map_err(|_| too_large())?;
            pairs = url::form_urlencoded::parse(&bytes).into_owned().collect();
        }
        if pairs.len() > 20_000 {
            return Err(unreadable());
        }
        let once = pairs
            .iter()
            .find(|(k, v)| k == "once" && !v.is_empty() && v.len() <= 100)
            .map(|(_, v)| v.clone());
        // serde_html_form keeps repeated names together as lists.
        let mut encoder = url::form_urlencoded::Serializer::new(String::new());
        encoder.extend_pairs(pairs.iter().filter(|(k, _)| k != "once"));
        let input = serde_html_form::from_bytes(encoder.finish().as_bytes()).map_err(|_| unreadable())?;
        Ok(Posted {
            input,
            once,
            files,
            pairs,
        })
    }
}
fn too_large() -> Problem {
    Problem(Refusal::page("refusal-upload-broken").into())
}
/// A form being written. Fields show in the order they are added; each finds its own refusals.
pub struct Form {
    locale: basis::Locale,
    action: String,
    once: String,
    /// Stands in the ids of all fields, so that two forms of one page do not share any.
    mark: String,
    submit: String,
    multipart: bool,
    refusals: Vec<(Option<String>, String)>,
    /// The fields so far, with what they are called.
    seen: Vec<(String, String)>,
    body: String,
    buttons: String,
    plain: bool,
}

impl Form {
    /// `path` is the address to post to, without the language.
    pub fn post(ctx: &Ctx, path: &str, submit: impl Into<String>, refusals: &[Refusal]) -> Form {
        Form {
            locale: ctx.locale,
            action: ctx.to(path),
            once: ctx.fresh_once(),
            mark: String::new(),
            submit: submit.into(),
            multipart: false,
            refusals: refusals
                .iter()
                .map(|r| (r.field.as_ref().map(ToString::to_string), ctx.refusal(r)))
                .collect(),
            seen: Vec::new(),
            body: String::new(),
            buttons: String::new(),
            plain: false,
        }
    }
    /// The second form of a page whose fields are called as those of the first.
    pub fn marked(&mut self, mark: &str) -> &mut Self {
        self.mark = format!("{mark}-");
        self
    }
    fn id_of(&self, name: &str) -> String {
        format!("f-{}{name}", self.mark)
    }
    fn error_of(&self, name: &str) -> Option<String> {
        self.refusals
            .iter()
            .find(|(f, _)| f.as_deref() == Some(name))
            .map(|(_, w)| w.clone())
    }
    fn field(
        &mut self,
        name: &str,
        label: &str,
        hint: &str,
        optional: bool,
        control: impl FnOnce(&str, &str) -> String,
    ) -> &mut Self {
        let error = self.error_of(name);
        self.seen.push((name.to_owned(), label.to_owned()));
        let id = self.id_of(name);
        let mut described = Vec::new();
        if !hint.is_empty() {
            described.push(format!("{id}-h"));
        }
        if error.is_some() {
            described.push(format!("{id}-e"));
        }
        let mut attributes = String::new();
        if !described.is_empty() {
            let _ = write!(attributes, " aria-describedby=\"{}\"", described.join(" "));
        }
        if error.is_some() {
            attributes.push_str(" aria-invalid=\"true\"");
        }
        let _ = write!(
            self.body,
            "<div class=\"field{}\"><label for=\"{id}\">{}",
            if error.is_some() { " bad" } else { "" },
            escape(label)
        );
        if optional {
            let _ = write!(
                self.body,
                " <span class=\"quiet\">{}</span>",
                escape(&fl!(t(self.locale), "form-optional"))
            );
        }
        self.body.push_str("</label>");
        if !hint.is_empty() {
            let _ = write!(self.body, "<p class=\"hint\" id=\"{id}-h\">{}</p>", escape(hint));
        }
        self.write_error(&id, error.as_deref());
        self.body.push_str(&control(&id, &attributes));
        self.body.push_str("</div>");
        self
    }
    fn write_error(&mut self, id: &str, error: Option<&str>) {
        if let Some(e) = error {
            let _ = write!(
                self.body,
                "<span class=\"err\" id=\"{id}-e\"><span class=\"unseen\">{}</span>{}</span>",
                escape(&fl!(t(self.locale), "form-error-prefix")),
                escape(e)
            );
        }
    }
    /// A control that stands inside something else, as in a table's cell: with its error, and led to from the summary. The
    /// caller places it, by [`Form::raw`]; `control` takes the attributes, its id among them, of who has to be mended.
    pub fn within(&mut self, name: &str, label: &str, control: impl FnOnce(&str) -> String) -> crate::Markup {
        let Some(error) = self.error_of(name) else {
            return crate::Markup(control(""));
        };
        self.seen.push((name.to_owned(), label.to_owned()));
        let id = escape(&self.id_of(name));
        let attributes = format!(" id=\"{id}\" aria-invalid=\"true\" aria-describedby=\"{id}-e\"");
        let prefix = escape(&fl!(t(self.locale), "form-error-prefix"));
        crate::Markup(format!(
            "<div class=\"field bad\"><span class=\"err\" id=\"{id}-e\"><span class=\"unseen\">{prefix}</span>{}</span>{}</div>",
            escape(&error),
            control(&attributes)
        ))
    }
    /// One line. `kind` is "text", "email", "password", "url", "search".
    pub fn line(&mut self, kind: &str, name: &str, label: &str, hint: &str, value: &str, optional: bool) -> &mut Self {
        let auto = match (kind, name) {
            ("email", _) => " autocomplete=\"email\"",
            ("password", "password") => " autocomplete=\"current-password\"",
            ("password", _) => " autocomplete=\"new-password\"",
            _ => "",
        };
        let (kind, name_e, value) = (kind.to_owned(), escape(name), escape(value));
        self.field(name, label, hint, optional, |id, a| {
            format!("<input class=\"input\" type=\"{kind}\" id=\"{id}\" name=\"{name_e}\" value=\"{value}\"{auto}{a}>")
        })
    }
    pub fn text(&mut self, name: &str, label: &str, hint: &str, value: &str) -> &mut Self {
        self.line("text", name, label, hint, value, false)
    }
    pub fn text_opt(&mut self, name: &str, label: &str, hint: &str, value: &str) -> &mut Self {
        self.line("text", name, label, hint, value, true)
    }
    /// One line in a stated language, so that readers and spell-checkers know.
    pub fn text_in(
        &mut self,
        lang: &str,
        name: &str,
        label: &str,
        hint: &str,
        value: &str,
        optional: bool,
    ) -> &mut Self {
        let (lang, name_e, value) = (escape(lang), escape(name), escape(value));
        self.field(name, label, hint, optional, |id, a| format!("<input class=\"input\" type=\"text\" lang=\"{lang}\" id=\"{id}\" name=\"{name_e}\" value=\"{value}\"{a}>"))
    }
    /// A time zone by its IANA name. With `fill`, a browser that runs scripts writes its own where nothing was typed.
    pub fn zone(&mut self, name: &str, label: &str, hint: &str, value: &str, fill: bool) -> &mut Self {
        let (name_e, value) = (escape(name), escape(value));
        let fill = if fill { " data-zone" } else { "" };
        self.field(name, label, hint, true, |id, a| {
            format!(
                "<input class=\"input\" type=\"text\" autocomplete=\"off\" spellcheck=\"false\" id=\"{id}\" name=\"{name_e}\" value=\"{value}\"{fill}{a}>"
            )
        })
    }
    /// Several lines; `max` characters are counted while typing and by the server.
    pub fn prose(&mut self, name: &str, label: &str, hint: &str, value: &str, max: usize, optional: bool) -> &mut Self {
        self.prose_in("", name, label, hint, value, max, optional)
    }
    #[expect(clippy::too_many_arguments, reason = "a form's field is all of these")]
    pub fn prose_in(
        &mut self,
        lang: &str,
        name: &str,
        label: &str,
        hint: &str,
        value: &str,
        max: usize,
        optional: bool,
    ) -> &mut Self {
        let lang = if lang.is_empty() {
            String::new()
        } else {
            format!(" lang=\"{}\"", escape(lang))
        };
        let (name_e, value) = (escape(name), escape(value));
        self.field(name, label, hint, optional, |id, a| format!("<textarea class=\"input\" id=\"{id}\" name=\"{name_e}\"{lang} data-max=\"{max}\"{a}>\n{value}</textarea>"))
    }
    pub fn number(&mut self, name: &str, label: &str, hint: &str, value: &str) -> &mut Self {
        let (name_e, value) = (escape(name), escape(value));
        self.field(name, label, hint, false, |id, a| {
            format!(
                "<input class=\"input short\" inputmode=\"numeric\" id=\"{id}\" name=\"{name_e}\" value=\"{value}\"{a}>"
            )
        })
    }
    /// A sum; the currency stands beside the control.
    pub fn money(
        &mut self,
        name: &str,
        label: &str,
        hint: &str,
        value: &str,
        currency: &str,
        optional: bool,
    ) -> &mut Self {
        let (name_e, value, currency) = (escape(name), escape(value), escape(currency));
        self.field(name, label, hint, optional, |id, a| format!("<span class=\"inline-form\"><input class=\"input short\" inputmode=\"decimal\" id=\"{id}\" name=\"{name_e}\" value=\"{value}\"{a}> <span>{currency}</span></span>"))
    }
    /// A day, typed or picked: ISO in the value, any of the usual ways when typed.
    pub fn day(&mut self, name: &str, label: &str, hint: &str, value: &str, optional: bool) -> &mut Self {
        let (name_e, value) = (escape(name), escape(value));
        self.field(name, label, hint, optional, |id, a| format!("<input class=\"input short\" type=\"text\" inputmode=\"numeric\" placeholder=\"2026-11-30\" id=\"{id}\" name=\"{name_e}\" value=\"{value}\"{a}>"))
    }
    pub fn select(
        &mut self,
        name: &str,
        label: &str,
        hint: &str,
        options: &[(String, String)],
        value: &str,
        optional: bool,
    ) -> &mut Self {
        let mut inner = String::new();
        if optional || !options.iter().any(|(v, _)| v == value) {
            inner.push_str("<option value=\"\"></option>");
        }
        for (v, l) in options {
            let _ = write!(
                inner,
                "<option value=\"{}\"{}>{}</option>",
                escape(v),
                if v == value { " selected" } else { "" },
                escape(l)
            );
        }
        let name_e = escape(name);
        self.field(name, label, hint, optional, |id, a| {
            format!("<select id=\"{id}\" name=\"{name_e}\"{a}>{inner}</select>")
        })
    }
    /// One of a few, all in sight: value, label, hint.
    pub fn radios(
        &mut self,
        name: &str,
        legend: &str,
        hint: &str,
        options: &[(String, String, String)],
        value: &str,
    ) -> &mut Self {
        self.picks("radio", name, legend, hint, options, &[value])
    }
    /// Any of a few.
    pub fn checks(
        &mut self,
        name: &str,
        legend: &str,
        hint: &str,
        options: &[(String, String, String)],
        values: &[&str],
    ) -> &mut Self {
        self.picks("checkbox", name, legend, hint, options, values)
    }
    fn picks(
        &mut self,
        kind: &str,
        name: &str,
        legend: &str,
        hint: &str,
        options: &[(String, String, String)],
        values: &[&str],
    ) -> &mut Self {
        let error = self.error_of(name);
        self.seen.push((name.to_owned(), legend.to_owned()));
        let id = self.id_of(name);
        let describe = match (hint.is_empty(), error.is_some()) {
            (true, false) => String::new(),
            (false, false) => format!(" aria-describedby=\"{id}-h\""),
            (true, true) => format!(" aria-describedby=\"{id}-e\""),
            (false, true) => format!(" aria-describedby=\"{id}-h {id}-e\""),
        };
        let _ = write!(
            self.body,
            "<fieldset class=\"field{}\"{describe}><legend>{}</legend>",
            if error.is_some() { " bad" } else { "" },
            escape(legend)
        );
        if !hint.is_empty() {
            let _ = write!(self.body, "<p class=\"hint\" id=\"{id}-h\">{}</p>", escape(hint));
        }
        self.write_error(&id, error.as_deref());
        for (i, (v, l, h)) in options.iter().enumerate() {
            // The first control carries the field's own id: the summary's link lands on it.
            let oid = if i == 0 { id.clone() } else { format!("{id}-{i}") };
            let _ = write!(
                self.body,
                "<div class=\"pick\"><input type=\"{kind}\" id=\"{oid}\" name=\"{}\" value=\"{}\"{}{}><label for=\"{oid}\">{}</label>{}</div>",
                escape(name),
                escape(v),
                if values.contains(&v.as_str()) { " checked" } else { "" },
                if h.is_empty() {
                    String::new()
                } else {
                    format!(" aria-describedby=\"{oid}-h\"")
                },
                escape(l),
                if h.is_empty() {
                    String::new()
                } else {
                    format!("<p class=\"hint\" id=\"{oid}-h\">{}</p>", escape(h))
                },
            );
        }
        self.body.push_str("</fieldset>");
        self
    }
    pub fn file(&mut self, name: &str, label: &str, hint: &str, accept: &str, optional: bool) -> &mut Self {
        self.multipart = true;
        let (name_e, accept) = (escape(name), escape(accept));
        self.field(name, label, hint, optional, |id, a| {
            format!("<input class=\"input\" type=\"file\" id=\"{id}\" name=\"{name_e}\" accept=\"{accept}\"{a}>")
        })
    }
    /// Carries a file along to the next press of a button; says so.
    pub fn keep(&mut self, file: Option<&store::Upload>) -> &mut Self {
        let Some(file) = file.filter(|f| f.bytes.len() <= KEPT_MOST) else {
            return self;
        };
        self.multipart = true;
        let say = fl!(t(self.locale), "file-kept", name = file.name.as_str());
        let _ = write!(self.body, "<p class=\"quiet\">{}</p>", escape(&say));
        self.hidden(KEPT_NAME, &file.name)
            .hidden(KEPT_BYTES, &BASE64.encode(&file.bytes))
    }
    pub fn hidden(&mut self, name: &str, value: &str) -> &mut Self {
        let _ = write!(
            self.body,
            "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
            escape(name),
            escape(value)
        );
        self
    }
    /// A heading between groups of fields.
    pub fn part(&mut self, title: &str) -> &mut Self {
        let _ = write!(self.body, "<h2 class=\"h-small form-part\">{}</h2>", escape(title));
        self
    }
    /// Anything else, already markup.
    pub fn raw(&mut self, markup: &crate::Markup) -> &mut Self {
        self.body.push_str(&markup.0);
        self
    }
    /// A second button: posts the same form with `name=value`.
    pub fn also(&mut self, name: &str, value: &str, label: &str) -> &mut Self {
        let _ = write!(
            self.buttons,
            "<button class=\"button plain\" name=\"{}\" value=\"{}\">{}</button>",
            escape(name),
            escape(value),
            escape(label)
        );
        self
    }
    /// A link beside the buttons.
    pub fn beside(&mut self, href: &str, label: &str) -> &mut Self {
        let _ = write!(self.buttons, "<a href=\"{}\">{}</a>", escape(href), escape(label));
        self
    }
    /// The main button is outlined: this form is not the page's first business.
    pub fn plain(&mut self) -> &mut Self {
        self.plain = true;
        self
    }
    pub fn has_errors(&self) -> bool {
        !self.refusals.is_empty()
    }
    pub fn done(&self) -> crate::Markup {
        crate::Markup(self.to_string())
    }
}
/// What is wrong, told before anything else: each with the id and the name of the field that it leads to, where it has one. For
/// forms that are written by hand too, such as those that only ask.
pub fn errors(locale: basis::Locale, told: &[(Option<(String, String)>, String)]) -> crate::Markup {
    let mut out = format!(
        "<div class=\"errors\" role=\"alert\" tabindex=\"-1\" aria-labelledby=\"err-h\" data-focus><h2 id=\"err-h\">{}</h2><ul>",
        escape(&fl!(t(locale), "form-errors", count = told.len()))
    );
    for (field, said) in told {
        let _ = match field {
            Some((id, label)) => {
                let colon = if locale == basis::Locale::Zh { "：" } else { ": " };
                // Far from its field a sentence says nothing: each is led by the field's name.
                let name = label.trim_end_matches(['?', '？', ':', '：']);
                let words = format!("{name}{colon}{said}");
                write!(out, "<li><a href=\"#{}\">{}</a></li>", escape(id), escape(&words))
            }
            None => write!(out, "<li>{}</li>", escape(said)),
        };
    }
    out.push_str("</ul></div>");
    crate::Markup(out)
}
impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.refusals.is_empty() {
            // In page order; what belongs to no field of this form comes first.
            let place = |r: &(Option<String>, String)| {
                r.0.as_ref()
                    .and_then(|n| self.seen.iter().position(|s| s.0 == *n).map(|p| p + 1))
                    .unwrap_or(0)
            };
            let mut sorted: Vec<_> = self.refusals.iter().collect();
            sorted.sort_by_key(|r| place(r));
            let told = sorted.into_iter().map(|r| {
                let called = r.0.as_ref().and_then(|n| self.seen.iter().find(|s| s.0 == *n));
                let field = called.map(|(n, label)| (self.id_of(n), label.clone()));
                (field, r.1.clone())
            });
            write!(f, "{}", errors(self.locale, &told.collect::<Vec<_>>()))?;
        }
        write!(
            f,
            "<form action=\"{}\" method=\"post\" novalidate data-once{}><input type=\"hidden\" name=\"once\" value=\"{}\">{}<p class=\"row form-end\"><button class=\"button{}\">{}</button>{}</p></form>",
            escape(&self.action),
            if self.multipart {
                " enctype=\"multipart/form-data\""
            } else {
                ""
            },
            self.once,
            self.body,
            if self.plain { " plain" } else { "" },
            escape(&self.submit),
            self.buttons
        )
    }
}
impl askama::filters::HtmlSafe for Form {}
