/**
 * Calls `work` after so long without input, instead of merely after that time: on a busy machine a timer may fire while input
 * waits, so the event loop reads once more first. Returns a function that cancels the call.
 */
export function whenQuiet(ms: number, work: () => void): () => void {
  let last: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (last = setImmediate(work)), ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(last);
  };
}
