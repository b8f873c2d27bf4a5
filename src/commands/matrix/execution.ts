import type { MatrixPlan } from '../../core/matrix/cell.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import type { ClusterOf } from './cases.ts';
import type { PreparedJudge } from './judge.ts';
import type { OpenRun } from './open-run.ts';
import type { MatrixOptions } from './options.ts';
import type { QuotedPlan } from './quote.ts';

/** A run whose cost is confirmed. */
export interface MatrixExecution {
  options: MatrixOptions;
  plan: MatrixPlan;
  settings: ChatSettings;
  judge: PreparedJudge | undefined;
  /** The groups of `--cluster`. */
  clusterOf: ClusterOf | undefined;
  run: OpenRun;
  quoted: QuotedPlan;
}
