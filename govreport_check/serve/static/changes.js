// What a person changed in one report, as steps that can be undone. Plain data, and functions that make new data of it.
//
// A step is one or several changes made together: {at, line, from, to, place}, the address as the server has it, the words before and
// after, and where a person finds it.

export const none = Object.freeze({ done: Object.freeze([]), undone: Object.freeze([]) });

const spot = ({ at, line }) => `${at}:${line ?? ""}`;

export const withStep = (changes, step) => ({ done: [...changes.done, step], undone: [] });

export const undo = ({ done, undone }) => ({ done: done.slice(0, -1), undone: [...undone, done.at(-1)] });

export const redo = ({ done, undone }) => ({ done: [...done, undone.at(-1)], undone: undone.slice(0, -1) });

/** What differs from the document now, with its words in `from`, in the order in which the places were first changed. */
export const standing = (changes, pending = []) => {
  const places = new Map();
  for (const change of [...changes.done.flat(), ...pending]) {
    const before = places.get(spot(change));
    places.set(spot(change), { ...change, from: before ? before.from : change.from });
  }
  return [...places.values()].filter(({ from, to }) => from !== to);
};

/** The same as the server wants it. */
export const edits = (changes, pending = []) =>
  standing(changes, pending).map(({ at, line, to }) => (line === undefined ? { at, to } : { at, line, to }));
