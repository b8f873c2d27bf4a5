import { copyWith } from '../../copy-with.ts';
import { OrxError } from '../../errors.ts';
import type { MatrixJournal } from '../../storage/matrix/journal.ts';
import type { AnswerRecord } from '../../storage/matrix/record.ts';
import type { TestCase } from '../evaluation/test-case.ts';
import type { Judge } from '../judge/ask-judge.ts';
import type { JudgedResult } from '../judge/judge-pairs.ts';
import { storedError } from './answer-record.ts';
import {
  type MatrixCell,
  matrixCells,
  type MatrixLane,
  type MatrixPlan,
  nextKey,
  turnCount,
  turnKey,
  turnRequest,
} from './cell.ts';
import { type CellOutcome, type CellResult, outcomeKey } from './cell-result.ts';
import { caseGroups, comparesAnswers, rivalsIn, testBlocks } from './compared-cells.ts';
import { judgeLanes, type LaneJudging, verdictsOf } from './lane-verdicts.ts';
import type { Ticket } from './admission.ts';
import { NotAsked } from './run-halts.ts';
import type { AskOptions, RequestRunner } from './request-runner.ts';

/** What executes the cells of a plan. */
export interface MatrixRunOptions {
  plan: MatrixPlan;
  journal: Pick<MatrixJournal, 'append' | 'read' | 'readOutcome'>;
  runner: RequestRunner;
  /**
   * Checks the answers of a cell. `rivals`: for a case whose answers are compared, the last answers of all cells of its test in this
   * repetition. `isFinal`: another run would say the same. Never rejects for a bad answer.
   */
  check: (
    cell: MatrixCell,
    answers: readonly AnswerRecord[],
    rivals?: readonly string[],
  ) => Promise<{ outcome: CellOutcome; isFinal: boolean }>;
  /** Names the version of the checks of a case: outcomes of another one are not reused. */
  checkVersionOf: (testCase: TestCase) => string;
  /** Compares the answers of the lanes when all cells have ended. Undefined: no judge does. */
  judging?: MatrixLaneJudging | undefined;
  /** Gets each cell when nothing more happens to it. */
  onResult: (result: CellResult) => void | Promise<void>;
  /** Lets other events of the process happen. */
  breathe: () => Promise<void>;
}

/** The judge of the lanes. */
export interface MatrixLaneJudging extends LaneJudging {
  judge: Judge;
  /** Only reads what the judge has decided. */
  reader: Judge;
  /** Gets what the judge says about the answers of one case in one repetition. */
  onJudged: (results: readonly JudgedResult[], cells: readonly CellResult[]) => void | Promise<void>;
}

/** Cells of one connection that are open at once: asked, waiting for their next question, or checked. */
const MOST_OPEN = 256;
/** Cells with a stored answer that are handled without a pause. */
const STORED_AT_ONCE = 64;
/** Tests whose answers are compared with each other at once. */
const MOST_COMPARED = 32;

/** Executes a plan: asks what the journal does not contain, and checks all answers. Memory per cell is constant. */
export class MatrixRun {
  readonly #options: MatrixRunOptions;
  /** Outcomes that another run may change, such as those of a judge that failed. */
  readonly #passing = new Map<string, CellOutcome>();
  #failure: unknown;

  constructor(options: MatrixRunOptions) {
    this.#options = options;
  }

  /**
   * Resolves when all cells have ended, or when the run was stopped and its running requests have ended. Rejects if the cases cannot
   * be read or the journal cannot be written; everything before that is in the journal.
   */
  async run(): Promise<void> {
    const { plan, runner } = this.#options;
    const connections = [...new Set(plan.lanes.map(({ connection }) => connection))];
    await Promise.all(connections.map((connection) => this.#feed(connection).catch((error: unknown) => this.#fail(error))));
    if (this.#failure === undefined && runner.stopped === undefined)
      await this.#compareAll().catch((error: unknown) => this.#fail(error));
    runner.close();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /**
   * Yields the results of all cells, or of one lane, in the order of the plan, from the journal. `see` gets what the judge of the
   * lanes has said.
   */
  async *results(lane?: number, see: (result: JudgedResult) => void = () => undefined): AsyncGenerator<CellResult> {
    const { judging, plan } = this.#options;
    for await (const block of testBlocks(plan)) {
      const results = this.#storedBlock(block);
      if (judging === undefined) {
        for (const result of results) if (lane === undefined || result.cell.lane === lane) yield result;
        continue;
      }
      for (const group of caseGroups(results)) {
        const judged = await judgeLanes(judging.reader, judging, group, plan.lanes);
        for (const one of judged) see(one);
        for (const result of group)
          if (lane === undefined || result.cell.lane === lane)
            yield copyWith(result, { verdicts: verdictsOf(judged, plan.lanes[result.cell.lane]!.name) });
      }
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#options.runner.stop(
      error instanceof OrxError ? error : new OrxError(String(error), { kind: 'unexpected', cause: error }),
    );
  }

  async #feed(connection: string): Promise<void> {
    const { plan, runner, breathe } = this.#options;
    const open = new OpenCells();
    let stored = 0;
    try {
      for await (const cell of matrixCells(plan, connection)) {
        if (runner.stopped !== undefined) break;
        await open.below(MOST_OPEN);
        const lane = plan.lanes[cell.lane]!;
        const asked = this.#askOptions(cell);
        const request = turnRequest(cell.testCase, lane, []);
        const key = nextKey(cell, lane, []);
        let ticket: Ticket | undefined;
        if (runner.isMissing(key)) {
          try {
            ticket = await runner.admit(request, asked);
          } catch (error) {
            if (!(error instanceof NotAsked)) throw error;
            if (runner.stopped !== undefined) break;
            await this.#options.onResult(notAsked(cell, [], error.reason));
            continue;
          }
        } else if ((stored += 1) % STORED_AT_ONCE === 0) await breathe();
        open.add(this.#runCell(cell, lane, { key, request, ticket }).catch((error: unknown) => this.#fail(error)));
      }
    } finally {
      await open.below(1);
    }
  }

  async #runCell(
    cell: MatrixCell,
    lane: MatrixLane,
    first: { key: string; request: Parameters<RequestRunner['ask']>[1]; ticket: Ticket | undefined },
  ): Promise<void> {
    const { runner, onResult } = this.#options;
    const asked = this.#askOptions(cell);
    const answers: AnswerRecord[] = [];
    try {
      for (let turn = 0; turn < turnCount(cell) && answers.every(({ state }) => state === 'answered'); turn += 1) {
        const request = turn === 0 ? first.request : turnRequest(cell.testCase, lane, answers);
        const key = turn === 0 ? first.key : turnKey(request, lane, cell.repetition);
        answers.push(await runner.ask(key, request, asked, turn === 0 ? first.ticket : undefined));
      }
    } catch (error) {
      if (!(error instanceof NotAsked)) throw error;
      return onResult(notAsked(cell, answers, error.reason));
    }
    const result = endedResult(cell, answers);
    if (result.state !== 'answered') return onResult(result);
    // Its answer is checked when those of the whole test have come.
    if (comparesAnswers(cell.testCase)) return undefined;
    await onResult(copyWith(result, { outcome: await this.#check(cell, answers) }));
  }

  /** Checks the cells whose answers are compared with each other, and lets the judge compare the lanes. */
  async #compareAll(): Promise<void> {
    const { plan, runner, judging } = this.#options;
    const open = new OpenCells();
    try {
      for await (const block of testBlocks(plan)) {
        if (runner.stopped !== undefined) break;
        if (judging === undefined && !block.some(({ testCase }) => comparesAnswers(testCase))) continue;
        await open.below(MOST_COMPARED);
        open.add(this.#compare(block).catch((error: unknown) => this.#fail(error)));
      }
    } finally {
      await open.below(1);
    }
  }

  async #compare(block: readonly MatrixCell[]): Promise<void> {
    const { judging, plan, onResult } = this.#options;
    const results = this.#storedBlock(block);
    const rivals = rivalsIn(results);
    for (const result of results) {
      const { cell, state, answers } = result;
      if (!comparesAnswers(cell.testCase) || state !== 'answered') continue;
      await onResult(copyWith(result, { outcome: await this.#check(cell, answers, rivals.get(cell.repetition)) }));
    }
    if (judging === undefined) return;
    for (const group of caseGroups(results)) {
      const judged = await judgeLanes(judging.judge, judging, group, plan.lanes);
      if (judged.length > 0) await judging.onJudged(judged, group);
    }
  }

  async #check(cell: MatrixCell, answers: readonly AnswerRecord[], rivals?: readonly string[]): Promise<CellOutcome> {
    const { check, journal } = this.#options;
    if (cell.testCase.expectations.length === 0) return NOTHING_EXPECTED;
    const key = this.#outcomeKey(cell, answers, rivals);
    const known = journal.readOutcome(key) as CellOutcome | undefined;
    if (known !== undefined) return known;
    const { outcome, isFinal } = await check(cell, answers, rivals);
    if (isFinal) journal.append({ type: 'outcome', key, data: outcome });
    else this.#passing.set(key, outcome);
    return outcome;
  }

  #outcomeKey({ testCase }: MatrixCell, answers: readonly AnswerRecord[], rivals: readonly string[] | undefined): string {
    return outcomeKey(testCase, answers, this.#options.checkVersionOf(testCase), rivals);
  }

  /** Returns what the journal says about the cells of a test. */
  #storedBlock(block: readonly MatrixCell[]): CellResult[] {
    const results = block.map((cell) => this.#stored(cell));
    const rivals = rivalsIn(results);
    return results.map((result) => {
      const { cell, state, answers } = result;
      if (state !== 'answered') return result;
      if (cell.testCase.expectations.length === 0) return copyWith(result, { outcome: NOTHING_EXPECTED });
      const key = this.#outcomeKey(cell, answers, comparesAnswers(cell.testCase) ? rivals.get(cell.repetition) : undefined);
      const outcome = this.#passing.get(key) ?? (this.#options.journal.readOutcome(key) as CellOutcome | undefined);
      return copyWith(result, { outcome });
    });
  }

  /** Returns the stored answers of a cell. */
  #stored(cell: MatrixCell): CellResult {
    const { plan, journal, runner } = this.#options;
    const lane = plan.lanes[cell.lane]!;
    const asked = this.#askOptions(cell);
    const answers: AnswerRecord[] = [];
    for (let turn = 0; turn < turnCount(cell); turn += 1) {
      const record = journal.read(nextKey(cell, lane, answers));
      if (record === undefined) return notAsked(cell, answers, runner.haltOf(asked) ?? NOT_YET);
      answers.push(record);
      if (record.state !== 'answered') break;
    }
    return endedResult(cell, answers);
  }

  #askOptions({ lane, repetition }: MatrixCell): AskOptions {
    const { name, connection, address } = this.#options.plan.lanes[lane]!;
    return { lane: name, connection, address, repetition };
  }
}

const NOTHING_EXPECTED: CellOutcome = { verdict: 'none', checks: [] };
const NOT_YET = new OrxError('the run was stopped', { kind: 'interrupted' });

function endedResult(cell: MatrixCell, answers: readonly AnswerRecord[]): CellResult {
  const last = answers.at(-1)!;
  return { cell, state: last.state, answers, ...(last.error !== undefined && { error: last.error }) };
}

function notAsked(cell: MatrixCell, answers: readonly AnswerRecord[], reason: OrxError): CellResult {
  return { cell, state: 'not-asked', answers, error: storedError(reason) };
}

/** Counts work that runs concurrently with the loop that starts it. */
class OpenCells {
  #count = 0;
  #wake: (() => void) | undefined;

  add(work: Promise<void>): void {
    this.#count += 1;
    void work.finally(() => {
      this.#count -= 1;
      this.#wake?.();
    });
  }

  /** Resolves when fewer than this number are open. */
  async below(most: number): Promise<void> {
    while (this.#count >= most) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
