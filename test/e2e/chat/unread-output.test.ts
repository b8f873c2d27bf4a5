import { spawn } from 'node:child_process';
import type { ServerResponse } from 'node:http';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type ApiServer, chunk, sendJson, startApiServer } from '../../support/api-server.ts';
import { cleanEnvironment, ORX, runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const environment = (server: ApiServer): Record<string, string> => ({
  OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef',
  OPENROUTER_BASE_URL: server.url,
  ORX_MODEL: 'test/model',
});

/** Starts a server whose answers continue until they are stopped, and which then knows their cost. */
async function startEndlessServer(): Promise<{ server: ApiServer; stopped: () => number }> {
  let count = 0;
  let stopped = 0;
  const stream = (response: ServerResponse, id: string): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const timer = setInterval(() => response.write(chunk({ content: 'another line\n' }, { id })), 20);
    response.on('close', () => {
      clearInterval(timer);
      stopped += 1;
    });
  };
  const server = await startApiServer((request, response) => {
    const id = /generation\?id=([\w-]+)/.exec(request.url)?.[1];
    if (id !== undefined) return sendJson(response, 200, { data: { id, total_cost: 0.0123, native_tokens_completion: 7 } });
    if (request.method === 'GET') return sendJson(response, 200, { data: [] });
    stream(response, `gen-${(count += 1)}`);
  });
  return { server, stopped: () => stopped };
}

const entriesOf = async (home: string): Promise<Record<string, unknown>[]> =>
  (await runOrx(['ledger', 'export'], { home })).stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a reader that closes the pipe, as in orx … | head -1', () => {
  test.each<[string, readonly string[], number]>([
    ['chat', ['chat', 'hi'], 1],
    ['chat without any notice', ['chat', '-q', 'hi'], 1],
    ['chat with a line for every event', ['chat', 'hi', '-o', 'stream-json'], 1],
    ['chat for a screen reader', ['--screen-reader', 'chat', 'hi'], 1],
    ['compare', ['compare', 'hi', '-m', 'a/one,b/two', '-q'], 2],
  ])('%s stops the answer, records its cost, and exits successfully', async (_name, args, requests) => {
    const { server, stopped } = await startEndlessServer();
    const home = tempFolder();
    const result = await runOrx(args, {
      home,
      env: environment(server),
      onStart: (child) => child.stdout.once('data', () => child.stdout.destroy()),
    });
    expect(result).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(stopped()).toBe(requests);
    const entries = await entriesOf(home);
    expect(entries).toHaveLength(requests);
    for (const entry of entries) {
      expect(entry).toMatchObject({ state: 'settled', outcome: 'stopped', cost: '0.0123', cost_source: 'looked-up' });
    }
  });

  test('without a cost to look up, the command ends immediately', async () => {
    const { server } = await startEndlessServer();
    const home = tempFolder();
    const result = await runOrx(['--sandbox', 'models', '-o', 'json'], {
      home,
      env: environment(server),
      onStart: (child) => child.stdout.once('data', () => child.stdout.destroy()),
    });
    expect(result).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('output that cannot be written', () => {
  test.skipIf(!existsSync('/dev/full'))('is reported briefly, and the request is settled', async () => {
    const { server, stopped } = await startEndlessServer();
    const home = tempFolder();
    const child = spawn('/bin/sh', ['-c', 'exec "$@" >/dev/full', 'sh', process.execPath, ORX, 'chat', 'hi'], {
      env: cleanEnvironment(home, environment(server)),
      cwd: home,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1);
    expect(stderr).toBe('error: cannot write the output (the disk is full)\n');
    expect(stopped()).toBe(1);
    expect(await entriesOf(home)).toMatchObject([{ state: 'settled', outcome: 'failed' }]);
  });
});

describe('an uncaught exception', () => {
  /** Code that runs in the same process and fails once a file exists. */
  function failingModule(home: string, failure: string): { env: Record<string, string>; fail: () => void } {
    const sign = join(home, 'fail-now');
    const path = join(home, 'failing.mjs');
    writeFileSync(
      path,
      `import { existsSync } from 'node:fs';
      const timer = setInterval(() => {
        if (!existsSync(${JSON.stringify(sign)})) return;
        clearInterval(timer);
        ${failure};
      }, 10);
      timer.unref();`,
    );
    return { env: { NODE_OPTIONS: `--import=${pathToFileURL(path).href}` }, fail: () => writeFileSync(sign, '') };
  }

  test.each<[string, readonly string[], string]>([
    [
      'thrown in a callback',
      ['chat', 'hi'],
      "throw new Error('broken\\n at fake.js:1:1 sk-or-v1-0123456789abcdef0123456789abcdef')",
    ],
    ['a promise that is rejected', ['chat', 'hi'], "void Promise.reject(new Error('broken'))"],
    ['not even an error', ['chat', 'hi'], "throw 'broken'"],
    ['thrown in a comparison', ['compare', 'hi', '-m', 'a/one,b/two'], "throw new Error('broken')"],
  ])('%s: the received part is stored, and the error is short', async (_name, args, failure) => {
    const { server, stopped } = await startEndlessServer();
    const home = tempFolder();
    const failing = failingModule(home, failure);
    const result = await runOrx(args, {
      home,
      env: { ...environment(server), ...failing.env },
      onStart: (child) => child.stdout.once('data', failing.fail),
    });
    expect(result.code).toBe(1);
    expect(result.stdout).toContain('another line\n');
    const [first, ...rest] = result.stderr.trimEnd().split('\n');
    expect(first).toMatch(/^error: unexpected failure: broken/);
    expect(rest.length).toBeLessThan(5);
    expect(result.stderr).not.toMatch(/0123456789abcdef0123|node:internal|failing\.mjs|throw /);
    expect(stopped()).toBe(args.length === 2 ? 1 : 2);
    for (const entry of await entriesOf(home)) expect(entry).toMatchObject({ state: 'settled', outcome: 'failed' });
    if (args[0] !== 'chat') return;
    const { conversation } = (await entriesOf(home))[0]!;
    const stored = await runOrx(['history', 'show', String(conversation)], { home });
    expect(stored.stdout).toContain('another line');
  });
});
