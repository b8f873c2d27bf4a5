import type { Conversations } from '../conversations/conversations.ts';
import { thisProcess, type Owner } from '../files/owner.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { lostResult } from '../ledger/write.ts';
import { type LedgerJob, runJobs } from '../ledger/writer/jobs.ts';
import { claimPendingFiles, type PendingPlace } from './pending-file.ts';
import type { PendingRecord } from './pending-records.ts';

export interface TakeOver {
  place: PendingPlace;
  owner?: Owner;
  now: () => number;
  openLedger: () => Promise<Ledger>;
  openConversations: () => Promise<Conversations>;
}

/**
 * Writes what processes that have ended left in their pending files. Every record is written once, however often this is interrupted and repeated,
 * and whatever its process had written itself. A record that a database does not accept stays in its file. Never rejects.
 */
export async function takeOverPending({
  place,
  owner = thisProcess(),
  now,
  openLedger,
  openConversations,
}: TakeOver): Promise<void> {
  for (const { records, keep } of claimPendingFiles(place, owner, now())) {
    const jobs = records.flatMap((record) => (record.kind === 'ledger' ? [record.job] : []));
    const questions = records.filter((record) => record.kind === 'question');
    const left: PendingRecord[] = [];
    if (jobs.length > 0 && !(await writeJobs(jobs, openLedger))) left.push(...records.filter(({ kind }) => kind === 'ledger'));
    if (questions.length > 0 && !(await writeQuestions(questions, openConversations))) left.push(...questions);
    try {
      keep(left);
    } catch {
      // The file stays as it is, and everything in it is written only once.
    }
  }
}

async function writeJobs(jobs: readonly LedgerJob[], openLedger: () => Promise<Ledger>): Promise<boolean> {
  try {
    return runJobs(await openLedger(), [...jobs, ...lostOnes(jobs)]).undone.length === 0;
  } catch {
    return false;
  }
}

/** Ends the entries that their process did not end. A cost is looked up later, if their generation id is known. */
function lostOnes(jobs: readonly LedgerJob[]): LedgerJob[] {
  const settled = new Set(jobs.flatMap((job) => (job.kind === 'settle' ? [job.id] : [])));
  return jobs.flatMap((job): LedgerJob[] =>
    job.kind === 'open' && !settled.has(job.entry.id)
      ? [{ kind: 'settle', id: job.entry.id, result: lostResult(job.entry) }]
      : [],
  );
}

async function writeQuestions(
  questions: readonly Extract<PendingRecord, { kind: 'question' }>[],
  openConversations: () => Promise<Conversations>,
): Promise<boolean> {
  try {
    const conversations = await openConversations();
    for (const { conversation, asked, at } of questions) conversations.beginOnce(conversation, asked, at, { isOver: true });
    return true;
  } catch {
    return false;
  }
}
