// What can be done with the report that is looked at: last year's report and the level, undo and redo, the changes, the files to take.
import { word } from "./words.js";
import { standing } from "./changes.js";
import { h } from "./dom.js";

const NAMES = new Map([
  ["mended", "mended"], ["annotated", "annotated"], ["letter", "letter"], ["slip", "slip"], ["xlsx", "xlsx"],
  ["html", "page"], ["report", "report"], ["json", "json"], ["manifest", "manifest"],
]); // the word for each kind, in the order of the menu

const option = ([value, text]) => h("option", { value, "data-key": value }, text);

const picks = (name, label, pairs) => h("label", { class: "pick" }, h("span", {}, label), h("select", { name }, pairs.map(option)));

const settings = (doc, docs, levels) => {
  const others = docs.filter((one) => one.id !== doc.id && one.state === "ready").map((one) => [one.id, one.name]);
  return [
    levels.length ? picks("level", word("level"), [["", word("level_none")], ...levels]) : null,
    picks("prior", word("prior"), [["", word("prior_none")], ...others, ["+", word("prior_file")]]),
  ];
};

const steps = (doc) => h("span", { class: "steps" },
  h("button", { type: "button", "data-do": "undo", disabled: !doc.changes.done.length, title: "Ctrl+Z" }, `↶ ${word("undo")}`),
  h("button", { type: "button", "data-do": "redo", disabled: !doc.changes.undone.length, title: "Ctrl+Shift+Z" }, `↷ ${word("redo")}`));

const words = (tag, text) => (text ? h(tag, {}, text) : h("em", {}, word("blank")));

const change = ({ at, line, from, to, place }, i) => h("li", { "data-key": `${at}:${line ?? ""}` },
  h("span", { class: "place" }, place),
  h("span", { class: "was-is" }, words("del", from), " → ", words("ins", to)),
  h("button", { type: "button", "data-revert": String(i), "aria-label": `${word("revert")}：${place}` }, word("revert")));

const changesMenu = (doc) => {
  const now = standing(doc.changes);
  return h("details", { class: "menu changes", "data-key": "changes" },
    h("summary", {}, now.length ? word("changes", { n: now.length }) : word("no_changes")),
    h("div", { class: "panel" }, h("p", { class: "hint" }, word("changes_hint")), h("ol", {}, now.map(change))));
};

/** Why a kind of file cannot be taken of these documents, null when it can. */
export const hindrance = (offer, docs) => {
  if (docs.length > 1 && !offer.many) return word("only_one");
  if (docs.some((doc) => doc.state === "failed")) return word("only_read");
  const endings = offer.of.filter((kind) => kind !== "office").map((kind) => `.${kind}`).join(" ");
  if (offer.of.length && !docs.every((doc) => offer.of.includes(doc.kind))) return word("only_kind", { list: endings });
  if (offer.kind === "mended" && !docs.some((doc) => standing(doc.changes).length)) return word("only_changed");
  if (offer.kind === "letter" && docs.every((doc) => doc.verdict === "clean" && !doc.wrong)) return word("only_wrong");
  if (offer.kind === "manifest" && docs.some((doc) => standing(doc.changes).length)) return word("only_file");
  if (offer.kind === "manifest" && docs.some((doc) => doc.level || doc.prior)) return word("only_stated");
  return null;
};

const taking = (docs) => (offer) => {
  const why = hindrance(offer, docs);
  const name = NAMES.get(offer.kind);
  return h("li", { "data-key": offer.kind },
    h("button", { type: "button", "data-take": offer.kind, disabled: why !== null, "aria-describedby": `what-${offer.kind}` }, word(name)),
    h("small", { id: `what-${offer.kind}` }, why ?? word(`${name}_what`)));
};

const takeMenu = (docs, offers) => {
  const ordered = [...NAMES.keys()].map((kind) => offers.find((offer) => offer.kind === kind)).filter(Boolean);
  return h("details", { class: "menu take", "data-key": "take" },
    h("summary", {}, word("take")), h("div", { class: "panel" }, h("ul", {}, ordered.map(taking(docs)))));
};

/** The bar as a node: `doc` is what is looked at, null for the overview of all `docs`. */
export const toolsBar = (doc, docs, options) => h("div", { class: "tools-in" },
  doc ? settings(doc, docs, options.levels) : null,
  h("span", { class: "gap" }),
  doc ? [steps(doc), changesMenu(doc)] : null,
  takeMenu(doc ? [doc] : docs, options.take));
