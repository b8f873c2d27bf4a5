import type { ServerResponse } from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ApiServer, newGate, type SeenRequest, sendJson, startApiServer } from '../../support/api-server.ts';
import { runOrx, type RunOptions } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const SMALL = 'openai/text-embedding-3-small';
const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';

const vectorOf = (text: string): number[] => [text.length / 8, -0.25];

function sendVectors(request: SeenRequest, response: ServerResponse): void {
  const { input, model, encoding_format: encoding } = request.json();
  const data = input.map((text: string, index: number) => ({
    index,
    embedding: encoding === 'base64' ? Buffer.from(Float32Array.from(vectorOf(text)).buffer).toString('base64') : vectorOf(text),
  }));
  const tokens = input.length * 10;
  sendJson(response, 200, {
    id: `gen-${input[0]}`,
    model,
    provider: 'OpenAI',
    data,
    usage: { prompt_tokens: tokens, total_tokens: tokens, cost: input.length / 1000 },
  });
}

type Answer = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

/** OpenRouter with one model, whose price the catalog has. */
function startEmbeddings(answer: Answer = sendVectors): Promise<ApiServer> {
  return startApiServer((request, response) => {
    if (request.method === 'POST') return answer(request, response);
    const model = {
      id: SMALL,
      name: 'Small',
      context_length: 8192,
      pricing: { prompt: '0.00001', completion: '0' },
      architecture: { input_modalities: ['text'], output_modalities: ['embeddings'] },
    };
    return sendJson(response, 200, { data: request.url.includes('endpoints') ? { endpoints: [] } : [model] });
  });
}

const asked = ({ requests }: ApiServer): any[] => requests.filter(({ method }) => method === 'POST').map((one) => one.json());

interface Embedded {
  rows: any[];
  stdout: string;
  stderr: string;
  code: number | null;
  home: string;
}

async function embed(server: ApiServer, args: readonly string[], options: RunOptions = {}, model = SMALL): Promise<Embedded> {
  const home = options.home ?? tempFolder();
  const env = { OPENROUTER_API_KEY: KEY, OPENROUTER_BASE_URL: server.url, ...options.env };
  const { stdout, stderr, code } = await runOrx(['embed', '-m', model, ...args], { ...options, home, env });
  const lines = /^\{"(?!data)/.test(stdout) ? stdout.trimEnd().split('\n') : [];
  return { rows: lines.map((line) => JSON.parse(line)), stdout, stderr, code, home };
}

async function entriesOf(home: string): Promise<Record<string, unknown>[]> {
  const { stdout } = await runOrx(['ledger', 'export', '-o', 'jsonl'], { home });
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]));
}

const linesOf = (count: number): string => Array.from({ length: count }, (_, at) => `${at}\n`).join('');

describe('orx embed', () => {
  test('sends words and flags, and prints one line for each text', async () => {
    const server = await startEmbeddings();
    const run = await embed(server, ['hello', 'a text', '--dimensions', '2', '--input-type', 'search_query', '--zdr', '-u']);
    expect(run).toMatchObject({
      code: 0,
      stderr: 'text-embedding-3-small · OpenAI · 2 texts · 1 request · 20 tokens · $0.00200\n',
    });
    expect(run.stdout).toBe(
      '{"index":0,"text":"hello","embedding":[0.625,-0.25]}\n{"index":1,"text":"a text","embedding":[0.75,-0.25]}\n',
    );
    expect(asked(server)).toEqual([
      {
        model: SMALL,
        input: ['hello', 'a text'],
        encoding_format: 'base64',
        dimensions: 2,
        input_type: 'search_query',
        provider: { zdr: true },
      },
    ]);
    expect(await entriesOf(run.home)).toMatchObject([
      {
        command: 'embed',
        requested_model: SMALL,
        cost: '0.002',
        cost_source: 'billed',
        prompt_tokens: 20,
        generation_id: 'gen-hello',
      },
    ]);
  });

  test('--encoding chooses the form of the vectors, on the wire and in the output', async () => {
    const server = await startEmbeddings();
    expect((await embed(server, ['hello', '--encoding', 'float'])).rows).toMatchObject([{ embedding: [0.625, -0.25] }]);
    expect((await embed(server, ['hello', '--encoding', 'base64'])).rows).toMatchObject([{ embedding: 'AAAgPwAAgL4=' }]);
    expect(asked(server).map(({ encoding_format: encoding }) => encoding)).toEqual(['float', 'base64']);
  });

  test('prints batches in the order of the input, while several run', async () => {
    const first = newGate();
    const server = await startEmbeddings(async (request, response) => {
      // The first batch is answered after the third.
      if (request.json().input[0] === '0') await first.opened;
      if (request.json().input[0] === '4') first.open();
      sendVectors(request, response);
    });
    const run = await embed(server, ['--batch-size', '2', '--concurrency', '3'], { stdin: linesOf(9) });
    expect([run.code, run.rows.map(({ index, text }) => [index, text])]).toEqual([
      0,
      Array.from({ length: 9 }, (_, at) => [at, String(at)]),
    ]);
    expect(
      asked(server)
        .map(({ input }) => input.length)
        .toSorted(),
    ).toEqual([1, 2, 2, 2, 2]);
    expect(await entriesOf(run.home)).toHaveLength(5);
  });

  test('keeps within --batch-tokens', async () => {
    const server = await startEmbeddings();
    await embed(server, ['--batch-tokens', '12'], { stdin: 'a b c d e f g h\ni j k l m n o p\nq\n' });
    expect(
      asked(server)
        .map(({ input }) => input.length)
        .toSorted(),
    ).toEqual([1, 2]);
  });

  test('keeps the fields of JSON rows, and reports rows that it cannot read with their line', async () => {
    const server = await startEmbeddings();
    const stdin = '{"id": 12345678901234567890, "body": "a"}\n{"id": 2}\n{"id": 3, "body": "b", "embedding": 1}\nnonsense\n';
    const run = await embed(server, ['--field', 'body'], { stdin });
    expect(run.code).toBe(2);
    expect(run.stdout).toBe(
      '{"id": 12345678901234567890, "body": "a","index":0,"embedding":[0.125,-0.25]}\n' +
        '{"id": 3, "body": "b","embedding": [0.125,-0.25],"index":2}\n',
    );
    expect(run.stderr).toContain('line 2 of standard input: no field "body"');
    expect(run.stderr).toContain('line 4 of standard input: not valid JSON');
    expect(run.stderr).toContain('error: 2 rows could not be read; all others were sent');
  });

  test('reads files, and one text per file', async () => {
    const server = await startEmbeddings();
    const home = tempFolder();
    writeFileSync(join(home, 'a.txt'), 'one\r\ntwo\n');
    writeFileSync(join(home, 'b.jsonl'), '{"text":"three"}\n');
    const { rows } = await embed(server, ['-f', 'a.txt', '-f', 'b.jsonl'], { home });
    expect(rows.map(({ index, text }) => [index, text])).toEqual([
      [0, 'one'],
      [1, 'two'],
      [2, 'three'],
    ]);
    const whole = await embed(server, ['-f', 'a.txt', '--input-format', 'text'], { home });
    expect(whole.rows).toEqual([{ index: 0, file: 'a.txt', embedding: vectorOf('one\ntwo') }]);
    const missing = await embed(server, ['-f', 'c.txt'], { home });
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('cannot read c.txt (no such file)')]);
  });

  test('prints JSON and CSV', async () => {
    const server = await startEmbeddings();
    const json = await embed(server, ['--json', '--batch-size', '1'], { stdin: 'a\nbc\n' });
    expect(JSON.parse(json.stdout)).toEqual({
      data: [
        { index: 0, text: 'a', embedding: vectorOf('a') },
        { index: 1, text: 'bc', embedding: vectorOf('bc') },
      ],
      model: SMALL,
      requested_model: SMALL,
      provider: 'OpenAI',
      usage: { requests: 2, prompt_tokens: 20, cost: '0.002' },
    });
    const csv = await embed(server, ['-o', 'csv'], { stdin: '{"id":1,"text":"a, b"}\n{"id":2,"text":"=c","more":true}\n' });
    expect(csv.stdout).toBe('id,text,index,embedding\n1,"a, b",0,"[0.5,-0.25]"\n2,\'=c,1,"[0.25,-0.25]"\n');
    expect(csv.stderr).toContain('CSV has the fields of the first row, without more');
  });

  test('an input without texts is an error', async () => {
    const server = await startEmbeddings();
    const run = await embed(server, [], { stdin: '\n\n' });
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('error: the input has no texts')]);
    expect(asked(server)).toEqual([]);
  });

  test('uses a vendor with its own key', async () => {
    const server = await startEmbeddings();
    const env = { OPENAI_API_KEY: 'sk-own-0123456789', OPENAI_BASE_URL: `${server.origin}/v1` };
    const run = await embed(server, ['--only', 'x', 'hello'], { env }, 'openai:text-embedding-3-small');
    expect(run).toMatchObject({ code: 0, rows: [{ embedding: vectorOf('hello') }] });
    expect(run.stderr).toContain('warning: not sent: --only: requests to OpenAI are not routed');
    expect(server.requests.find(({ method }) => method === 'POST')).toMatchObject({
      url: '/v1/embeddings',
      headers: { authorization: 'Bearer sk-own-0123456789' },
    });
    expect(await entriesOf(run.home)).toMatchObject([{ vendor: 'openai', cost_source: 'billed' }]);
    const anthropic = await embed(server, ['hello'], { env: { ANTHROPIC_API_KEY: 'k' } }, 'anthropic:x');
    expect([anthropic.code, anthropic.stderr]).toEqual([2, expect.stringContaining('Anthropic does not offer embeddings')]);
  });
});

describe('a failure', () => {
  test('that may pass is tried again, and every attempt is recorded', async () => {
    let count = 0;
    const server = await startEmbeddings((request, response) => {
      count += 1;
      if (count > 1) return sendVectors(request, response);
      response.setHeader('retry-after', '0');
      return sendJson(response, 503, { error: { code: 503, message: 'overloaded' } });
    });
    const run = await embed(server, ['hello', '-u']);
    expect([run.code, run.rows.length, asked(server).length]).toEqual([0, 1, 2]);
    expect(run.stderr).toMatch(/^warning: .*attempt 2 in/);
    expect((await entriesOf(run.home)).map(({ cost }) => cost).toSorted()).toEqual(['0', '0.001']);
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['that is no JSON', (response) => void response.writeHead(200, { 'x-generation-id': 'gen-paid' }).end('{"data": [')],
    ['without vectors', (response) => (response.setHeader('x-generation-id', 'gen-paid'), sendJson(response, 200, { data: [] }))],
    [
      'that breaks off',
      (response) => {
        response.writeHead(200, { 'x-generation-id': 'gen-paid', 'content-length': '100' });
        response.write('{', () => response.destroy());
      },
    ],
  ])('after the API has accepted the request is not tried again: a reply %s', async (_, reply) => {
    const server = await startEmbeddings((_request, response) => reply(response));
    const run = await embed(server, ['hello']);
    expect([run.code === 0, asked(server).length]).toEqual([false, 1]);
    expect(await entriesOf(run.home)).toMatchObject([{ outcome: 'failed', generation_id: 'gen-paid' }]);
  });

  test('of one batch loses nothing of the others', async () => {
    const server = await startEmbeddings((request, response) =>
      request.json().input[0] === '2'
        ? sendJson(response, 502, { error: { code: 502, message: 'Provider returned error' } })
        : sendVectors(request, response),
    );
    const run = await embed(server, ['--batch-size', '2', '--retries', '0', '--json'], { stdin: linesOf(6) });
    expect(run.code).toBe(7);
    const { data, failed, usage } = JSON.parse(run.stdout);
    expect(data.map(({ index }: { index: number }) => index)).toEqual([0, 1, 4, 5]);
    expect(failed).toMatchObject([{ indexes: [2, 3], error: { kind: 'provider', status: 502 } }]);
    expect(usage).toMatchObject({ requests: 2, cost: '0.004' });
    expect(run.stderr).toContain('no result for line 3 of standard input to line 4 of standard input');
  });

  test('that all requests would have ends the command', async () => {
    const server = await startEmbeddings((_, response) =>
      sendJson(response, 402, { error: { code: 402, message: 'no credits' } }),
    );
    const run = await embed(server, ['--batch-size', '1', '--concurrency', '1'], { stdin: linesOf(20) });
    expect([run.code, asked(server).length]).toEqual([4, 1]);
  });

  test('of a text that is too long concerns only this text', async () => {
    const server = await startEmbeddings((request, response) => {
      const isLong = request.json().input.some((text: string) => text.length > 100);
      if (!isLong) return sendVectors(request, response);
      const message = "This model's maximum context length is 10 tokens, however you requested 25 tokens.";
      return sendJson(response, 400, { error: { code: 400, message } });
    });
    const run = await embed(server, [], { stdin: `a\nb\n${'long '.repeat(30)}\nd\n` });
    expect([run.code, run.rows.map(({ index }) => index)]).toEqual([2, [0, 1, 3]]);
    expect(run.stderr).toContain('no result for line 3 of standard input');
  });
});

describe('money', () => {
  test('a budget stops requests before they are sent', async () => {
    const server = await startEmbeddings();
    const home = tempFolder();
    await runOrx(['budget', 'add', '--day', '0.0000001'], { home });
    const run = await embed(server, ['a text that costs more than that'], { home });
    expect([run.code, asked(server)]).toEqual([4, []]);
    expect(run.stderr).toContain('budget');
  });

  test('parallel batches share a budget', async () => {
    const server = await startEmbeddings();
    const home = tempFolder();
    await runOrx(['budget', 'add', '--day', '0.005'], { home });
    const run = await embed(server, ['--batch-size', '1', '--concurrency', '4'], { home, stdin: linesOf(12) });
    expect(run.code).toBe(4);
    const spent = (await entriesOf(home)).reduce((sum, { cost }) => sum + Number(cost), 0);
    expect(run.rows.length).toBeGreaterThan(0);
    // Each text costs 0.001, more than its reservation of some tokens.
    expect(spent).toBeLessThan(0.0091);
  });

  test('-q prints no receipt, and --no-ledger records nothing', async () => {
    const server = await startEmbeddings();
    const run = await embed(server, ['hello', '-q', '--no-ledger']);
    expect([run.code, run.stderr, await entriesOf(run.home)]).toEqual([0, '', []]);
  });
});

describe('a stop', () => {
  test('Ctrl-C keeps what has arrived, and waits for what runs', async () => {
    const second = newGate();
    const server = await startEmbeddings(async (request, response) => {
      if (request.json().input[0] !== '0') await second.opened;
      sendVectors(request, response);
    });
    let isStopped = false;
    const run = await embed(server, ['--batch-size', '1', '--concurrency', '2'], {
      stdin: linesOf(50),
      onStart: (child) => {
        child.stdout.once('data', () => child.kill('SIGINT'));
        child.stderr.on('data', (text: Buffer) => {
          if (!text.toString().includes('waiting for')) return;
          isStopped = true;
          second.open();
        });
      },
    });
    expect([run.code, isStopped]).toEqual([130, true]);
    const indexes = run.rows.map(({ index }) => index as number);
    expect(indexes).toEqual(indexes.map((_, at) => at));
    expect(indexes.length).toBe(asked(server).length);
    expect(indexes.length).toBeLessThan(50);
    const entries = await entriesOf(run.home);
    expect(entries.map(({ outcome }) => outcome)).toEqual(indexes.map(() => 'complete'));
  });

  test('a reader that closes the pipe, as in orx embed … | head -1', async () => {
    const closed = newGate();
    const server = await startEmbeddings(async (request, response) => {
      const place = Number(request.json().input[0]);
      if (place > 0) await closed.opened;
      // These are still running when the next result cannot be written.
      if (place > 1) await request.closed;
      else sendVectors(request, response);
    });
    const run = await embed(server, ['--batch-size', '1', '--concurrency', '2'], {
      stdin: linesOf(500),
      onStart: (child) => {
        child.stdout.once('data', () => child.stdout.destroy());
        child.stdout.once('close', () => closed.open());
      },
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const entries = await entriesOf(run.home);
    expect(entries.length).toBeLessThan(20);
    expect(entries.every(({ state }) => state === 'settled')).toBe(true);
  });
});
