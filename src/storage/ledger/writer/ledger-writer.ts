import { Worker } from 'node:worker_threads';
import type { BudgetScope, BudgetStanding, Opened, Reservation } from '../budgets/budget.ts';
import type { EntryResult, OpeningEntry } from '../entry.ts';
import type { Ledger } from '../ledger.ts';
import type { LedgerPlace } from '../open-ledger.ts';
import { type LedgerJob, type LedgerReply, receivedError, runJobs } from './jobs.ts';
import type { WriterRequest, WriterResponse } from './worker.ts';

/**
 * Writes the ledger on a thread of its own, many requests in one transaction: no stream waits for a disk that is slow, locked or full. The methods
 * are those of `Ledger`. What reserves money resolves when it is written; everything else is written within milliseconds, and stays in
 * memory for as long as the disk refuses it.
 */
export interface LedgerWriter {
  /** Without a reservation it is opened at once, as far as its caller is concerned. */
  open: (entry: OpeningEntry, hold?: { reservation: Reservation; scope: BudgetScope }) => Opened | Promise<Opened>;
  renew: (id: string, reservation: Reservation, scope: BudgetScope) => Promise<readonly BudgetStanding[] | undefined>;
  noteGeneration: (id: string, generationId: string) => void;
  settle: (id: string, result: EntryResult, keepUntil?: number) => void;
  /** Resolves when everything is written, or when the disk has refused it once more, which `onProblem` hears. */
  close: () => Promise<void>;
}

export interface LedgerWriterOptions extends Pick<LedgerPlace, 'folder' | 'name'> {
  /** The thread's code: storage/ledger/writer/worker.ts. */
  worker: URL;
  /** Writes what the thread has not, should it end. */
  ledger: Ledger;
  /** Told once when what is to be written begins to wait, or is lost. */
  onProblem: (error: unknown) => void;
}

/** How long what nobody waits for waits for company, in milliseconds, and how much of it goes at once. */
const COMPANY_MS = 5;
const FULL_BATCH = 64;

interface Waiter {
  resolve: (reply: LedgerReply) => void;
  reject: (error: unknown) => void;
}

/** Starts the thread. Resolves when it has opened the ledger; throws what that throws. */
export async function openLedgerWriter({ worker: url, ledger, onProblem, ...place }: LedgerWriterOptions): Promise<LedgerWriter> {
  const worker = new Worker(url, { workerData: place });
  const waiters = new Map<number, Waiter>();
  /** What the thread has not written yet, and which place it has in the order of all. */
  const unwritten: { job: LedgerJob; place: number }[] = [];
  let queued: LedgerJob[] = [];
  /** The thread has a batch: what comes meanwhile is the next one. */
  let isBusy = false;
  /** When what nobody waits for is sent. */
  let timer: NodeJS.Timeout | undefined;
  let isScheduled = false;
  let count = 0;
  let hasProblem = false;
  let isGone = false;

  const receive = ({ replies, done, error }: WriterResponse): void => {
    for (const reply of replies) answer(reply);
    if (done !== undefined) unwritten.splice(0, unwritten.findLastIndex(({ place: at }) => at <= done) + 1);
    if (error !== undefined && !hasProblem) onProblem(receivedError(error));
    hasProblem = error !== undefined;
    isBusy = false;
    if (queued.length > 0) flush();
  };
  const answer = (reply: LedgerReply): void => {
    const waiter = waiters.get(reply.number);
    waiters.delete(reply.number);
    if (reply.error === undefined) waiter?.resolve(reply);
    else waiter?.reject(receivedError(reply.error));
  };

  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    worker.once('message', ({ error }: WriterResponse) => (error === undefined ? resolve() : reject(receivedError(error))));
    worker.once('error', reject);
  });
  worker.on('message', receive);
  worker.on('error', () => undefined);
  worker.unref();
  // The thread has ended, or could not write all of it: what is left is written here.
  const finish = (): void => {
    isGone = true;
    queued = [];
    const left = unwritten.splice(0).map(({ job }) => job);
    if (left.length === 0) return;
    const { replies, undone, error } = runJobs(ledger, left);
    for (const reply of replies) answer(reply);
    if (undone.length > 0 && error !== undefined) onProblem(receivedError(error));
  };
  worker.once('exit', finish);

  const send = (job: LedgerJob): void => {
    if (isGone) {
      const { replies, error } = runJobs(ledger, [job]);
      for (const reply of replies) answer(reply);
      if (error !== undefined) onProblem(receivedError(error));
      return;
    }
    count += 1;
    unwritten.push({ job, place: count });
    queued.push(job);
    if (isBusy) return;
    // What one turn of the event loop asks for is one batch. What nobody waits for comes along with what somebody does.
    if (job.number !== undefined || queued.length >= FULL_BATCH) schedule();
    else timer ??= setTimeout(flush, COMPANY_MS);
  };
  const schedule = (): void => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(flush);
  };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  const post = (request: WriterRequest): void => worker.postMessage(request);
  const flush = (): void => {
    isScheduled = false;
    clearTimeout(timer);
    timer = undefined;
    if (queued.length === 0 || isGone) return;
    isBusy = true;
    // As text: that is quicker than the copies that threads make of objects.
    post({ jobs: JSON.stringify(queued), last: count });
    queued = [];
  };
  const asked = (job: LedgerJob & { number: number }): Promise<LedgerReply> => {
    const replied = new Promise<LedgerReply>((resolve, reject) => waiters.set(job.number, { resolve, reject }));
    send(job);
    return replied;
  };
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    flush();
    worker.ref();
    post('close');
    await exited;
  };
  let numbers = 0;
  return {
    open(entry, hold) {
      if (hold !== undefined) return asked({ kind: 'open', entry, hold, number: ++numbers }).then(({ opened }) => opened!);
      send({ kind: 'open', entry });
      return { kind: 'opened' };
    },
    renew: (id, reservation, scope) =>
      asked({ kind: 'renew', id, reservation, scope, number: ++numbers }).then(({ refused }) => refused),
    noteGeneration: (id, generationId) => send({ kind: 'note', id, generationId }),
    settle: (id, result, keepUntil) => send({ kind: 'settle', id, result, keepUntil }),
    close: () => (closing ??= close()),
  };
}
