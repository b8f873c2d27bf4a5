// The thread that reads the file of an import: reading takes about as long as writing the ledger, which the first thread does meanwhile.
import { parentPort, workerData } from 'node:worker_threads';
import { EntryPacker } from '../../core/ledger/entry-batch.ts';
import { readRecords } from '../../core/ledger/read-records.ts';
import { readLines } from '../../storage/files/read-lines.ts';
import { sentError } from '../../storage/ledger/writer/jobs.ts';
import { type FileReply, type FileThreadData, type FileThreadStart, MOST_WAITING, SENT, TAKEN } from './ledger-file-replies.ts';

const BATCH = 256;
/** In characters: entries with very long texts are sent in smaller batches. */
const LARGE_BATCH = 4_000_000;
const { path, port, counts } = workerData as FileThreadData;
parentPort!.postMessage({ isReady: true } satisfies FileThreadStart, []);

try {
  let packer = new EntryPacker(BATCH);
  const flush = (): void => {
    const { batch, transfer } = packer.sealed();
    if (batch.count > 0) send({ batch }, transfer);
    packer = new EntryPacker(BATCH);
  };
  for (const entry of readRecords(readLines(path))) {
    packer.add(entry);
    if (packer.count === BATCH || packer.size > LARGE_BATCH) flush();
  }
  flush();
  send({ isEnd: true });
} catch (error) {
  send({ error: sentError(error) });
}

/** Waits while too much has been sent that the first thread has not taken yet. */
function send(reply: FileReply, transfer: ArrayBuffer[] = []): void {
  for (;;) {
    const taken = Atomics.load(counts, TAKEN);
    if (Atomics.load(counts, SENT) - taken < MOST_WAITING) break;
    Atomics.wait(counts, TAKEN, taken);
  }
  port.postMessage(reply, transfer);
  Atomics.add(counts, SENT, 1);
  Atomics.notify(counts, SENT);
}
