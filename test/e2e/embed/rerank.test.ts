import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ApiServer, sendJson, startApiServer } from '../../support/api-server.ts';
import { runOrx, type RunOptions } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const MODEL = 'cohere/rerank-v3.5';
const scoreOf = (text: string): number => (Number(/\d+/.exec(text)?.[0] ?? 0) % 100) / 100;

/** The score of a document is the number in it. */
function startRanking(): Promise<ApiServer> {
  return startApiServer((request, response) => {
    if (request.method !== 'POST') return sendJson(response, 200, { data: [] });
    const { documents, model, top_n: top } = request.json();
    if (documents.includes('broken')) return sendJson(response, 502, { error: { code: 502, message: 'down' } });
    const results = documents
      .map((text: string, index: number) => ({ index, relevance_score: scoreOf(text), document: { text } }))
      .toSorted((one: any, other: any) => other.relevance_score - one.relevance_score)
      .slice(0, top);
    const usage = { search_units: 1, cost: 0.002 };
    return sendJson(response, 200, { id: 'gen-1', model, provider: 'Cohere', results, usage });
  });
}

const asked = ({ requests }: ApiServer): any[] => requests.filter(({ method }) => method === 'POST').map((one) => one.json());

async function rerank(server: ApiServer, args: readonly string[], options: RunOptions = {}, model = MODEL) {
  const home = options.home ?? tempFolder();
  const env = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef', OPENROUTER_BASE_URL: server.url, ...options.env };
  return { home, ...(await runOrx(['rerank', '-m', model, ...args], { ...options, home, env })) };
}

describe('orx rerank', () => {
  test('sorts lines, and records what they cost', async () => {
    const server = await startRanking();
    const run = await rerank(server, ['the', 'query', '--top', '2', '-u'], { stdin: 'a 10\nb 90\n\nc 50\n' });
    expect(run).toMatchObject({
      code: 0,
      stdout: '{"index":1,"text":"b 90","score":0.9}\n{"index":2,"text":"c 50","score":0.5}\n',
      stderr: 'rerank-v3.5 · Cohere · 3 documents · 1 request · 1 search unit · $0.00200\n',
    });
    expect(asked(server)).toEqual([{ model: MODEL, query: 'the query', documents: ['a 10', 'b 90', 'c 50'], top_n: 2 }]);
    const { stdout } = await runOrx(['ledger', 'export', '-o', 'jsonl'], { home: run.home });
    expect(JSON.parse(stdout)).toMatchObject({ command: 'rerank', cost: '0.002', generation_id: 'gen-1' });
  });

  test('keeps fields, and has every format', async () => {
    const server = await startRanking();
    const home = tempFolder();
    writeFileSync(join(home, 'rows.jsonl'), '{"id":"x","body":"20"}\n{"id":"y","body":"80","score":5}\n');
    const run = async (...args: string[]): Promise<string> =>
      (await rerank(server, ['q', '-f', 'rows.jsonl', '--field', 'body', ...args], { home })).stdout;
    expect(await run()).toBe('{"id":"y","body":"80","score":0.8,"index":1}\n{"id":"x","body":"20","index":0,"score":0.2}\n');
    expect(await run('-o', 'lines')).toBe('{"id":"y","body":"80","score":5}\n{"id":"x","body":"20"}\n');
    expect(await run('-o', 'csv')).toBe('id,body,score,index\ny,80,0.8,1\nx,20,0.2,0\n');
    expect(await run('-o', 'table')).toBe(' score  index  document\n0.8000      1  80\n0.2000      0  20\n');
    expect(JSON.parse(await run('--json'))).toMatchObject({
      data: [{ id: 'y', score: 0.8 }, { id: 'x' }],
      model: MODEL,
      usage: { requests: 1, search_units: 1, cost: '0.002' },
    });
  });

  test('merges batches, and says when a ranking is incomplete', async () => {
    const server = await startRanking();
    const all = await rerank(server, ['q', '--batch-size', '2', '--top', '3'], { stdin: '10\n20\n30\n40\n50\n' });
    expect(all.stdout.split('\n').map((line) => line.slice(0, 10))).toEqual(['{"index":4', '{"index":3', '{"index":2', '']);
    expect(asked(server).map(({ documents, top_n: top }) => [documents.length, top])).toEqual([
      [2, 2],
      [2, 2],
      [1, 1],
    ]);
    const part = await rerank(server, ['q', '--batch-size', '1', '--retries', '0'], { stdin: '10\nbroken\n30\n' });
    expect([part.code, part.stdout.split('\n').length]).toEqual([7, 3]);
    expect(part.stderr).toContain('the ranking is incomplete');
  });

  test('a reply that is no ranking of the documents is an error, and is not requested again', async () => {
    for (const results of [[], [{ index: 5, relevance_score: 1 }], [{ index: 0 }], undefined]) {
      const server = await startApiServer((request, response) =>
        sendJson(response, 200, request.method === 'POST' ? { results } : { data: [] }),
      );
      const run = await rerank(server, ['q'], { stdin: 'a\n' });
      expect([run.code, run.stderr, asked(server).length]).toEqual([
        7,
        expect.stringContaining('no ranking of the documents'),
        1,
      ]);
    }
  });

  test('under a budget, reserves what is left, because the price of a search is not listed', async () => {
    const server = await startRanking();
    const home = tempFolder();
    await runOrx(['budget', 'add', '--day', '0.003'], { home });
    expect((await rerank(server, ['q'], { home, stdin: '10\n' })).code).toBe(0);
    expect((await rerank(server, ['q'], { home, stdin: '10\n' })).code).toBe(0);
    const third = await rerank(server, ['q'], { home, stdin: '10\n' });
    expect([third.code, asked(server).length]).toEqual([4, 2]);
  });

  test('uses Cohere with its own key', async () => {
    const server = await startApiServer((request, response) =>
      sendJson(response, 200, {
        id: 'r1',
        results: [
          { index: 1, relevance_score: 0.7 },
          { index: 0, relevance_score: 0.1 },
        ],
        meta: { billed_units: { search_units: 1 } },
        ...(request.method === 'GET' && { models: [] }),
      }),
    );
    const env = { COHERE_API_KEY: 'own-0123456789', CO_API_URL: `${server.origin}/v2` };
    const run = await rerank(server, ['q', '-u'], { stdin: 'a\nb\n', env }, 'cohere:rerank-v3.5');
    expect(run.stdout).toBe('{"index":1,"text":"b","score":0.7}\n{"index":0,"text":"a","score":0.1}\n');
    expect(run.stderr).toContain('1 search unit · cost not known');
    expect(server.requests.find(({ method }) => method === 'POST')).toMatchObject({
      url: '/v2/rerank',
      headers: { authorization: 'Bearer own-0123456789' },
    });
  });
});
