// Makes good pages better; every page works without it.
"use strict";
(() => {
  // The summary of errors is read first.
  const focusErrors = (root) => root.querySelector("[data-focus]")?.focus();
  // Two clicks are one: the second is held back here, and the once-key holds it back at the server as well.
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
    if (form.dataset.sent) { e.preventDefault(); return; }
    form.dataset.sent = "1";
    const button = e.submitter;
    if (button) button.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const f of document.querySelectorAll("form[data-sent]")) {
      delete f.dataset.sent;
      f.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    }
  });
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
  // What was typed survives a lost connection: kept in this browser until the form is answered. A page of the house that
  // says "done", or what is wrong, is the answer: what was sent need not be kept, and must not fill the next form.
  const answered = () => {
    if (!document.querySelector("main > .pad-notice, .errors")) return;
    try {
      for (const sent of Object.keys(sessionStorage).filter((k) => k.startsWith("draft:") && k.endsWith(":sent"))) {
        sessionStorage.removeItem(sent);
        sessionStorage.removeItem(sent.slice(0, -":sent".length));
      }
    } catch { /* nothing was kept */ }
  };
  const keep = (form) => {
    const key = "draft:" + location.pathname + ":" + new URL(form.action).pathname;
    const fields = () => [...form.elements].filter((x) => x.name && x.name !== "once" && (x.tagName === "TEXTAREA" || (x.tagName === "INPUT" && x.type === "text")));
    try {
      const old = JSON.parse(sessionStorage.getItem(key) || "null");
      if (old) for (const f of fields()) if (!f.value && old[f.name]) f.value = old[f.name];
    } catch { /* a broken draft is no draft */ }
    form.addEventListener("input", () => {
      try { sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(fields().map((f) => [f.name, f.value])))); } catch { /* full or refused */ }
    });
    form.addEventListener("submit", () => { try { sessionStorage.setItem(key + ":sent", "1"); } catch { /* refused */ } });
  };
  const start = (root) => {
    focusErrors(root);
    for (const a of root.querySelectorAll("textarea[data-max]")) { count(a); a.addEventListener("input", () => count(a)); }
    for (const f of root.querySelectorAll("form[data-once]")) keep(f);
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
