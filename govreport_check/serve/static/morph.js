// One piece of a page made like another, by changing only what differs: what has the focus, is open or scrolled stays so.

const STAY = new Set(["open", "tabindex", "aria-pressed", "data-editing"]); // what a person or the page's scripts set
const STAYS = ["afloat"]; // classes of that kind

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.getAttribute("data-key") : null);

const isBlank = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim() === "";

const same = (old, fresh) => old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName && keyOf(old) === keyOf(fresh);

const attributes = (old, fresh) => {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !STAY.has(name)) old.removeAttribute(name);
  const stays = STAYS.filter((name) => old.classList.contains(name));
  for (const { name, value } of fresh.attributes) if (!STAY.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (stays.length) old.classList.add(...stays);
};

/** The nodes that `old`'s were made from, where they still are the same ones. */
const sources = (old, before) => {
  const olds = [...old.childNodes];
  const befores = before ? [...before.childNodes] : [];
  const fits = olds.length === befores.length && olds.every((node, i) => same(node, befores[i]));
  return new Map(fits ? olds.map((node, i) => [node, befores[i]]) : []);
};

const children = (old, fresh, before) => {
  const from = sources(old, before);
  const wantedKeys = new Set([...fresh.childNodes].map(keyOf));
  for (const node of [...old.childNodes]) if (keyOf(node) !== null && !wantedKeys.has(keyOf(node))) node.remove();
  const keyed = new Map([...old.childNodes].filter((node) => keyOf(node) !== null).map((node) => [keyOf(node), node]));
  let next = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const key = keyOf(wanted);
    const known = key !== null ? keyed.get(key) : next && same(next, wanted) ? next : null;
    if (!known) { old.insertBefore(wanted, next); continue; }
    keyed.delete(key);
    while (next !== known && next && isBlank(next)) { // else it would be moved, and lose the focus
      const blank = next;
      next = next.nextSibling;
      blank.remove();
    }
    if (known === next) next = next.nextSibling; else old.insertBefore(known, next);
    morph(known, wanted, from.get(known));
  }
  while (next) { const last = next; next = next.nextSibling; last.remove(); }
};

/** Makes `old` like `fresh`, which is used up. What is being edited keeps what stands in it. `before` is what `old` was made from, if nobody
 * wrote into it since: what is the same in `fresh` is not looked at. */
export const morph = (old, fresh, before = null) => {
  if (before?.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  attributes(old, fresh);
  if (!("editing" in old.dataset)) children(old, fresh, before);
};
