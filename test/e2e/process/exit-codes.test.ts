import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXIT_CODES } from '../../../src/cli/exit-codes.ts';
import type { ErrorKind } from '../../../src/errors.ts';
import { startApiServer } from '../../support/api-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const FAST = { ORX_SANDBOX_SPEED: '100000' };
const sandbox = (model: string, ...flags: string[]): string[] => [
  '--sandbox',
  'chat',
  '-m',
  model,
  '--retries',
  '0',
  ...flags,
  'hi',
];

/** One failure of each kind, as it is shown. */
const SHOWN: Readonly<Partial<Record<ErrorKind, readonly [args: string[], text: string]>>> = {
  authentication: [
    ['chat', 'hi'],
    'error: no API key\n' +
      'hint: set OPENROUTER_API_KEY, or log in: orx auth login\n' +
      'hint: use a vendor with its own key: orx vendors list\n' +
      'hint: try orx without a key: orx chat --sandbox "hello"\n',
  ],
  credits: [
    sandbox('sandbox/no-credits'),
    'error: not enough credits for this request\n' +
      '  This request requires more credits, or fewer max_tokens. You requested up to 16384 tokens, but can only afford 12.\n' +
      'hint: request what the balance can pay for: --max-tokens 12\n',
  ],
  'rate-limit': [
    sandbox('sandbox/rate-limit'),
    'error: too many requests to Sandbox\n' +
      '  sandbox/rate-limit is rate limited. Please retry shortly.\n' +
      '  the server asks to wait 1 s\n' +
      'hint: wait, or add a fallback model: --fallback MODEL\n',
  ],
  'no-endpoint': [
    sandbox('sandbox/moderated'),
    'error: the prompt was blocked by moderation\n' +
      '  Sandbox: sandbox/moderated requires moderation on Sandbox. Your input was flagged for "simulated". No credits were charged.\n' +
      'hint: the prompt was flagged for: simulated\n' +
      'hint: rephrase the prompt, or use another model: -m MODEL\n',
  ],
  provider: [
    sandbox('sandbox/always-down'),
    'error: Sandbox: connection refused (simulated)\nhint: try again, or add a fallback model: --fallback MODEL\n',
  ],
  network: [
    ['chat', '--base-url', 'http://127.0.0.1:1/api/v1', '--retries', '0', 'hi'],
    'error: 127.0.0.1:1 refused the connection\n' +
      'hint: check the network connection, the base URL and the proxy: orx config list\n',
  ],
  'model-mismatch': [
    sandbox('sandbox/substitute', '-q', '--strict-model'),
    'error: openai/gpt-4o-mini answered, not sandbox/substitute\n' +
      'hint: accept other models: orx config set strict-model false\n',
  ],
};

/** No request was sent: there is no result that the error could be part of. */
const WITHOUT_OBJECT: ReadonlySet<string> = new Set(['authentication']);

const env = (kind: string): Record<string, string> => (kind === 'network' ? { ...FAST, OPENROUTER_API_KEY: 'k' } : FAST);

const runJson = (kind: string, args: readonly string[]) =>
  runOrx([...args.slice(0, -1), '--json', args.at(-1)!], { env: env(kind) });

describe('a failure of each kind, with its exit code', { timeout: 60_000 }, () => {
  test.each(Object.entries(SHOWN))('%s as text', async (kind, [args, text]) => {
    const { code, stderr } = await runOrx(args, { env: env(kind) });
    expect([code, stderr]).toEqual([EXIT_CODES[kind as ErrorKind], text]);
  });

  const withObject = Object.entries(SHOWN).filter(([kind]) => !WITHOUT_OBJECT.has(kind));
  test.each(withObject)('%s with --json: the same texts in an object', async (kind, [args, text]) => {
    const { code, stdout, stderr } = await runJson(kind, args);
    expect([code, stderr]).toEqual([EXIT_CODES[kind as ErrorKind], text]);
    const lines = text.trimEnd().split('\n');
    expect(JSON.parse(stdout)).toMatchObject({
      error: {
        kind,
        message: expect.stringContaining(lines[0]!.replace('error: ', '')) as string,
        hints: lines.filter((line) => line.startsWith('hint: ')).map((line) => line.replace('hint: ', '')),
      },
    });
  });

  const withoutObject = Object.entries(SHOWN).filter(([kind]) => WITHOUT_OBJECT.has(kind));
  test.each(withoutObject)('%s with --json: only on standard error', async (kind, [args, text]) => {
    const { code, stdout, stderr } = await runJson(kind, args);
    expect([code, stderr]).toEqual([EXIT_CODES[kind as ErrorKind], text]);
    expect(stdout).not.toContain('"error"');
  });

  test('usage, which is reported before there is a result', async () => {
    const { code, stdout, stderr } = await runOrx(['chat', '--json', '--effort', 'lots', 'hi'], { env: FAST });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: effort must be one of .*, not "lots" \(flag --effort\)\nhint: did you mean low\?\n$/);
  });

  test('unexpected: a file that cannot be written', async () => {
    const home = tempFolder();
    mkdirSync(join(home, 'config.json'));
    const { code, stdout, stderr } = await runOrx(['config', 'set', 'model', 'a/b'], { home });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^error: cannot (read|write) the settings file .*config\.json \(it is a folder\)\nhint: .*ORX_HOME=FOLDER\n/,
    );
  });

  test('interrupted: only the exit code reports it', async () => {
    let stop = (): void => undefined;
    const server = await startApiServer(() => stop());
    const { code, stdout, stderr } = await runOrx(['chat', '-m', 'a/b', 'hi'], {
      env: { OPENROUTER_API_KEY: 'k', OPENROUTER_BASE_URL: server.url },
      onStart: (child) => void (stop = () => void child.kill('SIGINT')),
    });
    expect([code, stdout, stderr]).toEqual([130, '', '']);
  });
});
