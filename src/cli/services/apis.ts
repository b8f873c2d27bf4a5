import type { Apis, CatalogueReading, Stores, Streams } from '../../commands/context.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { capability } from '../../apis/api.ts';
import { catalogueSource } from './catalogue-source.ts';
import { createFetchedCatalogues } from './fetched-catalogues.ts';
import type { OpenApi } from './open-api.ts';
import { createOncePerKey } from './once-per-key.ts';

/** Prices and speeds of endpoints change slowly, and every quote asks for them. */
const ENDPOINTS_FRESH_FOR_MS = 10 * 60 * 1000;
/** Providers seldom change their data policy. */
const ZDR_FRESH_FOR_MS = 60 * 60 * 1000;

interface ApisEnvironment {
  /** Folder of what can be fetched again. */
  cache: string;
  env: Readonly<Record<string, string | undefined>>;
  streams: Streams;
  now: () => number;
  signal: AbortSignal;
  secrets: string[];
  /** Where fetched catalogues are recorded. */
  stores: Stores;
}

/** The APIs that settings name, and the copies of their answers. Each connection is opened once: one pool, one sandbox. */
export function createApis(
  environment: ApisEnvironment,
): Apis & { closeConnections: () => Promise<void>; close: () => Promise<void> } {
  const { cache, env, streams, now, signal, secrets, stores } = environment;
  const connections = createOncePerKey(async (_: string, settings: ConnectionSettings) =>
    (await import('./open-api.ts')).openApi(settings, env),
  );
  const connect = (settings: ConnectionSettings): Promise<OpenApi> => connections.open(connectionKey(settings), settings);
  // What is stored for the next command is written while the answer of this one is shown.
  const writes: Promise<void>[] = [];
  const writeBehind = (write: Promise<void>): void => void writes.push(write);
  // A database holds up everything else while it works: past catalogues wait until the answer is shown.
  const fetched = createFetchedCatalogues(now, (settings) => stores.for(settings).openMarket());
  const reader = async () => {
    const [{ readCatalogue }, decoders] = await Promise.all([
      import('../../storage/catalogue-cache.ts'),
      import('../../apis/openrouter/decode-catalogue.ts'),
    ]);
    return { readCatalogue, ...decoders };
  };
  return {
    for: (settings) => ({
      open: async (options) => (await connect(settings)).api(options?.requireKey === true),
      async openLogin() {
        const [{ createLoginServices }, api] = await Promise.all([import('./login.ts'), connect(settings)]);
        return createLoginServices(api, { streams, env, platform: process.platform, signal, secrets });
      },
      async readCatalogue(options): Promise<CatalogueReading> {
        const { readCatalogue, decodeCatalogue } = await reader();
        const reading = await readCatalogue({
          folder: cache,
          source: catalogueSource(settings),
          // A fresh copy on disk needs no network at all.
          fetch: async (until, known) => {
            const { listModels, listModelsSince } = capability((await connect(settings)).api(false), 'catalogue');
            return known === undefined ? listModels({ signal: until }) : listModelsSince(known, { signal: until });
          },
          decode: decodeCatalogue,
          now,
          writeBehind,
          ...options,
        });
        const isFromApi = reading.ageMs === 0 && reading.staleBecause === undefined;
        if (isFromApi) await fetched.add(settings, reading.catalogue.models);
        return reading;
      },
      async readEndpoints(model, options) {
        const { readCatalogue, decodeEndpoints } = await reader();
        return readCatalogue({
          folder: cache,
          kind: 'endpoints',
          freshForMs: ENDPOINTS_FRESH_FOR_MS,
          source: `${catalogueSource(settings)} ${model}`,
          fetch: async (until) => {
            const { listEndpoints } = capability((await connect(settings)).api(false), 'endpoints');
            const { wire } = await listEndpoints(model, { signal: until });
            return decodeEndpoints(JSON.stringify(wire));
          },
          decode: decodeEndpoints,
          now,
          writeBehind,
          ...options,
        });
      },
      async readZdrEndpoints(options) {
        const { readCatalogue, decodeModelEndpoints } = await reader();
        return readCatalogue({
          folder: cache,
          kind: 'zdr',
          freshForMs: ZDR_FRESH_FOR_MS,
          source: catalogueSource(settings),
          fetch: async (until) => {
            const { listZdrEndpoints } = capability((await connect(settings)).api(false), 'endpoints');
            const { endpoints } = await listZdrEndpoints({ signal: until });
            return { endpoints, body: JSON.stringify(endpoints.map(({ wire }) => wire)) };
          },
          decode: (body) => ({ endpoints: decodeModelEndpoints(JSON.parse(body)), body }),
          now,
          writeBehind,
          ...options,
        });
      },
    }),
    startSandbox: async (options) => (await import('./start-sandbox.ts')).startSandbox({ ...options, keepsProcessAlive: true }),
    closeConnections: connections.close,
    /** Records what was fetched, which opens a store. */
    async close() {
      await fetched.keep();
      await Promise.all(writes);
    },
  };
}

/** What tells two connections apart: the API, its address and the key. */
function connectionKey(settings: ConnectionSettings): string {
  // The sandbox has neither: a damaged setting of theirs does not stop it.
  return settings.sandbox ? 'sandbox' : JSON.stringify([settings['base-url'], settings['api-key']]);
}
