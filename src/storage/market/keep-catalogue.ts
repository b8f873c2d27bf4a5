import type { Model } from '../../apis/catalogue.ts';
import type { Market } from './market.ts';

/** Past catalogues are stored for a year. */
const MAX_AGE_MS = 365 * 24 * 60 * 60 * 1000;

/** Notes a catalogue that was just fetched, and forgets those of more than a year ago. Never fails: nobody asked for it. */
export async function keepCatalogue(market: Promise<Market>, models: readonly Model[], at: number): Promise<void> {
  try {
    const opened = await market;
    if (opened.record(models, at)) opened.prune(at - MAX_AGE_MS);
  } catch {
    // A full disk, a damaged file: `orx models diff`, which needs it, says so.
  }
}
