import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerPieces, type ApiServer, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const LATIN1 = Buffer.from('a caf\xe9, na\xefve', 'latin1');
const MARK = '\ufeff';

const api = (): Promise<ApiServer> =>
  startApiServer((request, response) =>
    request.method === 'GET' ? sendJson(response, 404, {}) : sendPieces(response, answerPieces(['{"city":"Oslo"}'])),
  );

const envOf = (server: ApiServer): Record<string, string> => ({
  OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef',
  OPENROUTER_BASE_URL: server.url,
  ORX_MODEL: 'test/model',
});

describe('standard input that is not UTF-8', () => {
  test.each<[string, readonly string[]]>([
    ['chat', ['chat', 'what is this?']],
    ['chat -f -', ['chat', '-f', '-', 'what is this?']],
    ['compare', ['compare', 'which?', '-m', 'a/b', '-m', 'c/d']],
    ['price', ['price', 'a/b', '-']],
    ['templates add', ['templates', 'add', 'mine']],
    ['ledger import', ['ledger', 'import', '-']],
  ])('%s fails with the encoding and the conversion, and sends nothing', async (_name, args) => {
    const server = await api();
    const { code, stdout, stderr } = await runOrx(args, { env: envOf(server), stdin: LATIN1 });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('standard input is not UTF-8 text (line 1) but looks like Windows-1252');
    expect(stderr).toContain('iconv -f WINDOWS-1252 -t UTF-8');
    expect(server.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  test('PowerShell output and images are named as such', async () => {
    const run = (stdin: Buffer): Promise<RunResult> => runOrx(['--sandbox', 'chat', 'x'], { stdin });
    expect((await run(Buffer.from('\ufeffhello', 'utf16le'))).stderr).toContain('looks like UTF-16');
    expect((await run(Buffer.from('\x89PNG\r\n\x1a\n\0\0\0', 'latin1'))).stderr).toContain('is image/png');
  });
});

describe('a byte order mark', () => {
  test('is removed from every part of a request', async () => {
    const server = await api();
    const home = tempFolder();
    mkdirSync(join(home, 'templates'));
    const write = (name: string, text: string): void => writeFileSync(join(home, name), MARK + text);
    write('templates/ask.md', '---\nsystem: Be brief.\n---\nWhere? {{input}}');
    write('templates/plain.md', 'Where? {{input}}');
    write('config.json', '{"model":"test/model"}');
    write('schema.json', '{"type":"object","properties":{"city":{"type":"string"}}}');
    write('notes.txt', 'some notes');
    write('mcp.json', '{}');
    const env = { ...envOf(server), ORX_MODEL: '' };
    const asked = (args: readonly string[]): Promise<RunResult> =>
      runOrx(['chat', ...args], { home, env, stdin: `${MARK}piped` });
    expect(await asked(['-t', 'ask', '--schema', 'schema.json', '-f', 'notes.txt'])).toMatchObject({ code: 0, stderr: '' });
    expect(await asked(['-t', 'plain'])).toMatchObject({ code: 0, stderr: '' });
    const [first, second] = server.requests.map((request) => request.json());
    expect(first).toMatchObject({ model: 'test/model', response_format: { json_schema: { schema: { type: 'object' } } } });
    expect(JSON.stringify([first.messages, second.messages])).not.toContain(MARK);
    expect(first.messages[0]).toEqual({ role: 'system', content: 'Be brief.' });
    expect(second.messages[0].content).toMatch(/^Where\? piped/);
    expect(await runOrx(['mcp', 'list'], { home })).toMatchObject({ code: 0 });
  });

  test('does not hide the first line of an import, or a saved catalogue', async () => {
    const home = tempFolder();
    await runOrx(['--sandbox', 'chat', 'hello'], { home });
    const { stdout } = await runOrx(['--sandbox', 'ledger', 'export'], { home });
    const imported = await runOrx(['ledger', 'import'], { stdin: MARK + stdout });
    expect(imported).toMatchObject({ code: 0, stderr: '1 added, 0 known already\n' });
    const models = [{ id: 'a/b', name: 'B', created: 1, context_length: 1, pricing: { prompt: '0', completion: '0' } }];
    writeFileSync(join(home, 'saved.json'), MARK + JSON.stringify({ data: models }));
    expect(await runOrx(['models', 'diff', 'saved.json', 'saved.json'], { home })).toMatchObject({ code: 0 });
  });
});

test('settings in another encoding are neither used nor overwritten', async () => {
  const home = tempFolder();
  const path = join(home, 'config.json');
  const content = Buffer.from('{"system":"Soyez pr\xe9cis"}', 'latin1');
  writeFileSync(path, content);
  for (const args of [
    ['--sandbox', 'chat', 'x'],
    ['config', 'set', 'model', 'a/b'],
  ]) {
    const { code, stderr } = await runOrx(args, { home });
    expect(code).toBe(2);
    expect(stderr).toContain(`the settings file ${path} is not UTF-8 text`);
  }
  expect(readFileSync(path)).toEqual(content);
});

test('an unreadable template is listed with the reason, next to the others', async () => {
  const home = tempFolder();
  mkdirSync(join(home, 'templates'));
  writeFileSync(join(home, 'templates', 'bad.md'), LATIN1);
  writeFileSync(join(home, 'templates', 'good.md'), 'fine');
  const { code, stdout } = await runOrx(['templates', 'list', '--json'], { home });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject([
    { name: 'bad', error: /is not UTF-8 text/ },
    { name: 'good', prompt: 'fine' },
  ]);
});

test('a file that an editor saved in another encoding is not sent and not lost', async () => {
  const home = tempFolder();
  const editor = join(home, 'editor.sh');
  writeFileSync(
    editor,
    String.raw`#!/bin/sh
printf 'caf\351' > "$1"
`,
  );
  chmodSync(editor, 0o755);
  const { code, stderr } = await runOrx(['--sandbox', 'chat', '--editor'], { home, env: { EDITOR: editor } });
  expect(code).toBe(2);
  const [, path = ''] = /the text from the editor \((.+?)\)/.exec(stderr) ?? [];
  expect(existsSync(path)).toBe(true);
  expect(readFileSync(path, 'latin1')).toBe('caf\xe9');
});
