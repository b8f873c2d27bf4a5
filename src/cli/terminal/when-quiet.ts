/**
 * Calls `work` when nothing has come for so long, not merely when the time is over: on a busy machine a timer runs out while input waits
 * that nobody has had the time to read, so the event loop reads once more first. Returns what calls it off.
 */
export function whenQuiet(ms: number, work: () => void): () => void {
  let last: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (last = setImmediate(work)), ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(last);
  };
}
