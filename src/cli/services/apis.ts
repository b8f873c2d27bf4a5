import { join } from 'node:path';
import type { Apis } from '../../commands/context/apis.ts';
import type { Stores } from '../../commands/context/stores.ts';
import type { Streams } from '../../commands/context/terminal.ts';
import { remember } from '../../core/remember.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { Api } from '../../apis/api.ts';
import { directedApi, noVendorsHere } from '../../apis/direct/directed-api.ts';
import type { VendorApi } from '../../apis/direct/vendor-api.ts';
import { isDirect, parseDirectId } from '../../apis/direct-id.ts';
import {
  configureVendor,
  type ConfiguredVendor,
  configuredVendors,
  isInUse,
  requireKeySource,
  requireVendor,
} from '../../core/vendors/resolve-vendor.ts';
import type { VendorEntries } from '../../core/vendors/vendor-entry.ts';
import { headersFor } from '../../core/settings/headers/extra-headers.ts';
import { createReadings } from './catalogues/readings.ts';
import type { OpenApi } from './open-api.ts';
import { missingKey } from './missing-key.ts';
import { createVendorKeys } from './vendor-keys.ts';
import { createOncePerKey } from './once-per-key.ts';
import { monotonicMs } from '../../monotonic.ts';

type EntriesSource = () => VendorEntries;

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
  const keys = createVendorKeys(signal, secrets, stores.keychain);
  const openVendor = async (settings: ConnectionSettings, vendor: ConfiguredVendor): Promise<VendorApi> =>
    (await connect(settings)).vendorApi(vendor, await keys.of(vendor));
  // A server reads them with every request.
  const vendorEntries = remember(() => stores.vendorEntries(), ENTRIES_KEPT_MS, monotonicMs);
  const readEntries = (entries: EntriesSource): VendorEntries =>
    entries === stores.vendorEntries ? vendorEntries('') : entries();
  const findVendor = (name: string, entries: EntriesSource): ConfiguredVendor => requireVendor(name, readEntries(entries), env);
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
  const readings = createReadings({
    cache,
    config,
    now,
    tell: (line) => void streams.stderr.write(line),
    connect,
    openVendor,
    openMarket: (settings) => stores.for(settings).openMarket(),
  });
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
        const { openLimits } = await import('./open-limits.ts');
        return openLimits(settings, {
          folder: join(cache, 'limits'),
          now,
          vendorOf: (name) => configuredOrNone(name, readEntries(entries), env),
        });
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
      ...readings.for(settings, {
        inUse: () => (settings.sandbox ? [] : configuredVendors(entries(), env).filter(isInUse)),
        find: (name) => findVendor(name, entries),
      }),
    }),
    startSandbox: async (options) => (await import('./start-sandbox.ts')).startSandbox({ ...options, keepsProcessAlive: true }),
    startGateway: async (options) =>
      (await import('../../gateway/start-gateway.ts')).startGateway({ ...options, now, monotonic: () => performance.now() }),
    closeConnections: connections.close,
    close: readings.close,
  };
}

function configuredOrNone(...vendor: Parameters<typeof configureVendor>): ConfiguredVendor | undefined {
  try {
    return configureVendor(...vendor);
  } catch {
    return undefined;
  }
}

/** Returns what identifies a connection: the API, its URL, the key and the headers. */
function connectionKey(settings: ConnectionSettings): string {
  // The sandbox uses neither: invalid values of these settings do not stop it.
  return settings.sandbox ? 'sandbox' : JSON.stringify([settings['base-url'], settings['api-key'], settings.headers]);
}
