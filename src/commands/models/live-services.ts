import { vendorScope } from '../../core/model-id/catalogue-scope.ts';
import { routingPreferences } from '../../core/request/chat-request.ts';
import { usageError } from '../../errors.ts';
import { staleNotes } from '../../output/models/catalogue-note.ts';
import { withoutKeys } from '../../output/text/error.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Context } from '../context.ts';
import type { CatalogueReading } from '../context/apis.ts';
import type { LiveReading } from './live-refresh.ts';
import type { LiveServices } from './live-session.ts';
import type { ModelsOptions } from './options.ts';
import { readZdrModels } from '../catalogue/read-market-facts.ts';

/** How long the stored catalog is used without a request to the API. */
const FRESH_FOR_MS = 5 * 60 * 1000;

/** Returns the services of the live table: reading the catalog and the zero-retention list, and storing favorites. */
export function liveServices({ settings, offline, filter, policy }: ModelsOptions, context: Context): LiveServices {
  const {
    lifetime: { interrupt: signal },
    clock,
  } = context;
  const routing = routingPreferences(settings);
  return {
    monotonic: clock.monotonic,
    async refresh(isAsked) {
      if (offline) throw usageError('cannot update the catalog with --offline');
      return liveReading(
        await context.apis.for(settings).readCatalogue({ signal, refresh: isAsked, scope: vendorScope(filter.vendor) }),
      );
    },
    freshForMs: offline ? undefined : FRESH_FOR_MS,
    quotes: {
      routing,
      now: clock.now,
      async endpoints(model) {
        const { readEndpoints, readZeroRetentionEndpoints } = await import('../price/endpoints.ts');
        const run = { settings, refresh: false, isOffline: offline, isRange: true };
        const [endpoints, compliant] = await Promise.all([
          readEndpoints(model, run, [], context),
          routing.zeroDataRetention === true ? readZeroRetentionEndpoints(run, [], context) : undefined,
        ]);
        const allowed = compliant?.(model);
        return endpoints && { endpoints, zeroRetention: allowed && new Set(allowed.map(({ tag }) => tag)) };
      },
    },
    policy,
    zdrModels: async () => (await readZdrModels(settings, context, { offline })).zdrModels,
    star: (id, isFavorite) => storeFavorite(id, isFavorite, context),
    reasonOf: (error) => withoutKeys(visibleLine(error instanceof Error ? error.message : String(error))),
  };
}

export function liveReading(reading: CatalogueReading): LiveReading {
  return { models: reading.catalogue.models, ageMs: reading.ageMs, warning: staleNotes(reading)[0] };
}

/** Changes only this favorite, because others may have been stored meanwhile. */
async function storeFavorite(id: string, isFavorite: boolean, { stores }: Context): Promise<void> {
  const store = await stores.openSettings();
  const stored = store.get('favorites');
  const others = Array.isArray(stored) ? stored.filter((other: unknown) => other !== id) : [];
  const favorites: unknown[] = isFavorite ? [...others, id] : others;
  if (favorites.length === 0) await store.delete('favorites');
  else await store.set('favorites', favorites);
}
