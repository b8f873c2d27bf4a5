import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { expect, test } from 'vitest';
import { fakeBrowser, GRANTED_KEY, startAuthSite, type AuthSite } from '../../support/auth-site.ts';
import { readToTheEnd } from '../../support/read-to-the-end.ts';
import { cleanEnvironment, ORX, runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal, type TerminalRun } from '../../support/terminal.ts';

async function login(
  args: string[],
  env: Record<string, string> = {},
  { isAlone = false, ...options }: { refuses?: boolean; isAlone?: boolean } = {},
): Promise<{ site: AuthSite; home: string; terminal: TerminalRun }> {
  const site = await startAuthSite(options);
  const home = tempFolder();
  const terminal = openTerminal(['auth', 'login', ...args], {
    home,
    columns: 200,
    env: { OPENROUTER_BASE_URL: site.url, ...env },
    isAlone,
  });
  return { site, home, terminal };
}

const storedKey = (home: string): unknown =>
  (JSON.parse(readFileSync(join(home, 'config.json'), 'utf8')) as Record<string, unknown>)['api-key'];

test.each([
  ['pasted in brackets', [`\u001b[200~${GRANTED_KEY}\u001b[201~`, '\r']],
  ['pasted in brackets with its line end', [`\u001b[200~${GRANTED_KEY}\n\u001b[201~`, '\r']],
  ['pasted without brackets', [`${GRANTED_KEY}\r`]],
  ['typed, with a mistake', [GRANTED_KEY.slice(0, 10), 'x', '\u007f', GRANTED_KEY.slice(10), '\r']],
])('a key %s is accepted and not shown', async (_, pieces) => {
  const { home, terminal } = await login(['--paste']);
  await terminal.waitFor('key (not shown): ');
  for (const piece of pieces) terminal.type(piece);
  expect(await terminal.exit).toBe(0);
  expect(storedKey(home)).toBe(GRANTED_KEY);
  expect(terminal.raw()).not.toMatch(/granted|0123456789/);
  expect(await terminal.everything()).toContain('limit  $20.00, $18.75 left');
  expect(terminal.raw().lastIndexOf('\u001b[?2004l')).toBeGreaterThan(terminal.raw().lastIndexOf('\u001b[?2004h'));
});

test('a key can be pasted where Enter would open the browser', async () => {
  const { site, home, terminal } = await login([], { BROWSER: '/no/such/browser' });
  await terminal.waitFor('Enter to log in with the browser, or paste a key');
  terminal.type(`\u001b[200~${GRANTED_KEY}\u001b[201~\r`);
  expect(await terminal.exit).toBe(0);
  expect([storedKey(home), site.pages]).toEqual([GRANTED_KEY, []]);
});

test('Enter opens the browser', async () => {
  const browser = fakeBrowser();
  const { home, terminal } = await login([], { BROWSER: browser.command });
  await terminal.waitFor('Enter to log in with the browser');
  terminal.type('\r');
  expect(await terminal.exit).toBe(0);
  expect(storedKey(home)).toBe(GRANTED_KEY);
});

test('over SSH Enter prints a URL for another browser, and accepts the code', async () => {
  const { site, home, terminal } = await login([], { DISPLAY: ':0', SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' });
  await terminal.waitFor('Enter to log in with a browser elsewhere');
  terminal.type('\r');
  await terminal.waitFor('code (not shown): ');
  const url = /http\S+code_challenge\S+/.exec((await terminal.everything()).join('\n'))![0];
  terminal.type(`${await (await fetch(url)).text()}\r`);
  expect(await terminal.exit).toBe(0);
  expect(storedKey(home)).toBe(GRANTED_KEY);
  expect(site.pages[0]!.searchParams.has('callback_url')).toBe(false);
});

test('Enter without input is not a key', async () => {
  const { terminal } = await login(['--paste']);
  await terminal.waitFor('key (not shown): ');
  terminal.type('\r');
  expect(await terminal.exit).toBe(2);
  expect((await terminal.everything()).join('\n')).toContain('no key given');
});

test.each([
  ['Ctrl-C behind a half-typed key', 'sk-or-v1-half-typed\u0003'],
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s exits with 130 and restores the terminal', async (_, typed) => {
  const run = shell();
  await run.waitFor('key (not shown): ');
  run.type(typed);
  await run.waitFor('exit 130');
  await run.waitFor(/[^-]echo\b/);
  await run.waitFor(/[^-]icanon\b/);
  expect(run.raw()).not.toContain('half-typed');
  expect(run.raw()).toContain('\u001b[?2004l');
});

test('a kill exits with 130 and ends the paste mode', async () => {
  const { terminal } = await login(['--paste'], {}, { isAlone: true });
  await terminal.waitFor('key (not shown): ');
  terminal.kill('SIGTERM');
  expect(await terminal.exit).toBe(130);
  expect(terminal.raw()).toContain('\u001b[?2004l');
});

interface Shell {
  type: (text: string) => void;
  raw: () => string;
  waitFor: (text: string | RegExp) => Promise<void>;
}

/** A shell in a terminal that runs the login and then prints its exit code and the terminal settings. */
function shell(): Shell {
  const home = tempFolder();
  const pty = spawn('/bin/sh', ['-c', `"${process.execPath}" "${ORX}" auth login --paste; echo "exit $?"; stty -a`], {
    name: 'xterm-256color',
    cols: 200,
    rows: 40,
    cwd: home,
    env: cleanEnvironment(home, { TERM: 'xterm-256color', OPENROUTER_BASE_URL: 'http://127.0.0.1:1/v1' }),
  });
  let raw = '';
  readToTheEnd(pty);
  pty.onData((data) => (raw += data));
  return {
    type: (text) => pty.write(text),
    raw: () => raw,
    async waitFor(text) {
      await expect.poll(() => raw).toMatch(text);
    },
  };
}

test('on a terminal a test question follows, which is recorded', async () => {
  const { site, home, terminal } = await login(['--paste']);
  await terminal.waitFor('key (not shown): ');
  terminal.type(`${GRANTED_KEY}\r`);
  expect(await terminal.exit).toBe(0);
  const text = (await terminal.everything()).join('\n');
  expect(text).toMatch(
    /Asking deepseek\/deepseek-chat a test question \(skip it with --no-test\) …\n.* answered in [\d.]+ s for \$0\.00000340/,
  );
  expect(site.questions).toMatchObject([{ model: 'deepseek/deepseek-chat', max_tokens: 16 }]);
  expect(terminal.raw()).not.toMatch(/granted|0123456789/);
  const { entries } = JSON.parse((await runOrx(['cost', 'all', '--json'], { home })).stdout) as { entries: object[] };
  expect(entries).toMatchObject([{ command: 'auth login', cost: '0.0000034' }]);
  expect((await runOrx(['history', '--json'], { home })).stdout).toBe('[]\n');
});

test('a failed test question is reported, and the key stays stored', async () => {
  const { site, home, terminal } = await login(['--paste'], {}, { refuses: true });
  await terminal.waitFor('key (not shown): ');
  terminal.type(`${GRANTED_KEY}\r`);
  expect(await terminal.exit).toBe(0);
  expect([storedKey(home), site.questions.length]).toEqual([GRANTED_KEY, 1]);
  expect((await terminal.everything()).join('\n')).toContain('warning: the test question failed; the key stays stored');
  expect(terminal.raw()).toContain('Insufficient credits');
  expect(terminal.raw()).not.toMatch(/granted|0123456789/);
});

test.each([
  [['--no-test'], 0],
  [[], 0],
  [['--test'], 1],
])('with a key in a pipe and %j there are %i test questions', async (args, count) => {
  const site = await startAuthSite();
  const home = tempFolder();
  const { code } = await runOrx(['auth', 'login', ...args], { home, env: { OPENROUTER_BASE_URL: site.url }, stdin: GRANTED_KEY });
  expect([code, storedKey(home), site.questions.length]).toEqual([0, GRANTED_KEY, count]);
});
