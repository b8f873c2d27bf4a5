import type { MatrixCell, MatrixPlan } from './cell.ts';
import type { AskOptions } from './requests/request-runner.ts';

/** Returns where the requests of a cell go. */
export function askOptionsOf({ lane, repetition }: MatrixCell, { lanes }: MatrixPlan): AskOptions {
  const { name, connection, address } = lanes[lane]!;
  return { lane: name, connection, address, repetition };
}
