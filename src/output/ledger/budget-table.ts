import { decimal } from '../../decimal.ts';
import type { Budget, BudgetStanding } from '../../storage/ledger/budgets/budget.ts';
import { moneyText } from '../text/money.ts';
import { barText } from '../chart/chart.ts';
import type { Cell, Table, TableTone } from '../table/table.ts';
import { visibleLine } from '../text/visible.ts';

const BAR_COLUMNS = 12;

/** The state of a budget, and the part of its spending that went to providers through the user's keys. */
export interface BudgetState extends BudgetStanding {
  upstreamSpent: string;
}

/** Returns budgets and their state as a table. Limits on single requests and conversations have no spending. */
export function budgetTable(standings: readonly BudgetState[], { bars }: { bars: boolean }): Table {
  const hasUpstream = standings.some(({ upstreamSpent }) => !decimal(upstreamSpent).eq(0));
  return {
    columns: [
      { heading: 'for', align: 'left', dropOrder: 0, cut: 'name' },
      { heading: 'nr', align: 'right', dropOrder: 0 },
      { heading: 'each', align: 'left', dropOrder: 0 },
      { heading: 'limit', align: 'right', dropOrder: 0 },
      { heading: 'spent', align: 'right', dropOrder: 0 },
      ...(hasUpstream ? [{ heading: 'to providers', align: 'right' as const, dropOrder: 1.5 }] : []),
      { heading: 'reserved', align: 'right', dropOrder: 2 },
      { heading: 'left', align: 'right', dropOrder: 0.5 },
      { heading: 'used', align: 'right', dropOrder: 1 },
      ...(bars ? [{ heading: '', align: 'left' as const, dropOrder: 3 }] : []),
    ],
    rows: standings.map((standing) => row(standing, { bars, hasUpstream })),
  };
}

/** Returns a budget as data. `spent`, `held` and `left` are null for limits on single requests and conversations. */
export function budgetJson({
  budget,
  span,
  spent,
  upstreamSpent,
  reserved,
  reservations,
  left,
}: BudgetState): Record<string, unknown> {
  const isTotal = budget.period === 'total';
  return {
    number: budget.id,
    period: budget.period,
    limit: budget.limit,
    project: budget.project ?? null,
    profile: budget.profile ?? null,
    model: budget.model ?? null,
    warn_at: budget.warnAt,
    since: span === undefined || isTotal ? null : new Date(span.start).toISOString(),
    until: span === undefined || isTotal ? null : new Date(span.end).toISOString(),
    spent: span === undefined ? null : spent,
    upstream_spent: span === undefined ? null : upstreamSpent,
    held: span === undefined ? null : reserved,
    requests_under_way: span === undefined ? null : reservations,
    left: span === undefined ? null : left,
    vendor: budget.vendor ?? null,
    key: budget.clientKey ?? null,
    tag: budget.tag ?? null,
  };
}

function row(
  { budget, span, spent, upstreamSpent, reserved, left }: BudgetState,
  { bars, hasUpstream }: { bars: boolean; hasUpstream: boolean },
): Cell[] {
  const share = decimal(budget.limit).eq(0) ? 1 : decimal(spent).div(budget.limit).toNumber();
  const tone: TableTone | undefined = span !== undefined && share >= budget.warnAt ? 'warning' : undefined;
  const none: Cell = { text: '–', tone: 'dim' };
  const amount = (text: string): Cell => (span === undefined ? none : { text: moneyText(text), tone });
  return [
    { text: visibleLine(budgetScopeText(budget)) },
    { text: String(budget.id), tone: 'dim' },
    { text: budget.period },
    { text: moneyText(budget.limit) },
    amount(spent),
    ...(hasUpstream ? [amount(upstreamSpent)] : []),
    amount(reserved),
    amount(left),
    span === undefined ? none : { text: `${Math.floor(share * 100)}%`, tone },
    ...(bars
      ? [
          {
            text: span === undefined ? '' : barText(share, BAR_COLUMNS),
            tone: tone ?? 'accent',
          } satisfies Cell,
        ]
      : []),
  ];
}

/** Returns the scope of a budget: `model anthropic/* · key laptop`. */
export function budgetScopeText({ project, profile, model, vendor, clientKey, tag }: Omit<Budget, 'id'>): string {
  const named = { profile, vendor, key: clientKey, tag };
  const parts = [
    model,
    project,
    ...Object.entries(named).map(([name, text]) => (text === undefined ? undefined : `${name} ${text}`)),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'everything' : parts.join(' · ');
}
