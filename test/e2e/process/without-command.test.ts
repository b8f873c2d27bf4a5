import { describe, expect, test } from 'vitest';
import { rootHelpText } from '../../../src/cli/help/root-help.ts';
import { HELP_TOPICS } from '../../../src/cli/help/topics.ts';
import { startBillingServer } from '../../support/billing-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';

const FINE = { in: '0.000001', out: '0.000002' };
const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';
const HELP = rootHelpText(false, 80);

describe('orx without a command', () => {
  test('sends one request for each prompt, and none for a possible typing error', async () => {
    const server = await startBillingServer({ 'a/one': FINE });
    const home = tempFolder();
    const orx = (args: string[], stdin = '') =>
      runOrx(args, { home, stdin, env: { OPENROUTER_API_KEY: KEY, OPENROUTER_BASE_URL: server.url, ORX_MODEL: 'a/one' } });
    const answered = { code: 0, stdout: 'two words\n', stderr: '' };
    expect(await orx(['Why is the sky blue?'])).toMatchObject(answered);
    expect(await orx(['-m', 'a/one', 'question'])).toMatchObject(answered);
    expect(await orx(['question', '-m', 'a/one'])).toMatchObject(answered);
    expect(await orx(['summarize'], 'a long text')).toMatchObject(answered);
    expect(await orx([], 'Why is the sky blue?')).toMatchObject(answered);
    expect(await orx(['--', 'models'])).toMatchObject(answered);
    const asked = server.completions().map(({ messages }) => messages.at(-1).content);
    expect(asked).toEqual([
      'Why is the sky blue?',
      'question',
      'question',
      'a long text\n\nsummarize',
      'Why is the sky blue?',
      'models',
    ]);
    for (const [args, stdin] of [
      [['modles'], ''],
      [['chta', 'hi'], 'text'],
      [['weather'], ''],
      [['weather', 'now'], '  \n'],
      [['-m', 'a/one', 'modles'], 'text'],
      [['--zzz', 'why is the sky blue'], ''],
    ] as const)
      expect(await orx([...args], stdin)).toMatchObject({ code: 2, stdout: '' });
    expect(server.completions()).toHaveLength(asked.length);
  });

  test('without any input prints the help', async () => {
    for (const args of [[], ['--sandbox'], ['help'], ['--help'], ['-h']])
      expect(await runOrx(args)).toMatchObject({ code: 0, stdout: HELP, stderr: '' });
    expect(await runOrx(['-m', 'a/one'])).toMatchObject({ code: 2, stdout: '' });
  });

  test("on a terminal shows three ways to start; with the sandbox or a vendor's key it opens a session", async () => {
    const newcomer = openTerminal([]);
    expect(await newcomer.exit).toBe(0);
    const shown = (await newcomer.everything()).join('\n');
    for (const command of ['orx auth login', 'orx vendors add anthropic', 'orx --sandbox']) expect(shown).toContain(command);
    for (const [args, env] of [
      [['--sandbox'], {}],
      [[], { ANTHROPIC_API_KEY: 'sk-ant-0123456789abcdef' }],
    ] as const) {
      const session = openTerminal(args, { env });
      await session.waitFor('/help');
      session.type('\u0004');
      expect(await session.exit).toBe(0);
    }
  });
});

describe('orx help', () => {
  test('of a command, of a subcommand, and of a topic', async () => {
    for (const [args, beginning] of [
      [['help', 'chat'], 'Chat with a model'],
      [['help', 'ledger', 'export'], 'Export all entries'],
      [['ledger', 'help', 'export'], 'Export all entries'],
      [['ledger', 'help'], 'Export, import and check'],
      [['chat', '--help'], 'Chat with a model'],
      [['help', 'favourites'], 'Manage favorite models'],
      [['help', 'serve', 'keys', 'add'], 'Add a key'],
      ...Object.entries(HELP_TOPICS).map(([name, { description }]) => [['help', name], description] as const),
    ] as const) {
      const { code, stdout, stderr } = await runOrx(args);
      expect({ args, code, stderr, isHelp: stdout.startsWith(beginning) }).toEqual({ args, code: 0, stderr: '', isHelp: true });
    }
    const all = await runOrx(['chat', '--help-all']);
    expect(all).toMatchObject({ code: 0, stdout: expect.stringContaining('--no-provider-fallbacks') });
    expect((await runOrx(['chat', '--help'])).stdout).not.toContain('--no-provider-fallbacks');
  });

  test('suggests', async () => {
    for (const [args, hint] of [
      [['help', 'modles'], 'orx help models'],
      [['help', 'history', 'shwo'], 'orx help history show'],
      [['help', 'enviroment'], 'orx help environment'],
      [['help', 'nonsense'], 'orx help\n'],
    ] as const) {
      const { code, stdout, stderr } = await runOrx(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(hint);
    }
  });
});
