import { join } from 'node:path';
import type { Apis, CatalogueReading, Stores, Streams } from '../../commands/context.ts';
import { remember } from '../../core/remember.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { type Api, capability } from '../../apis/api.ts';
import { directedApi, noVendorsHere } from '../../apis/direct/directed-api.ts';
import type { VendorApi } from '../../apis/direct/vendor-api.ts';
import { isDirect, parseDirectId } from '../../apis/direct-id.ts';
import { readDirectEndpoint } from './direct-endpoint.ts';
import {
  configureVendor,
  type ConfiguredVendor,
  configuredVendors,
  isInUse,
  requireKeySource,
  requireVendor,
} from '../../core/vendors/resolve-vendor.ts';
import type { VendorEntries } from '../../core/vendors/vendor-entry.ts';
import type { CatalogueScope } from '../../core/model-id/catalogue-scope.ts';
import { headersFor } from '../../core/settings/headers/extra-headers.ts';
import { SETTINGS } from '../../core/settings/settings.ts';
import type { ReadingOptions } from '../../storage/catalogue-cache.ts';
import type { VendorCatalogues } from './vendor-catalogues.ts';
import { catalogueSource } from './catalogue-source.ts';
import { createFetchedCatalogues } from './fetched-catalogues.ts';
import type { OpenApi } from './open-api.ts';
import { missingKey } from './missing-key.ts';
import { createVendorKeys } from './vendor-keys.ts';
import { createOncePerKey } from './once-per-key.ts';

type EntriesSource = () => VendorEntries;

/** Prices and speeds of endpoints change slowly, and every estimate reads them. */
const ENDPOINTS_FRESH_FOR_MS = 10 * 60 * 1000;
/** Providers rarely change their data policy. */
const ZDR_FRESH_FOR_MS = 60 * 60 * 1000;

/** After this time, a running server uses the user's changes to a vendor. */
const ENTRIES_KEPT_MS = 1000;

interface ApisEnvironment {
  /** The settings folder. */
  config: string;
  /** The folder for data that can be fetched again. */
  cache: string;
  env: Readonly<Record<string, string | undefined>>;
  streams: Streams;
  now: () => number;
  signal: AbortSignal;
  secrets: string[];
  /** Where fetched catalogues are recorded. */
  stores: Stores;
}

/** Returns the APIs that the settings select, with cached replies. Opens each connection once: one pool, one sandbox. */
export function createApis(
  environment: ApisEnvironment,
): Apis & { closeConnections: () => Promise<void>; close: () => Promise<void> } {
  const { cache, config, env, streams, now, signal, secrets, stores } = environment;
  const connections = createOncePerKey(async (_: string, settings: ConnectionSettings) => {
    // A server may repeat them in an error.
    secrets.push(...Object.values(headersFor(settings)));
    return (await import('./open-api.ts')).openApi(settings, env);
  });
  const connect = (settings: ConnectionSettings): Promise<OpenApi> => connections.open(connectionKey(settings), settings);
  // Data for later commands is written while the answer of this one is shown.
  const writes: Promise<void>[] = [];
  const writeBehind = (write: Promise<void>): void => void writes.push(write);
  // Database work blocks the process, so past catalogues are recorded after the answer is shown.
  const fetched = createFetchedCatalogues(now, (settings) => stores.for(settings).openMarket());
  const reader = async () => {
    const [{ readCatalogue }, decoders] = await Promise.all([
      import('../../storage/catalogue-cache.ts'),
      import('../../apis/openrouter/decode-catalogue.ts'),
    ]);
    return { readCatalogue, ...decoders };
  };
  const keys = createVendorKeys(signal, secrets, stores.keychain);
  const openVendor = async (settings: ConnectionSettings, vendor: ConfiguredVendor): Promise<VendorApi> =>
    (await connect(settings)).vendorApi(vendor, await keys.of(vendor));
  // A server reads them with every request.
  const vendorEntries = remember(
    () => stores.vendorEntries(),
    ENTRIES_KEPT_MS,
    () => performance.now(),
  );
  const readEntries = (entries: EntriesSource): VendorEntries =>
    entries === stores.vendorEntries ? vendorEntries('') : entries();
  const findVendor = (name: string, entries: EntriesSource): ConfiguredVendor => requireVendor(name, readEntries(entries), env);
  const vendorCatalogues = new Map<ConnectionSettings, Promise<VendorCatalogues>>();
  const catalogues = (settings: ConnectionSettings): Promise<VendorCatalogues> => {
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
  /** Returns why a model cannot be requested: an unknown vendor, or no key. */
  const refusalOf = (model: string, settings: ConnectionSettings, entries: EntriesSource): unknown => {
    try {
      const direct = parseDirectId(model);
      if (direct !== undefined) requireKeySource(findVendor(direct.vendor, entries));
      else if (settings['api-key'] === undefined && !settings.sandbox) throw missingKey();
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const withVendors = async (settings: ConnectionSettings, requireKey: boolean, entries: EntriesSource): Promise<Api> => {
    const opened = await connect(settings);
    const open = async (name: string, asked: { requireKey: boolean }): Promise<{ vendor: ConfiguredVendor; api: VendorApi }> => {
      if (settings.sandbox) throw noVendorsHere(name);
      const vendor = findVendor(name, entries);
      if (asked.requireKey) requireKeySource(vendor);
      // Do not run the key command or read the keychain for a request that is only shown.
      const isHidden = !asked.requireKey && (vendor.key?.source === 'command' || vendor.key?.source === 'keychain');
      return { vendor, api: await opened.vendorApi(vendor, isHidden ? '(hidden)' : await keys.of(vendor)) };
    };
    /** Opened vendors, kept while their entries are unchanged, because a server needs them for every request. */
    const asked = new Map<string, { entries: VendorEntries; opening: ReturnType<typeof open> }>();
    return directedApi(opened.api(requireKey), {
      openRouter: () => opened.api(true),
      openVendor(name, options) {
        if (!options.requireKey) return open(name, options);
        const current = readEntries(entries);
        const known = asked.get(name);
        if (known?.entries === current) return known.opening;
        const opening = open(name, options);
        asked.set(name, { entries: current, opening });
        opening.catch(() => asked.delete(name));
        return opening;
      },
    });
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
  const inUse = (settings: ConnectionSettings, entries: EntriesSource): ConfiguredVendor[] =>
    settings.sandbox ? [] : configuredVendors(entries(), env).filter(isInUse);
  /** Returns the scope of the catalogue: a user with only vendor keys does not use OpenRouter. */
  const defaultScope = (settings: ConnectionSettings, entries: EntriesSource): CatalogueScope => {
    const asksRouted =
      settings.sandbox || settings['api-key'] !== undefined || settings['base-url'] !== SETTINGS['base-url'].default;
    return { routed: asksRouted || inUse(settings, entries).length === 0, vendors: 'in-use' };
  };
  const listsOnlyRouted = (settings: ConnectionSettings, entries: EntriesSource): boolean =>
    defaultScope(settings, entries).routed && inUse(settings, entries).length === 0;
  const readScope = async (
    settings: ConnectionSettings,
    { routed, vendors, direct }: CatalogueScope,
    options: ReadingOptions,
    entries: EntriesSource,
  ): Promise<CatalogueReading> => {
    const named = (name: string): ConfiguredVendor => findVendor(name, entries);
    const asked = vendors === 'in-use' ? inUse(settings, entries) : settings.sandbox ? [] : vendors.map(named);
    if (asked.length === 0) return readRouted(settings, options);
    const { readVendors } = await import('./read-vendors.ts');
    return readVendors(asked, {
      routed: routed ? () => readRouted(settings, options) : undefined,
      // A vendor that the user named must be readable; the others are shown if possible.
      isNamed: vendors !== 'in-use',
      isList: direct === undefined,
      read: async (vendor) =>
        (await catalogues(settings)).read(
          vendor,
          isInUse(vendor) || vendor.isLocal === true ? options : { ...options, preferStored: true },
          direct,
        ),
      tell: (line) => void streams.stderr.write(line),
    });
  };
  return {
    for: (settings, { vendorEntries: entries = stores.vendorEntries } = {}) => ({
      async open({ requireKey = false, models = [] } = {}): Promise<Api> {
        if (!requireKey || models.every((model) => !isDirect(model))) return withVendors(settings, requireKey, entries);
        const api = await withVendors(settings, false, entries);
        // Skip models without a key in the list. If no model has a key, throw before any request.
        const refusals = models.map((model) => refusalOf(model, settings, entries));
        if (refusals.every((refusal) => refusal !== undefined)) throw refusals[0] as Error;
        return api;
      },
      async connectAhead(model) {
        // A name without an author may be an alias, of a direct model too.
        if (settings.sandbox || settings['api-key'] === undefined || isDirect(model) || !model.includes('/')) return;
        await connect(settings).then(
          (opened) => opened.connectAhead(),
          () => undefined,
        );
      },
      async openLimits() {
        if (settings.sandbox) return () => undefined;
        const { openSharedLimits } = await import('../../storage/limits/shared-limits.ts');
        const limits = openSharedLimits({ folder: join(cache, 'limits'), now });
        const ofRouted = limits.of(limitScope(settings['base-url'], settings['api-key']));
        return (model) => {
          const direct = parseDirectId(model);
          if (direct === undefined) return ofRouted(model);
          // Opening a vendor reports that it is unknown, or that its entry is invalid.
          const { baseUrl, key } = configuredOrNone(direct.vendor, readEntries(entries), env) ?? {};
          if (baseUrl === undefined) return undefined;
          return limits.of(limitScope(baseUrl, accountOf(key)))(direct.model);
        };
      },
      openVendor: (vendor) => {
        requireKeySource(vendor);
        return openVendor(settings, vendor);
      },
      vendors: () => configuredVendors(entries(), env),
      async openLogin() {
        const [{ createLoginServices }, api] = await Promise.all([import('./login.ts'), connect(settings)]);
        // Throws now if the key would be sent unencrypted.
        api.api(false);
        return createLoginServices(api, { streams, env, platform: process.platform, signal, secrets });
      },
      readCatalogue: ({ scope, ...options } = {}) =>
        readScope(settings, scope ?? defaultScope(settings, entries), options, entries),
      async readKeptList(maker) {
        if (!listsOnlyRouted(settings, entries)) return undefined;
        const [{ freshCopyOf }, { readKeptList }] = await Promise.all([
          import('../../storage/catalogue-cache.ts'),
          import('../../storage/kept-list.ts'),
        ]);
        const source = catalogueSource(settings);
        const fetchedAt = freshCopyOf({ folder: cache, source, now });
        const list = fetchedAt === undefined ? undefined : readKeptList(cache, { source, fetchedAt, maker });
        return list && { ...list, ageMs: Math.max(0, now() - fetchedAt!) };
      },
      keepList(maker, fetchedAt, list) {
        if (!listsOnlyRouted(settings, entries)) return;
        const origin = { source: catalogueSource(settings), fetchedAt, maker };
        writeBehind(import('../../storage/kept-list.ts').then(({ writeKeptList }) => writeKeptList(cache, origin, list)));
      },
      async readEndpoints(model, options) {
        if (isDirect(model)) return readDirectEndpoint(model, (scope) => readScope(settings, scope, options ?? {}, entries));
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
    startGateway: async (options) =>
      (await import('../../gateway/start-gateway.ts')).startGateway({ ...options, now, monotonic: () => performance.now() }),
    closeConnections: connections.close,
    /** Records the fetched catalogues, which opens a store. */
    async close() {
      await fetched.keep();
      await Promise.all(writes);
    },
  };
}

function configuredOrNone(...vendor: Parameters<typeof configureVendor>): ConfiguredVendor | undefined {
  try {
    return configureVendor(...vendor);
  } catch {
    return undefined;
  }
}

/** Returns what has limits of its own at a server: an account. */
function limitScope(baseUrl: string, key: string | undefined): string {
  return JSON.stringify([new URL(baseUrl).origin, key]);
}

/** Returns the key, or where it comes from, which identifies an account too. */
function accountOf(key: ConfiguredVendor['key']): string | undefined {
  if (key?.source === 'command') return key.command;
  return key?.source === 'keychain' ? key.account : key?.key;
}

/** Returns what identifies a connection: the API, its URL, the key and the headers. */
function connectionKey(settings: ConnectionSettings): string {
  // The sandbox uses neither: invalid values of these settings do not stop it.
  return settings.sandbox ? 'sandbox' : JSON.stringify([settings['base-url'], settings['api-key'], settings.headers]);
}
