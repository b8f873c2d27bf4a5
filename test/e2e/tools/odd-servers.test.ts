import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startApiServer } from '../../support/api-server.ts';
import { bundleWorker } from '../../support/bundle-worker.ts';
import { runOrx } from '../../support/run-orx.ts';
import { addScriptedServer } from '../../support/scripted-mcp.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { asked, startToolApi } from '../../support/tool-api.ts';

const KEY = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef' };
const ANY = { type: 'object', properties: { a: { type: 'string' } } };

let worker = '';
const folder = mkdtempSync(join(tmpdir(), 'orx-test-'));
beforeAll(async () => void (worker = await bundleWorker('scripted-mcp-worker', folder)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const chat = (home: string, url: string, ...flags: string[]) =>
  runOrx(['chat', '--base-url', url, '--mcp', 'odd', ...flags, 'x'], { home, env: KEY });

const offered = (body: any) => body.tools?.map((tool: any) => tool.function.name.replace('odd__', ''));

test('a malformed tool is skipped with its name and the reason, the others are offered', async () => {
  const home = tempFolder();
  const tools = [
    { name: 'good', inputSchema: ANY, extra: 1, annotations: { readOnlyHint: 'yes' } },
    { name: 'bare', inputSchema: { type: 'object' } },
    {
      name: 'any',
      inputSchema: { type: 'object', properties: { a: true, b: { type: 'array' }, c: { type: 'object' } }, 'x-y': [1] },
    },
    { name: 'out', inputSchema: ANY, outputSchema: { type: 'string', required: 1 } },
    { name: 'boolean', inputSchema: true },
    { name: 'none' },
    { name: 'text', inputSchema: { type: 'string' } },
    { name: 'typo', inputSchema: { type: 'object', properties: { a: { type: 'int' } } } },
    { name: 'lost', inputSchema: { type: 'object', properties: { a: { $ref: '#/$defs/b' } } } },
    { name: 'good', inputSchema: { type: 'object' } },
    { name: 'sp ace', inputSchema: ANY },
    { name: 'long', inputSchema: ANY, description: 'x'.repeat(100_000) },
    { description: 'no name', inputSchema: ANY },
    'nothing',
  ];
  await addScriptedServer(home, worker, { pages: { '': { tools } } });
  const api = await startToolApi([]);
  const run = await chat(home, api.url);
  expect(run).toMatchObject({ code: 0, stdout: 'It rains.\n' });
  const [body] = asked(api);
  expect(offered(body)).toEqual(['good', 'bare', 'any', 'out']);
  expect(body.tools[1].function.parameters).toEqual({ type: 'object', properties: {} });
  expect(body.tools[2].function.parameters.properties).toEqual({
    a: {},
    b: { type: 'array', items: {} },
    c: { type: 'object', properties: {} },
  });
  for (const name of ['boolean', 'none', 'text', 'typo', 'lost', 'good', 'sp ace', 'long', 'number 13', 'number 14']) {
    expect(run.stderr).toContain(`the tool "${name}" is skipped: `);
  }
  // With -q, too, one line reports what is lost.
  const quiet = await chat(home, api.url, '-q');
  expect(quiet.stderr).toBe(
    'warning: odd: tools skipped: boolean, none, text, typo, lost, and 5 more (reasons: orx mcp test odd)\n',
  );
  expect(run.stderr).toContain('properties.a.type is not a type of JSON Schema: "int"');
  expect(run.stderr).toContain('the tool out: its outputSchema is malformed and is ignored');
  const tested = JSON.parse((await runOrx(['mcp', 'test', 'odd', '--json'], { home })).stdout);
  expect(tested.skipped[0]).toEqual({ name: 'boolean', reason: 'its inputSchema is not an object' });
  expect(tested.unusable).toHaveLength(10);
});

test.each([
  [{ prompts: {} }, 'only prompts'],
  [{ prompts: {}, resources: { subscribe: true }, logging: {} }, 'only prompts and resources'],
])('a server with %j has no tools, and receives no request for them', async (capabilities, what) => {
  const home = tempFolder();
  const server = await addScriptedServer(home, worker, { capabilities });
  const tested = await runOrx(['mcp', 'test', 'odd'], { home });
  expect(tested).toMatchObject({ code: 0, stderr: expect.stringContaining(`offers no tools, ${what}, which orx does not use`) });
  const api = await startToolApi([]);
  const run = await chat(home, api.url, '--allow-tool', 'odd:*');
  expect(run).toMatchObject({ code: 0, stdout: 'It rains.\n', stderr: expect.stringContaining('odd: it offers no tools') });
  expect(asked(api)[0]).not.toHaveProperty('tools');
  expect(server.lines().filter((line) => line.includes('tools/'))).toEqual([]);
});

test('a server that wrongly declares tools has none, and an endless list is abandoned', async () => {
  const home = tempFolder();
  await addScriptedServer(home, worker, {});
  expect(await runOrx(['mcp', 'test', 'odd'], { home })).toMatchObject({ code: 0, stderr: expect.stringContaining('no tools') });
  const page = (name: string, nextCursor: string) => ({ tools: [{ name, inputSchema: ANY }], nextCursor });
  await addScriptedServer(home, worker, { pages: { '': page('a', 'x'), x: page('b', 'y'), y: page('c', 'x') } });
  const api = await startToolApi([]);
  expect((await chat(home, api.url)).stderr).toContain('its list of tools does not end');
  expect(offered(asked(api)[0])).toEqual(['a', 'b', 'c']);
  await addScriptedServer(home, worker, { pages: { '': { tools: { a: 1 } } } });
  expect((await runOrx(['mcp', 'test', 'odd'], { home })).stderr).toContain('its list of tools is not a list');
});

test('the old HTTP+SSE transport is recognized, and the error has a hint', async () => {
  const old = await startApiServer((request, response) => {
    if (request.method !== 'GET') return void response.writeHead(405).end();
    expect(request.headers['authorization']).toBe('Bearer t');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('event: endpoint\ndata: /messages?session=1\n\n');
  });
  const home = tempFolder();
  await runOrx(['mcp', 'add', 'old', '--url', `${old.origin}/sse`, '--header', 'Authorization: Bearer t'], { home });
  const tested = await runOrx(['mcp', 'test', 'old'], { home });
  expect(tested).toMatchObject({ code: 8, stderr: expect.stringContaining('supports only the old HTTP+SSE transport') });
  expect(tested.stderr).toContain(`npx -y mcp-remote ${old.origin}/sse`);
  const other = await startApiServer((_, response) => void response.writeHead(404).end());
  await runOrx(['mcp', 'add', 'other', '--url', `${other.origin}/mcp`], { home });
  expect((await runOrx(['mcp', 'test', 'other'], { home })).stderr).toContain('cannot connect to the MCP server other');
});

test('an old server that answers any method with its event stream is recognized by that answer', async () => {
  const old = await startApiServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('event: endpoint\r\ndata: /messages?session=1\r\n\r\n');
  });
  const home = tempFolder();
  await runOrx(['mcp', 'add', 'old', '--url', `${old.origin}/sse`], { home });
  // Without an answer orx would wait for the whole limit, which is longer than this test may take.
  const tested = await runOrx(['mcp', 'test', 'old', '--tool-timeout', '600'], { home });
  expect(tested).toMatchObject({ code: 8, stderr: expect.stringContaining('supports only the old HTTP+SSE transport') });
});

describe('orx ends immediately', () => {
  test('when a server has left a process behind that keeps its outputs open', async () => {
    const home = tempFolder();
    const leaves = join(home, 'left');
    await addScriptedServer(home, worker, {
      pages: { '': { tools: [{ name: 'a', inputSchema: ANY }] } },
      results: { a: '{"content":[]}' },
      leaves,
    });
    onTestFinished(() => void process.kill(Number(readFileSync(leaves, 'utf8')), 'SIGKILL'));
    const api = await startToolApi([[{ name: 'odd__a', arguments: {} }]]);
    expect(await chat(home, api.url, '--allow-tool', 'odd:a')).toMatchObject({ code: 0 });
  });

  test('when a server ends neither when its input closes nor on SIGTERM', async () => {
    const home = tempFolder();
    await addScriptedServer(home, worker, { pages: { '': { tools: [] } }, staysOn: true });
    expect(await runOrx(['mcp', 'test', 'odd'], { home })).toMatchObject({ code: 0 });
  });
});
