import type { Provider } from '../providers/provider.ts';

const ATTEMPTS = 3;
const WAIT_MS = 500;

/**
 * The bill of a stopped answer: no usage comes after a stop, and the API knows the bill only a moment later. Returns undefined when it
 * is not known within some two seconds or when `signal` aborts; never throws.
 */
export async function lookUpCost(
  provider: Provider,
  generationId: string,
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>,
  signal?: AbortSignal,
): Promise<string | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      await sleep(WAIT_MS, signal);
      const { cost } = await provider.getGeneration(generationId, signal === undefined ? {} : { signal });
      if (cost !== undefined) return cost;
    } catch {
      if (signal?.aborted === true) return undefined;
    }
  }
  return undefined;
}
