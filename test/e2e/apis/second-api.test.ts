import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiServer, startApiServer } from '../../support/api-server.ts';
import { bundleWorker } from '../../support/bundle-worker.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import type { Line } from '../../support/second-api.ts';
import { tempFolder } from '../../support/temp-home.ts';

interface Performance {
  actor: string;
  script: Line[];
  props: string[];
}
type Answer = Record<string, unknown>[];

const MEMO = { for: 'the actor alone', page: 7 };
const answerOf = (text: string): Answer => [{ actor: 'x/bard-1' }, { memo: MEMO }, { say: text }, { curtain: 'stop' }];

const folder = mkdtempSync(join(tmpdir(), 'orx-second-'));
let program = '';
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(async () => {
  program = await bundleWorker('second-program-worker', folder, {
    replaced: { 'apis/openrouter/openrouter-api.ts': 'second-api.ts' },
  });
});

/** The API's server, and the performances that were requested from it. */
async function stage(answer: (asked: Performance) => Answer): Promise<{ server: ApiServer; asked: Performance[] }> {
  const asked: Performance[] = [];
  const server = await startApiServer((request, response) => {
    const performance = JSON.parse(request.body) as Performance;
    asked.push(performance);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.end(
      answer(performance)
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    );
  });
  return { server, asked };
}

const orx = (server: ApiServer, home: string, args: readonly string[]): Promise<RunResult> =>
  runOrx(args, {
    home,
    program,
    env: { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: 'ticket', ORX_RETRIES: '0' },
  });

const entriesOf = async (server: ApiServer, home: string): Promise<Record<string, unknown>[]> =>
  (await orx(server, home, ['ledger', 'export'])).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('an API of a different kind, without models, costs or counts', () => {
  test('answers a question, and the ledger marks unknown values', async () => {
    const { server, asked } = await stage(() => answerOf('To be.'));
    const home = tempFolder();
    const result = await orx(server, home, ['chat', 'To be or not?', '-m', 'x/bard', '-s', 'Be brief.', '-u']);
    expect(result).toMatchObject({ code: 0, stdout: 'To be.\n' });
    expect(result.stderr).toContain('cost not known');
    expect(asked).toEqual([
      {
        actor: 'x/bard',
        script: [
          { by: 'rules', says: 'Be brief.' },
          { by: 'you', says: 'To be or not?' },
        ],
        props: [],
      },
    ]);
    expect(await entriesOf(server, home)).toMatchObject([
      {
        outcome: 'complete',
        requested_model: 'x/bard',
        model: 'x/bard-1',
        cost: null,
        cost_source: 'unknown',
        prompt_tokens: null,
      },
    ]);
    expect(JSON.parse((await orx(server, home, ['cost', '--json'])).stdout)).toMatchObject({
      total: { requests: 1, unknown: 1, cost: '0' },
    });
  });

  test('continues a conversation and returns the data that only the API understands', async () => {
    const { server, asked } = await stage(({ script }) => answerOf(`line ${script.length}`));
    const home = tempFolder();
    await orx(server, home, ['chat', 'first', '-m', 'x/bard']);
    const second = await orx(server, home, ['chat', '-c', 'second']);
    expect(second).toMatchObject({ code: 0, stdout: 'line 3\n' });
    expect(asked[1]!.script).toEqual([
      { by: 'you', says: 'first' },
      { by: 'it', says: 'line 1', memo: MEMO },
      { by: 'you', says: 'second' },
    ]);
  });

  test('answers in JSON and in JSON lines', async () => {
    const { server } = await stage(() => answerOf('To be.'));
    const home = tempFolder();
    const json = JSON.parse((await orx(server, home, ['chat', 'q', '-m', 'x/bard', '--json'])).stdout) as Record<string, unknown>;
    expect(json).toMatchObject({ model: 'x/bard-1', content: 'To be.', usage: null, cost: null, finish_reason: 'stop' });
    expect(JSON.stringify(json)).not.toContain('the actor alone');
    const lines = (await orx(server, home, ['chat', 'q', '-m', 'x/bard', '-o', 'stream-json'])).stdout.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(['start', 'text', 'result']);
  });

  test('calls tools', async () => {
    const { server, asked } = await stage(({ script }) =>
      script.at(-1)!.by === 'tool'
        ? answerOf(`The clock shows ${script.at(-1)!.says.trim()}.`)
        : [{ actor: 'x/bard-1' }, { call: { as: 'c1', do: 'clock', with: { zone: 'UTC' } } }, { curtain: 'stop' }],
    );
    const home = tempFolder();
    writeFileSync(
      join(home, 'tools.yaml'),
      'tools:\n  clock:\n    description: Tells the time.\n    parameters: { zone: string }\n    command: [/bin/echo, "12:00", "{{zone}}"]\n',
    );
    const result = await orx(server, home, ['chat', 'How late?', '-m', 'x/bard', '--tool', 'clock', '--allow-tool', 'clock']);
    expect(result).toMatchObject({ code: 0, stdout: 'The clock shows 12:00 UTC.\n' });
    expect(asked[0]!.props).toEqual(['clock']);
    expect(asked[1]!.script.slice(1)).toEqual([
      { by: 'it', says: '', calls: [{ as: 'c1', do: 'clock', with: { zone: 'UTC' } }] },
      { by: 'tool', says: expect.stringContaining('12:00'), answers: 'c1' },
    ]);
  });

  test('can be compared', async () => {
    const { server } = await stage(({ actor }) => answerOf(`I am ${actor}.`));
    const home = tempFolder();
    const result = await orx(server, home, ['compare', 'Who?', '-m', 'x/bard,y/clown', '--json']);
    expect(result.code).toBe(0);
    expect((JSON.parse(result.stdout) as { lanes: unknown[] }).lanes).toMatchObject([
      { requested_model: 'x/bard', content: 'I am x/bard.', cost: null },
      { requested_model: 'y/clown', content: 'I am y/clown.', cost: null },
    ]);
    expect(await entriesOf(server, home)).toHaveLength(2);
  });

  test('fails under a budget, because without prices no budget can be kept', async () => {
    const { server, asked } = await stage(() => answerOf('To be.'));
    const home = tempFolder();
    expect(await orx(server, home, ['budget', 'add', '--day', '1'])).toMatchObject({ code: 0 });
    const result = await orx(server, home, ['chat', 'q', '-m', 'x/bard']);
    expect(result).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('the price of this request is unknown'),
    });
    expect(result.stderr).toContain('orx budget remove 1');
    expect(asked).toEqual([]);
    await orx(server, home, ['budget', 'remove', '1']);
    expect(await orx(server, home, ['chat', 'q', '-m', 'x/bard'])).toMatchObject({ code: 0, stdout: 'To be.\n' });
  });

  test('reports what it does not offer', async () => {
    const { server } = await stage(() => answerOf('To be.'));
    const home = tempFolder();
    expect(await orx(server, home, ['models'])).toMatchObject({ code: 2, stderr: 'error: second has no list of models\n' });
    expect(await orx(server, home, ['auth', 'status'])).toMatchObject({
      stderr: expect.stringContaining('second has no information about its keys'),
    });
    expect(await orx(server, home, ['chat', 'q', '-m', 'x/bard', '--dry-run'])).toMatchObject({
      code: 2,
      stderr: 'error: second does not show the requests that it gets\n',
    });
  });

  test('keeps the text from before a failure, with the error', async () => {
    const { server } = await stage(() => [{ actor: 'x/bard-1' }, { say: 'To be' }]);
    const home = tempFolder();
    const result = await orx(server, home, ['chat', 'q', '-m', 'x/bard']);
    expect(result).toMatchObject({ code: 8, stdout: 'To be\n', stderr: expect.stringContaining('the performance broke off') });
    expect(await entriesOf(server, home)).toMatchObject([{ outcome: 'failed', error: 'network', cost_source: 'unknown' }]);
  });
});
