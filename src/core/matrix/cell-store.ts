import { copyWith } from '../../copy-with.ts';
import { OrxError } from '../../errors.ts';
import type { MatrixJournal } from '../../storage/matrix/journal.ts';
import type { AnswerRecord } from '../../storage/matrix/record.ts';
import type { TestCase } from '../evaluation/test-case.ts';
import { type MatrixCell, type MatrixPlan, nextKey, turnCount } from './cell.ts';
import { type CellOutcome, type CellResult, endedResult, NOTHING_EXPECTED, notAskedResult, outcomeKey } from './cell-result.ts';
import { comparesAnswers, rivalsIn } from './compared-cells.ts';
import { askOptionsOf } from './ask-options.ts';
import type { RequestRunner } from './requests/request-runner.ts';

export interface CellStoreOptions {
  plan: MatrixPlan;
  journal: Pick<MatrixJournal, 'append' | 'read' | 'readOutcome'>;
  runner: Pick<RequestRunner, 'haltOf'>;
  /** Names the version of the checks of a case: outcomes of another one are not reused. */
  checkVersionOf: (testCase: TestCase) => string;
}

const NOT_YET = new OrxError('the run was stopped', { kind: 'interrupted' });

/** The answers and outcomes of a run: in the journal, or for outcomes that another run may change, in memory. */
export class CellStore {
  readonly #options: CellStoreOptions;
  /** Outcomes that another run may change, such as those of a judge that failed. */
  readonly #passing = new Map<string, CellOutcome>();

  constructor(options: CellStoreOptions) {
    this.#options = options;
  }

  /** Returns what is known about the cells of a test. */
  read(block: readonly MatrixCell[]): CellResult[] {
    const results = block.map((cell) => this.#answersOf(cell));
    const rivals = rivalsIn(results);
    return results.map((result) => {
      const { cell, state, answers } = result;
      if (state !== 'answered') return result;
      if (cell.testCase.expectations.length === 0) return copyWith(result, { outcome: NOTHING_EXPECTED });
      const key = this.outcomeKey(cell, answers, comparesAnswers(cell.testCase) ? rivals.get(cell.repetition) : undefined);
      return copyWith(result, { outcome: this.#passing.get(key) ?? this.finalOutcome(key) });
    });
  }

  /** Returns the key of what the checks say about these answers. */
  outcomeKey({ testCase }: MatrixCell, answers: readonly AnswerRecord[], rivals: readonly string[] | undefined): string {
    return outcomeKey(testCase, answers, this.#options.checkVersionOf(testCase), rivals);
  }

  /** Returns the stored outcome of a check whose result cannot change, or undefined. */
  finalOutcome(key: string): CellOutcome | undefined {
    return this.#options.journal.readOutcome(key) as CellOutcome | undefined;
  }

  /** `isFinal`: another run would say the same. */
  keepOutcome(key: string, outcome: CellOutcome, isFinal: boolean): void {
    if (isFinal) this.#options.journal.append({ type: 'outcome', key, data: outcome });
    else this.#passing.set(key, outcome);
  }

  #answersOf(cell: MatrixCell): CellResult {
    const { plan, journal, runner } = this.#options;
    const lane = plan.lanes[cell.lane]!;
    const answers: AnswerRecord[] = [];
    for (let turn = 0; turn < turnCount(cell); turn += 1) {
      const record = journal.read(nextKey(cell, lane, answers));
      if (record === undefined) return notAskedResult(cell, answers, runner.haltOf(askOptionsOf(cell, plan)) ?? NOT_YET);
      answers.push(record);
      if (record.state !== 'answered') break;
    }
    return endedResult(cell, answers);
  }
}
