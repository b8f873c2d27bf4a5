import { closeSync, fdatasync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { OrxError } from '../../errors.ts';
import { keepFilePrivate } from '../files/private-mode.ts';
import { JournalIndex, type JournalTotals, type RecordPlace } from './journal-index.ts';
import { type AnswerRecord, type JournalRecord, type OutcomeRecord, parseRecord, type RunRecord } from './record.ts';
import { writeFailure } from '../../text/file-failure.ts';

/** The longest time from writing a record until it is on the disk. A killed process loses nothing. */
const SYNC_MS = 500;
/** Records that follow each other are read at once. */
const WINDOW = 64 * 1024;

/**
 * The journal of one run, in a file that only this user can read. Every record is appended as one line, and is in the file before
 * `append` returns: it survives the death of the process. The answers stay in the file; only an index of them is in memory.
 */
export class MatrixJournal {
  readonly path: string;
  readonly #descriptor: number;
  readonly #release: () => void;
  readonly #index = new JournalIndex();
  #size: number;
  #isTorn = false;
  #sync: NodeJS.Timeout | undefined;
  #syncError: unknown;
  /** The part of the file that was read last. What is written never changes. */
  #window: { offset: number; bytes: Buffer } | undefined;

  /** Opens the file (`a+`) or creates it (`ax+`). `release` is called when the journal is closed. */
  constructor(path: string, flags: 'a+' | 'ax+', release: () => void = () => undefined) {
    this.path = path;
    this.#release = release;
    this.#descriptor = openSync(path, flags, 0o600);
    keepFilePrivate(this.#descriptor);
    this.#size = fstatSync(this.#descriptor).size;
    this.#index.readAll(this.#descriptor, this.#size);
    const { torn } = this.#index;
    if (torn?.isWhole === true) this.#isTorn = true;
    else if (torn !== undefined) {
      // A kill or a full disk left an incomplete record, which is ignored.
      ftruncateSync(this.#descriptor, torn.offset);
      this.#size = torn.offset;
    }
  }

  get run(): RunRecord | undefined {
    return this.#index.run;
  }

  /** Number of lines that could not be read. */
  get damaged(): number {
    return this.#index.damaged;
  }

  /** Size of the file. */
  get bytes(): number {
    return this.#size;
  }

  /** Returns whether the complete answer of a request is stored. */
  has(key: string): boolean {
    return this.#index.answers.has(key);
  }

  /** Returns the complete answer of a request; without one, the record of its last failure. */
  read(key: string): AnswerRecord | undefined {
    const record = this.#readAt(this.#index.answers.get(key) ?? this.#index.failures.get(key));
    return record?.type === 'answer' ? record : undefined;
  }

  /** Returns the data of a stored outcome. */
  readOutcome(key: string): OutcomeRecord['data'] {
    const record = this.#readAt(this.#index.outcomes.get(key));
    return record?.type === 'outcome' ? record.data : undefined;
  }

  /** Writes a record. Throws kind `unexpected`, code `journal-unwritable`, if the disk does not take it. */
  append(record: JournalRecord): void {
    if (this.#syncError !== undefined) throw unwritable(this.path, this.#syncError);
    const line = Buffer.from(`${JSON.stringify(record)}\n`);
    try {
      if (this.#isTorn) this.#write(Buffer.from('\n'));
      this.#write(line);
    } catch (error) {
      throw unwritable(this.path, error);
    }
    this.#isTorn = false;
    this.#index.add(record, { offset: this.#size - line.length, length: line.length - 1 });
    this.#sync ??= setTimeout(() => this.#flush(), SYNC_MS).unref();
  }

  totals(): JournalTotals {
    return this.#index.totals();
  }

  /** Flushes everything to the disk, and closes the file. */
  close(): void {
    clearTimeout(this.#sync);
    try {
      fdatasyncSync(this.#descriptor);
    } catch (error) {
      throw unwritable(this.path, error);
    } finally {
      closeSync(this.#descriptor);
      this.#release();
    }
  }

  #flush(): void {
    this.#sync = undefined;
    fdatasync(this.#descriptor, (error) => {
      // EBADF: closed meanwhile, which has flushed everything.
      if (error !== null && error.code !== 'EBADF') this.#syncError = error;
    });
  }

  #write(bytes: Buffer): void {
    for (let written = 0; written < bytes.length;) {
      const count = writeSync(this.#descriptor, bytes, written);
      written += count;
      this.#size += count;
      this.#isTorn = true;
    }
  }

  #readAt(place: RecordPlace | undefined): JournalRecord | undefined {
    if (place === undefined) return undefined;
    const end = place.offset + place.length;
    let window = this.#window;
    if (window === undefined || place.offset < window.offset || end > window.offset + window.bytes.length) {
      window = { offset: place.offset, bytes: this.#bytesAt(place.offset, Math.max(place.length, WINDOW)) };
      // A longer record would stay in memory.
      this.#window = place.length > WINDOW ? undefined : window;
    }
    const at = place.offset - window.offset;
    return at + place.length > window.bytes.length
      ? undefined
      : parseRecord(window.bytes.toString('utf8', at, at + place.length));
  }

  /** Returns the bytes of the file from here, at most `most`. */
  #bytesAt(offset: number, most: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.min(most, this.#size - offset));
    let length = 0;
    while (length < bytes.length) {
      const count = readSync(this.#descriptor, bytes, length, bytes.length - length, offset + length);
      if (count === 0) break;
      length += count;
    }
    return bytes.subarray(0, length);
  }
}

function unwritable(path: string, cause: unknown): OrxError {
  return new OrxError(`cannot write ${path} (${writeFailure(cause)})`, {
    kind: 'unexpected',
    code: 'journal-unwritable',
    hints: ['make room on the disk, then repeat the command with --resume'],
    cause,
  });
}
