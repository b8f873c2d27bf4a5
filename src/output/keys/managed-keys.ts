import type { ManagedKey } from '../../apis/managed-keys.ts';
import { type Field, limitAmount, wireTimeText } from '../setup/key.ts';
import type { Cell, Table } from '../table/table.ts';
import { withoutKeys } from '../text/error.ts';
import { moneyText } from '../text/money.ts';
import { visibleLine } from '../text/visible.ts';

const SHOWN_HASH = 8;

/** Returns the keys of an account as a table. */
export function managedKeysTable(keys: readonly ManagedKey[], now: number): Table {
  return {
    columns: [
      { heading: 'key', align: 'left', dropOrder: 0, cut: 'name' },
      { heading: 'state', align: 'left', dropOrder: 0 },
      { heading: 'hash', align: 'left', dropOrder: 1 },
      { heading: 'limit', align: 'right', dropOrder: 2 },
      { heading: 'left', align: 'right', dropOrder: 0 },
      { heading: 'resets', align: 'left', dropOrder: 3 },
      { heading: 'used', align: 'right', dropOrder: 0 },
      { heading: 'today', align: 'right', dropOrder: 4 },
      { heading: 'this month', align: 'right', dropOrder: 4 },
      { heading: 'expires', align: 'left', dropOrder: 5 },
    ],
    rows: keys.map((key): Cell[] => {
      const state = stateOf(key, now);
      return [
        { text: visibleLine(key.name) },
        { text: state, tone: state === 'enabled' ? 'accent' : 'dim' },
        { text: visibleLine(key.hash.slice(0, SHOWN_HASH)), tone: 'dim' },
        { text: amountText(key.limit, 'none') },
        { text: key.limit === undefined ? '' : amountText(key.limitRemaining, '?') },
        { text: visibleLine(key.limitReset ?? '') },
        { text: amountText(key.usage, '?') },
        { text: amountText(key.usageDaily, '?') },
        { text: amountText(key.usageMonthly, '?') },
        { text: key.expiresAt === undefined ? '' : wireTimeText(key.expiresAt) },
      ];
    }),
  };
}

/** Returns one key for people. */
export function managedKeyFields(key: ManagedKey, now: number): Field[] {
  const { limit, limitRemaining, limitReset, includesByok } = key;
  const fields: [string, string | undefined][] = [
    ['key', key.name],
    ['label', key.label === undefined ? undefined : withoutKeys(key.label)],
    ['hash', key.hash],
    ['state', stateOf(key, now)],
    ['limit', limitAmount({ limit, limitReset })],
    ['left', limit === undefined || limitRemaining === undefined ? undefined : moneyText(limitRemaining)],
    [
      'own keys',
      includesByok === undefined ? undefined : includesByok ? 'count against the limit' : 'do not count against the limit',
    ],
    [
      'used',
      `${amountText(key.usage, 'unknown')} in all, ${amountText(key.usageDaily, 'unknown')} today, ${amountText(key.usageWeekly, 'unknown')} this week, ${amountText(key.usageMonthly, 'unknown')} this month`,
    ],
    ['created', key.createdAt === undefined ? undefined : wireTimeText(key.createdAt)],
    ['expires', key.expiresAt === undefined ? 'never' : wireTimeText(key.expiresAt)],
  ];
  return fields.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

/** Returns one key for `--json`: the API's names, USD as exact decimal text, null for missing values. */
export function managedKeyJson(key: ManagedKey): Record<string, unknown> {
  return {
    hash: key.hash,
    name: key.name,
    label: key.label === undefined ? null : withoutKeys(key.label),
    disabled: key.isDisabled,
    limit: key.limit ?? null,
    limit_remaining: key.limitRemaining ?? null,
    limit_reset: key.limitReset ?? null,
    include_byok_in_limit: key.includesByok ?? null,
    usage: key.usage ?? null,
    usage_daily: key.usageDaily ?? null,
    usage_weekly: key.usageWeekly ?? null,
    usage_monthly: key.usageMonthly ?? null,
    created_at: key.createdAt ?? null,
    expires_at: key.expiresAt ?? null,
  };
}

function stateOf({ isDisabled, expiresAt }: ManagedKey, now: number): 'enabled' | 'disabled' | 'expired' {
  if (expiresAt !== undefined && Date.parse(expiresAt) <= now) return 'expired';
  return isDisabled ? 'disabled' : 'enabled';
}

function amountText(amount: string | undefined, unknown: string): string {
  return amount === undefined ? unknown : moneyText(amount);
}
