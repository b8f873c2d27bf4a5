import { describe, expect, test } from 'vitest';
import { type ApiServer, chunk, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const environment = ({ url }: ApiServer): Record<string, string> => ({
  OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef',
  OPENROUTER_BASE_URL: url,
  ORX_MODEL: 'test/model',
  ORX_RETRIES: '1',
});
const counts = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const DONE = [chunk({ content: '' }, {}, { finish_reason: 'stop' }), 'data: [DONE]\n\n'];

const serve = (...replies: readonly (readonly string[] | { status: number; body: unknown })[]): Promise<ApiServer> => {
  let count = 0;
  return startApiServer((request, response) => {
    if (request.method === 'GET') return sendJson(response, 404, { error: { code: 404, message: 'unknown' } });
    const reply = replies[Math.min(count, replies.length - 1)]!;
    count += 1;
    return 'status' in reply
      ? sendJson(response, reply.status, reply.body, { 'retry-after': '0' })
      : sendPieces(response, reply as readonly string[]);
  });
};

async function entriesOf(home: string): Promise<Record<string, unknown>[]> {
  const { stdout } = await runOrx(['ledger', 'export'], { home });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const entryOf = async (home: string): Promise<Record<string, unknown>> => (await entriesOf(home)).at(-1)!;

const chat = (server: ApiServer, home: string, ...args: string[]): Promise<RunResult> =>
  runOrx(['chat', 'hi', ...args], { home, env: environment(server) });

describe('an impossible cost', () => {
  test.each<[unknown]>([[-0.5], [1e300], ['NaN'], ['a lot'], [{ total_cost: 0.1 }], [[1]], [true], ['-1']])(
    '%j is unknown in the receipt, in JSON, in the ledger and in reports',
    async (cost) => {
      const server = await serve([chunk({ content: 'ok' }), chunk({}, { usage: { ...counts, cost } }), ...DONE]);
      const home = tempFolder();
      const json = await chat(server, home, '--json', '-u');
      expect(json.code).toBe(0);
      expect(JSON.parse(json.stdout)).toMatchObject({ content: 'ok', cost: null });
      const shown = await chat(server, home, '-u');
      expect(shown.stderr).toContain('cost not known');
      expect(shown.stderr).not.toContain('$');
      expect(await entryOf(home)).toMatchObject({ cost: null, cost_source: 'unknown', prompt_tokens: 10 });
      const spent = JSON.parse((await runOrx(['usage', '--json'], { home })).stdout) as { total?: { cost?: unknown } };
      expect(JSON.stringify(spent)).not.toMatch(/-0\.5|-1"|e\+?300|NaN|0{50}/);
      const compared = await runOrx(['compare', 'hi', '-m', 'a/one,b/two', '--json'], { home, env: environment(server) });
      for (const { cost: laneCost } of (JSON.parse(compared.stdout) as { lanes: { cost: unknown }[] }).lanes) {
        expect(laneCost).toBeNull();
      }
    },
  );

  test('does not free money under a budget', async () => {
    const server = await serve([chunk({ content: 'ok' }), chunk({}, { usage: { ...counts, cost: -100 } }), ...DONE]);
    const home = tempFolder();
    const env = environment(server);
    expect((await runOrx(['budget', 'add', '--day', '1'], { home, env })).code).toBe(0);
    await chat(server, home);
    const [standing] = JSON.parse((await runOrx(['budget', 'list', '--json'], { home })).stdout) as { spent: string }[];
    expect(Number(standing?.spent)).toBeGreaterThanOrEqual(0);
  });
});

describe('usage that is sent several times', () => {
  test('the last complete one is shown and recorded, once', async () => {
    const server = await serve([
      chunk({ content: 'ok' }, { usage: {} }),
      chunk({}, { usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, cost: 0 } }),
      chunk({}, { usage: { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11, cost: 0.001 } }),
      chunk({}, { usage: { ...counts, cost: 0.002 } }),
      chunk({}, { usage: {} }),
      ...DONE,
    ]);
    const home = tempFolder();
    expect(JSON.parse((await chat(server, home, '--json')).stdout)).toMatchObject({ cost: '0.002', usage: counts });
    expect(await entryOf(home)).toMatchObject({ cost: '0.002', completion_tokens: 5, cost_source: 'billed' });
  });
});

describe('a failed attempt that was billed', () => {
  const error = { code: 503, message: 'busy' };

  test('counts if the answer ends with it', async () => {
    const server = await serve([
      chunk({ content: 'half' }),
      chunk({}, { usage: { ...counts, cost: 0.25 } }),
      chunk({}, { error }),
    ]);
    const home = tempFolder();
    const result = await chat(server, home, '-u');
    expect(result).toMatchObject({ code: 7, stdout: 'half\n' });
    expect(result.stderr).toContain('$0.25');
    expect(await entryOf(home)).toMatchObject({ outcome: 'failed', cost: '0.25', cost_source: 'billed' });
  });

  test('counts if the error contains the cost, and is not retried', async () => {
    const server = await serve({ status: 503, body: { error, usage: { ...counts, cost: 0.25 } } });
    const home = tempFolder();
    const result = await chat(server, home, '-u');
    expect(result).toMatchObject({ code: 7, stdout: '' });
    expect(result.stderr).toContain('$0.25');
    expect(await entriesOf(home)).toMatchObject([{ outcome: 'failed', cost: '0.25', cost_source: 'billed', attempts: 1 }]);
  });

  test('an attempt that cost nothing is retried, and each one has its own entry', async () => {
    const server = await serve({ status: 503, body: { error, usage: { ...counts, cost: 0 } } }, [
      chunk({ content: 'ok' }),
      chunk({}, { usage: { ...counts, cost: 0.5 } }),
      ...DONE,
    ]);
    const home = tempFolder();
    const result = await chat(server, home, '-u');
    expect(result).toMatchObject({ code: 0, stdout: 'ok\n' });
    expect(result.stderr).toContain('$0.5');
    expect(await entriesOf(home)).toMatchObject([
      { outcome: 'failed', cost: '0', cost_source: 'billed', attempts: 1 },
      { outcome: 'complete', cost: '0.5', cost_source: 'billed', attempts: 1 },
    ]);
  });
});
