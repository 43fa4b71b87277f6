/** `run`, one call at a time: of what is asked meanwhile only the last is done. `run` is given its argument and a function that says
 * whether nothing newer waits; an answer to an older question is not to be shown. */
export const latest = (run) => {
  let waiting = null;
  let running = false;
  const go = async (what) => {
    if (running) { waiting = { what }; return; }
    running = true;
    try {
      await run(what, () => waiting === null);
    } finally {
      running = false;
      const next = waiting;
      waiting = null;
      if (next) go(next.what);
    }
  };
  return go;
};
