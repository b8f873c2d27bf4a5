import { type ErrorFacts, OrxError } from '../../../errors.ts';
import type { BudgetScope, BudgetStanding, Hold, Opened, Reservation } from '../budgets/budget.ts';
import type { EntryResult, OpeningEntry } from '../entry.ts';
import type { Ledger } from '../ledger.ts';
import type { SliceChange } from './budget-slices.ts';

/** A write to the ledger. `number` is set if the caller waits for the result. */
export type LedgerJob =
  | { kind: 'open'; entry: OpeningEntry; hold?: Hold | undefined; number?: number }
  | { kind: 'note'; id: string; generationId: string; number?: undefined }
  | { kind: 'renew'; id: string; reservation: Reservation; scope: BudgetScope; number: number }
  | {
      kind: 'settle';
      id: string;
      result: EntryResult;
      keepUntil?: number | undefined;
      /** The entry's lease is a slice, and stays. */
      isSlice?: boolean | undefined;
      number?: undefined;
    }
  /** An entry whose request has already ended. */
  | { kind: 'record'; entry: OpeningEntry; result: EntryResult; number?: undefined }
  /** Asks whether a slice may grow by this amount for a request. */
  | { kind: 'grow'; amount: string; more: string; scope: BudgetScope; number: number }
  | { kind: 'slice'; change: SliceChange; number?: undefined };

/** An error that is sent between threads. */
export interface SentError {
  message: string;
  facts: ErrorFacts;
}

/** The result of a job that the caller waits for. */
export interface LedgerReply {
  number: number;
  opened?: Opened | undefined;
  /** For `renew`: the budgets that have no room for more. */
  refused?: readonly BudgetStanding[] | undefined;
  error?: SentError | undefined;
}

export interface JobsDone {
  replies: readonly LedgerReply[];
  /** Jobs without a waiting caller that could not be written, in order: they must be run again. */
  undone: readonly LedgerJob[];
  /** Why they could not be written. */
  error?: SentError | undefined;
}

/** A message to the thread: jobs (LedgerJob[]) as JSON text. `last` is the number of the last job, in the order in which they were sent. */
export type WriterRequest = { jobs: string; last: number } | 'close';

export interface WriterResponse {
  replies: readonly LedgerReply[];
  /** The number of the last written job. */
  done?: number | undefined;
  /** Why the others wait. */
  error?: SentError | undefined;
  /** Number of waiting jobs. */
  waiting: number;
}

/** Runs the jobs in order, all in one transaction if possible, otherwise each in its own. Never throws. */
export function runJobs(ledger: Ledger, given: readonly LedgerJob[]): JobsDone {
  const jobs = joined(given);
  try {
    return {
      replies: ledger.together(() => jobs.map((job) => perform(ledger, job))).filter((one) => one !== undefined),
      undone: [],
    };
  } catch {
    return runEach(ledger, jobs);
  }
}

/** Makes one job of the entry and the end of a short request. */
function joined(jobs: readonly LedgerJob[]): readonly LedgerJob[] {
  const opens = new Map<string, Extract<LedgerJob, { kind: 'open' }>>();
  const ends = new Map<LedgerJob, LedgerJob | undefined>();
  for (const job of jobs) {
    if (job.kind === 'open' && job.number === undefined && job.hold === undefined) opens.set(job.entry.id, job);
    // Other jobs need the entry.
    else if (job.kind === 'note' || job.kind === 'renew') opens.delete(job.id);
    else if (job.kind === 'settle' && job.isSlice !== true) {
      const open = opens.get(job.id);
      if (open === undefined) continue;
      opens.delete(job.id);
      // Entries of one moment keep their order.
      ends.set(open, { kind: 'record', entry: open.entry, result: job.result });
      ends.set(job, undefined);
    }
  }
  return ends.size === 0 ? jobs : jobs.map((job) => (ends.has(job) ? ends.get(job) : job)).filter((job) => job !== undefined);
}

function runEach(ledger: Ledger, jobs: readonly LedgerJob[]): JobsDone {
  const replies: LedgerReply[] = [];
  const undone: LedgerJob[] = [];
  let failure: SentError | undefined;
  for (const job of jobs) {
    // Jobs after one that could not be written wait as well: an entry must be opened before it is settled.
    if (job.number === undefined && failure !== undefined) {
      undone.push(job);
      continue;
    }
    try {
      const reply = perform(ledger, job);
      if (reply !== undefined) replies.push(reply);
    } catch (error) {
      if (job.number !== undefined) replies.push({ number: job.number, error: sentError(error) });
      else {
        failure = sentError(error);
        undone.push(job);
      }
    }
  }
  return { replies, undone, error: failure };
}

function perform(ledger: Ledger, job: LedgerJob): LedgerReply | undefined {
  switch (job.kind) {
    case 'open': {
      const opened = openOnce(ledger, job);
      return job.number === undefined ? undefined : { number: job.number, opened };
    }
    case 'note':
      ledger.noteGeneration(job.id, job.generationId);
      return undefined;
    case 'renew':
      return { number: job.number, refused: ledger.renew(job.id, job.reservation, job.scope) };
    case 'settle':
      if (job.isSlice === true) ledger.settleBesideSlice(job.id, job.result);
      else ledger.settle(job.id, job.result, job.keepUntil);
      return undefined;
    case 'record':
      recordOnce(ledger, job);
      return undefined;
    case 'grow':
      return { number: job.number, refused: ledger.refusals(job.amount, job.more, job.scope) };
    case 'slice':
      ledger.setSlice(job.change);
      return undefined;
  }
}

/** A job is run again if the thread ended before it reported the result. */
function openOnce(ledger: Ledger, { entry, hold }: Extract<LedgerJob, { kind: 'open' }>): Opened {
  try {
    return ledger.open(entry, hold);
  } catch (error) {
    if (isKnown(error)) return { kind: 'opened' };
    throw error;
  }
}

function recordOnce(ledger: Ledger, { entry, result }: Extract<LedgerJob, { kind: 'record' }>): void {
  try {
    ledger.record(entry, result);
  } catch (error) {
    if (!isKnown(error)) throw error;
    ledger.settle(entry.id, result);
  }
}

/** The ledger already has this entry. */
function isKnown(error: unknown): boolean {
  const { cause } = error as { cause?: unknown };
  return /UNIQUE constraint failed: entry\.id/.test(`${error} ${cause}`);
}

export function sentError(error: unknown): SentError {
  if (!(error instanceof OrxError))
    return { message: error instanceof Error ? error.message : String(error), facts: { kind: 'unexpected' } };
  const { kind, code, hints } = error;
  return { message: error.message, facts: { kind, code, hints } };
}

export function receivedError({ message, facts }: SentError): OrxError {
  return new OrxError(message, facts);
}
