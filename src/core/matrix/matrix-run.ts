import { copyWith } from '../../copy-with.ts';
import { asOrxError } from '../../errors.ts';
import type { AnswerRecord } from '../../storage/matrix/record.ts';
import type { Judge } from '../judge/ask-judge.ts';
import type { JudgedResult } from '../judge/judge-pairs.ts';
import { askOptionsOf } from './ask-options.ts';
import { type MatrixCell, matrixCells, type MatrixLane, nextKey, turnCount, turnKey, turnRequest } from './cell.ts';
import { type CellOutcome, type CellResult, endedResult, NOTHING_EXPECTED, notAskedResult } from './cell-result.ts';
import { CellStore, type CellStoreOptions } from './cell-store.ts';
import { caseGroups, comparesAnswers, rivalsIn, testBlocks } from './compared-cells.ts';
import { judgeLanes, type LaneJudging, verdictsOf } from './lane-verdicts.ts';
import { OpenWork } from './open-work.ts';
import type { Ticket } from './requests/admission.ts';
import type { RequestRunner } from './requests/request-runner.ts';
import { NotAsked } from './requests/run-halts.ts';

/** What executes the cells of a plan. */
export interface MatrixRunOptions extends CellStoreOptions {
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
  readonly #store: CellStore;
  #failure: unknown;

  constructor(options: MatrixRunOptions) {
    this.#options = options;
    this.#store = new CellStore(options);
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
      const results = this.#store.read(block);
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
    this.#options.runner.stop(asOrxError(error));
  }

  async #feed(connection: string): Promise<void> {
    const { plan, runner, breathe } = this.#options;
    const open = new OpenWork();
    let stored = 0;
    try {
      for await (const cell of matrixCells(plan, connection)) {
        if (runner.stopped !== undefined) break;
        await open.below(MOST_OPEN);
        const lane = plan.lanes[cell.lane]!;
        const asked = askOptionsOf(cell, plan);
        const request = turnRequest(cell.testCase, lane, []);
        const key = nextKey(cell, lane, []);
        let ticket: Ticket | undefined;
        if (runner.isMissing(key)) {
          try {
            ticket = await runner.admit(request, asked);
          } catch (error) {
            if (!(error instanceof NotAsked)) throw error;
            if (runner.stopped !== undefined) break;
            await this.#options.onResult(notAskedResult(cell, [], error.reason));
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
    const { plan, runner, onResult } = this.#options;
    const asked = askOptionsOf(cell, plan);
    const answers: AnswerRecord[] = [];
    try {
      for (let turn = 0; turn < turnCount(cell) && answers.every(({ state }) => state === 'answered'); turn += 1) {
        const request = turn === 0 ? first.request : turnRequest(cell.testCase, lane, answers);
        const key = turn === 0 ? first.key : turnKey(request, lane, cell.repetition);
        answers.push(await runner.ask(key, request, asked, turn === 0 ? first.ticket : undefined));
      }
    } catch (error) {
      if (!(error instanceof NotAsked)) throw error;
      return onResult(notAskedResult(cell, answers, error.reason));
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
    const open = new OpenWork();
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
    const results = this.#store.read(block);
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
    if (cell.testCase.expectations.length === 0) return NOTHING_EXPECTED;
    const key = this.#store.outcomeKey(cell, answers, rivals);
    const known = this.#store.finalOutcome(key);
    if (known !== undefined) return known;
    const { outcome, isFinal } = await this.#options.check(cell, answers, rivals);
    this.#store.keepOutcome(key, outcome, isFinal);
    return outcome;
  }
}
