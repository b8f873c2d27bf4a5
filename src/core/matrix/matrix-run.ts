import { OrxError } from '../../errors.ts';
import type { MatrixJournal } from '../../storage/matrix/journal.ts';
import type { AnswerRecord } from '../../storage/matrix/record.ts';
import { storedError } from './answer-record.ts';
import { type MatrixCell, matrixCells, type MatrixLane, type MatrixPlan, turnCount, turnRequest } from './cell.ts';
import { type CellOutcome, type CellResult, outcomeHash } from './cell-result.ts';
import { type AskOptions, NotAsked, type RequestRunner, type Ticket } from './request-runner.ts';

/** What executes the cells of a plan. */
export interface MatrixRunOptions {
  plan: MatrixPlan;
  journal: Pick<MatrixJournal, 'append' | 'read' | 'readOutcome'>;
  runner: RequestRunner;
  /** Checks the answers of a cell. `isFinal`: another run would say the same. Never rejects for a bad answer. */
  check: (cell: MatrixCell, answers: readonly AnswerRecord[]) => Promise<{ outcome: CellOutcome; isFinal: boolean }>;
  /** Names the version of the checks: outcomes of another one are not reused. */
  checker: string;
  /** Gets each cell when nothing more happens to it. */
  onResult: (result: CellResult) => void | Promise<void>;
  /** Lets other events of the process happen. */
  breathe: () => Promise<void>;
}

/** Cells of one connection that are open at once: asked, waiting for their next question, or checked. */
const MOST_OPEN = 256;
/** Cells with a stored answer that are handled without a pause. */
const STORED_AT_ONCE = 64;

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
    runner.close();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Yields the results of all cells, or of one lane, in the order of the plan, from the journal. */
  async *results(lane?: number): AsyncGenerator<CellResult> {
    for await (const cell of matrixCells(this.#options.plan))
      if (lane === undefined || cell.lane === lane) yield this.#stored(cell);
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
        const key = runner.keyOf(request, asked);
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
        const key = turn === 0 ? first.key : runner.keyOf(request, asked);
        answers.push(await runner.ask(key, request, asked, turn === 0 ? first.ticket : undefined));
      }
    } catch (error) {
      if (!(error instanceof NotAsked)) throw error;
      return onResult(notAsked(cell, answers, error.reason));
    }
    const result = endedResult(cell, answers);
    await onResult(result.state === 'answered' ? { ...result, outcome: await this.#check(cell, answers) } : result);
  }

  async #check(cell: MatrixCell, answers: readonly AnswerRecord[]): Promise<CellOutcome> {
    const { check, checker, journal } = this.#options;
    if (cell.testCase.expectations.length === 0) return NOTHING_EXPECTED;
    const key = outcomeHash(cell.testCase, answers, checker);
    const known = journal.readOutcome(key) as CellOutcome | undefined;
    if (known !== undefined) return known;
    const { outcome, isFinal } = await check(cell, answers);
    if (isFinal) journal.append({ type: 'outcome', key, data: outcome });
    else this.#passing.set(key, outcome);
    return outcome;
  }

  /** Returns what the journal says about a cell. */
  #stored(cell: MatrixCell): CellResult {
    const { plan, journal, runner, checker } = this.#options;
    const lane = plan.lanes[cell.lane]!;
    const asked = this.#askOptions(cell);
    const answers: AnswerRecord[] = [];
    for (let turn = 0; turn < turnCount(cell); turn += 1) {
      const record = journal.read(runner.keyOf(turnRequest(cell.testCase, lane, answers), asked));
      if (record === undefined) return notAsked(cell, answers, runner.haltOf(asked) ?? NOT_YET);
      answers.push(record);
      if (record.state !== 'answered') break;
    }
    const result = endedResult(cell, answers);
    if (result.state !== 'answered') return result;
    if (cell.testCase.expectations.length === 0) return { ...result, outcome: NOTHING_EXPECTED };
    const key = outcomeHash(cell.testCase, answers, checker);
    return { ...result, outcome: this.#passing.get(key) ?? (journal.readOutcome(key) as CellOutcome | undefined) };
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
