import { decimal } from '../../decimal.ts';
import type { UsageGrouping, UsageRow } from '../../core/usage/usage-report.ts';
import { alignNumbers } from '../table/align-numbers.ts';
import { barText } from '../chart/chart.ts';
import { moneyText } from '../text/money.ts';
import { countText } from '../text/number.ts';
import type { Column, Table } from '../table/table.ts';
import { compactCount, groupText, percentText, secondsNumber, shortGroupText } from './text.ts';

const BAR_WIDTH = 8;

interface UsageTableOptions {
  by: UsageGrouping;
  /** A row with the sums of all rows, including those that are not shown. */
  total?: UsageRow | undefined;
  /** For a terminal: short paths, and the share of the cost as a bar. */
  isDrawn?: boolean;
}

const COLUMNS: readonly Column[] = [
  { heading: 'requests', align: 'right', dropOrder: 2 },
  { heading: 'ok %', align: 'right', dropOrder: 1 },
  { heading: 'stopped', align: 'right', dropOrder: 10 },
  { heading: 'p50 s', align: 'right', dropOrder: 3 },
  { heading: 'p95 s', align: 'right', dropOrder: 4 },
  { heading: 'first p50', align: 'right', dropOrder: 8 },
  { heading: 'first p95', align: 'right', dropOrder: 9 },
  { heading: 'tok/s', align: 'right', dropOrder: 6 },
  { heading: 'in', align: 'right', dropOrder: 5 },
  { heading: 'out', align: 'right', dropOrder: 5 },
  { heading: 'cached %', align: 'right', dropOrder: 7 },
  { heading: 'reasoning', align: 'right', dropOrder: 10 },
  { heading: 'cost', align: 'right', dropOrder: 0 },
];

/** Returns the rows of a report as a table. Times are in seconds: of whole answers, and to the first token. */
export function usageTable(rows: readonly UsageRow[], { by, total, isDrawn = false }: UsageTableOptions): Table {
  const all = total === undefined ? rows : [...rows, total];
  const costs = alignNumbers(all.map(({ cost }) => moneyText(cost)));
  const hasUpstream = all.some(({ upstreamCost }) => !upstreamCost.eq(0));
  const upstream = alignNumbers(all.map(({ upstreamCost }) => (upstreamCost.eq(0) ? '–' : moneyText(upstreamCost))));
  const highest = rows.reduce((most, { cost }) => (cost.gt(most) ? cost : most), decimal(0));
  return {
    columns: [
      { heading: by, align: 'left', dropOrder: 0, cut: by === 'model' ? 'model' : 'name' },
      ...COLUMNS,
      ...(hasUpstream ? [{ heading: 'to providers', align: 'right', dropOrder: 4.5 } as const] : []),
      ...(isDrawn ? [{ heading: '', align: 'left', dropOrder: 7.5 } as const] : []),
    ],
    rows: all.map((row, index) => {
      const isTotal = row === total;
      const name = isTotal ? 'total' : isDrawn ? shortGroupText(row.group, by) : groupText(row.group);
      const share = (): number => (isTotal || highest.eq(0) ? 0 : row.cost.div(highest).toNumber());
      return [
        { text: name, ...(isTotal ? { tone: 'accent' } : {}) },
        ...numbersOf(row).map((text) => ({ text })),
        { text: costs[index]! },
        ...(hasUpstream ? [{ text: upstream[index]! }] : []),
        ...(isDrawn ? [{ text: barText(share(), BAR_WIDTH), tone: 'accent' } as const] : []),
      ];
    }),
  };
}

function numbersOf(row: UsageRow): string[] {
  return [
    countText(row.requests),
    percentText(row.successRate),
    row.stopped === 0 ? '–' : countText(row.stopped),
    secondsNumber(row.durationMs?.p50),
    secondsNumber(row.durationMs?.p95),
    secondsNumber(row.timeToFirstTokenMs?.p50),
    secondsNumber(row.timeToFirstTokenMs?.p95),
    row.throughput === undefined ? '–' : row.throughput.toFixed(row.throughput < 10 ? 1 : 0),
    compactCount(row.promptTokens),
    compactCount(row.completionTokens),
    percentText(row.cachedShare),
    row.reasoningTokens === 0 ? '–' : compactCount(row.reasoningTokens),
  ];
}
