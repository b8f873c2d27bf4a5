import type { Decimal } from '../../decimal.ts';
import { countOf } from '../text/count-of.ts';
import { moneyText } from '../text/money.ts';
import { ageText, countText } from '../text/number.ts';

/** What a running matrix has done so far. */
export interface MatrixProgress {
  cells: number;
  done: number;
  /** Cells whose expectations failed, and cells without an answer. */
  failed: number;
  missing: number;
  running: number;
  /** Replies of the judge, and how many were quoted; undefined without a judge. */
  judged?: { done: number; quoted: number } | undefined;
  spent: Decimal;
  /** The range that was quoted for the whole run; undefined if no price is known. */
  quoted: { low: Decimal; high: Decimal } | undefined;
  /** Milliseconds until the last cell is done, estimated. Undefined until something is known. */
  leftMs: number | undefined;
  /** Milliseconds until a connection continues that a server asked to wait. */
  pauseMs: number;
}

/** Returns the progress in one line: `128/300 cells · 5 failed · 8 running · $0.012 of $0.03–$0.05 · 2 min left`. */
export function progressText(progress: MatrixProgress): string {
  const { cells, done, failed, missing, running, judged, spent, quoted, leftMs, pauseMs } = progress;
  return [
    `${countText(done)}/${countOf(cells, 'cell')}`,
    ...(failed === 0 ? [] : [`${countText(failed)} failed`]),
    ...(missing === 0 ? [] : [`${countText(missing)} without an answer`]),
    `${countText(running)} running`,
    ...(judged === undefined ? [] : [`judge ${countText(judged.done)}/${countText(Math.max(judged.done, judged.quoted))}`]),
    quoted === undefined ? moneyText(spent) : `${moneyText(spent)} of ${moneyRange(quoted)}`,
    ...(pauseMs >= 1000 ? [`waiting ${ageText(pauseMs)} for a rate limit`] : []),
    ...(leftMs === undefined || done >= cells ? [] : [`${ageText(leftMs)} left`]),
  ].join(' · ');
}

/** Returns a range of money; one amount if both ends are the same. */
export function moneyRange({ low, high }: { low: Decimal; high: Decimal }): string {
  const [from, to] = [moneyText(low), moneyText(high)];
  return from === to ? from : `${from}–${to}`;
}
