import type { ConnectionSettings } from '../../../core/settings/groups.ts';
import type { Model } from '../../../apis/catalogue.ts';
import type { Market } from '../../../storage/market/market.ts';

/** A screen that stays open fetches every few minutes; its catalogue is recorded at least this often. In milliseconds. */
const HOLD_FOR_MS = 60 * 60 * 1000;

interface FetchedCatalogues {
  /** Buffers a fetched catalogue until `keep` is called. First records one that has been buffered for an hour. */
  add: (settings: ConnectionSettings, models: readonly Model[]) => Promise<void>;
  /** Records the buffered catalogue. Never fails. */
  keep: () => Promise<void>;
}

/** Buffers the catalogue that this command fetched last, to be recorded as a past catalogue. */
export function createFetchedCatalogues(
  now: () => number,
  openMarket: (settings: ConnectionSettings) => Promise<Market>,
): FetchedCatalogues {
  let pending: { settings: ConnectionSettings; models: readonly Model[]; at: number } | undefined;
  const keep = async (): Promise<void> => {
    if (pending === undefined) return;
    const { settings, models, at } = pending;
    pending = undefined;
    const { keepCatalogue } = await import('../../../storage/market/keep-catalogue.ts');
    await keepCatalogue(openMarket(settings), models, at);
  };
  return {
    keep,
    async add(settings, models) {
      if (pending !== undefined && now() - pending.at >= HOLD_FOR_MS) await keep();
      pending = { settings, models, at: now() };
    },
  };
}
