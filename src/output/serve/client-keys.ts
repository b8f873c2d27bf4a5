import { limitWords } from '../../core/budget/budget-words.ts';
import type { ClientKey } from '../../storage/client-keys.ts';
import type { BudgetStanding } from '../../storage/ledger/budgets/budget.ts';
import type { Cell, Table } from '../table/table.ts';
import { moneyText } from '../text/money.ts';
import { countText } from '../text/number.ts';
import { utcTimeText } from '../text/utc-time.ts';
import { visibleLine } from '../text/visible.ts';

/** A client key with its spending and budgets. */
export interface ClientKeyState {
  key: ClientKey;
  /** USD. */
  spent: { total: string; day: string; week: string; month: string };
  budgets: readonly BudgetStanding[];
}

export function clientKeysTable(states: readonly ClientKeyState[], now: number): Table {
  return {
    columns: [
      { heading: 'key', align: 'left', dropOrder: 0, cut: 'name' },
      { heading: 'state', align: 'left', dropOrder: 0 },
      { heading: 'ends in', align: 'left', dropOrder: 2 },
      { heading: 'models', align: 'left', dropOrder: 4, cut: 'end' },
      { heading: 'limits', align: 'left', dropOrder: 3 },
      { heading: 'budget', align: 'left', dropOrder: 1 },
      { heading: 'spent', align: 'right', dropOrder: 0 },
      { heading: 'tags', align: 'left', dropOrder: 5 },
    ],
    rows: states.map(({ key, spent, budgets }): Cell[] => {
      const state = stateOf(key, now);
      return [
        { text: visibleLine(key.name) },
        { text: state, tone: state === 'valid' ? 'accent' : 'dim' },
        { text: visibleLine(`…${key.ending}`), tone: 'dim' },
        { text: visibleLine(key.models?.join(', ') ?? 'all') },
        { text: limitsText(key) },
        { text: budgets.map(budgetText).join(', ') },
        { text: moneyText(spent.total) },
        { text: visibleLine(key.tags?.join(', ') ?? '') },
      ];
    }),
  };
}

/** Returns the details of one key, one per line. */
export function clientKeyLines({ key, spent, budgets }: ClientKeyState, now: number): string {
  const lines: [string, string][] = [
    ['key', `${key.name} (…${key.ending})`],
    ['state', stateOf(key, now)],
    ['created', utcTimeText(key.createdAt)],
    ['expires', key.expiresAt === undefined ? 'never' : utcTimeText(key.expiresAt)],
    ...(key.revokedAt === undefined ? [] : [['revoked', utcTimeText(key.revokedAt)] as [string, string]]),
    ['models', key.models?.join(', ') ?? 'all'],
    ['limits', limitsText(key) || 'none'],
    ['tags', key.tags?.join(', ') ?? 'none'],
    ['spent', `${moneyText(spent.total)} in all, ${moneyText(spent.day)} today, ${moneyText(spent.month)} this month`],
    ...budgets.map((standing): [string, string] => ['budget', `${budgetText(standing)}, ${moneyText(standing.left)} left`]),
  ];
  return lines.map(([name, text]) => `${name.padEnd(8)} ${visibleLine(text)}\n`).join('');
}

/** Returns a key as data, without the key itself and its hash. */
export function clientKeyJson({ key, spent, budgets }: ClientKeyState): Record<string, unknown> {
  return {
    name: key.name,
    ending: key.ending,
    created_at: isoText(key.createdAt),
    expires_at: isoText(key.expiresAt),
    revoked_at: isoText(key.revokedAt),
    models: key.models ?? null,
    requests_per_minute: key.requestsPerMinute ?? null,
    tokens_per_minute: key.tokensPerMinute ?? null,
    parallel_requests: key.parallelRequests ?? null,
    tags: key.tags ?? [],
    spent: spent.total,
    spent_today: spent.day,
    spent_this_week: spent.week,
    spent_this_month: spent.month,
    budgets: budgets.map((standing) => ({
      number: standing.budget.id,
      period: standing.budget.period,
      limit: standing.budget.limit,
      spent: standing.spent,
      held: standing.reserved,
      left: standing.left,
    })),
  };
}

function stateOf({ revokedAt, expiresAt = Infinity }: ClientKey, now: number): 'valid' | 'revoked' | 'expired' {
  return revokedAt !== undefined ? 'revoked' : expiresAt <= now ? 'expired' : 'valid';
}

function limitsText({ requestsPerMinute, tokensPerMinute, parallelRequests }: ClientKey): string {
  return [
    requestsPerMinute === undefined ? undefined : `${countText(requestsPerMinute)} requests/min`,
    tokensPerMinute === undefined ? undefined : `${countText(tokensPerMinute)} tokens/min`,
    parallelRequests === undefined ? undefined : `${countText(parallelRequests)} parallel`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

function budgetText({ budget, spent }: BudgetStanding): string {
  return `${moneyText(spent)} of ${limitWords(moneyText(budget.limit), budget.period)}`;
}

function isoText(moment: number | undefined): string | null {
  return moment === undefined ? null : new Date(moment).toISOString();
}
