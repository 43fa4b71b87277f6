// Elements made in one expression. Text is always text: nothing here reads markup.

/** `<tag>` with properties (attributes; `class`, `data-*` and `aria-*` as such; false and null leave one out) and children. */
export const h = (tag, properties = {}, ...children) => {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === false || value === null || value === undefined) continue;
    el.setAttribute(name, value === true ? "" : value);
  }
  el.append(...children.flat().filter((child) => child !== null && child !== false));
  return el;
};
