import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chunk, sendJson, startApiServer } from '../../support/api-server.ts';
import { chatEnvironment } from '../../support/chat-terminal.ts';
import { ORX } from '../../support/run-orx.ts';
import { openTerminal, type TerminalRun } from '../../support/terminal.ts';
import { homeWithUsage, someUsage } from '../../support/usage-home.ts';

/** A shell that waits for orx, prints the terminal settings that it left, and does not change them itself. */
const SHELL = ['/bin/bash', '-c', '"$@"; echo "ended with $?"; stty -a; echo over', 'bash', process.execPath, ORX];

interface Screen {
  args: readonly string[];
  /** Text on the screen once it is drawn and the keyboard is read. */
  shows: string | RegExp;
  /** Keys to type then, and their result. */
  types?: string;
  brings?: string;
  home?: string;
}

const server = () =>
  startApiServer((request, response) => {
    if (request.method === 'GET') return sendJson(response, 200, { data: [] });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ content: 'the first words\n\n' }));
  });

/** Every screen that puts the terminal into raw mode. */
const SCREENS: Readonly<Record<string, () => Promise<Screen>>> = {
  'a conversation': async () => ({ args: ['chat'], shows: '›' }),
  'a conversation while an answer comes': async () => ({ args: ['chat'], shows: '›', types: 'hi\r', brings: 'the first words' }),
  'a conversation for a screen reader': async () => ({ args: ['--screen-reader', 'chat'], shows: /›|> |: / }),
  'an answer on the terminal': async () => ({ args: ['chat', 'hi'], shows: 'the first words' }),
  'a comparison': async () => ({ args: ['compare', 'hi', '-m', 'a/one,b/two'], shows: 'the first words' }),
  'the live table': async () => ({ args: ['--sandbox', 'models'], shows: /deepseek/ }),
  'the dashboard': async () => ({
    args: ['--sandbox', 'usage'],
    shows: /claude/,
    home: await homeWithUsage(someUsage(Date.now())),
  }),
  'a question for a key': async () => ({ args: ['auth', 'login', '--paste'], shows: /key/i }),
};

describe.each(Object.keys(SCREENS))('%s', (name) => {
  test.each(['SIGQUIT', 'SIGUSR2'] as const)('%s restores the terminal', async (signal) => {
    const { args, shows, types, brings, home } = await SCREENS[name]!();
    const api = await server();
    const terminal = openTerminal(args, {
      program: SHELL,
      env: chatEnvironment(api),
      columns: 100,
      ...(home === undefined ? {} : { home }),
    });
    await terminal.waitFor(shows);
    if (types !== undefined) terminal.type(types);
    if (brings !== undefined) await terminal.waitFor(brings);
    process.kill(await childOf(terminal), signal);
    await terminal.waitFor('over');
    const text = (await terminal.everything()).join('\n');
    expect(text).toContain('ended with 130');
    expect(text).toMatch(/(^|\s)icanon/);
    expect(text).toMatch(/(^|\s)isig/);
    expect(text).toMatch(/(^|\s)echo\s/);
    expectRestored(terminal.raw());
  });
});

/** Expects that every mode the screen switched on is switched off. */
function expectRestored(raw: string): void {
  for (const [on, off] of [
    ['\u001b[?2004h', '\u001b[?2004l'],
    ['\u001b[?1049h', '\u001b[?1049l'],
    ['\u001b[?25l', '\u001b[?25h'],
  ] as const) {
    expect(raw.lastIndexOf(off)).toBeGreaterThanOrEqual(raw.lastIndexOf(on));
  }
}

/** Returns the process that the shell has started. */
async function childOf({ pid }: TerminalRun): Promise<number> {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}
