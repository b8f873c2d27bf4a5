/** So many times as busy as it can be at once, and no more, a machine is waited for. */
const MOST_TIMES = 15;

/**
 * A wait for another process of this machine, made longer where many processes want to run: each then gets its turn later. Where the system does
 * not tell how many do, it stays as it is.
 */
export function patientMs(ms: number): number {
  const { availableParallelism, loadavg } = process.getBuiltinModule('node:os');
  const [load = 0] = loadavg();
  return Math.round(ms * Math.min(MOST_TIMES, Math.max(1, load / availableParallelism())));
}
