import { usageError } from '../../errors.ts';
import type { RoutingSettings } from '../settings/groups.ts';

type Choice = Pick<RoutingSettings, 'provider' | 'only' | 'ignore' | 'provider-fallbacks'>;

/** Throws a usage error if the choices of providers contradict each other: no provider would be left, or one is both chosen and ignored. */
export function refuseRoutingConflicts({ provider, only, ignore, 'provider-fallbacks': fallsBack }: Choice): void {
  const ignored = provider?.find((name) => isCovered(name, ignore));
  if (ignored !== undefined)
    throw usageError(
      `${ignored} is in --provider and in --ignore`,
      'remove it from one of them; both can be stored: orx config list',
    );
  if (only?.every((name) => isCovered(name, ignore)) === true)
    throw usageError('--ignore excludes every provider of --only', 'relax one of them; both can be stored: orx config list');
  const isReachable =
    only === undefined || provider?.some((name) => isCovered(name, only) || only.some((one) => isCovered(one, [name])));
  if (!fallsBack && isReachable === false)
    throw usageError(
      'with --no-provider-fallbacks, --only allows no provider of --provider',
      'add one of them to --only, or allow other providers: --provider-fallbacks',
    );
}

/** Returns whether one of the names means this provider, or all of its endpoints: `deepinfra` covers `deepinfra/turbo`. */
export function isCovered(name: string, names: readonly string[] | undefined): boolean {
  const wanted = name.trim().toLowerCase();
  return names?.some((one) => wanted === one.trim().toLowerCase() || wanted.startsWith(`${one.trim().toLowerCase()}/`)) === true;
}
