import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { chunk, startApiServer } from '../../support/api-server.ts';
import { chatEnvironment } from '../../support/chat-terminal.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { TLS_FILES } from '../../support/tls-files.ts';

/** Records the hash of V8's flags, which V8 writes into compiled code, at start and at exit. */
const RECORD_FLAGS = `
const { Script } = require('node:vm');
const fs = require('node:fs');
const { writeFileSync } = fs;
const flagHash = () => new Script('0').createCachedData().subarray(12, 16).toString('hex');
const seen = [flagHash()];
const { writeSync } = fs;
fs.writeSync = (...args) => {
  seen.push(flagHash());
  return writeSync(...args);
};
process.on('exit', () => writeFileSync(process.env.FLAG_FILE, [...seen, flagHash()].join(' ')));
`;

/** Runs orx and returns the hashes at start, at each write, and at exit. */
async function flagsOf(args: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const home = tempFolder();
  for (const [name, text] of Object.entries({ ...files, 'hook.cjs': RECORD_FLAGS })) writeFileSync(join(home, name), text);
  const env = {
    NODE_OPTIONS: `--require ${join(home, 'hook.cjs')}`,
    FLAG_FILE: join(home, 'flags'),
    ORX_SANDBOX_SPEED: '100000',
  };
  const run = await runOrx(['--sandbox', ...args], { home, env });
  expect(run.code).toBe(0);
  return readFileSync(join(home, 'flags'), 'utf8').split(' ');
}

test('the flags of V8 are the same after a chat, so that it accepts the compiled code of Node and of orx', async () => {
  const flags = await flagsOf(['chat', 'hi']);
  expect(flags.at(-1)).toBe(flags[0]);
});

test('they are also the same after a matrix, which has others on Node 20 while its answers come', async () => {
  const prompts = Array.from({ length: 20 }, (_, index) => `question ${index}\n`).join('');
  const flags = await flagsOf(['compare', '--prompts', 'prompts.txt', '-m', 'openai/gpt-4o-mini', '-y'], {
    'prompts.txt': prompts,
  });
  expect(flags.at(-1)).toBe(flags[0]);
  expect(new Set(flags).size).toBe(Number.parseInt(process.versions.node, 10) < 22 ? 2 : 1);
});

describe('a chat connects before it has its prompt', () => {
  test('and sends its request over that connection', async () => {
    const api = await startApiServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`${chunk({ content: 'hello' })}data: [DONE]\n\n`);
    });
    const env = chatEnvironment(api);
    let isConnected = false;
    const run = await runOrx(['chat', 'hi', '-m', 'a/model', '--no-log'], {
      env,
      stdin: 'idle',
      onStart: async (child) => {
        await expect.poll(() => api.connections()).toBe(1);
        isConnected = api.requests.length === 0;
        child.stdin.end('more');
      },
    });
    expect(run).toMatchObject({ code: 0, stdout: 'hello\n' });
    expect(isConnected).toBe(true);
    expect(api.connections()).toBe(1);
  });

  test.each([
    ['--dry-run', ['--dry-run']],
    ['an invalid flag', ['--temperature', 'hot']],
    ['a direct model', ['-m', 'openai:gpt-4o']],
    ['a prompt that may be a mistyped command', []],
  ])('but not with %s', async (name, args) => {
    const api = await startApiServer((_, response) => void response.end());
    const words = name.startsWith('a prompt') ? ['helo'] : ['chat', 'hi'];
    await runOrx([...words, ...args], { env: chatEnvironment(api) });
    expect(api.connections()).toBe(0);
  });

  test('over TLS too', async () => {
    const home = tempFolder();
    const authority = join(home, 'authority.pem');
    writeFileSync(authority, TLS_FILES.certificate);
    const server = createServer({ key: TLS_FILES.privateKey, cert: TLS_FILES.certificate }, (request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`${chunk({ content: 'hello' })}data: [DONE]\n\n`);
    });
    let connections = 0;
    server.on('connection', () => (connections += 1));
    server.listen(0, 'localhost');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const url = `https://localhost:${(server.address() as AddressInfo).port}/api/v1`;
    const env = { OPENROUTER_API_KEY: 'sk-or-v1-test', OPENROUTER_BASE_URL: url };
    const args = ['chat', 'hi', '-m', 'a/model', '--no-log'];
    const run = await runOrx(args, { home, env: { ...env, NODE_EXTRA_CA_CERTS: authority } });
    expect(run).toMatchObject({ code: 0, stdout: 'hello\n' });
    expect(connections).toBe(1);
    const refused = await runOrx(args, { home, env });
    expect(refused.code).toBe(8);
    expect(refused.stderr).toContain('cannot verify the TLS certificate');
  });
});
