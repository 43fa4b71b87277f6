// The files that were handed in, as a list that switches between them.
import { told, word } from "./words.js";
import { h } from "./dom.js";

const SIGNS = { clean: "✓", findings: "×", not_verified: "?" };

const state = (doc) => {
  if (doc.state === "reading") return h("progress", { max: "1", value: doc.progress || null, "aria-label": word("reading") });
  const verdict = doc.verdict;
  return h("span", { class: `glyph ${verdict ? `v-${verdict}` : ""}`, "aria-hidden": "true" }, verdict ? SIGNS[verdict] : "·");
};

const item = (doc, isShown) => {
  const show = h("button", { type: "button", class: "file", "data-show": doc.id, "aria-current": isShown ? "page" : null },
    state(doc), h("span", { class: "name" }, doc.name),
    doc.error ? h("span", { class: "vh" }, ` ${word("failed")}：${told(doc.error)}`) : null);
  const remove = h("button", { type: "button", class: "remove", "data-remove": doc.id, "aria-label": word("remove", { name: doc.name }) }, "×");
  return h("li", { "data-key": doc.id, class: isShown ? "shown" : null }, show, remove);
};

/** The list as a node; `shown` is the id of the document that is looked at, null for the overview. */
export const filesList = (docs, shown) => {
  const all = docs.length > 1 ? [h("li", { "data-key": "all", class: shown === null ? "shown" : null },
    h("button", { type: "button", class: "file", "data-show": "", "aria-current": shown === null ? "page" : null }, word("overview")))] : [];
  return h("ul", {}, all, docs.map((doc) => item(doc, doc.id === shown)),
    h("li", { "data-key": "add" }, h("button", { type: "button", class: "add", "data-add": "" }, `＋ ${word("add")}`)));
};
