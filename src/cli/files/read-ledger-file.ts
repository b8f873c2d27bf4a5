import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { unpackEntries } from '../../core/ledger/entry-batch.ts';
import { readRecords } from '../../core/ledger/read-records.ts';
import { readLines } from '../../storage/files/read-lines.ts';
import type { LedgerEntry } from '../../storage/ledger/entry.ts';
import { receivedError } from '../../storage/ledger/writer/jobs.ts';
import { type FileReply, type FileThreadData, SENT, TAKEN } from './ledger-file-replies.ts';

/** In bytes. Reading less takes about as long as starting a thread. */
const LARGE_FILE = 4_000_000;

/**
 * Returns the entries of a file that `orx ledger export` has written, or of standard input. They can be read once; throws a usage error while they
 * are read. Another thread reads a large file. It is bounded how far that thread gets ahead.
 */
export async function readLedgerFile(path: string | undefined): Promise<Iterable<LedgerEntry>> {
  if (path === undefined || availableParallelism() < 2 || sizeOf(path) < LARGE_FILE) return readRecords(readLines(path));
  const { port1: port, port2 } = new MessageChannel();
  const counts = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL('./ledger-file-worker.js', import.meta.url), {
    workerData: { path, port: port2, counts } satisfies FileThreadData,
    transferList: [port2],
  });
  const stop = (): void => {
    port.close();
    void worker.terminate();
  };
  try {
    await new Promise<void>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  } catch (error) {
    stop();
    throw error;
  }
  worker.unref();
  return taking(port, counts, stop);
}

function* taking(port: MessagePort, counts: Int32Array, stop: () => void): Generator<LedgerEntry> {
  try {
    for (let taken = 0; ; taken += 1) {
      // The import is one transaction, which nothing may interrupt: it does not return to the event loop for a reply.
      Atomics.wait(counts, SENT, taken);
      const { batch, error, isEnd } = receiveMessageOnPort(port)!.message as FileReply;
      Atomics.add(counts, TAKEN, 1);
      Atomics.notify(counts, TAKEN);
      if (error !== undefined) throw receivedError(error);
      if (isEnd === true) return;
      if (batch !== undefined) yield* unpackEntries(batch);
    }
  } finally {
    stop();
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
