import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { parseLimit } from '../../core/settings/parse-count.ts';
import { findTime } from '../../core/time/parse-time.ts';
import { parsePeriod } from '../../core/usage/parse-period.ts';
import { usageError } from '../../errors.ts';
import type { EntryFilter } from '../../storage/ledger/entry.ts';
import type { CommandInput } from '../register.ts';
import type { JsonFlags } from '../with-json.ts';
import type { CostFlags } from './flags.ts';

/** Whose cost to show: that of the last command, of a period, or of the conversation whose id starts with `prefix`. */
export type CostOf =
  | { type: 'last' }
  | { type: 'period'; filter: Pick<EntryFilter, 'since' | 'until'> }
  | { type: 'conversation'; prefix: string };

export interface CostOptions {
  settings: ConnectionSettings;
  of: CostOf;
  limit: number;
  isJson: boolean;
}

export function parseCostOptions({ words: [what], options, settings, now }: CommandInput<CostFlags & JsonFlags>): CostOptions {
  return {
    settings,
    of: parseCostOf(what, options, now),
    limit: parseLimit('--limit', options.limit),
    isJson: options.json === true,
  };
}

function parseCostOf(what: string | undefined, { since, until }: CostFlags, now: number): CostOf {
  const isSpan = since !== undefined || until !== undefined;
  if (isSpan && what !== undefined) throw usageError(`${what} cannot be combined with --since or --until`, 'omit one of them');
  if (isSpan) return period({ since, until }, now);
  if (what === undefined || what === 'last') return { type: 'last' };
  if (findTime(what, now) === undefined) return { type: 'conversation', prefix: what };
  return period({ since: what, ...(!isReach(what) && { until: what }) }, now);
}

function period(given: { since?: string | undefined; until?: string | undefined }, now: number): CostOf {
  const { since, until } = parsePeriod(given, now);
  return { type: 'period', filter: { since, until } };
}

/** Returns whether the text is a duration up to now, such as `12h` or `30d`, or `all`. */
function isReach(text: string): boolean {
  return /^\d+[a-z]$/i.test(text.trim()) || text.trim().toLowerCase() === 'all';
}
