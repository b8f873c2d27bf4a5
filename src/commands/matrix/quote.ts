import type { TestCase } from '../../core/evaluation/test-case.ts';
import { findListed } from '../../core/models/find-listed.ts';
import { scopeOf } from '../../core/model-id/catalogue-scope.ts';
import { type MatrixCell, type MatrixPlan, nextKey, turnCount } from '../../core/matrix/cell.ts';
import type { CellResult } from '../../core/matrix/cell-result.ts';
import { testBlocks } from '../../core/matrix/compared-cells.ts';
import { JudgeWork } from '../../core/matrix/judge-work.ts';
import {
  addWork,
  answerTokens,
  detectableDifference,
  type LaneFacts,
  type LaneWork,
  type QuotedLane,
  quoteMatrix,
  sumOfQuotes,
} from '../../core/matrix/quote.ts';
import type { LaneConditions } from '../../core/matrix/report.ts';
import { laneConditions } from './conditions.ts';
import { isLocalModel } from './places.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import type { MatrixJournal } from '../../storage/matrix/journal.ts';
import type { AnswerRecord } from '../../storage/matrix/record.ts';
import { retentionPolicy, tagsOfModel } from '../catalogue/retention-policy.ts';
import type { Context } from '../context.ts';
import { pastAnswer } from '../ledger/past-answer.ts';
import type { ClusterOf } from './cases.ts';
import type { QuotedRequests } from './confirm.ts';
import type { PreparedJudge } from './judge.ts';

/** The cells of a plan, and what the missing ones may cost. */
export interface QuotedPlan extends QuotedRequests {
  cells: number;
  cases: number;
  /** Parameters and prices, in the order of the lanes. */
  conditions: readonly LaneConditions[];
}

/** The journal of an earlier run, and what its judge has decided. */
interface StoredRunParts {
  journal: Pick<MatrixJournal, 'has' | 'read' | 'readOutcome'>;
  checkVersionOf: (testCase: TestCase) => string;
}

/** Counts the requests that have no stored answer, each once, and quotes them. Those of a judge are quoted apart as well. */
export async function quotePlan(
  plan: MatrixPlan,
  settings: ChatSettings,
  stored: StoredRunParts | undefined,
  { judge, clusterOf }: { judge: PreparedJudge | undefined; clusterOf: ClusterOf | undefined },
  context: Context,
): Promise<QuotedPlan> {
  const models = [...new Set([...plan.lanes.map(({ model }) => model), ...(judge === undefined ? [] : [judge.model])])];
  const needsZdr = [settings, ...plan.lanes.map((lane) => lane.settings)].some((one) => retentionPolicy(one) !== undefined);
  const facts = await modelFacts(models, settings, needsZdr, context);
  const laneFacts = plan.lanes.map(({ model }) => facts.get(model)!);
  const work = plan.lanes.map((): LaneWork => ({ requests: 0, promptTokens: 0 }));
  const judging = judge === undefined ? undefined : new JudgeWork({ ...judge, plan, stored, facts: laneFacts });
  const seen = new Set<string>();
  const groups = new Set<string>();
  let [cells, cases, answers] = [0, 0, 0];
  for await (const block of testBlocks(plan)) {
    const results = block.map((cell): CellResult => {
      const lane = plan.lanes[cell.lane]!;
      const { records, key } = storedTurns(cell, lane, stored?.journal);
      const isAnswered = records.length === turnCount(cell);
      answers += records.length;
      if (!isAnswered && !seen.has(key)) {
        seen.add(key);
        const tokens = answerTokens(lane, laneFacts[cell.lane]!);
        work[cell.lane] = addWork(work[cell.lane]!, cell.testCase, tokens, records.length);
      }
      return { cell, state: isAnswered ? 'answered' : 'not-asked', answers: records };
    });
    cells += block.length;
    for (const testCase of new Set(block.map((cell) => cell.testCase))) {
      cases += 1;
      if (clusterOf !== undefined) groups.add(JSON.stringify(clusterOf(testCase) ?? cases));
    }
    await judging?.add(results);
  }
  const at = new Date(context.clock.now());
  const lanes = plan.lanes.map((lane, index) => ({ lane, work: work[index]!, facts: laneFacts[index]! }));
  const asked = quoteMatrix(lanes, at);
  const judged =
    judge === undefined || judging === undefined
      ? undefined
      : quoteMatrix([{ lane: judgeLane(judge, settings), work: judging.work, facts: judgeFacts(facts.get(judge.model)!) }], at);
  return {
    ...(judged === undefined ? asked : sumOfQuotes(asked, judged)),
    judge: judged,
    cells,
    cases,
    conditions: lanes.map(({ lane, facts: own }) => laneConditions(lane, own)),
    stored: answers,
    smallestDifference: detectableDifference(clusterOf === undefined ? cases : groups.size, plan.repetitions, plan.lanes.length),
  };
}

/** The judge as what is quoted: of its routing only the data policy holds. */
function judgeLane({ model }: PreparedJudge, settings: ChatSettings): QuotedLane {
  const { 'data-policy': policy, zdr } = settings;
  return { name: `judge ${model}`, settings: { 'data-policy': policy, zdr } as QuotedLane['settings'] };
}

/** A verdict with its reason is shorter than most answers. */
const JUDGE_REPLY = 200;

function judgeFacts(facts: LaneFacts): LaneFacts {
  return { ...facts, pastAnswer: JUDGE_REPLY };
}

/** Returns the records of the questions of a cell that are answered, and the key of its next request. */
function storedTurns(
  cell: MatrixCell,
  lane: MatrixPlan['lanes'][number],
  journal: StoredRunParts['journal'] | undefined,
): { records: AnswerRecord[]; key: string } {
  const records: AnswerRecord[] = [];
  for (;;) {
    const key = nextKey(cell, lane, records);
    const record = journal?.has(key) === true ? journal.read(key) : undefined;
    if (record === undefined) return { records, key };
    records.push(record);
    if (records.length === turnCount(cell)) return { records, key };
  }
}

async function modelFacts(
  models: readonly string[],
  settings: ChatSettings,
  needsZdr: boolean,
  context: Context,
): Promise<ReadonlyMap<string, LaneFacts>> {
  const services = context.apis.for(settings);
  const { interrupt: signal } = context.lifetime;
  const reading = await services.readCatalogue({ preferStored: true, signal, scope: scopeOf(models) }).catch(() => undefined);
  const ledger = await context.stores
    .for(settings)
    .openLedger()
    .catch(() => undefined);
  const zdr = needsZdr ? await services.readZdrEndpoints({ signal }).catch(() => undefined) : undefined;
  signal.throwIfAborted();
  return new Map(
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
            zeroRetention: zdr && model && tagsOfModel(zdr.catalogue.endpoints, model),
            pastAnswer: pastAnswer(ledger, name),
          },
        ];
      }),
    ),
  );
}
