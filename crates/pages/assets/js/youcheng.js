// Makes good pages better; every page works without it.
"use strict";
(() => {
  // The summary of errors is read first.
  const focusErrors = (root) => root.querySelector("[data-focus]")?.focus();
  // Two clicks are one: the second is held back here, and the once-key holds it back at the server as well. Nobody tells a
  // page that its sending was stopped: after a while, or when somebody presses Escape, the button works again.
  const again = (form) => {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  };
  const allAgain = () => { for (const f of document.querySelectorAll("form[data-sent]")) again(f); };
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
    if (form.dataset.sent) { e.preventDefault(); return; }
    form.dataset.sent = "1";
    e.submitter?.setAttribute("aria-busy", "true");
    setTimeout(() => again(form), 4000);
    if (new URL(form.action).pathname.endsWith("/sign-out")) forget(() => true);
  });
  window.addEventListener("pageshow", allAgain);
  document.addEventListener("keydown", (e) => { if (e.key === "Escape") allAgain(); });
  // Counts characters as people see them; what is too long is said, never cut.
  const count = (area) => {
    const max = Number(area.dataset.max);
    let out = document.getElementById(area.id + "-n");
    if (!out) {
      out = document.createElement("p");
      out.id = area.id + "-n";
      out.className = "hint";
      area.after(out);
    }
    const n = [...area.value].length;
    out.textContent = n + " / " + max;
    out.classList.toggle("late", n > max);
  };
  // What was typed and chosen survives a lost connection: kept in this browser's tab, for this account only, until the form
  // is answered or its writer signs out. A page of the house that says "done", or what is wrong, is the answer: what was
  // sent need not be kept, and must not fill the next form.
  const reader = document.body.dataset.reader || "";
  const forget = (which) => {
    try {
      for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft:") && which(key)) sessionStorage.removeItem(key);
    } catch { /* nothing was kept */ }
  };
  const answered = () => {
    // Somebody else has taken this tab; who comes back after an expired session finds their words again.
    if (reader) forget((key) => !key.startsWith("draft:" + reader + ":"));
    if (!document.querySelector("main > .pad-notice, .errors")) return;
    try {
      for (const sent of Object.keys(sessionStorage).filter((k) => k.startsWith("draft:") && k.endsWith(":sent"))) {
        sessionStorage.removeItem(sent);
        sessionStorage.removeItem(sent.slice(0, -":sent".length));
      }
    } catch { /* nothing was kept */ }
  };
  const PRIVATE = ["hidden", "password", "file", "submit", "button"];
  const fields = (form) => [...form.elements].filter((x) => x.name && "value" in x && x.tagName !== "BUTTON" && !PRIVATE.includes(x.type));
  const ticked = (x) => x.type === "radio" || x.type === "checkbox";
  // What stands in the form by name: as it was served, or as it is now.
  const state = (form, served) => {
    const out = {};
    for (const x of fields(form)) {
      const values = out[x.name] ??= [];
      if (ticked(x)) { if (served ? x.defaultChecked : x.checked) values.push(x.value); }
      else if (x.tagName === "SELECT") values.push(...[...x.options].filter((o) => served ? o.defaultSelected : o.selected).map((o) => o.value));
      else values.push(served ? x.defaultValue : x.value);
    }
    return out;
  };
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const fill = (form, { was, now }) => {
    const served = state(form, true);
    const left = {};
    for (const x of fields(form)) {
      // Served otherwise meanwhile: the newer word stands.
      if (!now[x.name] || !same(was[x.name], served[x.name]) || same(was[x.name], now[x.name])) continue;
      if (ticked(x)) x.checked = now[x.name].includes(x.value);
      else if (x.tagName === "SELECT") for (const o of x.options) o.selected = now[x.name].includes(o.value);
      else x.value = (left[x.name] ??= [...now[x.name]]).shift() ?? x.value;
    }
  };
  const keep = (form) => {
    const key = "draft:" + reader + ":" + location.pathname + ":" + new URL(form.action).pathname;
    try {
      const old = JSON.parse(sessionStorage.getItem(key) || "null");
      if (old) fill(form, old);
    } catch { /* a broken draft is no draft */ }
    const save = () => {
      try { sessionStorage.setItem(key, JSON.stringify({ was: state(form, true), now: state(form, false) })); } catch { /* full or refused */ }
    };
    form.addEventListener("input", save);
    form.addEventListener("change", save);
    form.addEventListener("submit", () => { try { sessionStorage.setItem(key + ":sent", "1"); } catch { /* refused */ } });
  };
  const start = (root) => {
    focusErrors(root);
    for (const f of root.querySelectorAll("form[data-once]")) keep(f);
    for (const a of root.querySelectorAll("textarea[data-max]")) { count(a); a.addEventListener("input", () => count(a)); }
    // A clock nobody named is the browser's own, in sight before it is sent.
    for (const z of root.querySelectorAll("input[data-zone]")) if (!z.value) z.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
    // Choosing is enough where a script can go on by itself.
    for (const s of root.querySelectorAll(".theme-form select")) {
      s.form.querySelector("button").hidden = true;
      s.addEventListener("change", () => s.form.requestSubmit());
    }
  };
  answered();
  start(document);
  document.addEventListener("htmx:afterSwap", (e) => start(e.target));
})();
