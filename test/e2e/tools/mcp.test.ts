import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { bundleWorker } from '../../support/bundle-worker.ts';
import { answerMcp } from '../../support/mcp-tools.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';
import { asked, REASONING, startToolApi, type ScriptedCall } from '../../support/tool-api.ts';

const FORECAST: ScriptedCall = { name: 'weather__forecast', arguments: { city: 'Bergen' } };
const HEAT: ScriptedCall = { name: 'weather__heat', arguments: { city: 'Oslo\u202e' } };
const KEY = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef', SECRET: 'no' };

let worker = '';
const folder = mkdtempSync(join(tmpdir(), 'orx-test-'));
beforeAll(async () => void (worker = await bundleWorker('mcp-stdio-worker', folder)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function homeWithServer(description = 'The weather of a city.', more: readonly string[] = []): Promise<string> {
  const home = tempFolder();
  await addServer(home, description, more);
  return home;
}

async function addServer(home: string, description: string, more: readonly string[] = []): Promise<void> {
  const command = [process.execPath, worker, join(home, 'environment'), description];
  const { code, stderr } = await runOrx(['mcp', 'add', 'weather', ...more, '--', ...command], { home });
  expect({ code, stderr }).toMatchObject({ code: 0 });
}

const ask = (home: string, url: string, ...flags: string[]) =>
  runOrx(['chat', '--base-url', url, '-m', 'test/model', ...flags, 'weather?'], { home, env: KEY });

test('a server is added privately, listed, tested, not added twice, and removed', async () => {
  const home = await homeWithServer();
  expect(statSync(join(home, 'mcp.json')).mode & 0o777).toBe(0o600);
  expect((await runOrx(['mcp', 'add', 'weather', '--url', 'https://x.example/mcp'], { home })).code).toBe(2);
  expect(JSON.parse((await runOrx(['mcp', 'list', '--json'], { home })).stdout)).toMatchObject([
    { name: 'weather', type: 'stdio' },
  ]);
  const tested = await runOrx(['mcp', 'test', 'weather'], { home });
  expect(tested.stdout).toContain('weather:forecast');
  expect(tested.stdout).not.toContain('\u001b');
  expect(tested.stderr).toMatch(/weather-server answered in [\d.]+ s with 3 tools/);
  expect(tested.stderr).toContain('skipped: fore<U+200B>cast (its name is not plain)');
  expect((await runOrx(['mcp', 'remove', 'weather'], { home })).code).toBe(0);
  expect((await runOrx(['mcp', 'test', 'weather'], { home })).code).toBe(2);
});

test("an allowed tool runs in a pipe; the model's message is sent back unchanged; steps are summed and recorded separately", async () => {
  const home = await homeWithServer();
  const api = await startToolApi([[FORECAST, { name: 'weather__forecast', arguments: { city: 'Rome' }, id: 'call_0' }]]);
  const run = await ask(home, api.url, '--mcp', 'weather', '--allow-tool', 'weather:*', '--json');
  expect(run).toMatchObject({ code: 0 });
  const [first, second] = asked(api);
  expect(first.tools.map((tool: any) => tool.function.name)).toEqual(['weather__forecast', 'weather__heat', 'weather__sleep']);
  expect(second.tools).toEqual(first.tools);
  const [, assistant, ...results] = second.messages;
  expect(assistant.reasoning_details).toEqual(REASONING);
  expect(assistant.tool_calls.map((call: any) => call.function.arguments)).toEqual(['{"city":"Bergen"}', '{"city":"Rome"}']);
  expect(results.map((message: any) => message.content)).toEqual(['rain in Bergen', 'rain in Rome']);
  expect(results.map((message: any) => message.tool_call_id)).toEqual(assistant.tool_calls.map((call: any) => call.id));
  expect(new Set(assistant.tool_calls.map((call: any) => call.id)).size).toBe(2);
  const json = JSON.parse(run.stdout);
  expect(json).toMatchObject({ content: 'It rains.', cost: '0.002', usage: { prompt_tokens: 1304 } });
  expect(json.steps[0].tool_results).toMatchObject([{ tool: 'weather:forecast', state: 'done', content: 'rain in Bergen' }, {}]);
  const { stdout } = await runOrx(['ledger', 'export'], { home });
  const entries = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(entries.map((entry: any) => entry.cost)).toEqual(['0.001', '0.001']);
  // The server receives neither the key nor any other variable that was not named.
  const environment = JSON.parse(readFileSync(join(home, 'environment'), 'utf8'));
  expect(Object.keys(environment).filter((name) => !['PATH', 'HOME', 'LANG', 'TERM'].includes(name))).toEqual([]);
});

test('in a pipe a tool that is not allowed by name does not run: the model is told, and standard error reports it', async () => {
  const home = await homeWithServer();
  const api = await startToolApi([[HEAT]]);
  const run = await ask(home, api.url, '--mcp', 'weather', '--allow-tool', 'weather:forecast');
  expect(run).toMatchObject({ code: 0, stdout: 'Let me see.\nIt rains.\n' });
  expect(run.stderr).toContain('allow it with: --allow-tool weather:heat');
  expect(asked(api).at(-1).messages.at(-1)).toMatchObject({ role: 'tool', content: expect.stringContaining('not run') });
});

test('--read-only omits tools that are not declared read-only', async () => {
  const home = await homeWithServer();
  const api = await startToolApi([[HEAT]]);
  const run = await ask(home, api.url, '--mcp', 'weather', '--read-only', '--allow-tool', 'weather:*');
  const bodies = asked(api);
  expect(bodies[0].tools).toHaveLength(1);
  expect(bodies[1].messages.at(-1).content).toContain('there is no tool');
  expect(run.stderr).toContain('2 tools do not declare themselves read-only');
});

test('a tool with a changed description is omitted in a pipe, allowed or not, until the user agrees to it', async () => {
  const home = await homeWithServer();
  const api = await startToolApi([]);
  await ask(home, api.url, '--mcp', 'weather');
  // As after an update of the server: the command is the same, the text is different.
  const file = join(home, 'mcp.json');
  const stored = JSON.parse(readFileSync(file, 'utf8'));
  stored.weather.seen['weather:forecast'] = 'another';
  writeFileSync(file, JSON.stringify(stored));
  const run = await ask(home, api.url, '--mcp', 'weather', '--allow-tool', 'weather:*');
  expect(run.stderr).toContain('weather:forecast is new or has changed and is left out');
  expect(asked(api).at(-1).tools).toHaveLength(2);
  await runOrx(['mcp', 'test', 'weather', '--agree'], { home });
  await ask(home, api.url, '--tool', 'weather:fore*');
  expect(asked(api).at(-1).tools).toHaveLength(1);
  stored.weather.server.command = ['/bin/false'];
  writeFileSync(file, JSON.stringify(stored));
  const refused = await ask(home, api.url, '--mcp', 'weather');
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('was changed in') });
});

test('a timeout is a result, rounds are limited, and Ctrl-C ends a running tool', async () => {
  const home = await homeWithServer();
  const sleep: ScriptedCall = { name: 'weather__sleep', arguments: {} };
  const slow = await startToolApi([[sleep]]);
  await ask(home, slow.url, '--tool', 'weather:sleep', '--allow-tool', 'weather:sleep', '--tool-timeout', '1.5');
  expect(asked(slow).at(-1).messages.at(-1).content).toMatch(/timed out/i);
  const endless = await startToolApi(Array.from({ length: 9 }, () => [FORECAST]));
  const limited = await ask(home, endless.url, '--mcp', 'weather', '--allow-tool', '*', '--max-steps', '2');
  expect(limited.stderr).toContain('after 2 steps');
  expect(asked(endless).map((body) => body.tool_choice)).toEqual([undefined, undefined, 'none']);
  const stopped = await startToolApi([[sleep]]);
  const run = await runOrx(['chat', '--base-url', stopped.url, '--tool', 'weather:sleep', '--allow-tool', '*', 'x'], {
    home,
    env: KEY,
    onStart: (child) => child.stderr.on('data', (text: Buffer) => text.includes('→') && child.kill('SIGINT')),
  });
  expect(run).toMatchObject({ code: 130, stdout: 'Let me see.\n' });
});

test('a server over HTTP, with a header from the environment', async () => {
  const seen: unknown[] = [];
  const http = createServer((request, response) => {
    seen.push(request.headers.authorization);
    const server = new Server({ name: 'http-weather', version: '1' }, { capabilities: { tools: {} } });
    answerMcp(server, 'The weather.');
    const transport = new StreamableHTTPServerTransport({});
    void server.connect(transport as Transport).then(() => transport.handleRequest(request, response));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => (http.closeAllConnections(), void http.close()));
  const home = tempFolder();
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
  await runOrx(['mcp', 'add', 'weather', '--url', url, '--header', 'Authorization: Bearer ${TOKEN}'], { home });
  expect(await runOrx(['mcp', 'test', 'weather'], { home })).toMatchObject({ code: 2, stderr: expect.stringContaining('TOKEN') });
  expect(readFileSync(join(home, 'mcp.json'), 'utf8')).toContain('${TOKEN}');
  const api = await startToolApi([[FORECAST]]);
  const run = await runOrx(
    ['chat', '--base-url', api.url, '--mcp', 'weather', '--allow-tool', 'weather:forecast', '-o', 'stream-json', 'x'],
    { home, env: { ...KEY, TOKEN: 't0ken' } },
  );
  const lines = run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.find(({ type }) => type === 'tool_result')).toMatchObject({ tool: 'weather:forecast', content: 'rain in Bergen' });
  expect(lines.at(-1)).toMatchObject({ type: 'result', content: 'It rains.' });
  expect(new Set(seen)).toEqual(new Set(['Bearer t0ken']));
  const open = await runOrx(['mcp', 'add', 'far', '--url', 'http://far.example/mcp'], { home });
  expect(open.code).toBe(0);
  expect((await runOrx(['mcp', 'test', 'far'], { home })).stderr).toContain('--allow-http');
});

test('on a terminal a call is shown completely and needs confirmation: once, always, no with a message, stop', async () => {
  const home = await homeWithServer();
  const api = await startToolApi([[HEAT], [HEAT], [FORECAST], [FORECAST], [{ name: 'weather__sleep', arguments: {} }]]);
  const terminal = openTerminal(['chat', '--base-url', api.url, '--mcp', 'weather', 'x'], { home, env: KEY });
  const question = (count: number) => new RegExp(`(?:once · a always[^]*){${count}}`);
  await terminal.waitFor(question(1));
  await terminal.waitFor(/Oslo<U\+202E>|Oslo\\u202e/);
  terminal.type('y');
  await terminal.waitFor(question(2));
  terminal.type('n');
  await terminal.waitFor('a message to the model');
  terminal.type('too warm\r');
  await terminal.waitFor(question(3));
  terminal.type('a');
  await terminal.waitFor('weather:sleep: y once');
  terminal.type('s');
  expect(await terminal.exit).toBe(130);
  expect(terminal.raw()).not.toContain('owned\u0007');
  const results = asked(api)
    .at(-1)
    .messages.filter((message: any) => message.role === 'tool');
  expect(results[1].content).toContain('too warm');
  expect(results.slice(2).map((message: any) => message.content)).toEqual(['rain in Bergen', 'rain in Bergen']);
});

test('in a session a server is started once, however often its tools are offered', async () => {
  const home = await homeWithServer();
  const api = await startToolApi([[FORECAST], []]);
  const terminal = openTerminal(['chat', '--base-url', api.url], { home, env: KEY });
  await terminal.waitFor('/ commands');
  terminal.type('/tools wea');
  await terminal.waitFor('the tools of this server');
  terminal.type('\r');
  await terminal.waitFor('weather:forecast · asks first');
  terminal.type('/tools allow weather:forecast\r');
  await terminal.waitFor('weather:forecast · runs without asking');
  terminal.type('and the weather?\r');
  await terminal.waitFor('← weather:forecast');
  await terminal.waitFor('1 tool call');
  terminal.type('\u0004');
  expect(await terminal.exit).toBe(0);
  expect(readFileSync(join(home, 'environment'), 'utf8').trim().split('\n')).toHaveLength(1);
});
