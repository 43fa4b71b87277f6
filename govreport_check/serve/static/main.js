// The page: files in, the report with its findings, changes that are checked at once, files out.
import * as api from "./api.js";
import { edits, none, redo, standing, undo, withStep } from "./changes.js";
import { h } from "./dom.js";
import { editing, placeOf, printedIn } from "./editing.js";
import { filesList } from "./files.js";
import { intake } from "./intake.js";
import { latest } from "./latest.js";
import { filtering, marking, sorting } from "./marking.js";
import { morph } from "./morph.js";
import { toolsBar } from "./tools.js";
import { language, say, speak, word } from "./words.js";

const byId = (id) => document.getElementById(id);
const stage = byId("stage");
const POLL = 150; // ms between two looks at a document that is being read
const QUIET = 700; // ms without change before a verdict is read out

let docs = []; // each {id, name, state, progress, kind, error} of the server, and what the page adds in takeIn and keep
let options = { levels: [], take: [], formats: [], max_size: 0 };
let shown = { doc: null, nth: null }; // the document and which of its reports; null is the overview
let overview = null; // of all documents, as HTML
let drawn = ""; // what the stage shows: a change of it is a new page, not a change of the old one
let source = null; // what the article was made from, null when it was written into since
let pending = null; // the change that is being typed
let spoken = 0;

const docOf = (id) => docs.find((doc) => doc.id === id) ?? null;
const current = () => docOf(shown.doc);

// --- troubles
const complain = (error) => {
  if (!(error instanceof api.Refused)) throw error;
  if (error.code === "refused") { byId("entrance").hidden = false; byId("intake").hidden = true; byId("token").focus(); }
  byId("trouble").firstElementChild.textContent = error.message;
  byId("trouble").hidden = false;
};
const calm = () => { byId("trouble").hidden = true; };
const trying = (act) => async (...given) => {
  try { await act(...given); } catch (error) { complain(error); }
};

// --- drawing
const parsed = (html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html; // the server's own markup, in which all text is escaped
  return holder.content;
};

const marks = marking(stage, byId("tip"));
const filter = filtering(stage, marks);
sorting(stage);

const report = () => {
  const reports = current()?.reports ?? [];
  return reports[shown.nth ?? (reports.length === 1 ? 0 : -1)] ?? null;
};

const editor = editing(stage, {
  of: () => (report()?.printed && current().reports.length === 1 ? { printed: report().printed, numbers: report().paragraphs } : null),
  isShown: (place) => place.dataset.f.split(" ").map(byId).some((card) => card && marks.isOpen(card)),
  typed: (change, at) => { pending = change; refresh(at); },
  ended: () => { source = null; },
  changed: (change) => { pending = null; record([change]); },
});

const wanted = () => {
  const doc = current();
  if (doc) return { name: `${doc.id} ${shown.nth}`, html: report()?.html ?? doc.overview };
  return docs.length > 1 ? { name: "overview", html: overview } : { name: "", html: "" };
};

const held = () => {
  const place = document.activeElement?.closest("[data-at]");
  return place && stage.contains(place) ? place : null;
};

const draw = () => {
  const { name, html } = wanted();
  byId("to-findings").hidden = !report();
  if (html === null) {
    if (name !== drawn || stage.firstElementChild?.matches(".waiting")) stage.replaceChildren(waiting());
    drawn = name;
    return;
  }
  const place = held();
  const fresh = parsed(html);
  const article = fresh.firstElementChild?.matches("article") ? fresh.firstElementChild : null;
  const next = article?.cloneNode(true) ?? null;
  marks.around(() => {
    if (article && name === drawn && stage.firstElementChild?.matches("article")) morph(stage.firstElementChild, article, source);
    else stage.replaceChildren(fresh);
  });
  source = next;
  drawn = name;
  filter();
  editor.settle();
  if (place?.isConnected && document.activeElement === document.body) editor.focus(place);
};

const waiting = () => {
  const those = current() ? [current()] : docs;
  const share = those.reduce((sum, doc) => sum + doc.progress, 0) / those.length;
  const reads = those.some((doc) => doc.state === "reading");
  const bar = h("progress", { max: "1", value: reads ? share : null, "aria-labelledby": "waiting" });
  return h("div", { class: "waiting" }, h("p", { id: "waiting" }, word(reads ? "reading" : "checking")), bar);
};

const around = () => {
  const doc = current();
  const many = docs.length > 0;
  document.body.classList.toggle("busy-with", many);
  byId("files").hidden = !many;
  into(byId("files"), filesList(docs, shown.doc));
  byId("tools").hidden = !many || !docs.every((one) => one.state !== "reading");
  if (byId("tools").hidden) return;
  into(byId("tools"), toolsBar(doc, docs, options));
  if (!doc) return;
  const [level, prior] = ["level", "prior"].map((name) => byId("tools").querySelector(`select[name=${name}]`));
  if (level) level.value = doc.level;
  prior.value = docOf(doc.prior) ? doc.prior : "";
};

const into = (holder, fresh) => {
  if (holder.firstElementChild) morph(holder.firstElementChild, fresh); else holder.append(fresh);
};

const all = () => { around(); draw(); };

const announce = () => {
  clearTimeout(spoken);
  spoken = setTimeout(() => {
    const [verdict, sentence] = [".stamp", "header .sentence"].map((selector) => stage.querySelector(selector));
    const told = verdict ? printedIn(verdict).replace(/^[×✓?]/, "") : word("overview");
    if (sentence) byId("said").textContent = word("verdict_now", { verdict: told, sentence: sentence.textContent });
  }, QUIET);
};

// --- checking
const asked = (doc) => ({
  id: doc.id,
  edits: edits(doc.changes, pending && doc.id === shown.doc ? [pending] : []),
  ...(doc.prior ? { prior: doc.prior } : {}),
  about: doc.level ? { level: doc.level } : {},
});

const keyOf = (doc) => JSON.stringify([asked(doc), language()]);

const keep = (answer, keys) => {
  for (const [id, key] of keys) {
    const doc = docOf(id);
    if (!doc) continue;
    const own = answer.reports.map((one, i) => ({ ...one, result: answer.result.reports[i] })).filter((one) => one.id === id);
    const verdicts = own.map(({ result }) => result.verdict);
    const whole = own.length > 1 || own.every((one) => one.printed !== null || one.result.form === null); // not of very many at once
    Object.assign(doc, { reports: own, key: whole ? key : "", overview: own.length > 1 ? answer.overview_html : null });
    doc.verdict = ["not_verified", "findings", "clean"].find((verdict) => verdicts.includes(verdict));
    doc.wrong = own.some(({ result }) => result.findings.some((one) => one.outcome === "fail" && one.severity !== "note"));
  }
};

/** Reports of one agency in following years: each is checked against the one before, unless the person said otherwise. */
const pairYears = () => {
  const about = (doc) => (doc.reports?.length === 1 && doc.reports[0].result.about) || {};
  for (const doc of docs) {
    const { agency, year } = about(doc);
    const before = docs.find((other) => agency && about(other).agency === agency && Number(about(other).year) === Number(year) - 1);
    if (!doc.chosen && before) { doc.prior = before.id; doc.key = keyOf(doc); }
  }
};

const check = latest(trying(async (began, isLast) => {
  const ready = docs.filter((doc) => doc.state !== "reading");
  const doc = current();
  const those = doc ? [doc] : ready;
  if (!those.length) return;
  const keys = those.map((one) => [one.id, keyOf(one)]);
  stage.ariaBusy = "true";
  const answer = await api.check(those.map(asked), language()).finally(() => { if (isLast()) stage.ariaBusy = "false"; });
  calm();
  if (!isLast()) return;
  if (keys.some(([id, key]) => docOf(id) && keyOf(docOf(id)) !== key)) { refresh(); return; } // taken back meanwhile
  keep(answer, keys);
  if (!doc) { overview = answer.overview_html; pairYears(); }
  all();
  announce();
  if (began) requestAnimationFrame(() => performance.measure("edit", { start: began, end: performance.now() }));
}));

/** Checks again what is looked at, unless the last check was of just this. */
const refresh = (began = 0) => {
  const doc = current();
  if (doc && doc.key === keyOf(doc)) all(); else check(began);
};

// --- changes
const record = (step) => {
  const doc = current();
  doc.changes = withStep(doc.changes, step);
  around();
  refresh();
};

const goBack = (act, list, said) => {
  const doc = current();
  if (!doc || !doc.changes[list].length) return;
  doc.changes = act(doc.changes);
  byId("said").textContent = word(said);
  around();
  refresh();
};

const adopt = (button) => {
  const step = button.dataset.guesses.split(" ").map((text) => {
    const [id, to] = [text.slice(0, text.indexOf(":")), text.slice(text.indexOf(":") + 1)];
    const el = byId(id);
    return { at: el.dataset.at, to, from: printedIn(el), place: placeOf(el, report().printed), el };
  });
  const first = step[0].el;
  record(step.map(({ el, ...change }) => change));
  editor.focus(first);
};

const revert = (nth) => {
  const change = standing(current().changes)[nth];
  record([{ ...change, from: change.to, to: change.from }]);
};

// --- files in
const watch = trying(async (doc) => {
  while (docOf(doc.id) && doc.state === "reading") {
    await new Promise((done) => setTimeout(done, POLL));
    Object.assign(doc, await api.stateOf(doc.id));
    all();
  }
});

const takeIn = async (found, asPrior = null) => {
  const fresh = found.map((one) => ({ ...one, level: "", prior: "", chosen: false, changes: none, taken: "", reports: null, overview: null }));
  docs.push(...fresh);
  byId("intake").hidden = true;
  if (asPrior) Object.assign(docOf(asPrior), { prior: fresh[0].id, chosen: true });
  else shown = { doc: docs.length === 1 ? docs[0].id : null, nth: null };
  overview = null;
  all();
  byId("said").textContent = word("waiting", { n: fresh.length });
  await Promise.all(fresh.map(watch));
  if (docs.every((doc) => doc.state !== "reading")) check();
};

const receive = trying(async (files, asPrior) => {
  calm();
  await takeIn(await api.upload(files), asPrior);
});

const choose = intake({
  files: receive,
  nothing: () => around(),
  text: trying(async (text) => {
    calm();
    await takeIn(await api.uploadText(text, word("pasted_name")));
  }),
});

// --- what is looked at
const look = (id, nth = null) => {
  editor.finish();
  shown = { doc: id || null, nth };
  refresh();
  all();
  scrollTo(0, 0);
};

const drop = trying(async (id) => {
  docs = docs.filter((doc) => doc.id !== id);
  for (const doc of docs) if (doc.prior === id) { doc.prior = ""; doc.key = ""; }
  if (shown.doc === id || docs.length < 2) shown = { doc: docs.length === 1 ? docs[0].id : null, nth: null };
  byId("intake").hidden = docs.length > 0;
  overview = null;
  all();
  if (docs.length) refresh(); else byId("choose").focus();
  await api.remove(id);
});

byId("files").addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  if ("add" in button.dataset) choose();
  else if ("remove" in button.dataset) drop(button.dataset.remove);
  else look(button.dataset.show);
});

stage.addEventListener("click", (event) => {
  const use = event.target.closest("button.use");
  if (use) adopt(use);
  const link = event.target.closest("a[href^='#r']");
  if (!link) return;
  event.preventDefault();
  const those = current() ? [current()] : docs;
  const order = those.flatMap((doc) => doc.reports.map((_, nth) => [doc.id, doc.reports.length === 1 ? null : nth]));
  look(...order[Number(link.getAttribute("href").slice(2))]);
  stage.focus();
});

byId("to-findings").addEventListener("click", (event) => {
  event.preventDefault();
  stage.querySelector(".findings").focus();
});

// --- tools
const tools = byId("tools");
tools.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  if (button.dataset.do === "undo") goBack(undo, "done", "undone");
  if (button.dataset.do === "redo") goBack(redo, "undone", "redone");
  if (button.dataset.revert) revert(Number(button.dataset.revert));
  if (button.dataset.take) takeAway(button.dataset.take);
});
tools.addEventListener("change", ({ target }) => {
  const doc = current();
  if (target.name === "level") doc.level = target.value;
  if (target.name === "prior" && target.value === "+") { choose(doc.id); return; }
  if (target.name === "prior") Object.assign(doc, { prior: target.value, chosen: true });
  refresh();
});

const takeAway = trying(async (kind) => {
  byId("said").textContent = word("making");
  const doc = current();
  const those = (doc ? [doc] : docs).map(asked);
  const { name, blob } = await api.take(kind, those, language());
  if (doc && ["mended", "report"].includes(kind)) doc.taken = JSON.stringify(those[0].edits);
  const link = h("a", { href: URL.createObjectURL(blob), download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  byId("said").textContent = name;
  calm();
});

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(except)) menu.open = false;
};
document.addEventListener("click", ({ target }) => { if (target.isConnected) closeMenus(target); });

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (event.key === "Escape" && menu) { menu.open = false; menu.querySelector("summary").focus(); }
  if (event.target.matches("input, textarea, select") || !(event.ctrlKey || event.metaKey)) return;
  const key = event.key.toLowerCase();
  if (key === "z" || key === "y") event.preventDefault();
  if (key === "z" && !event.shiftKey) goBack(undo, "done", "undone");
  if (key === "y" || (key === "z" && event.shiftKey)) goBack(redo, "undone", "redone");
});

// --- the page itself
const settle = trying(async () => {
  say();
  const here = ["localhost", "[::1]"].includes(location.hostname) || location.hostname.startsWith("127.");
  byId("private").textContent = word(here ? "private_here" : "private_there");
  options = await api.options(language());
  const size = word("size", { n: Math.floor(options.max_size / 2 ** 20) });
  byId("formats").textContent = `${word("formats", { list: options.formats.join(" ") })} · ${size}`;
  byId("picker").accept = options.formats.map((ending) => `.${ending}`).join(",");
  around();
});

for (const button of document.querySelectorAll("[data-lang]")) {
  button.addEventListener("click", async () => {
    if (button.dataset.lang === language()) return;
    editor.finish();
    speak(button.dataset.lang);
    overview = null;
    await settle();
    if (docs.length) refresh();
  });
}

byId("trouble").querySelector("button").addEventListener("click", calm);
byId("entrance").addEventListener("submit", (event) => {
  event.preventDefault();
  api.useToken(byId("token").value.trim());
  location.reload();
});

addEventListener("beforeunload", (event) => {
  const open = docs.map((doc) => [doc, edits(doc.changes)]).filter(([, changes]) => changes.length);
  if (open.some(([doc, changes]) => doc.taken !== JSON.stringify(changes))) event.preventDefault();
});

api.takeToken();
await settle();
trying(async () => {
  const found = await api.given();
  if (found.length) await takeIn(found);
})();
