// The server's interface (docs/serve-api.md), for the page. Every failure is an Asking error with words for the person.
import { told, word } from "./words.js";

const KEY = "govreport-token";

export class Refused extends Error {
  constructor(words, code) { super(words); this.code = code; }
}

export const useToken = (token) => sessionStorage.setItem(KEY, token);

/** Takes the token out of the address, where it would be seen and kept. */
export const takeToken = () => {
  const stated = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!stated) return;
  useToken(stated);
  history.replaceState(null, "", location.pathname + location.search);
};

const failure = async (answer) => {
  if (answer.status === 401) return new Refused(word("refused"), "refused");
  const text = await answer.text();
  try {
    const { error } = JSON.parse(text);
    return new Refused(told(error), error.code);
  } catch {
    return new Refused(word("strange", { code: answer.status }), String(answer.status));
  }
};

const ask = async (path, options = {}) => {
  const headers = { ...options.headers, "X-Govreport-Token": sessionStorage.getItem(KEY) || "" };
  let answer;
  try {
    answer = await fetch(new URL(`api/${path}`, document.baseURI), { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(word("lost"), "lost");
  }
  if (!answer.ok) throw await failure(answer);
  return answer;
};

const json = async (path, options) => (await ask(path, options)).json();
const post = (body) => ({ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const options = (lang) => json(`options?lang=${lang}`);

export const upload = async (files) => {
  const form = new FormData();
  for (const file of files) form.append("file", file, file.name);
  return (await json("documents", { method: "POST", body: form })).documents;
};

export const uploadText = async (text, name) => (await json("documents", post({ text, name }))).documents;
export const given = async () => (await json("documents")).documents;
export const stateOf = (id) => json(`documents/${id}`);
export const remove = (id) => ask(`documents/${id}`, { method: "DELETE" });
export const check = (documents, lang) => json("check", post({ documents, lang }));

const nameIn = (header) => {
  const coded = /filename\*=UTF-8''([^;]+)/i.exec(header || "");
  const plain = /filename="?([^";]+)"?/i.exec(header || "");
  return coded ? decodeURIComponent(coded[1]) : plain ? plain[1] : "govreport";
};

/** The file of a kind as {name, blob}. */
export const take = async (kind, documents, lang) => {
  const answer = await ask(`take/${kind}`, post({ documents, lang }));
  return { name: nameIn(answer.headers.get("Content-Disposition")), blob: await answer.blob() };
};
