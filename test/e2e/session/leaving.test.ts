import { describe, expect, test } from 'vitest';
import { runOrx } from '../../support/run-orx.ts';
import { NO_WAITING } from '../../support/sandbox.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal, type TerminalRun } from '../../support/terminal.ts';

const env = { ORX_SANDBOX: '1', ORX_SANDBOX_SPEED: String(NO_WAITING) };

async function ask(terminal: TerminalRun): Promise<void> {
  await terminal.waitFor('/ commands');
  terminal.type('hello\r');
  await terminal.waitFor(/SANDBOX · deepseek-chat · DeepInfra[^]*in → [^]*\/ commands/);
}

const textOf = async (terminal: TerminalRun): Promise<string> => (await terminal.everything()).join('\n');

describe('leaving a conversation', () => {
  test.each([
    ['/quit', (terminal: TerminalRun) => terminal.type('/quit\r'), 0],
    ['SIGTERM', (terminal: TerminalRun) => terminal.kill('SIGTERM'), 130],
  ] as const)('by %s prints the total and a command that continues it', async (_, leave, code) => {
    const home = tempFolder();
    const terminal = openTerminal(['chat'], { home, env, columns: 100, rows: 40, isAlone: true });
    await ask(terminal);
    leave(terminal);
    expect(await terminal.exit).toBe(code);
    const text = await textOf(terminal);
    expect(text).toMatch(/SANDBOX · 1 request · 5 in → \d+ out · \$0\.000\d+\n/);
    const [, ...words] = /Continue with: (orx --sandbox chat --session \w+)\n/.exec(`${text}\n`)![1]!.split(' ');
    const { stdout } = await runOrx([...words, 'and on'], { home, env });
    expect(stdout).toContain('the turn before it');
    // Also without another question.
    const again = openTerminal(words.slice(1), { home, env, columns: 100, rows: 40 });
    await again.waitFor('/ commands');
    again.type('\u0004');
    expect(await again.exit).toBe(0);
    expect(await textOf(again)).toMatch(/2 requests · .*\nContinue with: orx --sandbox chat --session \w+\n/);
  });

  test('by pressing Ctrl-C twice mid-stream prints it as well', async () => {
    const terminal = openTerminal(['chat', '-m', 'sandbox/silence'], { env });
    await terminal.waitFor('/ commands');
    terminal.type('hello\r');
    await terminal.waitFor('esc stop');
    terminal.type('\u0003');
    await terminal.waitFor('/ commands');
    terminal.type('\u0003');
    await terminal.exit;
    expect(await textOf(terminal)).toMatch(/Continue with: orx --sandbox chat --session \w+/);
  });

  test('prints nothing without a stored conversation', async () => {
    const asked = openTerminal(['chat', '-n'], { env });
    const idle = openTerminal(['chat'], { env });
    await ask(asked);
    await idle.waitFor('/ commands');
    for (const terminal of [asked, idle]) {
      terminal.type('\u0004');
      expect(await terminal.exit).toBe(0);
      expect(await textOf(terminal)).not.toMatch(/Continue with|requests? ·/);
    }
  });
});
