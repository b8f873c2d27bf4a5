import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerPieces, type ApiServer, chunk, newGate, sendJson, startApiServer } from '../../support/api-server.ts';
import { openChatTerminal, chatEnvironment } from '../../support/chat-terminal.ts';
import { runOrx } from '../../support/run-orx.ts';
import { paste, PRIVATE_KEY, projectHome, startCountingApi } from '../../support/session-project.ts';
import type { TerminalOptions, TerminalRun } from '../../support/terminal.ts';
import { asked } from '../../support/tool-api.ts';

interface Conversation {
  terminal: TerminalRun;
  /** Sends the typed text, waits for the answer, and returns the request that the model received. */
  ask: (typed: string) => Promise<string>;
  /** Returns the last message. */
  sent: () => string;
  folder: string;
  home: string;
}

async function open(
  options: TerminalOptions & { place?: { home: string; folder: string }; server?: ApiServer } = {},
): Promise<Conversation> {
  const { home, folder } = options.place ?? projectHome();
  const server = options.server ?? (await startCountingApi());
  const terminal = openChatTerminal(server, ['-q'], { rows: 40, columns: 100, home, folder, ...options });
  await terminal.waitFor(options.env?.['TERM'] === 'dumb' ? '› ' : '/ commands');
  const sent = (): string => {
    const { content } = asked(server).at(-1).messages.at(-1);
    return typeof content === 'string' ? content : JSON.stringify(content);
  };
  return {
    terminal,
    sent,
    folder,
    home,
    async ask(typed) {
      const count = asked(server).length + 1;
      terminal.type(typed);
      await terminal.waitFor(`answer ${count}.`);
      return sent();
    },
  };
}

async function leave({ terminal }: Conversation): Promise<void> {
  terminal.type('\u0004');
  expect(await terminal.exit).toBe(0);
}

describe('a file named in a message', () => {
  test('is attached without a question if its path was typed and it is in the project', async () => {
    const session = await open();
    expect(await session.ask('what does @notes.md say?\r')).toContain('the notes');
    expect(await session.ask('see @app/[id]/page.tsx, please\r')).toContain('the page');
    expect(await session.ask('all of @src/*/*.ts\r')).toContain('export const pool');
    await leave(session);
  });

  test('needs confirmation if it was pasted: Esc keeps the text, n sends only the text, y sends the file too', async () => {
    const session = await open();
    const text = 'see @~/.ssh/id_rsa and @notes.md please';
    session.terminal.type(`${paste(text)}\r`);
    await session.terminal.waitFor(/~\/\.ssh\/id_rsa · 22 B · not typed by you, outside the project folder, hidden/);
    await session.terminal.waitFor(/notes\.md · 9 B · not typed by you\s*\n.*y attach them/);
    session.terminal.type('\u001b');
    await session.terminal.waitFor(/› see @~.*\n.*\/ commands/);
    session.terminal.type('\r');
    await session.terminal.waitFor(/y attach them[\s\S]*y attach them/);
    expect(await session.ask('n')).toBe(text);
    await session.terminal.waitFor('not attached: ~/.ssh/id_rsa · notes.md');
    session.terminal.type(`${paste(text)}\r`);
    await session.terminal.waitFor(/(y attach them[\s\S]*){3}/);
    const sent = await session.ask('y');
    expect(sent).toContain(PRIVATE_KEY);
    expect(sent).toContain('the notes');
    await leave(session);
  });

  test.each([
    ['@~/.ssh/id_rsa', 'outside the project folder, hidden in your home directory'],
    ['@../elsewhere/plan.md', 'outside the project folder'],
    ['@src/../src/helper.ts', 'through a symbolic link'],
    ['@../elsewhere/*.md', 'outside the project folder'],
    ['@.env', 'may hold keys or passwords'],
    ['@../elsewhere/', 'the list of its files · outside the project folder'],
    ['@/proc/self/environ', 'outside the project folder'],
  ])('%s needs confirmation even if it was typed', async (mention, reason) => {
    const session = await open();
    session.terminal.type(`look at ${mention} please\r`);
    await session.terminal.waitFor(reason);
    await session.terminal.waitFor('y attach');
    expect(await session.ask('n')).toBe(`look at ${mention} please`);
    await leave(session);
  });

  test('needs confirmation when it comes from an earlier conversation, an earlier paste, or the editor', async () => {
    const place = projectHome();
    const first = await open({ place });
    expect(await first.ask('typed: @notes.md here\r')).toContain('the notes');
    // In the same conversation the text is known to be typed.
    expect(await first.ask('\u001b[A\r')).toContain('the notes');
    first.terminal.type(`${paste('pasted: @notes.md')} \r`);
    await first.terminal.waitFor('y attach it');
    expect(await first.ask('n')).toBe('pasted: @notes.md ');
    first.terminal.type('\u001b[A\r');
    await first.terminal.waitFor(/y attach it[\s\S]*y attach it/);
    expect(await first.ask('n')).toBe('pasted: @notes.md ');
    await leave(first);
    const editor = join(place.home, 'editor');
    writeFileSync(editor, '#!/bin/sh\nprintf "from elsewhere: @notes.md " > "$1"\n', { mode: 0o700 });
    const second = await open({ place, env: { EDITOR: editor } });
    second.terminal.type('\u001b[A\u001b[A\u001b[A\r');
    await second.terminal.waitFor('y attach it');
    expect(await second.ask('n')).toBe('typed: @notes.md here');
    second.terminal.type('\u0007');
    await second.terminal.waitFor('› from elsewhere');
    second.terminal.type('\r');
    await second.terminal.waitFor(/y attach it[\s\S]*y attach it/);
    expect(await second.ask('n')).toBe('from elsewhere: @notes.md ');
    await leave(second);
  });

  test('needs confirmation if a terminal without bracketed paste sends more at once than a person types', async () => {
    const session = await open();
    session.terminal.type(`${'a log that somebody sent, '.repeat(4)} @notes.md `);
    await session.terminal.waitFor('@notes.md');
    session.terminal.type('\r');
    await session.terminal.waitFor('notes.md · 9 B · not typed by you');
    expect(await session.ask('n')).not.toContain('the notes');
    await leave(session);
  });

  test('counts as chosen if it was completed in pasted text; /attach counts as typed unless it was pasted', async () => {
    const session = await open();
    session.terminal.type(paste('see @no'));
    await session.terminal.waitFor('▸ notes.md');
    expect(await session.ask('\tplease\r')).toContain('the notes');
    session.terminal.type('/attach notes.md\r');
    await session.terminal.waitFor('@notes.md goes with the next message');
    expect(await session.ask('again\r')).toContain('the notes');
    session.terminal.type(`${paste('/attach notes.md')}\r`);
    await session.terminal.waitFor(/goes with the next message[\s\S]*goes with the next message/);
    session.terminal.type('and again\r');
    await session.terminal.waitFor('y attach it');
    expect(await session.ask('n')).toBe('@notes.md and again');
    await leave(session);
  });

  test('needs confirmation in plain lines if it is private or the line was pasted', async () => {
    const session = await open({ env: { TERM: 'dumb' } });
    expect(await session.ask('what does @notes.md say?\r')).toContain('the notes');
    session.terminal.type('see @~/.ssh/id_rsa please\r');
    await session.terminal.waitFor('hidden in your home directory');
    expect(await session.ask('n')).toBe('see @~/.ssh/id_rsa please');
    session.terminal.type('one\rtwo @notes.md\r');
    await session.terminal.waitFor('notes.md · 9 B · not typed by you');
    expect(await session.ask('n')).toBe('one\ntwo @notes.md');
    await leave(session);
  });

  test('needs confirmation in plain lines that were pasted while an answer came; they are one message', async () => {
    const isTyped = newGate();
    let count = 0;
    const server = await startApiServer(async (request, response) => {
      if (request.method !== 'POST') return sendJson(response, 404, { error: { code: 404, message: 'no' } });
      count += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(chunk({ content: `answer ${count}` }));
      await isTyped.opened;
      return void response.end(answerPieces(['.'], 0.001).join(''));
    });
    const session = await open({ env: { TERM: 'dumb' }, server });
    session.terminal.type('begin\r');
    await session.terminal.waitFor('answer 1');
    session.terminal.type('one\rtwo @notes.md');
    isTyped.open();
    await session.terminal.waitFor('notes.md · 9 B · not typed by you');
    expect(await session.ask('n')).toBe('one\ntwo @notes.md');
    await leave(session);
  });

  test('is never read for a prompt on the command line or from a pipe', async () => {
    const { home } = projectHome();
    const server = await startCountingApi();
    const prompt = 'see @~/.ssh/id_rsa and @project/notes.md please';
    const env = chatEnvironment(server);
    expect((await runOrx(['chat', prompt], { env, home })).code).toBe(0);
    expect((await runOrx(['chat'], { env, home, stdin: prompt })).code).toBe(0);
    expect(asked(server).map(({ messages }) => messages.at(-1).content)).toEqual([prompt, prompt]);
  });
});

describe('a word after @ that is not a file', () => {
  test.each([
    'what does @Component({selector: "x"}) do',
    'jsdoc @param{string[]} x',
    'why @media[max] fails',
    'do you know @nobody?',
    'an array @[1,2,3] and @{}',
    '@dev/null @-',
  ])('%s is sent unchanged', async (text) => {
    const { home } = projectHome();
    const session = await open({ place: { home, folder: join(home, '.ssh') } });
    session.terminal.type(text);
    expect(await session.ask('\r')).toBe(text);
    await leave(session);
  });
});

describe('a glob pattern with another meaning', () => {
  test('needs confirmation if it matches private files', async () => {
    const { home } = projectHome();
    const session = await open({ place: { home, folder: join(home, '.ssh') } });
    session.terminal.type('all attributes are @* in xpath\r');
    await session.terminal.waitFor('may hold keys or passwords');
    expect(await session.ask('n')).toBe('all attributes are @* in xpath');
    await leave(session);
  });
});

describe('completion after @', () => {
  test('offers the files of the project at any depth, without those in ignore files', async () => {
    const session = await open();
    session.terminal.type('see @pkeep');
    await session.terminal.waitFor('▸ src/deep/pool-keeper.ts');
    expect(await session.ask('\t\r')).toContain('export const pool');
    session.terminal.type('@log');
    await session.terminal.waitFor('▸ keep.log');
    session.terminal.type('\u0015@out');
    await session.terminal.waitFor(/› @out\s*\n/);
    const screen = (await session.terminal.everything()).join('\n');
    expect(screen).not.toMatch(/debug\.log|output\.md/);
    session.terminal.type('\u0015');
    await leave(session);
    expect(existsSync(join(session.folder, 'debug.log')) && readFileSync(join(session.folder, 'debug.log'), 'utf8')).toBe(
      'noise',
    );
  });
});
