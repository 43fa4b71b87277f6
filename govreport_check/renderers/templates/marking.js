// Findings and what they mark in reports: the part of the script that the HTML report and the served page share.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const byId = (id) => document.getElementById(id);
const shownOf = (place) => place.dataset.f.split(" ").map(byId).filter((card) => card && !card.hidden);

// --- arrows from the operands to what they are compared with
const make = (name, attributes, parent) => {
  const el = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
  return parent.appendChild(el);
};

const canvas = (sheet) => {
  const known = sheet.querySelector("svg.arrows");
  if (known) return known;
  const svg = make("svg", { class: "arrows", "aria-hidden": "true", width: sheet.scrollWidth, height: sheet.scrollHeight }, sheet);
  const id = `tip-${all(".sheet").indexOf(sheet)}`;
  const marker = make("marker", { id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 6, markerHeight: 6, orient: "auto" }, make("defs", {}, svg));
  make("path", { d: "M0 0 8 4 0 8z" }, marker);
  svg.dataset.tip = id;
  return svg;
};

const draw = (sheet, starts, target) => {
  const origin = sheet.getBoundingClientRect();
  const box = (el) => {
    const r = el.getBoundingClientRect();
    return { left: r.left - origin.left, right: r.right - origin.left, top: r.top - origin.top, bottom: r.bottom - origin.top,
             x: (r.left + r.right) / 2 - origin.left, y: (r.top + r.bottom) / 2 - origin.top };
  };
  const end = box(target);
  const boxes = starts.map(box);
  const svg = canvas(sheet);
  for (const start of boxes) {
    const column = Math.abs(start.x - end.x) < 12;
    const line = Math.abs(start.y - end.y) < 8;
    let d;
    if (column) {
      const out = Math.min(24, 10 + Math.abs(start.y - end.y) / 30);
      d = `M${start.right - 5} ${start.y} C${start.right + out} ${start.y} ${end.right + out} ${end.y} ${end.right - 3} ${end.y}`;
    } else if (line) {
      const out = Math.min(30, 10 + Math.abs(start.x - end.x) / 14);
      d = `M${start.x} ${start.top + 5} C${start.x} ${start.top - out} ${end.x} ${end.top - out} ${end.x} ${end.top + 3}`;
    } else {
      const below = end.y > start.y;
      const y1 = below ? start.bottom - 4 : start.top + 4;
      const y2 = below ? end.top + 3 : end.bottom - 3;
      d = `M${start.x} ${y1} C${start.x} ${(y1 + y2) / 2} ${end.x} ${(y1 + y2) / 2} ${end.x} ${y2}`;
    }
    make("path", { d, class: "arrow", "marker-end": `url(#${svg.dataset.tip})` }, svg);
  }
};

const arrows = (marks) => {
  const ends = marks.filter((mark) => mark.role === "t");
  const starts = marks.filter((mark) => mark.role === "l" || (ends.length && mark.role === "r"));
  const targets = ends.length ? ends : marks.filter((mark) => mark.role === "r");
  if (!ends.length && starts.length * targets.length > 6) return;
  for (const target of targets) {
    const sheet = target.el.closest(".sheet");
    const mine = starts.filter((start) => sheet && start.el.closest(".sheet") === sheet);
    if (mine.length) draw(sheet, mine.map((start) => start.el), target.el);
  }
};

// --- what a finding marks in the report
const marksOf = (card) =>
  (card.dataset.marks || "").split(" ").filter(Boolean).map((text) => {
    const [id, role, sign] = text.split(":");
    return { el: byId(id), role, sign };
  }).filter((mark) => mark.el);

const guess = (button) => {
  for (const text of button.dataset.guesses.split(" ")) {
    const at = text.indexOf(":");
    const el = byId(text.slice(0, at));
    if (!el) continue;
    el.classList.add("on", "guessed");
    const to = document.createElement("span");
    to.className = "to";
    to.textContent = `→ ${text.slice(at + 1)}`;
    el.append(to);
  }
};

const unfold = (el) => {
  for (let box = el.closest("details:not(.f)"); box; box = box.parentElement.closest("details:not(.f)")) box.open = true;
};

const into = (el, block) => el.scrollIntoView({ block, inline: "center", behavior: "auto" });

/** Findings and places within `root`, now or later, lead to each other; `tip` shows a look at one. */
export const marking = (root, tip) => {
  const narrow = matchMedia("(max-width: 60rem)");
  let active = null; // the card that is open
  let from = null; // where it was opened, to return to

  const clear = () => {
    all(".on", root).forEach((el) => { el.classList.remove("on", "as-t", "as-l", "as-r", "as-x", "guessed"); delete el.dataset.sign; });
    all("svg.arrows, span.to", root).forEach((el) => el.remove());
    all("button.w[aria-expanded=true]", root).forEach((el) => el.setAttribute("aria-expanded", "false"));
  };

  const show = (card) => {
    clear();
    const marks = marksOf(card);
    for (const { el, role, sign } of marks) {
      el.classList.add("on", `as-${role}`);
      if (sign) el.dataset.sign = sign;
      const button = el.querySelector("button.w");
      if (button && card === active) button.setAttribute("aria-expanded", "true");
    }
    const way = card.querySelector(".ways [aria-pressed=true]");
    if (way) guess(way);
    arrows(marks); // last: what is inferred makes its row higher
  };

  // --- opening and closing
  const open = (card, origin) => {
    from = origin || null;
    if (origin && narrow.matches) card.classList.add("afloat");
    unfold(card);
    card.open = true;
    activate(card);
    if (origin) { if (!narrow.matches) into(card, "nearest"); } else toPlace(card);
  };

  const activate = (card) => {
    if (active && active !== card) { active.classList.remove("afloat"); active.open = false; }
    active = card;
    show(card);
  };

  const toPlace = (card) => {
    const marks = marksOf(card);
    const mark = marks.find(({ role }) => role === "t") || marks[0];
    if (!mark) return;
    unfold(mark.el);
    into(mark.el, "center");
    show(card);
  };

  const forget = (card) => {
    active = null;
    from = null;
    card.classList.remove("afloat");
    card.open = false;
    clear();
  };

  const close = () => {
    const card = active ?? root.querySelector("details.f[open]"); // one that was opened just now, of which no event has come yet
    if (!card) return;
    const back = from && from.isConnected ? from : card.querySelector("summary");
    forget(card);
    back.focus();
    hideTip();
  };

  root.addEventListener("toggle", (event) => {
    const card = event.target;
    if (!card.matches("details.f") || "printing" in card.dataset) return;
    if (card.open && active !== card) { activate(card); if (!narrow.matches) toPlace(card); }
    if (!card.open && active === card) forget(card);
  }, true); // it does not bubble

  root.addEventListener("click", (event) => {
    const target = event.target;
    if (target.matches("input, textarea")) return; // a figure that is being changed
    const way = target.closest(".ways button[aria-pressed]");
    if (way) {
      const pressed = way.getAttribute("aria-pressed") === "true";
      all("button[aria-pressed]", way.parentElement).forEach((other) => other.setAttribute("aria-pressed", String(other === way && !pressed)));
      show(way.closest("details.f"));
      return;
    }
    if (target.closest(".shut")) { close(); return; }
    const go = target.closest(".go");
    if (go) {
      const card = go.closest("details.f");
      if (narrow.matches) card.classList.add("afloat");
      toPlace(card);
      return;
    }
    const place = target.closest("[data-f]");
    if (place) {
      const mine = shownOf(place);
      const at = mine.indexOf(active);
      if (mine.length) open(mine[(at + 1) % mine.length], place.querySelector("button.w") || place);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { hideTip(); close(); }
  });

  // --- a look at what a place is about, without opening it
  const hideTip = () => { tip.hidden = true; };
  const look = (place) => {
    const card = shownOf(place)[0];
    if (!card) return;
    show(active && shownOf(place).includes(active) ? active : card);
    const told = card.dataset.tip || card.querySelector(".message").textContent;
    tip.textContent = told;
    tip.hidden = active !== null && narrow.matches;
    const r = place.getBoundingClientRect();
    const left = Math.max(8, Math.min(r.left, innerWidth - tip.offsetWidth - 8));
    tip.style.left = `${left}px`;
    tip.style.top = r.bottom + tip.offsetHeight + 16 < innerHeight ? `${r.bottom + 8}px` : `${r.top - tip.offsetHeight - 8}px`;
  };
  const leave = () => { hideTip(); if (active) show(active); else clear(); };
  const crossing = (act) => (event) => {
    const place = event.target.closest("[data-f]");
    if (place && !(event.relatedTarget instanceof Node && place.contains(event.relatedTarget))) act(place);
  };
  root.addEventListener("mouseover", crossing(look));
  root.addEventListener("mouseout", crossing(leave));
  root.addEventListener("focusin", crossing(look));
  root.addEventListener("focusout", crossing(leave));
  addEventListener("scroll", hideTip, { passive: true });
  addEventListener("resize", () => { if (active) show(active); });

  // --- on paper everything is open
  let opened = [];
  addEventListener("beforeprint", () => {
    active = null; // several are open at once
    clear();
    opened = all("details:not([open])", root).filter((box) => !box.hidden && !box.matches(".quiet"));
    if (all("details.f", root).length <= 500) opened.forEach((box) => { box.dataset.printing = ""; box.open = true; });
  });
  addEventListener("afterprint", () => { opened.forEach((box) => { box.open = false; delete box.dataset.printing; }); clear(); });

  /** `change` of what stands in `root`, with nothing lit up meanwhile; a card that is open and still there stays so. */
  const around = (change) => {
    clear();
    change();
    if (active && !(active.isConnected && root.contains(active))) { active = null; from = null; hideTip(); }
    if (active) show(active);
  };

  return { around, close, forget: (card) => { if (card === active) forget(card); }, isOpen: (card) => card === active };
};

// --- filters
const fold = (text) => text.toLocaleLowerCase();

const asked = (form) => {
  const data = new FormData(form);
  const narrowed = ["part", "rule", "entity"].filter((key) => data.get(key));
  const words = fold(data.get("words") || "").trim();
  const boxes = all("input[name=group]", form);
  return {
    words, narrowed, groups: data.getAll("group"), of: (key) => data.get(key),
    chosen: narrowed.length > 0 || words !== "" || boxes.some((box) => box.checked !== box.defaultChecked),
  };
};

const tidy = (root) => {
  for (const heading of all(".findings h3", root)) {
    let next = heading.nextElementSibling;
    while (next && next.matches("details.f") && next.hidden) next = next.nextElementSibling;
    heading.hidden = !(next && next.matches("details.f"));
  }
  for (const place of all("[data-f]", root)) {
    const off = shownOf(place).length === 0;
    place.classList.toggle("off", off);
    const button = place.querySelector("button.w");
    if (button) button.disabled = off;
  }
};

/** The filters within `root`, now or later, hide what does not fit; returns a function that does so again after a change. */
export const filtering = (root, marks) => {
  const filter = () => {
    const form = root.querySelector("form.filters");
    if (!form) return;
    form.hidden = false;
    const wanted = asked(form);
    const rows = new Map(all("tr[data-report]", root).map((row) => [row.dataset.report, row]));
    const cards = all("details.f", root);
    const found = new Set();
    let shown = 0;
    for (const card of cards) {
      const report = card.closest("details.report");
      const row = report && rows.get(report.id);
      const fits = wanted.groups.includes(card.dataset.group) && wanted.narrowed.every((key) => card.dataset[key] === wanted.of(key)) &&
        (!wanted.words || fold(card.textContent).includes(wanted.words) || (row && fold(row.textContent).includes(wanted.words)));
      card.hidden = !fits;
      if (fits) { shown += 1; if (report) found.add(report.id); } else marks.forget(card);
    }
    tidy(root);
    for (const [id, row] of rows) {
      const told = wanted.words && !wanted.narrowed.length && fold(row.textContent).includes(wanted.words);
      row.hidden = wanted.chosen && !found.has(id) && !told;
      byId(id).hidden = row.hidden;
    }
    const output = form.querySelector("output");
    output.textContent = output.dataset.words.replace("{shown}", shown).replace("{all}", cards.length);
  };
  const within = (act) => (event) => { if (event.target.closest("form.filters")) act(event); };
  root.addEventListener("input", within(filter));
  root.addEventListener("submit", within((event) => event.preventDefault()));
  root.addEventListener("reset", within(() => setTimeout(filter)));
  filter();
  return filter;
};

// --- the overview
const sort = (head) => {
  const column = [...head.parentElement.children].indexOf(head);
  const up = head.getAttribute("aria-sort") === "none" ? !head.classList.contains("n") : head.getAttribute("aria-sort") === "descending";
  all("th[aria-sort]", head.parentElement).forEach((other) => other.setAttribute("aria-sort", "none"));
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  const body = head.closest("table").tBodies[0];
  const key = (row) => row.cells[column].dataset.v ?? row.cells[column].textContent;
  const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
  body.append(...[...body.rows].sort((a, b) => (up ? 1 : -1) * compare(key(a), key(b))));
};

/** Tables within `root`, now or later, are sorted by the buttons in their heads. */
export const sorting = (root) => root.addEventListener("click", (event) => {
  const button = event.target.closest(".sortable thead button");
  if (button) sort(button.closest("th"));
});
