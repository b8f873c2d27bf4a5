// The thread that writes the ledger of a server: jobs that arrive while it writes become the next transaction.
import { parentPort, workerData } from 'node:worker_threads';
import { openLedger, type LedgerPlace } from '../ledger/open-ledger.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type LedgerJob, runJobs, sentError, type WriterRequest, type WriterResponse } from '../ledger/writer/jobs.ts';
import { notedEntries } from './pending-file.ts';

const AGAIN_MS = 1000;
/** Pages (of 4 KB) in the write-ahead log before SQLite writes them into the database and waits for the disk. Every request writes some twenty. */
const LOG_PAGES = 8000;

const port = parentPort!;
let ledger: Ledger | undefined;
let waiting: readonly LedgerJob[] = [];
let sent: LedgerJob[] = [];
let last = 0;
let isClosing = false;
let isScheduled = false;

try {
  const place = workerData as Pick<LedgerPlace, 'folder' | 'name'>;
  ledger = await openLedger({ ...place, notedBy: (owners) => notedEntries(place, owners) }, { logPages: LOG_PAGES });
  port.postMessage({ replies: [], waiting: 0 } satisfies WriterResponse);
} catch (error) {
  port.postMessage({ replies: [], waiting: 0, error: sentError(error) } satisfies WriterResponse);
}

port.on('message', (request: WriterRequest) => {
  if (request === 'close') isClosing = true;
  else {
    sent.push(...(JSON.parse(request.jobs) as LedgerJob[]));
    ({ last } = request);
  }
  schedule(setImmediate);
});

function schedule(later: (work: () => void) => void): void {
  if (isScheduled) return;
  isScheduled = true;
  later(work);
}

function work(): void {
  isScheduled = false;
  const jobs = [...waiting, ...sent];
  sent = [];
  if (ledger !== undefined && jobs.length > 0) {
    const { replies, undone, error } = runJobs(ledger, jobs);
    waiting = undone;
    port.postMessage({
      replies,
      done: undone.length === 0 ? last : undefined,
      error,
      waiting: undone.length,
    } satisfies WriterResponse);
  }
  if (isClosing) {
    ledger?.close();
    port.close();
  } else if (waiting.length > 0) schedule((again) => void setTimeout(again, AGAIN_MS));
}
