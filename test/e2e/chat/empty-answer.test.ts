import { describe, expect, test } from 'vitest';
import { type ApiServer, chunk, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { openChatTerminal } from '../../support/chat-terminal.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { openTerminal } from '../../support/terminal.ts';

interface Ending {
  content?: string;
  reasoning?: string;
  refusal?: string;
  finish: string | null;
  native?: string;
  usage?: object;
}

const DONE = 'data: [DONE]\n\n';
const USAGE = { prompt_tokens: 9, completion_tokens: 64, total_tokens: 73, cost: 0.001 };

const FILTERED: Ending = { finish: 'content_filter', native: 'SAFETY' };
const CUT: Ending = { content: 'First of all,', finish: 'content_filter' };
const REFUSED: Ending = { refusal: 'I cannot help with that.', finish: 'stop' };
const THOUGHT: Ending = {
  reasoning: 'hm',
  finish: 'length',
  usage: { ...USAGE, completion_tokens_details: { reasoning_tokens: 64 } },
};
const NOTHING: Ending = { finish: null, usage: { ...USAGE, completion_tokens: 0 } };

/** Each model of the API ends its answer as specified, as a stream or as a single reply if the request asks for one. */
function ending(endings: Readonly<Record<string, Ending>>): Promise<ApiServer> {
  return startApiServer((request, response) => {
    if (request.method === 'GET') return sendJson(response, 404, {});
    const { model, stream } = request.json() as { model: string; stream: boolean };
    const { content = '', reasoning, refusal, finish, native = finish, usage = USAGE } = endings[model]!;
    const said = { role: 'assistant', content, ...(reasoning && { reasoning }), ...(refusal && { refusal }) };
    const reasons = { finish_reason: finish, native_finish_reason: native };
    if (stream) return sendPieces(response, [chunk(said, { model }), chunk({}, { model, usage }, reasons), DONE]);
    return sendJson(response, 200, { id: 'gen-1', model, choices: [{ index: 0, message: said, ...reasons }], usage });
  });
}

const envOf = (server: ApiServer): Record<string, string> => ({
  OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef',
  OPENROUTER_BASE_URL: server.url,
  ORX_RETRIES: '0',
});

async function ask(answer: Ending, args: readonly string[] = []): Promise<RunResult> {
  return runOrx(['chat', '-m', 'test/model', 'hi', ...args], { env: envOf(await ending({ 'test/model': answer })) });
}

describe.each([
  ['streamed', []],
  ['whole', ['--no-stream']],
] as const)('%s', (_name, how) => {
  test.each<[string, Ending, number, string, string]>([
    ['a filtered answer ends with 6', FILTERED, 6, '', 'error: the response is empty: a content filter blocked it (SAFETY)'],
    ['so does one that a filter cut, after what had come', CUT, 6, 'First of all,\n', 'error: the response is incomplete:'],
    ['so does a refusal', REFUSED, 6, 'I cannot help with that.\n', 'error: the model refused to answer'],
    [
      'an answer that reasoning ate is told',
      THOUGHT,
      0,
      '',
      'error: the response is empty: all 64 output tokens went into reasoning',
    ],
    ['a provider that sent nothing ends with 7', NOTHING, 7, '', 'error: the response is empty: the provider sent nothing'],
  ])('%s, also with -q', async (_case, answer, code, stdout, stderr) => {
    const result = await ask(answer, ['-q', ...how]);
    expect([result.code, result.stdout]).toEqual([code, stdout]);
    expect(result.stderr.startsWith(stderr)).toBe(true);
  });
});

describe('an answer that the output limit cut off', () => {
  const LIMITED: Ending = { content: 'First of all,', finish: 'length' };
  const WARNING = 'warning: the output limit cut off the answer; allow more tokens: --max-tokens N\n';

  test.each([[[]], [['--no-stream']], [['-u']]])('is announced (%j)', async (args) => {
    const { code, stdout, stderr } = await ask(LIMITED, args);
    expect([code, stdout]).toEqual([0, 'First of all,\n']);
    expect(stderr.startsWith(WARNING)).toBe(true);
  });

  test('is announced with its code block', async () => {
    const result = await ask({ content: '```sh\nrm -r /tmp/a', finish: 'length' }, ['-x']);
    expect(result).toMatchObject({ code: 0, stdout: 'rm -r /tmp/a\n', stderr: WARNING });
  });

  test('is announced with -q, unless the user has set the limit, and not in JSON, which has the finish reason', async () => {
    expect((await ask(LIMITED, ['-q'])).stderr).toBe(WARNING);
    expect((await ask(LIMITED, ['-q', '--max-tokens', '4'])).stderr).toBe('');
    expect((await ask(LIMITED, ['--max-tokens', '4'])).stderr.startsWith(WARNING)).toBe(true);
    const { stdout, stderr } = await ask(LIMITED, ['--json']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ finish_reason: 'length' });
    expect((await ask({ content: 'All.', finish: 'stop' })).stderr).toBe('');
  });

  test('is announced in whole words on a narrow terminal', async () => {
    const { url } = await ending({ 'test/model': LIMITED });
    const env = { OPENROUTER_BASE_URL: url, OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef' };
    const run = openTerminal(['chat', 'hi', '-m', 'test/model'], { columns: 60, env });
    expect(await run.exit).toBe(0);
    const lines = (await run.everything()).map((line) => line.trimEnd());
    expect(lines).toContain('warning: the output limit cut off the answer; allow more');
    expect(lines).toContain('tokens: --max-tokens N');
  });

  test('is announced in a conversation', async () => {
    const terminal = openChatTerminal(await ending({ 'test/model': LIMITED }));
    await terminal.waitFor('ctrl-d quit');
    terminal.type('hello\r');
    await terminal.waitFor('cut off the answer; allow more tokens: /params');
    terminal.type('\u0004');
    expect(await terminal.exit).toBe(0);
  });
});

test('JSON output and standard error have the reason', async () => {
  const filtered = await ask(FILTERED, ['--json']);
  expect(filtered.code).toBe(6);
  expect(JSON.parse(filtered.stdout)).toMatchObject({
    content: '',
    empty_reason: 'filtered',
    finish_reason: 'content_filter',
    error: { kind: 'no-endpoint', code: 'content-filter' },
  });
  const thought = await ask(THOUGHT, ['-o', 'stream-json']);
  expect(JSON.parse(thought.stdout.trim().split('\n').at(-1)!)).toMatchObject({ type: 'result', empty_reason: 'reasoning' });
  expect(thought.stderr).toContain('went into reasoning');
  const whole = await ask({ content: 'Hi.', finish: 'stop' }, ['--json']);
  expect(JSON.parse(whole.stdout)).not.toHaveProperty('empty_reason');
});

test('a comparison shows the reason in the lane and on standard error, ranks none of them, and exits with 6 if no model answered', async () => {
  const server = await ending({ 'a/filtered': FILTERED, 'b/thought': THOUGHT, 'c/fine': { content: 'Blue.', finish: 'stop' } });
  const compare = (...args: string[]): Promise<RunResult> => runOrx(['compare', 'hi', ...args], { env: envOf(server) });
  const mixed = await compare('-m', 'a/filtered,b/thought,c/fine', '-q');
  expect(mixed).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /## a\/filtered\n\nfailed: the response is empty: a content filter.*\n\n## b\/thought\n\nthe response is empty: all 64 .*\n\n## c\/fine\n\nBlue\.\n/,
    ) as string,
    stderr: expect.stringMatching(
      /^error: a\/filtered: the response is empty.*\nerror: b\/thought: the response is empty.*\n$/,
    ) as string,
  });
  const data = JSON.parse((await compare('-m', 'a/filtered,b/thought,c/fine', '--json')).stdout);
  expect(data.lanes).toMatchObject([
    { state: 'failed', empty_reason: 'filtered' },
    { state: 'done', empty_reason: 'reasoning' },
    { state: 'done', content: 'Blue.' },
  ]);
  expect(data.ranking[0]).toMatchObject({ requested_model: 'c/fine', rank: 1, relative_cost: '1' });
  expect(data.ranking.slice(1)).toMatchObject([{ rank: null }, { rank: null }]);
  const none = await ending({ 'a/filtered': FILTERED, 'b/refused': REFUSED });
  expect((await runOrx(['compare', 'hi', '-m', 'a/filtered,b/refused'], { env: envOf(none) })).code).toBe(6);
});

test('a conversation shows the reason and continues', async () => {
  const server = await ending({ 'test/model': THOUGHT });
  const terminal = openChatTerminal(server);
  await terminal.waitFor('ctrl-d quit');
  terminal.type('hello\r');
  await terminal.waitFor('all 64 output tokens went into reasoning');
  terminal.type('\u0004');
  expect(await terminal.exit).toBe(0);
});
