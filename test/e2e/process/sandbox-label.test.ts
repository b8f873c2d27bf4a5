import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandOutline } from '../../../src/core/tab-completion/outline.ts';
import { runOrx } from '../../support/run-orx.ts';
import { NO_WAITING, serveSandbox } from '../../support/sandbox.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { runInTerminal } from '../../support/terminal-host.ts';
import { openTerminal, type TerminalRun } from '../../support/terminal.ts';
import { homeWithUsage, someUsage } from '../../support/usage-home.ts';

const env = { ORX_SANDBOX: '1', ORX_SANDBOX_SPEED: String(NO_WAITING) };
const MODEL = 'openai/gpt-4o-mini';

const home = mkdtempSync(join(tmpdir(), 'orx-test-'));
let id: Promise<string> | undefined;
beforeAll(async () => {
  await homeWithUsage(someUsage(Date.now()), { home });
  writeFileSync(join(home, 'cases.txt'), 'hi\n');
});
afterAll(() => rmSync(home, { recursive: true }));

/** Returns the id of a conversation, which the first test that needs it creates. */
function conversation(): Promise<string> {
  return (id ??= runOrx(['chat', '--json', '-m', MODEL, 'a question'], { home, env }).then(
    ({ stdout }) => (JSON.parse(stdout) as { session_id: string }).session_id,
  ));
}

/** Every command that shows answers, prices or spending, and its formats on a terminal. `ID` is a conversation. */
const VIEWS: Readonly<Record<string, readonly string[][]>> = {
  'history list': [['--static']],
  'history show': [['ID'], ['ID', '-o', 'markdown']],
  'history search': [['question']],
  'history export': [['ID'], ['ID', '-o', 'html']],
  'models show': [[MODEL]],
  'models diff': [['--list']],
  endpoints: [[MODEL]],
  price: [[MODEL], [MODEL, '--chart'], [MODEL, '--history']],
  compare: [
    ['-m', `${MODEL},openai/gpt-4o`, '-u', 'hi'],
    ['-m', `${MODEL},openai/gpt-4o`, '--judge', 'openai/gpt-4o', 'hi'],
    ['--board', 'judge'],
    ['--prompts', 'cases.txt', '-m', MODEL],
    ['--runs'],
  ],
  embed: [['-m', 'baai/bge-m3', '--dimensions', '2', 'hi']],
  rerank: [['-m', 'cohere/rerank-v3.5', 'hi', '-f', 'cases.txt']],
  cost: [[]],
  'ledger show': [[]],
  'budget add': [['--day', '2']],
  'budget list': [[]],
  usage: [
    ['-o', 'html'],
    ['-o', 'markdown'],
    ['--what-if', 'openai/gpt-4o'],
    ['--what-if', 'openai/gpt-4o', '-o', 'html'],
    ['--advise'],
  ],
  doctor: [[]],
  credits: [[]],
  show: [[]],
  api: [['key']],
  chat: [
    ['-m', MODEL, 'hi'],
    ['-m', MODEL, '--no-stream', 'hi'],
  ],
};

/** The views that take over the keyboard, and the keys that leave them. */
const LIVE: Readonly<Record<string, { args: readonly string[]; leave: string }>> = {
  chat: { args: [], leave: '\u0004' },
  models: { args: [], leave: '\u0003' },
  usage: { args: [], leave: 'q' },
  serve: { args: ['--port', '0'], leave: 'q' },
  compare: { args: ['-m', 'sandbox/silence,sandbox/slow-start', 'hi'], leave: '\u001b' },
};

/** They change something, print a path or an id, or write data that says `sandbox` itself. */
const WITHOUT =
  /^(?:alias|fav|vendors|mcp|templates|config|profile|auth|completion|keys|serve keys)\b|^ledger (?!show)|^history (?:fork|rename|remove|prune|path)$|^budget remove$/;

describe('all output of the sandbox is labeled', () => {
  test('the list has all commands', () => {
    const { program } = JSON.parse(readFileSync(new URL('../../../dist/commands.json', import.meta.url), 'utf8')) as {
      program: CommandOutline;
    };
    const commandsOf = ({ commands }: CommandOutline, path: string): string[] =>
      commands
        .filter(({ name }) => name !== 'help')
        .flatMap((one) =>
          (one.commands.length > 0 && LIVE[one.name] === undefined ? [] : [path + one.name]).concat(
            commandsOf(one, `${path}${one.name} `),
          ),
        );
    const all = commandsOf(program, '').filter((name) => !WITHOUT.test(name));
    expect(all.filter((name) => VIEWS[name] === undefined && LIVE[name] === undefined)).toEqual([]);
  });

  const calls = Object.entries(VIEWS).flatMap(([name, forms]) => forms.map((form) => [...name.split(' '), ...form]));
  test.each(calls.map((words) => [words.join(' '), words] as const))('orx %s', async (_, words) => {
    const stored = await conversation();
    const args = words.map((word) => (word === 'ID' ? stored : word));
    // Without a history, a comparison does not wait for a key at its end.
    const { code, bytes } = await runInTerminal(80, {
      args,
      home,
      env: words[0] === 'compare' ? { ...env, ORX_HISTORY: 'false' } : env,
    });
    expect([code, bytes.toString()]).toEqual([0, expect.stringContaining('SANDBOX')]);
  });

  test.each(Object.entries(LIVE))('orx %s, while it controls the terminal, and at 40 columns', async (name, { args, leave }) => {
    const terminal = openTerminal([name, ...args], { home, env: { ...env, ORX_SANDBOX_SPEED: '1' }, columns: 80, rows: 24 });
    await terminal.waitFor('SANDBOX');
    await terminal.resize(40, 24);
    await shows(terminal, 'SANDBOX');
    terminal.type(leave);
    await terminal.exit;
  });

  test('programs get data without a label, and a field that says it', async () => {
    const run = (...args: string[]) => runOrx(args, { home, env });
    expect((await run('chat', '-m', MODEL, '-u', 'hi')).stderr).toMatch(/^SANDBOX · gpt-4o-mini · /m);
    for (const args of [
      ['chat', '-m', MODEL, 'hi'],
      ['models'],
      ['models', '-o', 'csv'],
      ['price', MODEL],
      ['cost'],
      ['history'],
    ]) {
      const { code, stdout } = await run(...args);
      expect([code, stdout]).toEqual([0, expect.not.stringContaining('SANDBOX')]);
    }
    const isMarked = { sandbox: true };
    for (const args of [
      ['chat', '--json', '-m', MODEL, 'hi'],
      ['compare', '--json', '-m', `${MODEL},openai/gpt-4o`, 'hi'],
      ['embed', '--json', '-m', 'baai/bge-m3', 'hi'],
      ['embed', '-m', 'baai/bge-m3', 'hi'],
      ['rerank', '--json', '-m', 'cohere/rerank-v3.5', 'hi', '-f', 'cases.txt'],
      ['usage', '--json'],
      ['history', 'show', await conversation(), '--json'],
    ])
      expect(JSON.parse((await run(...args)).stdout)).toMatchObject(isMarked);
  });

  test('a served request does too', async () => {
    const served = await serveSandbox();
    expect(served.stderr()).toBeDefined();
    await fetch(`${served.url}/models`);
    await expect.poll(served.stderr).toMatch(/^SANDBOX: simulated API, [^]*^GET \/api\/v1\/models 200 \d+ ms SANDBOX$/m);
  });
});

test('real answers have no label', async () => {
  const page = join(tempFolder(), 'page.html');
  const { stderr } = await runOrx(['usage', '-o', 'html', '--out', page], { home });
  expect(stderr).not.toContain('SANDBOX');
  expect(readFileSync(page, 'utf8')).not.toContain('SANDBOX');
});

async function shows(terminal: TerminalRun, text: string): Promise<void> {
  await expect.poll(async () => (await terminal.screen()).join('\n')).toContain(text);
}
