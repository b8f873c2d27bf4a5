// A thread that reports that it has opened the ledger, and exits when the first job arrives.
import { parentPort } from 'node:worker_threads';

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage({ replies: [], waiting: 0 });
parentPort?.on('message', () => process.exit(1));
