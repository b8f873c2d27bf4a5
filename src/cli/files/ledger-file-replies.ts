import type { MessagePort } from 'node:worker_threads';
import type { EntryBatch } from '../../core/ledger/entry-batch.ts';
import type { SentError } from '../../storage/ledger/writer/jobs.ts';

/** What the thread of ledger-file-thread.ts gets. */
export interface FileThreadData {
  path: string;
  port: MessagePort;
  /** How many replies were sent, and how many of them were taken: at SENT and TAKEN. */
  counts: Int32Array<SharedArrayBuffer>;
}

/** What it first sends to its parent: from then on it sends its errors itself, as replies. */
export interface FileThreadStart {
  isReady: true;
}

/** One of these. */
export interface FileReply {
  batch?: EntryBatch;
  isEnd?: true;
  error?: SentError;
}

export const SENT = 0;
export const TAKEN = 1;
/** Replies that wait for the first thread: more would only take memory. */
export const MOST_WAITING = 16;
