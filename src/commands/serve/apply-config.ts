import type { LoadedConfig } from '../../core/gateway-config/load.ts';
import type { ClientKeys } from '../../gateway/clients/client-keys.ts';
import type { Gateway } from '../../gateway/start-gateway.ts';
import type { Context } from '../context.ts';
import type { ApplyConfig, Configuration } from './configuration.ts';
import { applyBudgets } from './file-budgets.ts';
import { masterKeyOf } from './gateway-settings.ts';
import type { ServeOptions } from './options.ts';
import type { ServedPipeline } from './served-api.ts';
import type { ServedCache } from './served-cache.ts';
import { type ServedOptions, servedOptions } from './served-options.ts';

/** A running gateway, as far as its configuration changes it. */
export interface RunningGateway {
  /** What is in effect now. */
  served: ServedOptions;
  gateway: Gateway;
  keys: ClientKeys;
  cache: ServedCache;
  /** Undefined: the sandbox, which has no configuration. */
  prepare: ServedPipeline['prepare'] | undefined;
}

/**
 * Returns a function that applies a new configuration to a running gateway. Everything that can fail comes first, so that an invalid one changes
 * nothing. It returns a note for each key that takes effect only after a restart.
 */
export function applyConfig(
  running: RunningGateway,
  { path: file }: Pick<Configuration, 'path'>,
  { flags, settings, terminal }: ServeOptions,
  context: Context,
): ApplyConfig {
  return async (config) => {
    const before = running.served;
    masterKeyOf(config.setup, context);
    const wanted = servedOptions(config.setup.service, terminal, { file, flags });
    const useCache = await running.cache.prepare(wanted.cache);
    const useApi = await running.prepare?.(config);
    const notes = await applyBudgets(file, wanted.budgets, settings, context);
    useCache();
    useApi?.();
    configureKeys(running.keys, config, context);
    const { allowedHosts, allowedOrigins } = wanted.place;
    running.gateway.update({ allowedHosts, allowedOrigins, keepsContent: wanted.logsContent });
    // The screen stays, or does not appear, until the gateway is started again. A log on its terminal would damage it.
    const isLogless = before.isLive && terminal.isErrorTerminal;
    running.served = {
      ...wanted,
      place: { ...before.place, allowedHosts, allowedOrigins },
      isLive: before.isLive,
      log: isLogless ? undefined : (wanted.log ?? (wanted.isLive ? 'text' : undefined)),
    };
    return [...notes, ...restartNotes(wanted, running.served)];
  };
}

/** Uses the keys of a configuration. Throws a usage error if one cannot be read. */
export function configureKeys(keys: ClientKeys, { setup }: LoadedConfig, context: Context): void {
  const secret = masterKeyOf(setup, context);
  keys.configure(secret === undefined ? [] : [{ name: 'master', secret, tags: [] }], { isRequired: setup.keys === 'required' });
}

function restartNotes(wanted: ServedOptions, running: ServedOptions): readonly string[] {
  const changed: readonly [string, boolean][] = [
    ['server.host', wanted.place.address !== running.place.address],
    ['server.port', wanted.place.port !== running.place.port],
    ['server.tls_cert', wanted.place.tls?.certificate !== running.place.tls?.certificate],
    ['server.tls_key', wanted.place.tls?.privateKey !== running.place.tls?.privateKey],
    ['log.format', wanted.isLive !== running.isLive],
  ];
  return changed.flatMap(([key, isChanged]) => (isChanged ? [`${key} has changed; restart orx serve to apply it`] : []));
}
