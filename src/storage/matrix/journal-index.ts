import { decimal, type Decimal, decimalText } from '../../decimal.ts';
import { journalLines } from './journal-lines.ts';
import { type AnswerRecord, isForeign, JOURNAL_VERSION, type JournalRecord, parseRecord, type RunRecord } from './record.ts';

/** What a run has cost, computed from all records of its journal. */
export interface JournalTotals {
  /** USD, as exact decimal text, of all answers and failed attempts. */
  cost: string;
  /** The part of requests to a judge. */
  judgeCost: string;
  /** Number of requests of cells that were answered, and of those that failed or were answered with nothing. */
  answered: number;
  failed: number;
  /** Number of answers whose cost is not known, those of a judge included. */
  unpriced: number;
  /** Number of requests that a judge answered, and of these the ones whose cost is not known. */
  judged: number;
  unpricedJudged: number;
}

/** Where a record is in the file, in bytes. */
export interface RecordPlace {
  offset: number;
  length: number;
}

/** What a journal contains: where each answer is, and what the run has cost. Memory per record is constant. */
export class JournalIndex {
  readonly answers = new Map<string, RecordPlace>();
  readonly failures = new Map<string, RecordPlace>();
  readonly outcomes = new Map<string, RecordPlace>();
  /** The first record. Undefined for a file that is not a journal of this version. */
  run: RunRecord | undefined;
  /** The last time at which a record was written. */
  lastAt = 0;
  /** Number of lines that cannot be read. A torn last line is not counted. */
  damaged = 0;
  /** Where the last line begins if it has no line end, and whether it is whole anyway. */
  torn: { offset: number; isWhole: boolean } | undefined;
  #cost: Decimal = decimal(0);
  #judgeCost: Decimal = decimal(0);
  #unpriced = 0;
  #judged = 0;
  #unpricedJudged = 0;
  #judgeFailures = new Set<string>();

  /** Adds all records of an open file of this size. */
  readAll(descriptor: number, size: number): void {
    let isFirst = true;
    for (const { offset, length, text } of journalLines(descriptor)) {
      const record = parseRecord(text);
      if (isFirst && record?.type === 'run' && record.version === JOURNAL_VERSION) this.run = record;
      isFirst = false;
      const isTorn = offset + length === size;
      if (isTorn) this.torn = { offset, isWhole: record !== undefined };
      if (record !== undefined) this.add(record, { offset, length });
      else if (!isTorn && !isForeign(text)) this.damaged += 1;
    }
  }

  add(record: JournalRecord, place: RecordPlace): void {
    if ('at' in record) this.lastAt = Math.max(this.lastAt, record.at);
    switch (record.type) {
      case 'answer':
        return this.#addAnswer(record, place);
      case 'attempt':
        return this.#count(record);
      case 'outcome':
        this.outcomes.set(record.key, place);
        return;
      case 'run':
      case 'resume':
        return;
    }
  }

  totals(): JournalTotals {
    return {
      cost: decimalText(this.#cost),
      judgeCost: decimalText(this.#judgeCost),
      answered: this.answers.size - this.#judged,
      failed: this.failures.size - this.#judgeFailures.size,
      unpriced: this.#unpriced,
      judged: this.#judged,
      unpricedJudged: this.#unpricedJudged,
    };
  }

  #addAnswer(record: AnswerRecord, place: RecordPlace): void {
    const { key, state, cost, purpose } = record;
    const isJudge = purpose === 'judge';
    this.#count(record);
    if (state !== 'answered') {
      if (this.answers.has(key)) return;
      this.failures.set(key, place);
      if (isJudge) this.#judgeFailures.add(key);
      return;
    }
    if (cost === undefined) this.#unpriced += 1;
    if (isJudge && cost === undefined) this.#unpricedJudged += 1;
    if (isJudge && !this.answers.has(key)) this.#judged += 1;
    this.answers.set(key, place);
    this.failures.delete(key);
    this.#judgeFailures.delete(key);
  }

  #count({ cost = '0', purpose }: { cost?: string | undefined; purpose?: 'judge' | undefined }): void {
    this.#cost = this.#cost.plus(cost);
    if (purpose === 'judge') this.#judgeCost = this.#judgeCost.plus(cost);
  }
}
