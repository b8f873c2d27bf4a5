import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sendPieces } from '../../support/api-server.ts';
import { harmIn, HOSTILE, HOSTILE_WORD } from '../../support/hostile/text.ts';
import {
  type MessageHandler,
  messageEnd,
  messageError,
  messageStart,
  messageText,
  refuseMessage,
  sayMessage,
  startMessagesServer,
  VENDOR_KEY,
} from '../../support/messages-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { runInTerminal } from '../../support/terminal-host.ts';

const MODEL = 'anthropic:claude-sonnet-4-6';

describe('text from a vendor cannot control the terminal', () => {
  test.each<[string, string, MessageHandler]>([
    ['a refusal', MODEL, refuseMessage(400, HOSTILE, HOSTILE)],
    [
      'an error in a stream',
      MODEL,
      (_, response) => sendPieces(response, [messageStart(HOSTILE), messageError(HOSTILE, HOSTILE)]),
    ],
    [
      'an error in an answer',
      MODEL,
      (_, response, model) =>
        sendPieces(response, [messageStart(model), messageText(HOSTILE), messageError('overloaded_error', HOSTILE)]),
    ],
    [
      'an answer and the name of who gives it',
      MODEL,
      (_, response) => sendPieces(response, [messageStart(HOSTILE), messageText(HOSTILE), messageEnd()]),
    ],
    ['a model that is named so', `anthropic:${HOSTILE_WORD}`, sayMessage('A direct answer.')],
    ['a vendor that is named so', `${HOSTILE_WORD}:model`, sayMessage('A direct answer.')],
  ])('%s', async (_name, model, handler) => {
    const server = await startMessagesServer(handler);
    const home = tempFolder();
    for (const args of [
      ['chat', 'hi', '-m', model],
      ['chat', 'hi', '-m', model, '--json'],
      ['compare', 'hi', '-m', `${MODEL},test/model`],
      ['usage', '--json'],
      ['history', 'list', '--static'],
    ]) {
      // Without a history, a comparison does not wait for a key at its end.
      const env = args[0] === 'compare' ? { ...server.env, ORX_HISTORY: 'false' } : server.env;
      const { bytes } = await runInTerminal(160, { args, home, env });
      expect(bytes.length).toBeGreaterThan(0);
      expect(harmIn(bytes)).toBeUndefined();
    }
  });
});

describe('the key of a vendor', () => {
  /** Returns the bytes of every file below a folder. */
  const filesIn = (folder: string): [string, Buffer][] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, readFileSync(path)]);

  /** A vendor that repeats what it receives, wherever it can. */
  const repeating: Readonly<Record<string, MessageHandler>> = {
    'in a refusal': ({ headers }, response, model) =>
      refuseMessage(401, 'authentication_error', `not ${String(headers['x-api-key'])}`, {
        'request-id': String(headers['x-api-key']),
      })({ headers } as never, response, model),
    'in an error of a stream': ({ headers }, response, model) =>
      sendPieces(response, [
        messageStart(model),
        messageText('Half of'),
        messageError('api_error', `not ${String(headers['x-api-key'])}`),
      ]),
    nowhere: sayMessage('A direct answer.'),
  };

  test.each(Object.keys(repeating))('is in no output and no file if the vendor repeats it %s', async (where) => {
    const server = await startMessagesServer(repeating[where]!);
    const home = tempFolder();
    for (const args of [
      ['chat', 'hi', '-m', MODEL],
      ['chat', 'hi', '-m', MODEL, '--json'],
      ['chat', 'hi', '-m', MODEL, '-o', 'stream-json'],
      ['--verbose', 'chat', 'hi', '-m', MODEL, '-u'],
      ['chat', 'hi', '-m', MODEL, '--dry-run'],
      ['compare', 'hi', '-m', `${MODEL},test/model`, '--json'],
      ['models', '--vendor', 'anthropic'],
      ['vendors', 'list', '--json'],
      ['vendors', 'test', 'anthropic', '--json'],
      ['ledger', 'export'],
      ['history', 'list'],
    ]) {
      const { code, stdout, stderr } = await runOrx(args, { home, env: server.env });
      expect(code).not.toBe(2);
      expect(stdout + stderr).not.toContain(VENDOR_KEY);
    }
    expect(server.requests.filter(({ headers }) => headers['x-api-key'] === VENDOR_KEY).length).toBeGreaterThan(5);
    const files = filesIn(home);
    expect(files.map(([path]) => path.slice(home.length + 1)).join(' ')).toMatch(/cache\/.*data\/.*ledger\.db/);
    expect(files.filter(([, bytes]) => bytes.includes(VENDOR_KEY)).map(([path]) => path)).toEqual([]);
  });

  test('goes to no other host', async () => {
    const server = await startMessagesServer(sayMessage('A direct answer.'));
    await runOrx(['compare', 'hi', '-m', `${MODEL},test/model`], { env: server.env });
    const others = server.requests.filter(({ url }) => !url.startsWith('/v1/'));
    expect(others.length).toBeGreaterThan(0);
    expect(others.filter(({ headers, body }) => (JSON.stringify(headers) + body).includes(VENDOR_KEY))).toEqual([]);
    expect(server.messages().every(({ headers }) => !JSON.stringify(headers).includes('sk-or-v1'))).toBe(true);
  });
});
