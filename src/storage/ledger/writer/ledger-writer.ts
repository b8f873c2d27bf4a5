import { Worker } from 'node:worker_threads';
import type { BudgetScope, BudgetStanding, Hold, Opened, Reservation } from '../budgets/budget.ts';
import { unitsText } from '../cost-units.ts';
import type { EntryResult, OpeningEntry } from '../entry.ts';
import { BudgetSlices } from './budget-slices.ts';
import type { Ledger } from '../ledger.ts';
import type { LedgerPlace } from '../open-ledger.ts';
import type { OpenedEntries } from './sent-entries.ts';
import { type LedgerJob, type LedgerReply, receivedError, runJobs, type WriterRequest, type WriterResponse } from './jobs.ts';

/**
 * Writes the ledger on a separate thread, many requests in one transaction: no stream waits for a disk that is slow, locked or full. The methods
 * are those of `Ledger`. Methods that reserve money resolve when the reservation is written; everything else is written within milliseconds, and
 * stays in memory while the disk does not accept it.
 */
export interface LedgerWriter {
  /** Returns immediately without a reservation, or if one was made in advance. */
  open: (entry: OpeningEntry, hold?: Hold) => Opened | Promise<Opened>;
  renew: (id: string, reservation: Reservation, scope: BudgetScope) => Promise<readonly BudgetStanding[] | undefined>;
  noteGeneration: (id: string, generationId: string) => void;
  settle: (id: string, result: EntryResult, keepUntil?: number) => void;
  /** Resolves when what was sent until now is written, or cannot be written at the moment. */
  written: () => Promise<void>;
  /** Resolves when everything is written, or when the disk has failed once more, which is reported to `onProblem`. */
  close: () => Promise<void>;
}

export interface LedgerWriterOptions extends Pick<LedgerPlace, 'folder' | 'name'> {
  /** The thread's code: storage/journal/ledger-thread.ts. */
  worker: URL;
  /** Writes the rest if the thread ends. */
  ledger: Ledger;
  /** What would be lost if the process were killed. Its methods throw when the disk fails. */
  opened: OpenedEntries;
  /** Called once when writes start to wait, or are lost. */
  onProblem: (error: unknown) => void;
}

/** How long jobs without a waiting caller are collected into a batch, in milliseconds, and the size at which a batch is sent immediately. */
const COMPANY_MS = 20;
const FULL_BATCH = 64;
/**
 * From this number of running requests on, jobs with a waiting caller are collected too: a transaction of several costs little more than one, and the
 * requests have to take turns on the first thread anyway.
 */
const MANY_RUNNING = 8;
const SHORT_COMPANY_MS = 1;
/** A slice of a budget that no request uses for this long is given back. */
const SWEEP_MS = 500;

interface Waiter {
  resolve: (reply: LedgerReply) => void;
  reject: (error: unknown) => void;
}

/** Starts the thread. Resolves when it has opened the ledger; throws the error of opening it. */
export async function openLedgerWriter({
  worker: url,
  ledger,
  opened: sentEntries,
  onProblem,
  ...place
}: LedgerWriterOptions): Promise<LedgerWriter> {
  const worker = new Worker(url, { workerData: place });
  const waiters = new Map<number, Waiter>();
  /** Jobs that the thread has not written yet, in the order in which they were sent. `written`: the number of those before them. */
  const unwritten: LedgerJob[] = [];
  let written = 0;
  /** As JSON text, which is faster than structured cloning of the objects. */
  let queued: string[] = [];
  /** The thread is writing a batch: jobs that arrive meanwhile form the next one. */
  let isBusy = false;
  /** Sends the jobs without a waiting caller. */
  let timer: NodeJS.Timeout | undefined;
  let isScheduled = false;
  /** Requests that are open, as far as this thread knows. */
  let running = 0;
  const slices = new BudgetSlices();
  let sweeper: NodeJS.Timeout | undefined;
  /** Since the last sweep. */
  let hasNoted = false;
  let count = 0;
  /** Callers that wait until this number of jobs is written. */
  let watchers: { count: number; resolve: () => void }[] = [];
  let hasProblem = false;
  let isGone = false;
  /** Jobs could not be written before the end. */
  let isIncomplete = false;

  const receive = ({ replies, done, error }: WriterResponse): void => {
    for (const reply of replies) answer(reply);
    if (done !== undefined) {
      unwritten.splice(0, done - written);
      written = done;
      sentEntries.forget(written, false);
    }
    if (error !== undefined && !hasProblem) onProblem(receivedError(error));
    hasProblem = error !== undefined;
    isBusy = false;
    wake();
    if (queued.length > 0) schedule();
  };
  const wake = (): void => {
    const isOver = (watcher: { count: number }): boolean => hasProblem || isGone || watcher.count <= written;
    for (const watcher of watchers) if (isOver(watcher)) watcher.resolve();
    watchers = watchers.filter((watcher) => !isOver(watcher));
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
  // The thread has ended, or could not write everything: the rest is written here.
  const finish = (): void => {
    isGone = true;
    queued = [];
    wake();
    const left = unwritten.splice(0);
    if (left.length === 0) return;
    const { replies, undone, error } = runJobs(ledger, left);
    for (const reply of replies) answer(reply);
    isIncomplete = undone.length > 0;
    if (isIncomplete && error !== undefined) onProblem(receivedError(error));
  };
  worker.once('exit', finish);

  const send = (job: LedgerJob, text?: string): void => {
    queue(job, text);
    if (isGone) sendChanges();
  };
  /** What requests have used of slices is written after the settlements of the same batch: until then it counts twice. */
  const sendChanges = (): void => {
    for (const change of slices.changes()) queue({ kind: 'slice', change });
  };
  const sweep = (): void => {
    slices.sweep();
    sendChanges();
    const isIdle = slices.isEmpty && !hasNoted;
    hasNoted = false;
    if (isIdle) sentEntries.forget(written, true);
    sweeper = isIdle && written === count ? undefined : setTimeout(sweep, SWEEP_MS).unref();
  };
  /** Returns whether a request, whose job is also given as JSON text, is admitted without a transaction. */
  const admits = (entry: OpeningEntry, { reservation, scope, mayShare }: Hold, job: string): boolean => {
    if (mayShare !== true || isGone || !slices.admit(entry.id, reservation, scope)) return false;
    if (note(job)) return true;
    // The ledger decides whether the request may be sent.
    slices.leave(entry.id);
    return false;
  };
  /** Returns false if the disk is full. */
  const note = (job: string): boolean => {
    try {
      if (isGone) return true;
      sentEntries.note(job, count + 1);
      hasNoted = true;
      sweeper ??= setTimeout(sweep, SWEEP_MS).unref();
      return true;
    } catch {
      return false;
    }
  };
  const queue = (job: LedgerJob, text = JSON.stringify(job)): void => {
    if (isGone) {
      const { replies, error } = runJobs(ledger, [job]);
      for (const reply of replies) answer(reply);
      if (error !== undefined) onProblem(receivedError(error));
      return;
    }
    count += 1;
    unwritten.push(job);
    queued.push(text);
    if (isBusy) return;
    // All jobs of one turn of the event loop are one batch. Jobs without a waiting caller are sent together with those that have one.
    if (job.number !== undefined || queued.length >= FULL_BATCH) schedule();
    else timer ??= setTimeout(flushUnlessBusy, COMPANY_MS);
  };
  const schedule = (): void => {
    if (isScheduled) return;
    isScheduled = true;
    if (running < MANY_RUNNING || queued.length >= FULL_BATCH) setImmediate(flushUnlessBusy);
    else setTimeout(flushUnlessBusy, SHORT_COMPANY_MS);
  };
  /** While the thread writes a batch, its reply begins the next one. */
  const flushUnlessBusy = (): void => {
    isScheduled = false;
    if (!isBusy) flush();
  };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  const post = (request: WriterRequest): void => worker.postMessage(request);
  const flush = (): void => {
    if (queued.length > 0) sendChanges();
    clearTimeout(timer);
    timer = undefined;
    if (queued.length === 0 || isGone) return;
    isBusy = true;
    post({ jobs: `[${queued.join(',')}]`, last: count });
    queued = [];
  };
  const asked = (job: LedgerJob & { number: number }): Promise<LedgerReply> => {
    const replied = new Promise<LedgerReply>((resolve, reject) => waiters.set(job.number, { resolve, reject }));
    send(job);
    return replied;
  };
  const opened = async (job: Extract<LedgerJob, { kind: 'open' }> & { number: number; hold: Hold }): Promise<Opened> => {
    let isOpen = false;
    try {
      const reply = (await asked(job)).opened!;
      isOpen = reply.kind === 'opened';
      if (reply.kind === 'opened' && reply.slice !== undefined) {
        slices.begin(job.entry.id, job.hold.reservation, job.hold.scope, reply.slice);
        sweeper ??= setTimeout(sweep, SWEEP_MS).unref();
      }
      return reply;
    } finally {
      if (!isOpen) running -= 1;
    }
  };
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    clearTimeout(sweeper);
    slices.release();
    sendChanges();
    flush();
    worker.ref();
    post('close');
    await exited;
    if (!isIncomplete) sentEntries.forget(count, true);
    sentEntries.close();
  };
  let numbers = 0;
  return {
    open(entry, hold) {
      running += 1;
      const job: LedgerJob = { kind: 'open', entry };
      const text = JSON.stringify(job);
      if (hold !== undefined && !admits(entry, hold, text)) {
        const spare = hold.mayShare === true ? slices.spareFor(hold.reservation) : undefined;
        return opened({ kind: 'open', entry, hold: { ...hold, spare }, number: ++numbers });
      }
      if (hold === undefined) note(text);
      send(job, text);
      return { kind: 'opened' };
    },
    async renew(id, reservation, scope) {
      const grown = slices.renew(id, reservation);
      if (grown === undefined) return (await asked({ kind: 'renew', id, reservation, scope, number: ++numbers })).refused;
      const { more, undo } = grown;
      if (more === 0n) return undefined;
      const { amount } = reservation;
      const { refused } = await asked({ kind: 'grow', amount, more: unitsText(more), scope, number: ++numbers });
      if (refused !== undefined) undo();
      return refused;
    },
    noteGeneration: (id, generationId) => send({ kind: 'note', id, generationId }),
    settle(id, result, keepUntil) {
      running = Math.max(0, running - 1);
      const isSlice = slices.isSlice(id) || undefined;
      slices.settle(id, result);
      send({ kind: 'settle', id, result, keepUntil, isSlice });
    },
    written: () =>
      new Promise((resolve) => {
        if (queued.length > 0 && !isBusy) flush();
        watchers.push({ count, resolve });
        wake();
      }),
    close: () => (closing ??= close()),
  };
}
