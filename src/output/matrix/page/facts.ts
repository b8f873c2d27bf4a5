import type { CellResult } from '../../../core/matrix/cell-result.ts';
import type { MatrixReport } from '../../../core/matrix/report.ts';
import { mean, meanInterval, type MeanEstimate } from '../../../core/statistics/means.ts';
import { visibleLine } from '../../text/visible.ts';
import { costOfCell } from '../cell-json.ts';

/** What a page says about a lane that its summary does not contain. */
export interface PageLaneFacts {
  /** The providers that answered, the most frequent first. */
  providers: readonly string[];
  /** Cost of an answer in USD: the mean over the cases, because repetitions of a case are not independent. */
  cost: MeanEstimate | undefined;
}

export interface PageFacts {
  lanes: readonly PageLaneFacts[];
  /** All tags, sorted. */
  tags: readonly string[];
  /** All rows: a row is one repetition of a case. */
  rows: number;
}

/** Reads all cells once. A page begins with what it says about all of them. Memory grows by some bytes per case. */
export async function collectPageFacts(report: MatrixReport): Promise<PageFacts> {
  const lanes = report.lanes.map(() => ({ providers: new Map<string, number>(), costs: [] as number[], open: [] as number[] }));
  const tags = new Set<string>();
  let [rows, repetition]: [number, number] = [0, 0];
  let testCase: CellResult['cell']['testCase'] | undefined;
  const closeCase = (): void => {
    for (const lane of lanes) {
      if (lane.open.length > 0) lane.costs.push(mean(lane.open));
      lane.open = [];
    }
  };
  for await (const { cell, state, answers } of report.cells()) {
    if (cell.testCase !== testCase) {
      closeCase();
      for (const tag of cell.testCase.tags) tags.add(visibleLine(tag));
    }
    if (cell.testCase !== testCase || cell.repetition !== repetition) rows += 1;
    [testCase, repetition] = [cell.testCase, cell.repetition];
    const lane = lanes[cell.lane]!;
    const provider = answers.at(-1)?.provider;
    if (provider !== undefined) lane.providers.set(provider, (lane.providers.get(provider) ?? 0) + 1);
    const cost = state === 'answered' ? costOfCell(answers) : undefined;
    if (cost !== undefined) lane.open.push(Number(cost));
  }
  closeCase();
  return {
    lanes: lanes.map(({ providers, costs }) => ({
      providers: [...providers].toSorted(([, one], [, other]) => other - one).map(([name]) => visibleLine(name)),
      cost: meanInterval(costs),
    })),
    tags: [...tags].toSorted(),
    rows,
  };
}
