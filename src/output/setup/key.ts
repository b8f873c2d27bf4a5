import type { KeyInfo } from '../../apis/api.ts';
import { withoutKeys } from '../text/error.ts';
import { moneyText } from '../text/money.ts';
import { utcTimeText } from '../text/utc-time.ts';
import { visibleLine } from '../text/visible.ts';

/** A name and its value. */
export type Field = readonly [name: string, value: string];

/** Returns the API's information about a key, for people. Masks the key if a server returns it as its label. */
export function keyFields(info: KeyInfo, secrets: readonly string[]): Field[] {
  const fields: Field[] = [];
  if (info.label !== undefined) fields.push(['label', withoutKeys(info.label, secrets)]);
  if (info.usage !== undefined) fields.push(['used', moneyText(info.usage)]);
  fields.push(['limit', limitText(info)]);
  if (info.isFreeTier !== undefined) fields.push(['tier', info.isFreeTier ? 'free: no credits bought yet' : 'paid']);
  if (info.expiresAt !== undefined) fields.push(['expires', wireTimeText(info.expiresAt)]);
  if (info.isManagementKey === true) fields.push(['kind', 'management key: it manages other keys and cannot chat']);
  return fields;
}

/**
 * Returns the API's information about a key for `--json`: with the API's names, money as exact decimal text, null for missing
 * values.
 */
export function keyJson(info: KeyInfo, secrets: readonly string[]): Record<string, unknown> {
  return {
    label: info.label === undefined ? null : withoutKeys(info.label, secrets),
    usage: info.usage ?? null,
    limit: info.limit ?? null,
    limit_remaining: info.limitRemaining ?? null,
    limit_reset: info.limitReset ?? null,
    is_free_tier: info.isFreeTier ?? null,
    is_management_key: info.isManagementKey ?? null,
    expires_at: info.expiresAt ?? null,
  };
}

/** Returns fields as lines with aligned values. */
export function fieldText(fields: readonly Field[]): string {
  const width = Math.max(...fields.map(([name]) => name.length), 0);
  return fields.map(([name, value]) => `${name.padEnd(width)}  ${visibleLine(value)}\n`).join('');
}

/** Returns a limit and when it is reset: `$20.00, resets monthly`. */
export function limitAmount({ limit, limitReset }: Pick<KeyInfo, 'limit' | 'limitReset'>): string {
  if (limit === undefined) return 'none';
  return limitReset === undefined ? moneyText(limit) : `${moneyText(limit)}, resets ${limitReset}`;
}

/** Returns a time of the API in UTC, to the minute, or the unchanged text if it is not a time. */
export function wireTimeText(time: string): string {
  const moment = Date.parse(time);
  return Number.isNaN(moment) ? visibleLine(time) : utcTimeText(moment);
}

function limitText(info: KeyInfo): string {
  const { limit, limitRemaining } = info;
  const left = limit === undefined || limitRemaining === undefined ? '' : `, ${moneyText(limitRemaining)} left`;
  return limitAmount(info) + left;
}
