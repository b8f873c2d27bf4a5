import { type ChildProcess, execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSharedLimits } from '../../../src/storage/limits/shared-limits.ts';
import { answerPieces, newGate, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { bundleWorker } from '../../support/bundle-worker.ts';
import { tempFolder } from '../../support/temp-home.ts';

/** What the server states. It counts in a shorter time, because a busy machine delays requests on their way. */
const RATE = { requests: 8, windowMs: 2000 };
const COUNTED_MS = 1200;

interface Started {
  child: ChildProcess;
  result: Promise<{ answered: number; errors: string[] }>;
}

function start(worker: string, url: string, folder: string, count: number, name: string): Started {
  let child!: ChildProcess;
  const result = new Promise<string>((resolve) => {
    child = execFile(process.execPath, [worker, url, folder, String(count), name], (_, stdout) => resolve(stdout));
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, result: result.then((text) => (text === '' ? { answered: 0, errors: [] } : JSON.parse(text))) };
}

/** Starts a server that refuses more requests than the rate, and answers /ready when `processes` have asked for it. */
async function startLimited(processes: number) {
  const arrivals: { at: number; name: string }[] = [];
  const seen: (() => void)[] = [];
  const gate = newGate();
  let ready = 0;
  let refusals = 0;
  const server = await startApiServer(async (request, response) => {
    if (request.url.endsWith('/ready')) {
      if (++ready === processes) gate.open();
      await gate.opened;
      return sendJson(response, 200, {});
    }
    const now = performance.now();
    const name = request.json().messages[0].content as string;
    arrivals.push({ at: now, name });
    for (const wake of seen.splice(0)) wake();
    if (arrivals.filter(({ at }) => at > now - COUNTED_MS).length > RATE.requests) {
      refusals += 1;
      return sendJson(response, 429, { error: { code: 429, message: 'too many' } });
    }
    // The process that is killed never gets its answer.
    if (name !== 'killed') await sendPieces(response, answerPieces(['yes']));
  });
  return {
    url: server.url,
    arrivals,
    refusals: () => refusals,
    async arrived(name: string): Promise<void> {
      while (!arrivals.some((one) => one.name === name)) await new Promise<void>((resolve) => seen.push(resolve));
    },
  };
}

/** Teaches the limit to all processes that use the folder. */
async function teach(folder: string, url: string): Promise<void> {
  await openSharedLimits({ folder, now: Date.now }).of(url)('a/b').refuse({ ageMs: 0, retryAfterMs: 0, rate: RATE });
}

describe.each([
  [2, 10],
  [8, 3],
])('%i processes with %i requests each', (processes, count) => {
  test('share a limit without exceeding it, and none waits until the others are done', async () => {
    const folder = join(tempFolder(), 'limits');
    const worker = await bundleWorker('limited-worker', tempFolder());
    const server = await startLimited(processes);
    await teach(folder, server.url);
    const names = Array.from({ length: processes }, (_, index) => `process ${index}`);
    const started = names.map((name) => start(worker, server.url, folder, count, name));
    const results = await Promise.all(started.map(({ result }) => result));
    expect(results).toEqual(names.map(() => ({ answered: count, errors: [] })));
    expect(server.refusals()).toBe(0);
    expect(new Set(server.arrivals.slice(0, 2 * Math.max(processes, RATE.requests)).map(({ name }) => name)).size).toBe(
      processes,
    );
  });
});

test('a process that is killed during its request does not stop the others', async () => {
  const folder = join(tempFolder(), 'limits');
  const worker = await bundleWorker('limited-worker', tempFolder());
  const server = await startLimited(3);
  await teach(folder, server.url);
  const victim = start(worker, server.url, folder, 2, 'killed');
  const others = ['one', 'two'].map((name) => start(worker, server.url, folder, 2, name));
  await server.arrived('killed');
  victim.child.kill('SIGKILL');
  expect(await Promise.all(others.map(({ result }) => result))).toEqual([
    { answered: 2, errors: [] },
    { answered: 2, errors: [] },
  ]);
});
