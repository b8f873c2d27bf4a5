import type { Generation, Provider } from '../providers/provider.ts';

type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

const WAIT_MS = 500;
const LIMIT_MS = 2500;

/**
 * The bill of a stopped answer: no usage comes after a stop, and the API knows the bill only a moment later. Returns undefined when it
 * is not known within 2.5 s or when `signal` aborts; never throws.
 */
export async function lookUpBill(
  provider: Provider,
  generationId: string,
  sleep: Sleep,
  signal?: AbortSignal,
): Promise<Generation | undefined> {
  const over = new AbortController();
  const limit = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
  const giveUp = sleep(LIMIT_MS, limit).then(
    () => over.abort(),
    () => undefined,
  );
  let bill: Generation | undefined;
  while (bill?.cost === undefined && !limit.aborted) {
    try {
      await sleep(WAIT_MS, limit);
      bill = await provider.getGeneration(generationId, { signal: limit });
    } catch {
      // Not known yet, or not to be had: the next attempt or the limit decides.
    }
  }
  over.abort();
  await giveUp;
  return bill?.cost === undefined ? undefined : bill;
}
