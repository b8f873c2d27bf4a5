// A thread that says that it has opened the ledger, and ends when the first job comes.
import { parentPort } from 'node:worker_threads';

parentPort?.postMessage({ replies: [], waiting: 0 });
parentPort?.on('message', () => process.exit(1));
