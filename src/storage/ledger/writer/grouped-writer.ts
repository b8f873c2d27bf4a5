import type { Opened } from '../budgets/budget.ts';
import type { Ledger } from '../ledger.ts';
import { type LedgerJob, type LedgerReply, receivedError, runJobs } from './jobs.ts';
import type { LedgerWriter } from './ledger-writer.ts';

export interface GroupedWriterOptions {
  ledger: Ledger;
  /** Called once when writes start to wait, or are lost. */
  onProblem: (error: unknown) => void;
}

/** How long jobs are collected into one transaction, in milliseconds, and the number of them that is written immediately. */
const COMPANY_MS = 20;
const FULL_GROUP = 64;
const AGAIN_MS = 1000;

/**
 * Returns a writer that collects the writes of many requests for some milliseconds, and makes one transaction of them in this
 * thread. Unlike that of a server, `open` resolves only when the entry is in the ledger, so that no request is sent without one.
 */
export function groupedLedgerWriter({ ledger, onProblem }: GroupedWriterOptions): Omit<LedgerWriter, 'written'> {
  const waiters = new Map<number, { resolve: (reply: LedgerReply) => void; reject: (error: unknown) => void }>();
  let jobs: LedgerJob[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isFull = false;
  let hasProblem = false;
  let numbers = 0;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    isFull = false;
    if (jobs.length === 0) return;
    const { replies, undone, error } = runJobs(ledger, withoutEarlyIds(jobs));
    jobs = [...undone];
    for (const reply of replies) {
      const waiter = waiters.get(reply.number);
      waiters.delete(reply.number);
      if (reply.error === undefined) waiter?.resolve(reply);
      else waiter?.reject(receivedError(reply.error));
    }
    if (error !== undefined && !hasProblem) onProblem(receivedError(error));
    hasProblem = error !== undefined;
    if (jobs.length > 0) timer = setTimeout(flush, AGAIN_MS).unref();
  };
  const add = (job: LedgerJob): void => {
    jobs.push(job);
    timer ??= setTimeout(flush, COMPANY_MS);
    if (jobs.length < FULL_GROUP || isFull || hasProblem) return;
    isFull = true;
    setImmediate(flush);
  };
  const asked = (job: LedgerJob & { number: number }): Promise<LedgerReply> =>
    new Promise((resolve, reject) => {
      waiters.set(job.number, { resolve, reject });
      add(job);
    });
  return {
    open: async (entry, hold): Promise<Opened> => {
      const { opened } = await asked({ kind: 'open', entry, hold, number: ++numbers });
      return opened!;
    },
    renew: async (id, reservation, scope) => (await asked({ kind: 'renew', id, reservation, scope, number: ++numbers })).refused,
    noteGeneration: (id, generationId) => add({ kind: 'note', id, generationId }),
    settle: (id, result, keepUntil) => add({ kind: 'settle', id, result, keepUntil }),
    close: async () => {
      flush();
      clearTimeout(timer);
    },
  };
}

/** Leaves out the generation ids that a settlement of the same group stores as well. */
function withoutEarlyIds(jobs: readonly LedgerJob[]): readonly LedgerJob[] {
  const settled = new Set(
    jobs.flatMap((job) => (job.kind === 'settle' && job.result.generationId !== undefined ? [job.id] : [])),
  );
  return settled.size === 0 ? jobs : jobs.filter((job) => job.kind !== 'note' || !settled.has(job.id));
}
