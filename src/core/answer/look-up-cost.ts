import type { Api, Generation } from '../../apis/api.ts';

type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

const WAIT_MS = 500;
/** No new attempt starts after this time. One that is in progress may finish: on a busy machine it may be the first one. */
const LIMIT_MS = 2500;
const LONGEST_MS = 4 * LIMIT_MS;

/**
 * Returns the cost of a stopped answer: the stream sends no usage after a stop, and the API knows the cost only a moment later. Returns
 * undefined if no attempt within 2.5 s finds it, or if `signal` aborts; never throws.
 */
export async function lookUpCost(
  api: Api,
  generationId: string,
  sleep: Sleep,
  signal?: AbortSignal,
): Promise<Generation | undefined> {
  const { getGeneration } = api;
  if (getGeneration === undefined) return undefined;
  const over = new AbortController();
  const cut = new AbortController();
  const limited = (own: AbortSignal): AbortSignal => (signal === undefined ? own : AbortSignal.any([own, signal]));
  const [attempts, attempt] = [limited(over.signal), limited(cut.signal)];
  const ended = [
    sleep(LIMIT_MS, attempts).then(
      () => over.abort(),
      () => undefined,
    ),
    sleep(LONGEST_MS, attempt).then(
      () => cut.abort(),
      () => undefined,
    ),
  ];
  let found: Generation | undefined;
  while (found?.cost === undefined && !attempts.aborted) {
    try {
      await sleep(WAIT_MS, attempts);
      found = await getGeneration(generationId, { signal: attempt });
    } catch {
      // Not known yet, or not available: the next attempt or the time limit decides.
    }
  }
  over.abort();
  cut.abort();
  await Promise.all(ended);
  return found?.cost === undefined ? undefined : found;
}
