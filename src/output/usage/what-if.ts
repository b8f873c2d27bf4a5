import { localDay } from '../../core/time/periods.ts';
import type { UsagePeriod } from '../../core/usage/parse-period.ts';
import type { Repriced } from '../../core/usage/reprice.ts';
import { timeGroup } from '../../core/usage/usage-report.ts';
import type { WhatIf, WhatIfRow } from '../../core/usage/what-if.ts';
import { decimalText } from '../../decimal.ts';
import { alignNumbers } from '../table/align-numbers.ts';
import { moneyText } from '../text/money.ts';
import type { Cell, Table } from '../table/table.ts';
import { periodJson } from './json.ts';
import { requestsText } from './text.ts';
import { included } from './upstream.ts';
import { visibleLine } from '../text/visible.ts';

export type PricesOf = 'today' | 'then';

/** Returns the title: `last 30 days: $12.84 for 2,311 requests; the same tokens at today's prices`. */
export function whatIfTitle({ cost, upstreamCost, requests }: WhatIf, { label }: UsagePeriod, prices: PricesOf): string {
  const of = prices === 'today' ? "at today's prices" : 'at the prices of that time';
  return `${label}: ${moneyText(cost)}${included(upstreamCost)} for ${requestsText(requests)}; the same tokens ${of}`;
}

/** Returns what past requests would have cost on each model, and the difference to what was paid. */
export function whatIfTable({ rows }: WhatIf): Table {
  const costs = alignNumbers(rows.map(({ repriced }) => amountText(repriced)));
  return {
    columns: [
      { heading: 'model', align: 'left', dropOrder: 0, cut: 'model' },
      { heading: 'had cost', align: 'right', dropOrder: 0 },
      { heading: 'difference', align: 'right', dropOrder: 1 },
      { heading: '%', align: 'right', dropOrder: 0.5 },
    ],
    rows: rows.map((row, index) => [
      { text: visibleLine(row.id) },
      { text: costs[index]!, tone: row.repriced.kind === 'amount' ? undefined : 'dim' },
      { text: differenceText(row) },
      { text: shareText(row) },
    ]),
  };
}

/** Returns the limits of the figures. */
export function whatIfNotes({ rows }: WhatIf, prices: PricesOf): Cell[] {
  const older = rows.filter(({ earliestPrices }) => earliestPrices !== undefined);
  const unknown = prices === 'then' ? rows.filter(({ hasHistory }) => !hasHistory) : [];
  return [
    ...older.map(({ id, earliestPrices }): Cell => {
      const day = timeGroup(localDay(earliestPrices!), 'day');
      return {
        text: `prices of ${visibleLine(id)} are known since ${day}: older requests use the earliest prices`,
        tone: 'warning',
      };
    }),
    ...unknown.map(({ id }): Cell => ({
      text: `no past prices of ${visibleLine(id)} are known: today's are used`,
      tone: 'warning',
    })),
    {
      text: 'as if each model had taken the same tokens and found the same share of them cached; tokens and request fees only',
      tone: 'dim',
    },
  ];
}

export function whatIfJson(match: WhatIf, period: UsagePeriod, prices: PricesOf): unknown {
  return {
    period: periodJson(period),
    prices,
    cost: decimalText(match.cost),
    upstream_cost: decimalText(match.upstreamCost),
    requests: match.requests,
    models: whatIfRecords(match),
  };
}

export function whatIfRecords({ rows }: WhatIf): Record<string, unknown>[] {
  return rows.map(({ id, repriced, difference, share, earliestPrices, hasHistory }) => ({
    model: id,
    cost: repriced.kind === 'amount' ? decimalText(repriced.cost) : null,
    priced: repriced.kind,
    difference: difference === undefined ? null : decimalText(difference),
    share: share ?? null,
    prices_known_since: earliestPrices === undefined ? null : new Date(earliestPrices).toISOString(),
    has_past_prices: hasHistory,
  }));
}

function amountText(repriced: Repriced): string {
  if (repriced.kind === 'amount') return moneyText(repriced.cost);
  return repriced.kind === 'other' ? 'not by token' : repriced.kind;
}

function differenceText({ difference }: WhatIfRow): string {
  return difference === undefined ? '–' : `${difference.gt(0) ? '+' : ''}${moneyText(difference)}`;
}

function shareText({ share }: WhatIfRow): string {
  return share === undefined ? '–' : `${share > 0 ? '+' : ''}${(share * 100).toFixed(Math.abs(share) < 0.1 ? 1 : 0)}`;
}
