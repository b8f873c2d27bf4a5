import type { EvaluationFile } from '../../core/evaluation/test-case.ts';
import { findListed } from '../../core/models/find-listed.ts';
import { scopeOf } from '../../core/model-id/catalogue-scope.ts';
import { matrixCells, type MatrixPlan, turnCount, turnRequest } from '../../core/matrix/cell.ts';
import {
  addWork,
  answerTokens,
  detectableDifference,
  type LaneFacts,
  type LaneWork,
  quoteMatrix,
} from '../../core/matrix/quote.ts';
import { isLocalModel } from './places.ts';
import { requestHash } from '../../core/matrix/request-hash.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import type { MatrixJournal } from '../../storage/matrix/journal.ts';
import type { Context } from '../context.ts';
import type { QuotedRequests } from './confirm.ts';

/** The cells of a plan, and what the missing ones may cost. */
export interface QuotedPlan extends QuotedRequests {
  cells: number;
  cases: number;
}

/** Counts the requests that have no stored answer, each once, and quotes them. */
export async function quotePlan(
  plan: MatrixPlan,
  settings: ChatSettings,
  journal: Pick<MatrixJournal, 'has' | 'read'> | undefined,
  context: Context,
): Promise<QuotedPlan> {
  const facts = await laneFacts(plan, settings, context);
  const work = plan.lanes.map((): LaneWork => ({ requests: 0, promptTokens: 0 }));
  const seen = new Set<string>();
  let [cells, cases, stored] = [0, 0, 0];
  let last: unknown;
  for await (const cell of matrixCells(plan)) {
    cells += 1;
    if (cell.testCase !== last) cases += 1;
    last = cell.testCase;
    const lane = plan.lanes[cell.lane]!;
    const { answered, key } = storedTurns(cell.testCase, lane, cell.repetition, journal);
    stored += answered;
    if (answered === turnCount(cell) || seen.has(key)) continue;
    seen.add(key);
    work[cell.lane] = addWork(work[cell.lane]!, cell.testCase, answerTokens(lane, facts[cell.lane]!), answered);
  }
  const lanes = plan.lanes.map((lane, index) => ({ lane, work: work[index]!, facts: facts[index]! }));
  return {
    ...quoteMatrix(lanes, new Date(context.clock.now())),
    cells,
    cases,
    stored,
    smallestDifference: detectableDifference(cases, plan.repetitions, plan.lanes.length),
  };
}

/** Returns how many questions of a cell are answered, and the key of its next request. */
function storedTurns(
  testCase: Parameters<typeof turnRequest>[0],
  lane: MatrixPlan['lanes'][number],
  repetition: number,
  journal: Pick<MatrixJournal, 'has' | 'read'> | undefined,
): { answered: number; key: string } {
  const answers: { text: string }[] = [];
  for (;;) {
    const key = requestHash(turnRequest(testCase, lane, answers), lane.address, repetition);
    if (journal?.has(key) !== true) return { answered: answers.length, key };
    answers.push({ text: journal.read(key)?.text ?? '' });
    if (answers.length === turnCount({ testCase })) return { answered: answers.length, key };
  }
}

async function laneFacts({ lanes }: MatrixPlan, settings: ChatSettings, context: Context): Promise<LaneFacts[]> {
  const models = [...new Set(lanes.map(({ model }) => model))];
  const services = context.apis.for(settings);
  const { interrupt: signal } = context.lifetime;
  const reading = await services.readCatalogue({ preferStored: true, signal, scope: scopeOf(models) }).catch(() => undefined);
  const ledger = await context.stores
    .for(settings)
    .openLedger()
    .catch(() => undefined);
  signal.throwIfAborted();
  const byModel = new Map(
    await Promise.all(
      models.map(async (name): Promise<[string, LaneFacts]> => {
        const model = findListed(name, reading?.catalogue.models ?? []);
        const endpoints =
          model === undefined ? undefined : await services.readEndpoints(model.id, { signal }).catch(() => undefined);
        const known = endpoints?.catalogue.endpoints;
        return [
          name,
          {
            isLocal: isLocalModel(name),
            model,
            endpoints: known?.length === 0 ? undefined : known,
            pastAnswer: pastAnswer(ledger, name),
          },
        ];
      }),
    ),
  );
  return lanes.map(({ model }) => byModel.get(model)!);
}

function pastAnswer(
  ledger: { outputLength: (model: string) => { median: number } | undefined } | undefined,
  model: string,
): number | undefined {
  try {
    return ledger?.outputLength(model)?.median;
  } catch {
    // A damaged ledger only makes the quote less precise.
    return undefined;
  }
}

/** Returns the plan's cases that contain all of the texts in id, label or a tag. */
export function filteredCases(file: Pick<EvaluationFile, 'cases'>, filters: readonly string[]): MatrixPlan['cases'] {
  const wanted = filters.map((filter) => filter.toLowerCase());
  if (wanted.length === 0) return file.cases;
  return async function* matching() {
    for await (const testCase of file.cases()) {
      const texts = [testCase.id, testCase.label ?? '', ...testCase.tags].map((text) => text.toLowerCase());
      if (wanted.every((filter) => texts.some((text) => text.includes(filter)))) yield testCase;
    }
  };
}
