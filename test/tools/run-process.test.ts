import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ProcessTransport } from '../../src/tools/process-transport.ts';
import { runProcess } from '../../src/tools/run-process.ts';
import { tempFolder } from '../support/temp-home.ts';

const LEAVE = `
const { spawn } = require('node:child_process');
const left = spawn('sleep', ['60'], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
require('node:fs').writeFileSync('left', String(left.pid));
left.unref();
process.stdout.write('x'.repeat(50_000) + 'end', () => process.exit(3));
`;

function run(script: string, folder: string, signal = new AbortController().signal) {
  const env = { PATH: process.env['PATH'] ?? '' };
  return runProcess({ argv: [process.execPath, '-e', script], folder, env, signal, timeoutMs: 60_000, maxBytes: 100_000 });
}

test('the result counts when the program ends, even if a process in another group keeps its outputs open', async () => {
  const folder = tempFolder();
  onTestFinished(() => void process.kill(Number(readFileSync(join(folder, 'left'), 'utf8')), 'SIGKILL'));
  const end = await run(LEAVE, folder);
  expect(end).toMatchObject({ code: 3, isTimedOut: false });
  expect(end.stdout).toHaveLength(50_003);
});

test('a program that ignores SIGTERM is killed when the user stops', async () => {
  const stop = new AbortController();
  const folder = tempFolder();
  const running = run(
    `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); require('fs').writeFileSync('up', '')`,
    folder,
    stop.signal,
  );
  while (true) {
    try {
      readFileSync(join(folder, 'up'));
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  stop.abort(new Error('stopped'));
  await expect(running).rejects.toThrow('stopped');
});

test('a program that cannot be started is named, with the reason in words', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'plain.txt'), '');
  const signal = new AbortController().signal;
  for (const [program, reason] of [
    ['no-such-tool', 'cannot start no-such-tool: no such program'],
    [join(folder, 'plain.txt'), /^cannot start .*plain\.txt: permission denied$/],
  ] as const) {
    const argv: [string] = [program];
    await expect(runProcess({ argv, folder, env: {}, signal, timeoutMs: 60_000, maxBytes: 100 })).rejects.toThrow(reason);
    await expect(new ProcessTransport(argv, {}).start()).rejects.toThrow(reason);
  }
});
