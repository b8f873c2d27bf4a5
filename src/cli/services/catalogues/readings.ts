import type { ApiServices, CatalogueReading } from '../../../commands/context/apis.ts';
import { capability } from '../../../apis/api.ts';
import type { VendorApi } from '../../../apis/direct/vendor-api.ts';
import { isDirect } from '../../../apis/direct-id.ts';
import type { CatalogueScope } from '../../../core/model-id/catalogue-scope.ts';
import type { ConnectionSettings } from '../../../core/settings/groups.ts';
import { SETTINGS } from '../../../core/settings/settings.ts';
import { type ConfiguredVendor, isInUse } from '../../../core/vendors/resolve-vendor.ts';
import type { ReadingOptions } from '../../../storage/catalogue-cache.ts';
import type { Market } from '../../../storage/market/market.ts';
import type { OpenApi } from '../open-api.ts';
import { catalogueSource } from './catalogue-source.ts';
import { readDirectEndpoint } from './direct-endpoint.ts';
import { createFetchedCatalogues } from './fetched-catalogues.ts';
import type { VendorCatalogues } from './vendor-catalogues.ts';

/** Prices and speeds of endpoints change slowly, and every estimate reads them. */
const ENDPOINTS_FRESH_FOR_MS = 10 * 60 * 1000;
/** Providers rarely change their data policy. */
const ZDR_FRESH_FOR_MS = 60 * 60 * 1000;

interface ReadingsOptions {
  /** The folder for data that can be fetched again. */
  cache: string;
  /** The settings folder. */
  config: string;
  now: () => number;
  /** Writes a warning. */
  tell: (line: string) => void;
  connect: (settings: ConnectionSettings) => Promise<OpenApi>;
  openVendor: (settings: ConnectionSettings, vendor: ConfiguredVendor) => Promise<VendorApi>;
  /** Opens the store of past catalogs. */
  openMarket: (settings: ConnectionSettings) => Promise<Market>;
}

/** The vendors that a connection can reach. */
export interface ReachableVendors {
  inUse: () => readonly ConfiguredVendor[];
  /** Throws a usage error for an unknown vendor. */
  find: (name: string) => ConfiguredVendor;
}

type Readings = Pick<ApiServices, 'readCatalogue' | 'readKeptList' | 'keepList' | 'readEndpoints' | 'readZdrEndpoints'>;

/** Reads what APIs say about models, and keeps copies of it. */
export function createReadings({ cache, config, now, tell, connect, openVendor, openMarket }: ReadingsOptions): {
  for: (settings: ConnectionSettings, vendors: ReachableVendors) => Readings;
  /** Writes what is still to be written, and records the fetched catalogs, which opens a store. */
  close: () => Promise<void>;
} {
  // Data for later commands is written while the answer of this one is shown.
  const writes: Promise<void>[] = [];
  const writeBehind = (write: Promise<void>): void => void writes.push(write);
  // Database work blocks the process, so past catalogs are recorded after the answer is shown.
  const fetched = createFetchedCatalogues(now, openMarket);
  const vendorCatalogues = new Map<ConnectionSettings, Promise<VendorCatalogues>>();

  const reader = async () => {
    const [{ readCatalogue }, decoders] = await Promise.all([
      import('../../../storage/catalogue-cache.ts'),
      import('../../../apis/openrouter/decode-catalogue.ts'),
    ]);
    return { readCatalogue, ...decoders };
  };
  const readRouted = async (settings: ConnectionSettings, options: ReadingOptions): Promise<CatalogueReading> => {
    const { readCatalogue, decodeCatalogue } = await reader();
    const reading = await readCatalogue({
      folder: cache,
      source: catalogueSource(settings),
      // A fresh copy on disk needs no network.
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
  };
  const cataloguesOf = (settings: ConnectionSettings): Promise<VendorCatalogues> => {
    const opening =
      vendorCatalogues.get(settings) ??
      import('./vendor-catalogues.ts').then(({ createVendorCatalogues }) =>
        createVendorCatalogues({
          cache,
          config,
          now,
          writeBehind,
          fetch: async (vendor, until) => (await openVendor(settings, vendor)).fetchModels({ signal: until }),
          storedCatalogue: async () => {
            const reading = await readRouted(settings, { offline: true }).catch(() => undefined);
            return reading && { models: reading.catalogue.models, fetchedAt: now() - reading.ageMs };
          },
        }),
      );
    vendorCatalogues.set(settings, opening);
    return opening;
  };
  const readScope = async (
    settings: ConnectionSettings,
    reachable: ReachableVendors,
    { routed, vendors, direct }: CatalogueScope,
    options: ReadingOptions,
  ): Promise<CatalogueReading> => {
    const asked = vendors === 'in-use' ? reachable.inUse() : settings.sandbox ? [] : vendors.map((name) => reachable.find(name));
    if (asked.length === 0) return readRouted(settings, options);
    const { readVendors } = await import('./read-vendors.ts');
    return readVendors(asked, {
      routed: routed ? () => readRouted(settings, options) : undefined,
      // A vendor that the user named must be readable; the others are shown if possible.
      isNamed: vendors !== 'in-use',
      isList: direct === undefined,
      read: async (vendor) =>
        (await cataloguesOf(settings)).read(
          vendor,
          isInUse(vendor) || vendor.isLocal === true ? options : { ...options, preferStored: true },
          direct,
        ),
      tell,
    });
  };

  return {
    for(settings, vendors) {
      /** The scope unless the user names one: someone with only vendor keys does not use OpenRouter. */
      const defaultScope = (): CatalogueScope => {
        const asksRouted =
          settings.sandbox || settings['api-key'] !== undefined || settings['base-url'] !== SETTINGS['base-url'].default;
        return { routed: asksRouted || vendors.inUse().length === 0, vendors: 'in-use' };
      };
      const listsOnlyRouted = (): boolean => defaultScope().routed && vendors.inUse().length === 0;
      return {
        readCatalogue: ({ scope, ...options } = {}) => readScope(settings, vendors, scope ?? defaultScope(), options),
        async readKeptList(maker) {
          if (!listsOnlyRouted()) return undefined;
          const [{ freshCopyOf }, { readKeptList }] = await Promise.all([
            import('../../../storage/catalogue-cache.ts'),
            import('../../../storage/kept-list.ts'),
          ]);
          const source = catalogueSource(settings);
          const fetchedAt = freshCopyOf({ folder: cache, source, now });
          const list = fetchedAt === undefined ? undefined : readKeptList(cache, { source, fetchedAt, maker });
          return list && { ...list, ageMs: Math.max(0, now() - fetchedAt!) };
        },
        keepList(maker, fetchedAt, list) {
          if (!listsOnlyRouted()) return;
          const origin = { source: catalogueSource(settings), fetchedAt, maker };
          writeBehind(import('../../../storage/kept-list.ts').then(({ writeKeptList }) => writeKeptList(cache, origin, list)));
        },
        async readEndpoints(model, options) {
          if (isDirect(model)) return readDirectEndpoint(model, (scope) => readScope(settings, vendors, scope, options ?? {}));
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
      };
    },
    async close() {
      await fetched.keep();
      await Promise.all(writes);
    },
  };
}
