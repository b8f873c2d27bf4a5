import type { UnitPrices } from '../../apis/catalogue.ts';
import type { JournalTotals } from '../../storage/matrix/journal-index.ts';
import type { StoredError } from '../../storage/matrix/record.ts';
import type { CellResult } from './cell-result.ts';
import type { MatrixRanking } from './rank-lanes.ts';
import type { MatrixJudging } from './judged.ts';
import type { LaneSummary } from './summarize.ts';

/** A finished or stopped run as data: every output is made from it. The cells stay in the journal, however many there are. */
export interface MatrixReport {
  /** Undefined for a run that nothing is stored of. */
  id: string | undefined;
  /** The file or folder, as the user named it. */
  source: string;
  isSandbox: boolean;
  /** The version of orx. */
  orx: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  endedAt: number;
  cases: number;
  repetitions: number;
  /** The field whose equal values make cases one group (`--cluster`); undefined: each case is independent. */
  cluster?: string | undefined;
  lanes: readonly LaneSummary[];
  /** Undefined unless the user asked for one: the lanes keep their order. */
  ranking?: MatrixRanking | undefined;
  /** Undefined without a judge. Its cost is in `totals`. */
  judging?: MatrixJudging | undefined;
  /** Of the whole run, computed from its journal. */
  totals: JournalTotals;
  /** Why the run ended before all cells were asked. */
  stopped: StoredError | undefined;
  /** Undefined if nobody reads them: only a page shows them. */
  conditions?: RunConditions | undefined;
  /** Yields all cells, case by case, or those of one lane. Can be called repeatedly. */
  cells: (lane?: number) => AsyncIterable<CellResult>;
}

/** How a run was made, so that its reader can judge and repeat it. */
export interface RunConditions {
  /** The command, without flags of the connection, which may contain secrets. */
  command: string;
  /** In the order of the lanes. */
  lanes: readonly LaneConditions[];
}

export interface LaneConditions {
  /** The parameters that are set, such as `seed 7`. */
  parameters: readonly string[];
  /** Price per token in USD when the report was made. `local`: a model on this machine. Undefined if it is not known. */
  price: Pick<UnitPrices, 'prompt' | 'completion'> | 'local' | undefined;
}

/** How many cells with expectations passed. Answers that never came count as not passed. */
export function passShare(lanes: readonly LaneSummary[]): { passed: number; expecting: number } {
  const sum = (key: 'passed' | 'expecting'): number => lanes.reduce((total, lane) => total + lane[key], 0);
  return { passed: sum('passed'), expecting: sum('expecting') };
}
