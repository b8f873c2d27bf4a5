import { decimal } from '../../decimal.ts';
import type { CellResult } from '../../core/matrix/cell-result.ts';
import { type MatrixReport, passShare } from '../../core/matrix/report.ts';
import type { RankedMatrixLane } from '../../core/matrix/rank-lanes.ts';
import type { LaneSummary } from '../../core/matrix/summarize.ts';
import { alignNumbers } from '../table/align-numbers.ts';
import type { Cell, Column, Table } from '../table/table.ts';
import { countOf } from '../text/count-of.ts';
import { moneyText } from '../text/money.ts';
import { countText, secondsText } from '../text/number.ts';
import { visibleLine } from '../text/visible.ts';
import { differenceText, pointsText, shareIntervalText, rateText } from './difference.ts';
import { rankCells, rankColumns, rankingLine } from './ranking.ts';
import { cellReason } from './reason.ts';

const UNKNOWN = '–';
const LONGEST_NAME = 40;
const LONGEST_REASON = 200;

/**
 * Returns the lanes as a table, in the order given or ranked. The columns about expectations are left out if no case has any. A ranking
 * adds the columns of its value.
 */
export function laneTable({ lanes, ranking }: MatrixReport): Table {
  const hasExpectations = lanes.some(({ expecting }) => expecting > 0);
  const isMissing = lanes.some((lane) => missing(lane) > 0);
  const hasNotRun = lanes.some(({ notRun }) => notRun > 0);
  const costs = alignNumbers(lanes.map(costCell));
  const perAnswer = alignNumbers(lanes.map(costPerAnswer));
  const added = rankColumns(ranking);
  const measured = hasExpectations ? PASS_COLUMNS : ANSWER_COLUMNS;
  const columns: Column[] = [
    ...(ranking === undefined ? [] : [{ heading: 'rank', align: 'right', dropOrder: 0 } as const]),
    { heading: 'lane', align: 'left', dropOrder: 0, cut: 'model' },
    ...added,
    ...(added.length > 0 ? givingWay(measured) : measured),
    // Without these two, a rate of all checked cells would contradict the passed ones of all cells.
    ...(hasNotRun ? [{ heading: 'not run', align: 'right', dropOrder: 0 } as const] : []),
    ...(isMissing ? [{ heading: 'no answer', align: 'right', dropOrder: 1 } as const] : []),
    { heading: 'cost', align: 'right', dropOrder: 0 },
    { heading: 'per answer', align: 'right', dropOrder: ranking?.by === 'cost' ? 0 : 4 },
    { heading: 'time', align: 'right', dropOrder: 2 },
    { heading: 'spread', align: 'right', dropOrder: 5 },
  ];
  const order = ranking?.lanes ?? lanes.map((_, lane): RankedMatrixLane => ({ lane, rank: undefined }));
  const rows = order.map((ranked): Cell[] => {
    const lane = lanes[ranked.lane]!;
    return [
      ...(ranking === undefined ? [] : [{ text: ranked.rank === undefined ? UNKNOWN : String(ranked.rank) }]),
      { text: visibleLine(lane.name) },
      ...rankCells(ranking, ranked, lane).map((text) => ({ text })),
      ...(hasExpectations ? passCells(lane) : [`${lane.cells.answered}/${cellCount(lane)}`]).map((text) => ({ text })),
      ...(hasNotRun ? [warningCount(lane.notRun)] : []),
      ...(isMissing ? [warningCount(missing(lane))] : []),
      { text: costs[ranked.lane]! },
      { text: perAnswer[ranked.lane]! },
      { text: lane.durationMs === undefined ? UNKNOWN : secondsText(lane.durationMs.median) },
      { text: spreadCell(lane) },
    ];
  });
  return { columns, rows };
}

/** On a narrow terminal, the values that lanes are ranked by stay, and others give way: a rate together with its interval. */
function givingWay(columns: readonly Column[]): Column[] {
  return columns.map((column) => {
    if (column.dropOrder > 0) return column;
    return { ...column, dropOrder: column.heading === 'rate' || column.heading === '95% interval' ? 2 : 1 };
  });
}

const ANSWER_COLUMNS: readonly Column[] = [{ heading: 'answered', align: 'right', dropOrder: 0 }];
const PASS_COLUMNS: readonly Column[] = [
  { heading: 'passed', align: 'right', dropOrder: 0 },
  { heading: 'rate', align: 'right', dropOrder: 0 },
  { heading: '95% interval', align: 'right', dropOrder: 0 },
  { heading: 'vs first', align: 'right', dropOrder: 3 },
];

function passCells({ passed, expecting, passRate, difference }: LaneSummary): string[] {
  return [
    `${passed}/${expecting}`,
    passRate === undefined ? UNKNOWN : rateText(passRate.rate),
    passRate?.interval === undefined ? UNKNOWN : shareIntervalText(passRate.interval),
    difference === undefined ? UNKNOWN : pointsText(difference.estimate),
  ];
}

function warningCount(count: number): Cell {
  return count === 0 ? { text: '0' } : { text: countText(count), tone: 'warning' };
}

function missing({ cells }: LaneSummary): number {
  return cells.empty + cells.failed + cells['not-asked'];
}

function cellCount(lane: LaneSummary): number {
  return lane.cells.answered + missing(lane);
}

function costCell({ cost, hasUnknownCost, cells }: LaneSummary): string {
  if (hasUnknownCost) return cost.eq(0) ? UNKNOWN : `≥${moneyText(cost)}`;
  return cells.answered === 0 && cost.eq(0) ? UNKNOWN : moneyText(cost);
}

function costPerAnswer({ cost, hasUnknownCost, cells }: LaneSummary): string {
  return hasUnknownCost || cells.answered === 0 ? UNKNOWN : moneyText(cost.div(cells.answered));
}

function spreadCell({ durationMs }: LaneSummary): string {
  if (durationMs === undefined) return UNKNOWN;
  return `${secondsText(durationMs.low).replace(' s', '')}–${secondsText(durationMs.high)}`;
}

/** Returns the lines below the table: totals, and what the differences show. */
export function summaryLines(report: MatrixReport): string[] {
  const { lanes, totals, cases } = report;
  const { passed, expecting } = passShare(lanes);
  const cells = lanes.reduce((sum, lane) => sum + cellCount(lane), 0);
  const judged = decimal(totals.judgeCost).eq(0) ? '' : ` (judge ${moneyText(totals.judgeCost)})`;
  const unknown = totals.unpriced === 0 ? '' : `, cost of ${countOf(totals.unpriced, 'answer')} unknown`;
  const counts = [
    countOf(cases, 'case'),
    countOf(cells, 'cell'),
    ...(expecting === 0 ? [] : [`${countText(passed)} of ${countText(expecting)} passed`]),
    `${moneyText(totals.cost)} for the whole run${judged}${unknown}`,
  ];
  const [first] = lanes;
  const differences = lanes.flatMap(({ name, difference }) =>
    difference === undefined || first === undefined
      ? []
      : [`${visibleLine(name)}: ${differenceText(difference, visibleLine(first.name))}`],
  );
  const groups = Math.max(0, ...lanes.map(({ passRate }) => passRate?.clusters ?? 0));
  const clustered =
    report.cluster === undefined || groups === 0
      ? []
      : [`intervals treat cases with the same ${visibleLine(report.cluster)} as one group: ${countOf(groups, 'group')}`];
  const ranked = report.ranking === undefined ? [] : [rankingLine(report.ranking, report)];
  return [counts.join(' · '), ...ranked, ...clustered, ...differences];
}

/** Cells that did not pass or were not answered. */
export interface FailedCells {
  cells: CellResult[];
  /** How many there are. */
  count: number;
  /** Further cells that were not asked. */
  notAsked: number;
}

/**
 * Returns the cells that did not pass or were not answered, at most `most` of them. Of the cells of a lane that were not asked, only
 * the first one: all have the same reason. The others are counted apart.
 */
export async function failedCells(report: MatrixReport, most: number): Promise<FailedCells> {
  const cells: CellResult[] = [];
  let count = 0;
  let notAsked = 0;
  // Reading thousands of cells takes time.
  if (report.lanes.every((lane) => lane.passed === lane.expecting && missing(lane) === 0)) return { cells, count, notAsked };
  const stopped = new Set<number>();
  for await (const result of report.cells()) {
    if (cellReason(result) === undefined) continue;
    if (result.state === 'not-asked') {
      if (stopped.has(result.cell.lane)) {
        notAsked += 1;
        continue;
      }
      stopped.add(result.cell.lane);
    }
    count += 1;
    if (cells.length < most) cells.push(result);
  }
  return { cells, count, notAsked };
}

/** Returns cells with the reason why each did not pass. */
export function failedTable(cells: readonly CellResult[], { lanes, repetitions }: MatrixReport): Table {
  return {
    columns: [
      { heading: 'not passed', align: 'left', dropOrder: 0, cut: 'end' },
      { heading: 'lane', align: 'left', dropOrder: 0, cut: 'model' },
      ...(repetitions === 1 ? [] : [{ heading: '#', align: 'right', dropOrder: 1 } as const]),
      { heading: 'reason', align: 'left', dropOrder: 0, cut: 'end' },
    ],
    rows: cells.map((result) => {
      const { testCase, lane, repetition } = result.cell;
      return [
        { text: shortened(caseName(testCase), LONGEST_NAME) },
        { text: visibleLine(lanes[lane]!.name) },
        ...(repetitions === 1 ? [] : [{ text: String(repetition) }]),
        { text: shortened(visibleLine(cellReason(result)?.replaceAll('\n', '; ') ?? ''), LONGEST_REASON) },
      ];
    }),
  };
}

/** Returns the id of a case and its label, in one line. */
export function caseName({ id, label }: { id: string; label?: string | undefined }): string {
  return visibleLine(label === undefined || label === id ? id : `${id} ${label}`);
}

function shortened(text: string, most: number): string {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}
