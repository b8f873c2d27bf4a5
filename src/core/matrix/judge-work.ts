import { estimateTokens } from '../tokens/estimate-tokens.ts';
import type { TestCase } from '../evaluation/test-case.ts';
import { type JudgedResult, judgeRequests } from '../judge/judge-pairs.ts';
import type { MatrixJournal } from '../../storage/matrix/journal.ts';
import type { MatrixPlan } from './cell.ts';
import { type CellResult, outcomeKey } from './cell-result.ts';
import { caseGroups, rivalsIn } from './compared-cells.ts';
import { judgedExpectations } from './judged.ts';
import { judgeLanes, type LaneJudging } from './lane-verdicts.ts';
import { answerTokens, type LaneFacts, type LaneWork } from './quote.ts';
import { storedJudge } from './stored-judge.ts';

export interface JudgeWorkOptions {
  plan: MatrixPlan;
  model: string;
  address: string;
  /** Undefined if the judge only grades expectations. */
  judging: LaneJudging | undefined;
  /** The journal of an earlier run: what it has decided is not asked again. */
  stored: { journal: Pick<MatrixJournal, 'readOutcome'>; checkVersionOf: (testCase: TestCase) => string } | undefined;
  facts: readonly LaneFacts[];
}

/** Tokens of what a judge is told beside the prompt and the answers. */
const INSTRUCTIONS = 350;

/** Adds up the requests that a judge still has to answer. */
export class JudgeWork {
  readonly #options: JudgeWorkOptions;
  readonly #answerTokens: number;
  #work: LaneWork = { requests: 0, promptTokens: 0 };

  constructor(options: JudgeWorkOptions) {
    this.#options = options;
    const { plan, facts } = options;
    const lengths = plan.lanes.map((lane, index) => answerTokens(lane, facts[index]!));
    this.#answerTokens = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  }

  get work(): LaneWork {
    return this.#work;
  }

  /** Adds the requests about the cells of one test. Only cells with all of their answers are `answered`. */
  async add(results: readonly CellResult[]): Promise<void> {
    const rivals = rivalsIn(results);
    for (const result of results) {
      const types = judgedExpectations(result.cell.testCase).map(({ type }) => type);
      if (types.length === 0 || this.#isChecked(result, types.includes('select-best') ? rivals : undefined)) continue;
      this.#add(types.filter((type) => type !== 'select-best').length, 1, result.cell.testCase);
    }
    for (const group of caseGroups(results)) await this.#addGroup(group);
    this.#addSelections(results, rivals);
  }

  #isChecked({ cell, state, answers }: CellResult, rivals: ReturnType<typeof rivalsIn> | undefined): boolean {
    const { stored } = this.#options;
    if (stored === undefined || state !== 'answered') return false;
    const { testCase, repetition } = cell;
    const key = outcomeKey(testCase, answers, stored.checkVersionOf(testCase), rivals?.get(repetition));
    return stored.journal.readOutcome(key) !== undefined;
  }

  /** The answers of a test are compared in two orders, once for all of its cells. */
  #addSelections(results: readonly CellResult[], rivals: ReturnType<typeof rivalsIn>): void {
    for (const repetition of new Set(results.map(({ cell }) => cell.repetition))) {
      const own = results.filter(({ cell }) => cell.repetition === repetition);
      const asking = own.find(
        (result) =>
          judgedExpectations(result.cell.testCase).some(({ type }) => type === 'select-best') && !this.#isChecked(result, rivals),
      );
      if (asking !== undefined && own.length > 1) this.#add(2, own.length, asking.cell.testCase);
    }
  }

  async #addGroup(group: readonly CellResult[]): Promise<void> {
    const { judging, plan, model, address, stored } = this.#options;
    const [first] = group;
    if (judging === undefined || first === undefined) return;
    const answers = judging.mode.kind === 'score' ? 1 : 2;
    if (stored === undefined || group.some(({ state }) => state !== 'answered')) {
      this.#add(judgeRequests(judging.mode, group.length), answers, first.cell.testCase);
      return;
    }
    const reader = storedJudge({ model, address, journal: stored.journal });
    const judged = await judgeLanes(reader, judging, group, plan.lanes);
    this.#add(
      judged.reduce((sum, result) => sum + missingIn(result), 0),
      answers,
      first.cell.testCase,
    );
  }

  #add(requests: number, answers: number, { prompt, followUps, reference = '' }: TestCase): void {
    const texts = [...prompt.map(({ text }) => text), ...followUps, reference];
    const tokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0) + INSTRUCTIONS + answers * this.#answerTokens;
    this.#work = {
      requests: this.#work.requests + requests,
      promptTokens: this.#work.promptTokens + Math.round(requests * tokens),
    };
  }
}

/** Returns how many requests of a result have no stored decision. */
function missingIn(result: JudgedResult): number {
  const judgments = result.kind === 'score' ? [result.judgment] : result.games.map(({ judgment }) => judgment);
  return judgments.filter(({ state }) => state === 'failed').length;
}
