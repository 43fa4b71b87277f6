// A figure, a heading or a paragraph is changed where it stands.
import { word } from "./words.js";
import { h } from "./dom.js";

const PLACES = "[data-at]";

/** What is printed in an element, without signs and words for screen readers. */
export const printedIn = (el) => {
  const copy = el.cloneNode(true);
  copy.querySelectorAll(".sign, .vh, .to, svg").forEach((one) => one.remove());
  return copy.textContent.trim();
};

/** Where the focus goes when it goes to a place. */
const handle = (el) => (el.matches("td, th") && el.querySelector("button.w:enabled")) || el;

/** The address of a place; `numbers` are those of each section's paragraphs, by which the server knows them. */
const addressOf = (el, numbers) => {
  if (!("nth" in el.dataset)) return { at: el.dataset.at };
  const own = numbers[el.dataset.at.slice("sections.".length)] ?? [];
  return { at: el.dataset.at, line: own[Number(el.dataset.nth)] ?? Math.max(0, ...own) + 1 };
};

const labelOf = (pairs, id) => pairs.find(([name]) => name === id)?.[1] ?? id;

/** Where a place is, in words: 表三 · 一、本年新收 · 总计. */
export const placeOf = (el, printed) => {
  const cell = /^(.+?)\[(.+), (.+)\]$/.exec(el.dataset.at);
  if (cell) {
    const table = printed.tables.find(({ id }) => id === cell[1]);
    return [table.title, labelOf(table.rows, cell[2]), labelOf(table.columns, cell[3])].join(" · ");
  }
  if (el.dataset.at.startsWith("labels.")) return [el.closest("table").caption.textContent, printedIn(el)].join(" · ");
  const part = printed.parts.find(({ id }) => id === el.dataset.at.split(".")[1]);
  return `${part.heading} · ${"nth" in el.dataset ? word("paragraph", { n: Number(el.dataset.nth) + 1 }) : word("heading")}`;
};

const control = (el, text, name) => {
  const label = word("edit_of", { place: name });
  const common = { class: "edit", "aria-label": label, autocomplete: "off", spellcheck: "false", enterkeyhint: "done" };
  const size = Math.max(2, text.length + 1);
  const made = el.matches("p")
    ? h("textarea", { ...common, rows: "1" })
    : h("input", { ...common, type: "text", size, inputmode: el.matches("td") ? "decimal" : null });
  made.value = text;
  return made;
};

const fit = (area) => {
  if (area.nodeName !== "TEXTAREA") return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
};

/** Editing within `root`. `of` gives {printed, numbers} of the report that stands there, or null when it cannot be changed; `typed` is told
 * the change as it is being typed or null, `ended` that its place holds plain text now, `changed` the change when it is done; `isShown`
 * says whether an element's finding is open. */
export const editing = (root, { of, typed, ended, changed, isShown }) => {
  let now = null; // {el, control, change}
  let current = null; // the place that Tab leads to
  let wasShown = false;

  const begin = (el, first) => {
    const report = of();
    if (!report || now) return;
    const from = printedIn(el);
    const place = placeOf(el, report.printed);
    const made = control(el, from, place);
    now = { el, control: made, change: { ...addressOf(el, report.numbers), from, to: from, place } };
    el.dataset.editing = "";
    el.replaceChildren(made);
    if (first !== undefined) made.value = first;
    fit(made);
    made.focus({ preventScroll: true });
    if (first === undefined) made.select(); else tell();
  };

  const tell = (at = performance.now()) => {
    now.change = { ...now.change, to: now.control.value.replace(/\s*\n\s*/g, " ").trim() };
    fit(now.control);
    typed(now.change, at);
  };

  const end = (keep, back) => {
    if (!now) return;
    const { el, change } = now;
    now = null;
    delete el.dataset.editing;
    const done = keep && change.to !== change.from;
    el.textContent = done ? change.to : change.from;
    ended();
    if (done) changed(change); else typed(null, 0);
    if (back) focus(el);
  };

  const focus = (el) => {
    current = el;
    settle();
    const to = handle(el);
    if (to === el && !el.hasAttribute("tabindex")) el.tabIndex = -1; // a label that is right now cannot be changed any more
    to.focus();
  };

  /** One place can be reached with Tab, the others with the arrow keys. */
  const settle = () => {
    const places = [...root.querySelectorAll(PLACES)];
    if (!current || !root.contains(current)) current = places[0] ?? null;
    for (const el of places) {
      const index = of() && el === current ? 0 : -1;
      if (el.getAttribute("tabindex") !== String(index)) el.tabIndex = index;
    }
  };

  const beside = (el, key) => {
    const places = [...root.querySelectorAll(PLACES)].filter((one) => one.checkVisibility());
    const at = places.indexOf(el);
    if (key === "ArrowRight") return places[at + 1];
    if (key === "ArrowLeft") return places[at - 1];
    const step = key === "ArrowDown" ? 1 : -1;
    if (!el.matches("td, th")) return places[at + step];
    const x = el.getBoundingClientRect().left;
    const table = el.closest("table");
    for (let i = at + step; places[i]; i += step) {
      const other = places[i];
      const below = other.closest("tr") !== el.closest("tr") && Math.abs(other.getBoundingClientRect().left - x) < 4;
      if (other.closest("table") !== table || below) return other;
    }
    return null;
  };

  root.addEventListener("click", ({ target }) => {
    const place = target.closest("[data-f]");
    wasShown = place !== null && isShown(place);
  }, true); // before the finding opens

  root.addEventListener("click", ({ target, detail }) => {
    const el = target.closest(PLACES);
    if (!el || "editing" in el.dataset || String(getSelection()) !== "") return;
    const marked = target.closest("button.w, [data-f]") !== null;
    const byTouch = matchMedia("(pointer: coarse)").matches;
    const reads = marked && !wasShown && (byTouch || !el.matches("td")); // the first touch of what is wrong shows why
    if (!reads) begin(el);
    else if (detail === 0) current = el; // by keyboard
  });

  root.addEventListener("keydown", (event) => {
    const el = event.target.closest(PLACES);
    if (!el) return;
    if (now && event.target === now.control) { typing(event); return; }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith("Arrow") && !event.shiftKey) {
      const other = beside(el, event.key);
      if (other) { event.preventDefault(); focus(other); }
    } else if (event.key === "F2" || (event.key === "Enter" && event.target === el)) {
      event.preventDefault();
      begin(el);
    } else if (el.matches("td") && /^[0-9]$/.test(event.key)) {
      event.preventDefault();
      begin(el, event.key);
    }
  });

  const typing = (event) => {
    if (event.isComposing) return; // Enter and Esc belong to the input method
    if (event.key === "Enter") { event.preventDefault(); end(true, true); }
    if (event.key === "Escape") { event.stopPropagation(); end(false, true); }
  };

  root.addEventListener("input", (event) => { if (now && event.target === now.control && !event.isComposing) tell(event.timeStamp); });
  root.addEventListener("compositionend", (event) => { if (now && event.target === now.control) tell(); });
  root.addEventListener("focusout", (event) => { if (now && event.target === now.control) end(true, false); });

  return { settle, focus, isOn: () => now !== null, finish: () => end(true, false) };
};
