import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chunk, sendPieces, startApiServer } from '../../support/api-server.ts';
import { bundleWorker } from '../../support/bundle-worker.ts';
import { runOrx } from '../../support/run-orx.ts';
import { addScriptedServer } from '../../support/scripted-mcp.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';
import { asked, startToolApi } from '../../support/tool-api.ts';

const KEY = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef' };
const NUMBERS = '9007199254740993, 1e400, 0.1000000000000000055, -0, 123456789012345678901234567890';
const ARGUMENTS = `{"id": -9223372036854775807, "list": [${NUMBERS}], "text": "1e400"}`;
const PLAIN = ARGUMENTS.replaceAll(' ', '');
const SCHEMA = { type: 'object', properties: { id: { type: 'integer' }, list: { type: 'array', items: { type: 'number' } } } };
const COMMANDS = `
tools:
  say:
    description: Says numbers.
    parameters: { type: object, properties: { id: { type: integer }, list: { type: array, items: { type: number } }, text: { type: string } } }
    command: [/usr/bin/printf, '%s|', '{{id}}', '{{list}}', '{{text}}']
`;

let worker = '';
const folder = mkdtempSync(join(tmpdir(), 'orx-test-'));
beforeAll(async () => void (worker = await bundleWorker('scripted-mcp-worker', folder)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('numbers reach an MCP server as the model wrote them, and come back as the server wrote them', async () => {
  const home = tempFolder();
  const result = `{"content":[],"structuredContent":{"rows":[${NUMBERS}],"half":0.50}}`;
  const server = await addScriptedServer(home, worker, {
    pages: { '': { tools: [{ name: 'find', inputSchema: SCHEMA }] } },
    results: { find: result },
  });
  const api = await startToolApi([[{ name: 'odd__find', arguments: ARGUMENTS }]]);
  const run = await runOrx(['chat', '--base-url', api.url, '--mcp', 'odd', '--allow-tool', 'odd:*', '--json', 'x'], {
    home,
    env: KEY,
  });
  expect(run).toMatchObject({ code: 0 });
  expect(server.lines().at(-1)).toContain(`"arguments":${PLAIN}`);
  expect(run.stderr).toContain(ARGUMENTS.slice(1, 30));
  const [, assistant, told] = asked(api)[1].messages;
  expect(assistant.tool_calls[0].function.arguments).toBe(ARGUMENTS);
  const text = `{"rows":[${NUMBERS.replaceAll(' ', '')}],"half":0.5}`;
  expect(told.content).toBe(text);
  expect(JSON.parse(run.stdout).steps[0].tool_results[0]).toMatchObject({ arguments: ARGUMENTS, content: text });
  const shown = await runOrx(['history', 'show', JSON.parse(run.stdout).session_id, '--json'], { home });
  expect(shown.stdout).toContain(JSON.stringify(ARGUMENTS));
  expect(shown.stdout).toContain(JSON.stringify(text));
});

test.each(['application/json', 'text/event-stream'])(
  'numbers stay exact with a server over HTTP that answers with %s',
  async (type) => {
    const home = tempFolder();
    const bodies: string[] = [];
    const server = await startApiServer((request, response) => {
      if (request.method !== 'POST') return void response.writeHead(405).end();
      bodies.push(request.body);
      const { id, method } = request.json();
      if (id === undefined) return void response.writeHead(202).end();
      const results: Record<string, string> = {
        initialize: '{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"}}',
        'tools/list': `{"tools":[{"name":"find","inputSchema":${JSON.stringify(SCHEMA)}}]}`,
        'tools/call': `{"content":[],"structuredContent":{"rows":[${NUMBERS}]}}`,
      };
      const body = `{"jsonrpc":"2.0","id":${id},"result":${results[method]}}`;
      response.writeHead(200, { 'content-type': type }).end(type.includes('json') ? body : `event: message\ndata: ${body}\n\n`);
    });
    await runOrx(['mcp', 'add', 'web', '--url', `${server.origin}/mcp`], { home });
    const api = await startToolApi([[{ name: 'web__find', arguments: ARGUMENTS }]]);
    const run = await runOrx(['chat', '--base-url', api.url, '--mcp', 'web', '--allow-tool', 'web:*', 'x'], { home, env: KEY });
    expect(run).toMatchObject({ code: 0 });
    expect(bodies.at(-1)).toContain(`"arguments":${PLAIN}`);
    expect(asked(api)[1].messages.at(-1).content).toBe(`{"rows":[${NUMBERS.replaceAll(' ', '')}]}`);
  },
);

test('a command receives numbers as they were written, and the confirmation shows them so', async () => {
  const home = tempFolder();
  writeFileSync(join(home, 'tools.yaml'), COMMANDS);
  const api = await startToolApi([[{ name: 'say', arguments: ARGUMENTS }]]);
  const terminal = openTerminal(['chat', '--base-url', api.url, '--tool', 'say', 'x'], { home, env: KEY, columns: 160 });
  await terminal.waitFor('say: y once');
  const screen = (await terminal.everything()).join('\n');
  expect(screen).toContain('"id": -9223372036854775807,');
  for (const number of NUMBERS.split(', ')) expect(screen).toMatch(new RegExp(`^ +${number.replaceAll('.', '\\.')},?$`, 'm'));
  expect(screen).toContain(`runs: /usr/bin/printf '%s|' -9223372036854775807 ${NUMBERS.replaceAll(',', '')} 1e400`);
  terminal.type('y');
  expect(await terminal.exit).toBe(0);
  expect(asked(api)[1].messages.at(-1).content).toBe(`-9223372036854775807|${NUMBERS.replaceAll(', ', '|')}|1e400|`);
});

test('arguments sent as an object keep their numbers', async () => {
  const home = tempFolder();
  writeFileSync(join(home, 'tools.yaml'), COMMANDS);
  let round = 0;
  const call = { index: 0, id: 'a', type: 'function', function: { name: 'say', arguments: '@' } };
  const api = await startApiServer((_, response) => {
    round += 1;
    if (round > 1) return sendPieces(response, [chunk({ content: 'done' }, {}, { finish_reason: 'stop' }), 'data: [DONE]\n\n']);
    const piece = chunk({ tool_calls: [call] }).replace('"@"', ARGUMENTS);
    return sendPieces(response, [piece, chunk({}, {}, { finish_reason: 'tool_calls' }), 'data: [DONE]\n\n']);
  });
  await runOrx(['chat', '--base-url', api.url, '--tool', 'say', '--allow-tool', 'say', 'x'], { home, env: KEY });
  const [, assistant, told] = asked(api)[1].messages;
  expect(assistant.tool_calls[0].function.arguments).toBe(PLAIN);
  expect(told.content).toContain(`-9223372036854775807|${NUMBERS.split(', ')[0]}|`);
});
