// Progressive enhancement only: every page works without this file.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // A screen reader speaks the error summary first.
  const summary = document.querySelector(".errors");
  if (summary) summary.focus();

  // A button that says it is busy and cannot send twice; undone when the page comes back
  // and after a while, as the answer may be a download or never come.
  const sent = new Map();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sending) return event.preventDefault();
    const button = event.submitter || form.querySelector("[data-busy]");
    if (form.method !== "post") return;
    form.dataset.sending = "1";
    setTimeout(undo, 15000);
    if (!button || !button.dataset.busy) return sent.set(form, null);
    sent.set(form, [button, button.textContent]);
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.busy;
  });
  const undo = () => {
    for (const [form, was] of sent) {
      delete form.dataset.sending;
      if (!was) continue;
      was[0].removeAttribute("aria-disabled");
      was[0].textContent = was[1];
    }
    sent.clear();
  };
  addEventListener("pageshow", undo);

  // Drafts. Private mode may refuse storage; then there is simply no draft.
  const store = (kind, work) => {
    try { return work(kind === "local" ? localStorage : sessionStorage); } catch { return null; }
  };
  const key = (name) => "draft:" + name;
  for (const done of all("[data-clear-draft]"))
    for (const name of done.dataset.clearDraft.split(/\s+/))
      for (const kind of ["local", "session"]) store(kind, (s) => s.removeItem(key(name)));

  // Never kept: hidden fields (tokens, submission ids), passwords, PINs, files, and what opts out.
  const kept = (el) => el.name && !/^(hidden|password|file|submit|button)$/.test(el.type) && !("noDraft" in el.dataset) && el.autocomplete !== "one-time-code";
  // What came back is unfolded, said, and can be thrown away.
  const told = (form, restored, forget) => {
    form.dataset.restored = "1";
    for (const el of restored) for (let at = el.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
    const note = document.getElementById("restored-note"), place = document.getElementById("restored");
    if (!note || !place) return;
    place.append(note.content.cloneNode(true));
    place.querySelector("button").addEventListener("click", () => {
      form.reset();
      form.dispatchEvent(new Event("change"));
      forget();
      place.replaceChildren();
      document.getElementById("main").focus();
    });
  };
  const MAX_AGE = 24 * 3600 * 1000;
  for (const form of all("form[data-draft]")) {
    const kind = form.dataset.store, name = key(form.dataset.draft);
    const save = () => {
      const fields = [...form.elements].filter(kept).map((el) => [el.name, el.value, /^(radio|checkbox)$/.test(el.type) ? el.checked : null]);
      store(kind, (s) => s.setItem(name, JSON.stringify({ at: Date.now(), fields })));
    };
    // What the server has just answered is newer than any draft; not when the browser comes back to that answer.
    const answered = summary || ("answered" in form.dataset && !/reload|back/.test(performance.getEntriesByType("navigation")[0]?.type));
    if (answered) save();
    const draft = answered ? null : store(kind, (s) => JSON.parse(s.getItem(name)));
    if (draft && Date.now() - draft.at < MAX_AGE) {
      const seen = {}, restored = [];
      const put = (el, what, value) => { if (el[what] !== value) { el[what] = value; restored.push(el); } };
      for (const [field, value, checked] of draft.fields) {
        const same = [...form.elements].filter((el) => kept(el) && el.name === field);
        if (checked === null) {
          const at = (seen[field] = (seen[field] || 0) + 1) - 1;
          if (same[at]) put(same[at], "value", value);
        } else for (const el of same) if (el.value === value) put(el, "checked", checked);
      }
      if (restored.length) told(form, restored, () => store(kind, (s) => s.removeItem(name)));
    } else if (draft) store(kind, (s) => s.removeItem(name));
    form.addEventListener("input", save);
    form.addEventListener("change", save);
  }

  // The filing form: a day or an arrival that is typed switches its choice on; a choice that does without it clears it.
  const clears = { "when-now": ["date", "planned_start"], "when-today": ["date"] };
  const chooses = { date: "#when-day", arrived_at: "[name=urgent]", arrived_date: "[name=urgent]", left_at: "[name=urgent]" };
  for (const form of all("form[data-live-verdict]"))
    for (const el of form.elements)
      el.addEventListener("change", () => {
        for (const name of clears[el.id] || []) form.elements[name].value = "";
        const choice = el.value && chooses[el.name] && form.querySelector(chooses[el.name]);
        if (choice) choice.checked = true;
      });

  const later = (work, ms) => { let timer; return (...args) => { clearTimeout(timer); timer = setTimeout(() => work(...args), ms); }; };

  // The live verdict: the answer to the newest question only.
  for (const form of all("form[data-live-verdict]")) {
    const box = document.getElementById("verdict");
    let turn = 0;
    const ask = later(async () => {
      const mine = ++turn;
      box.setAttribute("aria-busy", "true");
      try {
        const body = new URLSearchParams(new FormData(form));
        for (const el of all("[type=password],[type=file]", form)) body.delete(el.name);
        const answer = await fetch(form.dataset.liveVerdict, { method: "POST", body, headers: { "X-Fragment": "1" }, credentials: "same-origin" });
        if (mine === turn && answer.ok) box.innerHTML = await answer.text();
      } catch { /* no network: the review page judges again */ }
      if (mine === turn) box.removeAttribute("aria-busy");
    }, 350);
    if (!box) continue;
    form.addEventListener("change", ask);
    if (form.dataset.restored) ask();
  }

  // Search as you type. Arrow keys walk the options, Escape closes.
  for (const input of all("input[data-suggest]")) {
    const list = document.getElementById(input.dataset.target);
    if (!list) continue;
    let turn = 0;
    const close = () => { turn++; list.replaceChildren(); };
    const ask = later(async () => {
      const q = input.value.trim(), mine = ++turn;
      if (!q) return close();
      try {
        const url = new URL(input.dataset.suggest, location.href);
        url.searchParams.set("q", q);
        const answer = await fetch(url, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
        if (mine === turn && answer.ok) list.innerHTML = await answer.text();
      } catch { /* the search button still works */ }
    }, 200);
    input.autocomplete = "off";
    input.addEventListener("input", (event) => { if (!event.isComposing) ask(); });
    input.addEventListener("compositionend", ask);
    const walk = (event) => {
      if (event.key === "Escape") { close(); return input.focus(); }
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const options = all("[role=option]", list);
      if (!step || !options.length) return;
      event.preventDefault();
      const at = options.indexOf(document.activeElement) + step;
      (at < 0 ? input : options[Math.min(at, options.length - 1)]).focus();
    };
    input.addEventListener("keydown", walk);
    list.addEventListener("keydown", walk);
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[data-value]");
      if (!option) return;
      input.value = option.dataset.value;
      close();
      input.focus();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
})();
