import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { Market } from '../../storage/market/market.ts';

/** A screen that stays open fetches every few minutes: at least so often what it saw goes to the disk, in milliseconds. */
const HOLD_FOR_MS = 60 * 60 * 1000;

interface FetchedCatalogues {
  /** Buffers a catalogue that was just fetched until `keep`; one that was buffered for an hour is recorded first. */
  add: (settings: ConnectionSettings, models: readonly Model[]) => Promise<void>;
  /** Records what is buffered. Never fails. */
  keep: () => Promise<void>;
}

/** The catalogue that this run fetched last, on its way to the past ones. */
export function createFetchedCatalogues(
  now: () => number,
  openMarket: (settings: ConnectionSettings) => Promise<Market>,
): FetchedCatalogues {
  let pending: { settings: ConnectionSettings; models: readonly Model[]; at: number } | undefined;
  const keep = async (): Promise<void> => {
    if (pending === undefined) return;
    const { settings, models, at } = pending;
    pending = undefined;
    const { keepCatalogue } = await import('../../storage/market/keep-catalogue.ts');
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
