import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  answerPieces,
  type ApiServer,
  chunk,
  type Gate,
  newGate,
  sendJson,
  sendPieces,
  startApiServer,
} from '../../support/api-server.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { expectNoClear, openChatTerminal as open } from '../../support/chat-terminal.ts';
import type { TerminalRun } from '../../support/terminal.ts';

const DONE = [chunk({ content: '' }, {}, { finish_reason: 'stop' }), 'data: [DONE]\n\n'];

const PATIENT = { timeout: 10_000 };

/** Answers with the question, in the given pieces. */
const answering = (pieces: (said: string, count: number) => readonly string[], gate?: Gate): Promise<ApiServer> =>
  startApiServer((request, response) => {
    if (request.url.includes('/generation')) return sendJson(response, 200, { data: { id: 'gen-1', total_cost: 0.0123 } });
    if (request.method !== 'POST') return sendJson(response, 404, { error: { code: 404, message: 'no' } });
    const { messages } = request.json();
    const sent = pieces(messages.at(-1).content, messages.length);
    return sendPieces(response, [...sent.map((content) => chunk({ content })), ...DONE], { gate });
  });

const asked = (server: ApiServer): any[] =>
  server.requests.filter(({ method }) => method === 'POST').map((one) => one.json().messages);

/**
 * Expects that nothing clears the screen or the scrollback or switches to another screen, that the cursor is visible at the end, and that nothing
 * pasted is highlighted.
 */
function expectTidy(terminal: TerminalRun): void {
  const raw = terminal.raw();
  expectNoClear(raw);
  expect(raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(raw.lastIndexOf('\u001b[?25l'));
  expect(raw.lastIndexOf('\u001b[?2004l')).toBeGreaterThan(raw.lastIndexOf('\u001b[?2004h'));
}

async function leave(terminal: TerminalRun): Promise<string> {
  terminal.type('\u0004');
  expect(await terminal.exit).toBe(0);
  expectTidy(terminal);
  return (await terminal.everything()).join('\n');
}

describe('a conversation', () => {
  test.each([40, 80, 120, 200])('at %i columns: whole answers, receipts, and no row too wide', async (columns) => {
    const words = Array.from({ length: 150 }, (_, index) => `word${index}`);
    const server = await startApiServer((request, response) =>
      request.method === 'POST'
        ? sendPieces(response, answerPieces(words.map((word) => `${word} `)), { pauseMs: 1 })
        : sendJson(response, 404, { error: { code: 404, message: 'no' } }),
    );
    const terminal = open(server, [], { columns });
    await terminal.waitFor('so far');
    terminal.type('hello\r');
    await terminal.waitFor('$0.000412');
    await terminal.waitFor('word149');
    const text = await leave(terminal);
    expect(text.split(/\s+/).filter((word) => word.startsWith('word'))).toEqual(words);
    // The terminal itself wraps the command that continues the conversation, so that the user can copy it.
    for (const line of text.replace(/Continue with: [^]*$/, '').split('\n')) expect(line.trimEnd().length).toBeLessThan(columns);
  });

  test.each([
    [110, []],
    [60, ['--width', '60']],
  ])('on a wide terminal text and prompt wrap at words at %i columns, code does not', async (most, args) => {
    const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');
    const code = `const wide = [${Array.from({ length: 30 }, (_, index) => index).join(', ')}];`.padEnd(150, ' ') + '// end';
    const server = await answering(() => [`${words}\n\n\`\`\`js\n${code}\n\`\`\`\n`]);
    const terminal = open(server, ['-q', ...args], { columns: 200 });
    await terminal.waitFor('/ commands');
    terminal.type(words.replaceAll('word', 'said'));
    await terminal.waitFor('said59');
    const prompt = (await terminal.screen()).filter((line) => line.includes('said'));
    terminal.type('\r');
    await terminal.waitFor(/end[\s\S]*\/ commands/);
    const lines = (await leave(terminal)).split('\n');
    const prose = [...prompt, ...lines.filter((line) => /said|word/.test(line))];
    expect(prose.join(' ').match(/\b(?:said|word)\d+\b/g)).toHaveLength(3 * 60);
    expect(Math.max(...prose.map((line) => line.trimEnd().length))).toBeLessThanOrEqual(most);
    expect(Math.max(...prose.map((line) => line.trimEnd().length))).toBeGreaterThan(most - 12);
    expect(lines.some((line) => line.includes('const wide') && line.includes('// end'))).toBe(true);
  });

  test('a message typed mid-stream is queued, can be taken back, and is sent next', async () => {
    const gate = newGate();
    const server = await answering((said) => ['start ', 'middle ', `end of <${said}>`], gate);
    const terminal = open(server, ['-q']);
    await terminal.waitFor('/ commands');
    terminal.type('first\r');
    await terminal.waitFor('start');
    terminal.type('second\r');
    await terminal.waitFor('queued: second');
    terminal.type('\u001b');
    await terminal.waitFor('› second');
    gate.open();
    terminal.type(' time\r');
    await terminal.waitFor('end of <second time>');
    const text = await leave(terminal);
    expect(text).toContain('start middle end of <first>');
    expect(asked(server)[1]).toHaveLength(3);
  });

  test('Esc stops the answer, keeps the received part and its cost, and stays', async () => {
    const server = await startApiServer((request, response) => {
      if (request.url.includes('/generation')) return sendJson(response, 200, { data: { id: 'gen-1', total_cost: 0.0123 } });
      if (request.method !== 'POST') return sendJson(response, 404, { error: { code: 404, message: 'no' } });
      const { messages } = request.json();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ content: `part ${messages.length}` }, { provider: 'Groq' }));
      if (messages.length > 1) response.end(DONE.join(''));
    });
    const terminal = open(server);
    await terminal.waitFor('/ commands');
    terminal.type('first\r');
    await terminal.waitFor('part 1');
    terminal.type('\u001b');
    await terminal.waitFor('$0.0123 (looked up)');
    await terminal.waitFor('$0.0123 so far');
    terminal.type('second\r');
    await terminal.waitFor('part 3');
    const text = await leave(terminal);
    expect(text).toContain('warning: Groq charges for the whole response, although it was stopped');
    expect(asked(server)[1][1]).toEqual({ role: 'assistant', content: 'part 1' });
  });

  test('a paste of 100 KB is one block, sent completely, and undone as one', async () => {
    const pasted = Array.from({ length: 2000 }, (_, index) => `${index} ${'x'.repeat(45)}`).join('\n');
    const server = await answering((said) => [`got ${said.length}`]);
    const terminal = open(server, ['-q']);
    await terminal.waitFor('/ commands');
    terminal.type(`\u001b[200~${pasted.replaceAll('\n', '\r')}\u001b[201~`);
    await terminal.waitFor('› [pasted 2000 lines]');
    terminal.type(' and\r');
    await terminal.waitFor(`got ${pasted.length + 4}`);
    expect(asked(server)[0][0].content).toBe(`${pasted} and`);
    expect(await leave(terminal)).toContain('… 2000 lines in all');
  });

  test('an answer of 10,000 lines is shown completely, each line once', async () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `line ${index}`);
    const server = await answering(() =>
      Array.from({ length: 100 }, (_, block) => `${lines.slice(block * 100, block * 100 + 100).join('\n')}\n`),
    );
    const terminal = open(server, ['-q'], { rows: 12 });
    await terminal.waitFor('/ commands');
    terminal.type('go\r');
    await terminal.waitFor('line 9999');
    const text = await leave(terminal);
    expect(text.split('\n').filter((line) => line.startsWith('line '))).toEqual(lines);
  });

  test('resizing mid-stream and while typing loses nothing', async () => {
    const words = Array.from({ length: 300 }, (_, index) => `word${index}`);
    const server = await answering(() => words.map((word) => `${word} `));
    const terminal = open(server, ['-q'], { columns: 110 });
    await terminal.waitFor('/ commands');
    terminal.type('go\r');
    await terminal.waitFor('word20');
    terminal.type('typed 日本語');
    await terminal.resize(45, 10);
    await terminal.waitFor('word120');
    await terminal.resize(150, 40);
    await terminal.waitFor('word200');
    await terminal.resize(60, 5);
    await terminal.waitFor('word299');
    await terminal.waitFor(/› typed 日本語\s*\n.*\/ commands/);
    terminal.type('\u0015');
    // A terminal that becomes narrower breaks rows within words.
    const text = (await leave(terminal)).replaceAll(/\s/g, '');
    expect(words.filter((word) => !text.includes(word))).toEqual([]);
  });

  test.each([['while nothing happens'], ['while an answer comes']])(
    'made wider and shorter in one step %s, it loses no line and shows its status',
    async (when) => {
      const lines = Array.from({ length: 60 }, (_, index) => `line ${index} of the answer`);
      let goOn: () => void = () => undefined;
      const resized = new Promise<void>((resolve) => (goOn = resolve));
      const server = await startApiServer(async (request, response) => {
        if (request.method !== 'POST') return sendJson(response, 404, { error: { code: 404, message: 'no' } });
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const half = when === 'while an answer comes' ? 30 : 60;
        response.write(chunk({ content: `${lines.slice(0, half).join('\n\n')}\n\n` }));
        if (half < 60) await resized;
        response.end([chunk({ content: lines.slice(half).join('\n\n') }), ...DONE].join(''));
      });
      const terminal = open(server, ['-q'], { columns: 70, rows: 30 });
      await terminal.waitFor('/ commands');
      terminal.type('go\r');
      await terminal.waitFor(when === 'while an answer comes' ? 'line 28' : /line 59[\s\S]*\/ commands/);
      for (const [columns, rows] of [
        [110, 20],
        [70, 30],
        [118, 12],
        [64, 26],
        [110, 20],
      ] as const) {
        await terminal.resize(columns, rows);
        await expect
          .poll(async () => (await terminal.screen()).filter((line) => /^ {2}model · .* so far/.test(line)).length, PATIENT)
          .toBe(1);
      }
      goOn();
      await terminal.waitFor('line 59');
      await expect.poll(async () => (await terminal.screen()).join('\n'), PATIENT).toMatch(/›\s*\n {2}model · .*\/ commands/);
      const text = await leave(terminal);
      expect(text.split('\n').filter((line) => line.startsWith('line '))).toEqual(lines);
    },
  );

  test('several lines, wide characters and emoji can be edited and recalled', async () => {
    const server = await answering((said) => [`<${said}>`]);
    const terminal = open(server, ['-q']);
    await terminal.waitFor('/ commands');
    terminal.type('日本語👩‍🔬x');
    await terminal.waitFor('日本語');
    terminal.type('\u007f\u007f!\nzwei\u001b[A\u0001A');
    await terminal.waitFor('A日本語');
    terminal.type('\r');
    await terminal.waitFor('zwei>');
    expect(asked(server)[0][0].content).toBe('A日本語!\nzwei');
    await leave(terminal);
  });

  test('control sequences in an answer are made visible', async () => {
    const server = await answering(() => ['\u001b]0;owned\u0007', '\u001b[2J\u001b[3J', '\u009b31m', '\u202etfel', '\rover']);
    const terminal = open(server, ['-q']);
    await terminal.waitFor('/ commands');
    terminal.type('\u001b[200~evil \u001b[2J\u202e\u001b[201~\r');
    await terminal.waitFor('␍over');
    const text = await leave(terminal);
    expect(terminal.raw()).not.toMatch(/\u001b\]|\u0007|\u009b|\u202e/);
    for (const part of ['␛]0;owned␇', '␛[2J', '<U+202E>tfel', 'evil ␛[2J<U+202E>']) expect(text).toContain(part);
  });

  test('reasoning is dim while it arrives, one line afterwards, and shown by /reasoning', async () => {
    let goOn: () => void = () => undefined;
    const seen = new Promise<void>((resolve) => (goOn = resolve));
    const server = await startApiServer(async (request, response) => {
      if (request.method !== 'POST') return sendJson(response, 404, { error: { code: 404, message: 'no' } });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ content: '', reasoning: 'let me think' }));
      await seen;
      response.end([chunk({ content: 'so it is' }), ...DONE].join(''));
    });
    const terminal = open(server, ['-q']);
    await terminal.waitFor('/ commands');
    terminal.type('why\r');
    await terminal.waitFor('let me think');
    goOn();
    await terminal.waitFor(/▸ reasoned for \d+ s \(about 3 tokens\)[\s\S]*so it is/);
    expect((await terminal.everything()).join('\n')).not.toContain('let me think');
    terminal.type('/reasoning\r');
    await terminal.waitFor('let me think');
    await leave(terminal);
  });

  test('search, history in a private file, and the editor', async () => {
    const home = tempFolder();
    const server = await answering((said) => [`<${said}>`]);
    const first = open(server, ['-q'], { home });
    await first.waitFor('/ commands');
    first.type('the needle\r');
    await first.waitFor('<the needle>');
    first.type('other\r');
    await first.waitFor('<other>');
    await leave(first);
    const file = join(home, 'data', 'prompts.jsonl');
    expect(existsSync(file) && readFileSync(file, 'utf8')).toBe('"the needle"\n"other"\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const editor = join(home, 'editor');
    writeFileSync(editor, '#!/bin/sh\nprintf " edited\\n" >> "$1"\ntouch started\nwhile [ ! -e typed ]; do sleep 0.05; done\n', {
      mode: 0o700,
    });
    const second = open(server, ['-q'], { home, env: { EDITOR: editor } });
    await second.waitFor('/ commands');
    second.type('\u0012need');
    await second.waitFor(/search sent messages: need\s*\n\s*the needle/);
    second.type('\r\u0007');
    await expect.poll(() => existsSync(join(home, 'started'))).toBe(true);
    // Typed ahead, while the editor has the terminal.
    second.type(' twice\r');
    writeFileSync(join(home, 'typed'), '');
    await second.waitFor('<the needle edited twice>');
    await leave(second);
  });

  test('Ctrl-Z suspends and resumes, SIGTERM restores the terminal', async () => {
    const server = await answering(() => ['never']);
    const terminal = open(server, ['-q'], { isAlone: true });
    await terminal.waitFor('/ commands');
    terminal.type('draft\u001a');
    // Output from before the stop may arrive a moment later.
    await terminal.until(
      () => terminal.isStopped() && (terminal.raw().endsWith('\u001b[?25h') || terminal.raw().includes('\u001b[?2004l')),
    );
    terminal.kill('SIGCONT');
    await terminal.waitFor('› draft');
    terminal.type(' more');
    await terminal.waitFor('› draft more');
    terminal.kill('SIGTERM');
    expect(await terminal.exit).not.toBe(0);
    expectTidy(terminal);
  });
});

describe('commands of a conversation', () => {
  test('are offered, completed, and work', async () => {
    const home = tempFolder();
    const server = await answering((said, count) => [`answer ${count} to <${said}>`]);
    const terminal = open(server, [], { home, rows: 40 });
    await terminal.waitFor('/ commands');
    terminal.type('/');
    await terminal.waitFor('List commands and keys');
    terminal.type('he\t\r');
    await terminal.waitFor('paste what was deleted');
    terminal.type('one\r');
    await terminal.waitFor('answer 1 to <one>');
    terminal.type('/system be brief\r');
    await terminal.waitFor('system prompt: be brief');
    terminal.type('/params temperature 0.5\r');
    await terminal.waitFor('temperature is 0.5');
    terminal.type('/model other/name\r');
    await terminal.waitFor('now using other/name');
    terminal.type('two\r');
    await terminal.waitFor('answer 4 to <two>');
    const last = server.requests.findLast(({ method }) => method === 'POST')!.json();
    expect(last).toMatchObject({ model: 'other/name', temperature: 0.5 });
    expect(last.messages[0]).toEqual({ role: 'system', content: 'be brief' });
    terminal.type('/fork\r');
    await terminal.waitFor('continuing in a copy');
    terminal.type('/save my chat\r');
    await terminal.waitFor('saved as: my chat');
    terminal.type('/search two\r');
    await terminal.waitFor(/search two[\s\S]*my chat/);
    terminal.type('/export out.md\r');
    await terminal.waitFor('written to out.md');
    terminal.type('/export out.md\r');
    await terminal.waitFor('out.md already exists');
    expect(readFileSync(join(home, 'out.md'), 'utf8')).toContain('answer 4 to <two>');
    terminal.type('/edit\r');
    await terminal.waitFor(/› two\s*\n/);
    terminal.type('\u0015/undo\r');
    await terminal.waitFor('removed with its answer');
    terminal.type('/undo\r');
    await terminal.waitFor(/removed with its answer[^]*removed with its answer/);
    terminal.type('fresh\r');
    await terminal.waitFor('answer 2 to <fresh>');
    terminal.type('/retry\r');
    await terminal.waitFor(/answer 2 to <fresh>[\s\S]*answer 2 to <fresh>/);
    terminal.type('/cost\r');
    await terminal.waitFor(
      /so far for 2 answers, and 2 whose cost is not known[^]*for this copy only; for the original: orx cost\s+0/,
    );
    terminal.type('/new\r');
    await terminal.waitFor('New conversation');
    terminal.type('/resume my\r');
    await terminal.waitFor(/resume 0[\s\S]*fresh/);
    terminal.type('/nonsense\r');
    await terminal.waitFor('unknown command /nonsense');
    terminal.type('/compact\r');
    await terminal.waitFor('there is nothing to summarize yet');
    terminal.type('/quit\r');
    expect(await terminal.exit).toBe(0);
    expectTidy(terminal);
  });
});
