import { decimal } from '../../decimal.ts';
import type { CellVerdict, MatrixJudging } from '../../core/matrix/judged.ts';
import type { MatrixReport } from '../../core/matrix/report.ts';
import { judgeCostText, type JudgingFigures, judgingNotes, judgingTable } from '../judge/judging.ts';
import type { Cell, Table } from '../table/table.ts';
import { withoutKeys } from '../text/error.ts';
import { visibleLine } from '../text/visible.ts';

/** The judge of a run as it is shown: what must be known about it, and a table if it compared the lanes. */
export interface ShownJudge {
  notes: Cell[];
  table: Table | undefined;
}

/** Returns what is shown of the judge; undefined without one. Its cost has a line of its own. */
export function shownJudge({ judging, totals }: MatrixReport): ShownJudge | undefined {
  if (judging === undefined) return undefined;
  const spending = { requests: totals.judged, cost: decimal(totals.judgeCost), unknown: totals.unpricedJudged };
  const figures = figuresOf(judging, spending);
  if (figures !== undefined) return { notes: judgingNotes(figures), table: judgingTable(figures) };
  const { model, related } = judging;
  const warning: Cell[] =
    related.length === 0
      ? []
      : [
          {
            text: `the judge and ${related.map(visibleLine).join(', ')} are from the same vendor: judges may prefer their own style`,
            tone: 'warning',
          },
        ];
  return {
    notes: [{ text: `judge ${visibleLine(model)}: expectations of the file` }, ...warning, { text: judgeCostText(spending) }],
    table: undefined,
  };
}

function figuresOf(
  { model, mode, summary, related }: MatrixJudging,
  spending: JudgingFigures['spending'],
): JudgingFigures | undefined {
  return mode === undefined || summary === undefined ? undefined : { model, mode, summary, related, spending };
}

/** Returns a verdict in a few words: `better than a/one`, `tie with a/one (the order decided)`, `7 of 10`. */
export function verdictText({ against, result, score, isConsistent, reason }: CellVerdict): string {
  const other = against === undefined ? '' : visibleLine(against);
  switch (result) {
    case 'win':
      return `better than ${other}`;
    case 'loss':
      return `worse than ${other}`;
    case 'tie':
      return `tie with ${other}${isConsistent === false ? ' (the order decided)' : ''}`;
    case 'scored':
      return `${score} of 10`;
    case 'unreadable':
    case 'failed': {
      const about = against === undefined ? '' : ` against ${other}`;
      return `${result}${about}: ${visibleLine(withoutKeys(reason))}`;
    }
  }
}

/** Returns all verdicts about a cell, one a line, each with its reason; undefined if no judge compared the lanes. */
export function verdictLines(verdicts: readonly CellVerdict[] | undefined): string[] {
  return (verdicts ?? []).map((verdict) => {
    const isDecided = verdict.result !== 'unreadable' && verdict.result !== 'failed';
    return isDecided ? `${verdictText(verdict)}: ${visibleLine(withoutKeys(verdict.reason))}` : verdictText(verdict);
  });
}
