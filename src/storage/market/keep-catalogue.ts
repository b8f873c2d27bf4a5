import type { Model } from '../../apis/catalogue.ts';
import type { Market } from './market.ts';

/** Past catalogues are stored for a year. */
const MAX_AGE_MS = 365 * 24 * 60 * 60 * 1000;

/** Stores a catalogue that was just fetched, and deletes those older than a year. Never fails: it runs in the background. */
export async function keepCatalogue(market: Promise<Market>, models: readonly Model[], at: number): Promise<void> {
  try {
    const opened = await market;
    if (opened.record(models, at)) opened.prune(at - MAX_AGE_MS);
  } catch {
    // A full disk or a damaged file: `orx models diff`, which needs the data, reports it.
  }
}
