// How files and text come in: dropped anywhere, chosen, or pasted.

const byId = (id) => document.getElementById(id);
const carries = (event) => event.dataTransfer?.types.includes("Files");

const dropping = (files) => {
  let depth = 0; // dragenter and dragleave come for every element on the way
  const over = (by) => {
    depth = Math.max(0, depth + by);
    byId("over").hidden = depth === 0;
  };
  addEventListener("dragenter", (event) => { if (carries(event)) over(1); });
  addEventListener("dragleave", (event) => { if (carries(event)) over(-1); });
  addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
  addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    over(-depth);
    if (event.dataTransfer.files.length) files([...event.dataTransfer.files], null);
  });
};

const pasting = (text) => {
  const show = (on) => {
    byId("pasted").hidden = !on;
    byId("paste").setAttribute("aria-expanded", String(on));
    byId(on ? "text" : "paste").focus();
  };
  byId("paste").addEventListener("click", () => show(byId("pasted").hidden));
  byId("paste-off").addEventListener("click", () => show(false));
  byId("pasted").addEventListener("submit", (event) => {
    event.preventDefault();
    const area = byId("text");
    if (area.value.trim()) text(area.value); else area.focus();
  });
};

/** `files` is given files and the document whose report of the year before they are, or null; `text` what was pasted; `nothing` is told
 * when no file was chosen after all. Returns a function that lets a person choose files, as the report of the year before of a document or
 * on their own. */
export const intake = ({ files, text, nothing }) => {
  const picker = byId("picker");
  let priorOf = null;
  const choose = (prior = null) => {
    priorOf = prior;
    picker.multiple = prior === null;
    picker.click();
  };
  picker.addEventListener("change", () => {
    if (picker.files.length) files([...picker.files], priorOf);
    picker.value = "";
  });
  picker.addEventListener("cancel", nothing);
  byId("choose").addEventListener("click", () => choose());
  dropping(files);
  pasting(text);
  return choose;
};
