import type { JudgeSpending } from '../../core/judge/spending.ts';
import type { Game, JudgedPair, JudgedResult, JudgeMode } from '../../core/judge/judge-pairs.ts';
import { FEWEST_ITEMS } from '../../core/statistics/conclusion.ts';
import { type JudgeSummary, LOWEST_CONSISTENCY } from '../../core/judge/summary.ts';
import type { Cell, Column, Table } from '../table/table.ts';
import { withoutKeys } from '../text/error.ts';
import { countOf } from '../text/count-of.ts';
import { moneyText } from '../text/money.ts';
import { countText } from '../text/number.ts';
import { visibleLine } from '../text/visible.ts';
import { conclusionText, shareText } from './words.ts';

/** The judgment of a comparison, as it is shown. */
export interface Judging {
  /** The judge's model. */
  model: string;
  mode: JudgeMode;
  criteria: string | undefined;
  results: readonly JudgedResult[];
  summary: JudgeSummary;
  spending: JudgeSpending;
  /** Models with the same vendor as the judge. */
  related: readonly string[];
  /** Why the judging ended early. */
  error?: unknown;
}

/** The part of a judgment that tables and notes are made from. */
export type JudgingFigures = Pick<Judging, 'model' | 'mode' | 'summary' | 'spending' | 'related'>;

type Column_<Row> = readonly [column: Column, cell: (row: Row) => string];

/** Returns the table of a judgment. With one prompt it has counts only: shares and intervals need several. */
export function judgingTable({ mode, summary }: Pick<JudgingFigures, 'mode' | 'summary'>): Table {
  if (mode.kind === 'score') return tableOf(summary.scores, scoreColumns(summary));
  if (mode.kind === 'against') return tableOf(summary.against, againstColumns(summary));
  return tableOf(
    summary.islands.flatMap(({ ratings }) => ratings),
    [
      [column('model', 'left'), ({ model }) => visibleLine(model)],
      [column('won', 'right'), ({ wins }) => countText(wins)],
      [column('tied', 'right'), ({ ties }) => countText(ties)],
      [column('lost', 'right'), ({ losses }) => countText(losses)],
      ...(summary.isTooFew
        ? []
        : ([
            [column('rating', 'right'), ({ rating }) => rating.toFixed(0)],
            [column('95%', 'right'), ({ interval }) => `${interval.lower.toFixed(0)}–${interval.upper.toFixed(0)}`],
          ] satisfies Column_<(typeof summary.islands)[number]['ratings'][number]>[])),
    ],
  );
}

function againstColumns({ items }: JudgeSummary): Column_<JudgeSummary['against'][number]>[] {
  return [
    [column('model', 'left'), ({ lane }) => visibleLine(lane)],
    [column('won', 'right'), ({ wins }) => countText(wins)],
    [column('tied', 'right'), ({ ties }) => countText(ties)],
    [column('lost', 'right'), ({ losses }) => countText(losses)],
    [column('unreadable', 'right', 1), ({ undecided }) => countText(undecided)],
    ...(items < 2
      ? []
      : ([
          [column('win share', 'right'), ({ share }) => (share === undefined ? '–' : shareText(share.estimate))],
          [
            column('95%', 'right'),
            ({ share }) =>
              share?.interval === undefined ? '–' : `${shareText(share.interval.lower)}–${shareText(share.interval.upper)}`,
          ],
          [column('', 'left', 2), ({ share }) => (share === undefined ? '' : conclusionText(share))],
        ] satisfies Column_<JudgeSummary['against'][number]>[])),
  ];
}

function scoreColumns({ items }: JudgeSummary): Column_<JudgeSummary['scores'][number]>[] {
  return [
    [column('model', 'left'), ({ lane }) => visibleLine(lane)],
    [column('score', 'right'), ({ score }) => score?.mean.toFixed(1) ?? '–'],
    ...(items < 2
      ? []
      : ([
          [
            column('95%', 'right'),
            ({ score }) =>
              score?.interval === undefined ? '–' : `${score.interval.lower.toFixed(1)}–${score.interval.upper.toFixed(1)}`,
          ],
        ] satisfies Column_<JudgeSummary['scores'][number]>[])),
    [column('unreadable', 'right', 1), ({ undecided }) => countText(undecided)],
  ];
}

function column(heading: string, align: Column['align'], dropOrder = 0): Column {
  return heading === 'model' ? { heading, align, dropOrder, cut: 'model' } : { heading, align, dropOrder };
}

function tableOf<Row>(rows: readonly Row[], columns: readonly Column_<Row>[]): Table {
  return {
    columns: columns.map(([head]) => head),
    rows: rows.map((row) => columns.map(([, cell]): Cell => ({ text: cell(row) }))),
  };
}

/** Returns what a reader must know to read the table, and the cost of the judge. */
export function judgingNotes({ model, mode, summary, spending, related }: JudgingFigures): Cell[] {
  const { items, isTooFew, consistency, unreadable, failed } = summary;
  const notes: Cell[] = [{ text: headline(model, mode) }];
  const warn = (text: string): void => void notes.push({ text, tone: 'warning' });
  if (consistency !== undefined) {
    const { consistent, pairs, share, isLow, toFirstSlot, toSecondSlot } = consistency;
    const text = `consistency: the same verdict in both orders for ${countText(consistent)} of ${countOf(pairs, 'pair')} (${shareText(share)})`;
    if (isLow) {
      warn(
        `${text}, below ${shareText(LOWEST_CONSISTENCY)}: position decides too often (first answer ${countText(toFirstSlot)}, second ${countText(toSecondSlot)})`,
      );
    } else notes.push({ text });
  }
  if (unreadable > 0)
    warn(
      `${countText(unreadable)} of the judge's replies had no readable verdict: ${unreadable === 1 ? 'it does' : 'they do'} not count`,
    );
  if (failed > 0)
    warn(
      `${countOf(failed, 'verdict is', 'verdicts are')} missing, because the judge failed or was not asked: they do not count`,
    );
  if (related.length > 0)
    warn(`the judge and ${related.map(visibleLine).join(', ')} are from the same vendor: judges may prefer their own style`);
  for (const { lane, lengthControl, share } of summary.against) {
    if (lengthControl === undefined || share === undefined) continue;
    notes.push({
      text: `${visibleLine(lane)}: ${shareText(lengthControl.rawRate)} of wins would be ${shareText(lengthControl.controlledRate)} if both answers were equally long`,
    });
  }
  if (items === 1)
    notes.push({
      text: 'one prompt is not enough for a ranking by quality: judge more prompts, then see orx compare --board judge',
    });
  else if (isTooFew && items > 0) notes.push({ text: `${items} prompts are too few for a ranking by quality (${FEWEST_ITEMS})` });
  notes.push({ text: judgeCostText(spending) });
  return notes;
}

function headline(model: string, mode: JudgeMode): string {
  const judge = `judge ${visibleLine(model)}`;
  if (mode.kind === 'score') return `${judge}: scores from 1 to 10`;
  if (mode.kind === 'pairs') return `${judge}: all pairs, in both orders`;
  return `${judge}: against ${visibleLine(mode.lane)}, in both orders`;
}

/** Returns what asking the judge has cost, and how many requests that were. */
export function judgeCostText({ requests, cost, unknown }: JudgeSpending): string {
  const known = unknown === requests && requests > 0 ? 'unknown' : moneyText(cost);
  const rest = unknown > 0 && unknown < requests ? ` + ${countText(unknown)} of unknown cost` : '';
  return `cost of the judge: ${known}${rest} · ${countOf(requests, 'request')}`;
}

/** Returns the judge's reasons, one entry for each decision: a heading and a text. */
export function judgingReasons(results: readonly JudgedResult[]): { heading: string; text: string }[] {
  return results.map((result) => {
    if (result.kind === 'score') {
      const { lane, judgment } = result;
      const value = judgment.state === 'decided' ? `${judgment.value} of 10` : undecidedText(judgment);
      return {
        heading: `${visibleLine(lane)}: ${value}`,
        text: judgment.state === 'decided' ? visibleLine(judgment.reason) : '',
      };
    }
    const { first, second, games } = result;
    const decided = games.find(({ judgment }) => judgment.state === 'decided')?.judgment;
    return {
      heading: `${visibleLine(first)} : ${visibleLine(second)} → ${winnerText(result)}`,
      text: decided?.state === 'decided' ? visibleLine(withoutSlots(decided.reason, games, result)) : '',
    };
  });
}

/** Names the answers that a judge calls A and B; the reason is that of the first decided game. */
function withoutSlots(reason: string, games: readonly Game[], { first, second }: JudgedPair): string {
  const game = games.find(({ judgment }) => judgment.state === 'decided')!;
  const [a, b] = game.shownFirst === 'first' ? [first, second] : [second, first];
  return `(A: ${a}, B: ${b}) ${reason}`;
}

function winnerText({ winner, isConsistent, first, second, games }: JudgedPair): string {
  if (winner === 'first' || winner === 'second') return visibleLine(winner === 'first' ? first : second);
  if (winner === 'tie') return isConsistent === false ? 'tie (the order decided)' : 'tie';
  const missing = games.map(({ judgment }) => judgment).find(({ state }) => state !== 'decided')!;
  return missing.state === 'decided' ? 'undecided' : undecidedText(missing);
}

function undecidedText(judgment: { state: 'unreadable'; why: string } | { state: 'failed'; error: unknown }): string {
  return judgment.state === 'unreadable' ? `unreadable: ${judgment.why}` : `failed: ${judgeErrorText(judgment.error)}`;
}

/** Returns the message of an error in one line, without keys. */
export function judgeErrorText(error: unknown): string {
  return visibleLine(withoutKeys(error instanceof Error ? error.message : String(error)));
}
