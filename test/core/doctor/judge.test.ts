import { describe, expect, test } from 'vitest';
import { fileChecks, type StoredFileFacts } from '../../../src/core/doctor/judge-files.ts';
import { nodeCheck } from '../../../src/core/doctor/judge-machine.ts';
import { clockCheck } from '../../../src/core/doctor/judge-reply.ts';
import { type ScreenFacts, terminalChecks } from '../../../src/core/doctor/judge-terminal.ts';

test.each([
  ['20.18.0', 'ok'],
  ['20.20.2', 'ok'],
  ['24.0.0', 'ok'],
  ['20.9.1', 'failed'],
  ['18.99.0', 'failed'],
])('Node %s is %s', (version, status) => {
  expect(nodeCheck(version, '20.18.0').status).toBe(status);
});

describe('the clock', () => {
  const AT = Date.UTC(2026, 10, 5, 12);
  const reply = (at: number, date?: string) => ({ status: 200, firstByteMs: 5, at, headers: date === undefined ? {} : { date } });
  test.each([
    [0, 'ok', 'agrees with the server'],
    [9000, 'ok', 'agrees with the server'],
    [-9000, 'ok', 'agrees with the server'],
    [60_000, 'warning', '60 s ahead of the server'],
    [-200_000, 'warning', '3 min behind the server'],
    [3 * 86_400_000, 'failed', '3 d ahead of the server'],
  ])('%i ms ahead is %s', (ahead, status, message) => {
    const check = clockCheck(reply(AT + ahead, new Date(AT).toUTCString()), 'linux');
    expect([check.status, check.message]).toEqual([status, message]);
  });

  test.each([
    ['linux', 'sudo timedatectl set-ntp true'],
    ['darwin', 'sudo sntp -sS time.apple.com'],
    ['win32', 'w32tm /resync'],
  ] as const)('the fix on %s', (platform, command) => {
    expect(clockCheck(reply(AT + 999_999, new Date(AT).toUTCString()), platform).fixes).toEqual([`set the clock: ${command}`]);
  });

  test.each([undefined, 'yesterday'])('a server that states %s', (date) => {
    expect(clockCheck(reply(AT, date), 'linux').status).toBe('skipped');
  });
});

describe('files', () => {
  const file = (path: string, more: Partial<StoredFileFacts> = {}): StoredFileFacts => ({
    path,
    mode: 0o600,
    isReadable: true,
    isWritable: true,
    holdsKey: false,
    ...more,
  });
  const checked = (files: readonly StoredFileFacts[], holds: 'settings' | 'data' | 'cache' = 'settings') =>
    fileChecks([{ path: '/o', holds, problem: undefined, files }]).map(({ status, fixes }) => [status, fixes[0]]);

  test('a path with spaces and quotes is one word of the command', () => {
    expect(checked([file("/o/it's", { holdsKey: true, mode: 0o604 })])).toEqual([
      ['failed', String.raw`make it private: chmod go= '/o/it'\''s'`],
    ]);
  });

  test('public files of a kind that may be public are not reported', () => {
    expect(checked([file('/o/template.md', { mode: 0o664 })])).toEqual([['ok', undefined]]);
    expect(checked([file('/o/catalogue-1', { mode: 0o644 })], 'cache')).toEqual([['ok', undefined]]);
    expect(checked([file('/o/ledger.db', { mode: undefined })], 'data')).toEqual([['ok', undefined]]);
  });

  test('a file of another user', () => {
    expect(checked([file('/o/a', { isWritable: false }), file('/o/b', { isReadable: false })])).toEqual([
      ['failed', 'make it yours: sudo chown "$(id -un)" /o/a /o/b && chmod u+rw /o/a /o/b'],
    ]);
  });
});

describe('the terminal', () => {
  const facts = (more: Partial<ScreenFacts> = {}): ScreenFacts => ({
    isTerminal: true,
    columns: 80,
    hasColor: true,
    images: 'kitty',
    clipboard: 'wl-copy',
    platform: 'linux',
    env: { LANG: 'de_DE.UTF-8' },
    ...more,
  });
  const notOk = (more: Partial<ScreenFacts>): string[] =>
    terminalChecks(facts(more)).flatMap(({ name, status }) => (status === 'ok' ? [] : [`${status} ${name}`]));

  test.each<[string, Partial<ScreenFacts>, string[]]>([
    ['a good one', {}, []],
    ['dumb', { hasColor: false, env: { TERM: 'dumb', LANG: 'C.UTF-8' } }, ['warning colors']],
    ['without color by choice', { hasColor: false, env: { NO_COLOR: '1', LANG: 'C.UTF-8' } }, []],
    ['narrow', { columns: 40 }, ['warning width']],
    ['of unknown width', { columns: 0 }, ['warning width']],
    ['without a locale', { env: {} }, ['warning unicode']],
    ['with LC_ALL=C over UTF-8', { env: { LC_ALL: 'C', LANG: 'C.UTF-8' } }, ['warning unicode']],
    ['without a locale on macOS', { env: {}, platform: 'darwin' }, []],
    ['without images', { images: undefined, env: { LANG: 'C.UTF-8', TMUX: '1' } }, []],
    ['without a clipboard', { clipboard: undefined }, ['warning clipboard']],
  ])('%s', (_, more, found) => {
    expect(notOk(more)).toEqual(found);
    for (const { status, fixes } of terminalChecks(facts(more))) expect(fixes.length > 0).toBe(status === 'warning');
  });

  test('a pipe has nothing to check', () => {
    expect(terminalChecks(facts({ isTerminal: false, clipboard: undefined })).every(({ status }) => status === 'skipped')).toBe(
      true,
    );
  });
});
