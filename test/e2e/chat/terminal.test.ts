import { describe, expect, test } from 'vitest';
import { answerPieces, type ApiServer, chunk, newGate, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { expectNoClear, openChatTerminal } from '../../support/chat-terminal.ts';
import type { TerminalOptions, TerminalRun } from '../../support/terminal.ts';

// A question starts with the line of a new process.
const open = (server: ApiServer, args: readonly string[], options: TerminalOptions = {}): TerminalRun =>
  openChatTerminal(server, args, { ...options, isAlone: true });

const DONE = [chunk({ content: '' }, {}, { finish_reason: 'stop' }), 'data: [DONE]\n\n'];

describe('one question on a terminal', () => {
  test.each([60, 80, 120, 200])('at %i columns shows the whole answer, then the receipt', async (columns) => {
    const words = Array.from({ length: 120 }, (_, index) => `word${index}`);
    const server = await startApiServer((_, response) =>
      sendPieces(response, answerPieces(words.map((word) => `${word} `)), { pauseMs: 2 }),
    );
    const terminal = open(server, ['hi'], { columns });
    expect(await terminal.exit).toBe(0);
    const lines = await terminal.everything();
    const text = lines.join('\n');
    expect(
      text
        .slice(0, text.indexOf('TestProvider'))
        .split(/\s+/)
        .filter((word) => word.startsWith('word')),
    ).toEqual(words);
    expect(text.replaceAll('\n', ' ')).toMatch(/model · TestProvider · 0\.\d\d s to first token/);
    expect(text).toContain('1,204 in (91% cached) → 340 out');
    expect(text).toContain('$0.000412');
    for (const line of lines) expect(line.trimEnd().length).toBeLessThan(columns);
    expectNoClear(terminal.raw());
  });

  test('while waiting, shows the model and the time, and removes them at the first token', async () => {
    let release: (() => void) | undefined;
    const server = await startApiServer(async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': OPENROUTER PROCESSING\n\n');
      await new Promise<void>((resolve) => (release = resolve));
      response.end([chunk({ content: 'here' }), ...DONE].join(''));
    });
    const terminal = open(server, ['hi']);
    await terminal.waitFor(/test\/model · routing \d\.\d\d s/);
    release?.();
    expect(await terminal.exit).toBe(0);
    const text = (await terminal.everything()).join('\n');
    expect(text).toContain('here');
    expect(text).not.toContain('routing');
  });

  test('an answer of many lines goes to the scrollback, and only a short tail is redrawn', async () => {
    const lines = Array.from({ length: 400 }, (_, index) => `line ${index} of the answer`);
    // In one piece, because the number of times the open row is redrawn depends on how slowly the lines arrive.
    const server = await startApiServer((_, response) =>
      sendPieces(response, [[...lines.map((line) => chunk({ content: `${line}\n` })), ...DONE].join('')]),
    );
    const terminal = open(server, ['hi'], { rows: 12 });
    expect(await terminal.exit).toBe(0);
    expect((await terminal.everything()).filter((line) => line.startsWith('line '))).toEqual(lines);
    expectNoClear(terminal.raw());
    // Every line is written once, a few twice while they were open.
    expect(terminal.raw().length).toBeLessThan(lines.join('').length * 3);
  });

  test('a long line without a newline, wide characters and emoji lose nothing', async () => {
    const text = `${'日本語のとても長い行'.repeat(30)} ${'👩‍🔬🇦🇹é'.repeat(20)} ${'x'.repeat(300)}`;
    const pieces = Array.from(text.match(/.{1,7}/gsu) ?? [], (content) => chunk({ content }));
    const server = await startApiServer((_, response) => sendPieces(response, [...pieces, ...DONE]));
    const terminal = open(server, ['hi', '-q'], { columns: 61 });
    expect(await terminal.exit).toBe(0);
    const shown = (await terminal.everything()).join('').replaceAll(/\s/g, '');
    expect(shown).toContain('日本語のとても長い行'.repeat(30));
    expect(shown).toContain('x'.repeat(300));
    expectNoClear(terminal.raw());
  });

  test('reasoning is one line next to the answer, or hidden', async () => {
    const twice = chunk({
      content: '',
      reasoning: 'let me think',
      reasoning_details: [{ type: 'reasoning.text', text: 'let me think' }],
    });
    const server = await startApiServer((_, response) => sendPieces(response, [twice, chunk({ content: 'so it is' }), ...DONE]));
    const shown = open(server, ['hi', '-q']);
    expect(await shown.exit).toBe(0);
    expect((await shown.everything()).map((line) => line.trimEnd()).filter((line) => line !== '')).toEqual([
      '▸ reasoned for 1 s (about 3 tokens)',
      'so it is',
    ]);
    const hidden = open(server, ['hi', '-q', '-R']);
    expect(await hidden.exit).toBe(0);
    expect((await hidden.everything()).map((line) => line.trimEnd()).filter((line) => line !== '')).toEqual(['so it is']);
  });

  test('control sequences in an answer are made visible', async () => {
    const hostile = [
      '\u001b]0;owned\u0007',
      '\u001b[2J\u001b[3J',
      '\u001b',
      '[31mred',
      '\u009b31m',
      '\u001b]52;c;aGk=\u0007',
      '\rover',
      '\u202etfel',
      '\u0000',
    ];
    const server = await startApiServer((_, response) =>
      sendPieces(response, [...hostile.map((content) => chunk({ content })), ...DONE], { pauseMs: 15 }),
    );
    const terminal = open(server, ['hi']);
    expect(await terminal.exit).toBe(0);
    expectNoClear(terminal.raw());
    expect(terminal.raw()).not.toMatch(/\u001b\]|\u0007|\u009b|\u202e|\u0000/);
    const text = (await terminal.everything()).join('\n');
    for (const part of ['␛]0;owned␇', '␛[2J', '␛[31mred', '<U+009B>31m', '␍over', '<U+202E>tfel', '␀'])
      expect(text).toContain(part);
  });

  test('a failure keeps the text and says what to do', async () => {
    const server = await startApiServer((_, response) =>
      sendPieces(response, [chunk({ content: 'half of it' }), chunk({}, { error: { code: 502, message: 'gone \u001b[2J' } })]),
    );
    const terminal = open(server, ['hi']);
    expect(await terminal.exit).toBe(7);
    const text = (await terminal.everything()).join('\n');
    expect(text).toContain('half of it');
    expect(text).toContain('error: gone ␛[2J');
    expect(text).toContain('--fallback');
  });

  test('the waiting line disappears when nothing was received', async () => {
    const server = await startApiServer((_, response) =>
      sendJson(response, 402, { error: { code: 402, message: 'no credits' } }),
    );
    const terminal = open(server, ['hi']);
    expect(await terminal.exit).toBe(4);
    const lines = (await terminal.everything()).map((line) => line.trimEnd());
    expect(lines.join('\n')).not.toMatch(/connecting|routing|⠋/);
    for (const line of lines) expect(line.length).toBeLessThan(80);
    expect(lines.find((line) => line !== '')).toBe('error: not enough credits for this request');
  });

  test('while waiting for a retry counts down in one row, with the reason; Ctrl-C ends it at once', async () => {
    const message = 'overloaded '.repeat(12);
    const server = await startApiServer((_, response) =>
      sendJson(response, 503, { error: { code: 503, message } }, { 'retry-after': '20' }),
    );
    const terminal = open(server, ['hi'], { env: { ORX_RETRIES: '1' } });
    await terminal.waitFor(/test\/model · retry in (20|19|18) s: overloaded/);
    await terminal.waitFor(/retry in 17 s: overloaded/);
    expect((await terminal.everything()).filter((line) => line.includes('overloaded'))).toHaveLength(1);
    terminal.type('\u0003');
    expect(await terminal.exit).toBe(130);
  });

  test('Ctrl-Z restores the cursor', async () => {
    const server = await startApiServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ content: 'a line\nand ' }));
    });
    const terminal = open(server, ['hi']);
    await terminal.waitFor('a line');
    const before = terminal.raw().length;
    terminal.kill('SIGTSTP');
    // Output from before the stop may arrive a moment later.
    await terminal.until(() => terminal.isStopped() && terminal.raw().slice(before).includes('\u001b[?25h'));
    terminal.kill('SIGCONT');
    terminal.type('\u0003');
    expect(await terminal.exit).toBe(130);
  });

  test('Ctrl-C keeps the received part and exits with 130', async () => {
    const server = await startApiServer((request, response) => {
      if (request.url.includes('/generation')) return sendJson(response, 200, { data: { id: 'gen-1', total_cost: 0.0123 } });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ content: 'a finished line\nand half a l' }));
    });
    const terminal = open(server, ['hi']);
    await terminal.waitFor('and half a l');
    terminal.type('\u0003');
    expect(await terminal.exit).toBe(130);
    const text = (await terminal.everything()).join('\n');
    expect(text).toContain('a finished line\nand half a l');
    expect(text).toMatch(/stopped[\s\S]*\$0\.0123 \(looked up\)/);
    expectNoClear(terminal.raw());
  });

  test('survives resizing mid-stream', async () => {
    const words = Array.from({ length: 200 }, (_, index) => `word${index}`);
    const server = await startApiServer((_, response) =>
      sendPieces(response, answerPieces(words.map((word) => `${word} `)), { pauseMs: 4 }),
    );
    const terminal = open(server, ['hi', '-q'], { columns: 100 });
    await terminal.waitFor('word20');
    await terminal.resize(50, 20);
    await terminal.waitFor('word90');
    await terminal.resize(140, 30);
    expect(await terminal.exit).toBe(0);
    const seen = new Set((await terminal.everything()).join(' ').split(/\s+/));
    expect(words.filter((word) => !seen.has(word))).toEqual([]);
    expectNoClear(terminal.raw());
  });

  test.each<[string, Record<string, string>]>([
    ['NO_COLOR', { NO_COLOR: '1' }],
    ['TERM=dumb', { TERM: 'dumb' }],
  ])('%s: no color', async (_name, env) => {
    const server = await startApiServer((_, response) => sendPieces(response, answerPieces(['plain'])));
    const terminal = open(server, ['hi'], { env });
    expect(await terminal.exit).toBe(0);
    expect(terminal.raw()).not.toMatch(/\u001b\[[\d;]*m/);
    expect(env['TERM'] === 'dumb' && terminal.raw().includes('\u001b')).toBe(false);
    expect((await terminal.everything()).join('\n')).toContain('plain');
  });
});

/** A terminal that cannot draw moving parts; test/e2e/session tests the conversation on others. */
const PLAIN: TerminalOptions = { env: { TERM: 'dumb' } };

describe('a plain conversation', () => {
  const echo = (): Promise<ApiServer> =>
    startApiServer((request, response) => {
      const { messages } = request.json();
      return sendPieces(response, [chunk({ content: `answer ${messages.length} to <${messages.at(-1).content}>` }), ...DONE]);
    });

  test('sends the whole conversation with each question, knows the commands, and ends with Ctrl-D', async () => {
    const server = await echo();
    const terminal = open(server, [], PLAIN);
    await terminal.waitFor('› ');
    terminal.type('first\r');
    await terminal.waitFor('answer 1 to <first>');
    await terminal.waitFor(/receipt|cost not known[\s\S]*›/);
    terminal.type('second\r');
    await terminal.waitFor('answer 3 to <second>');
    await terminal.waitFor(/<second>[\s\S]*›/);
    terminal.type('/edit\r');
    await terminal.waitFor(/the next message replaces the last one and its answer; \/edit - keeps them\s*› second/);
    terminal.type(' thoughts\r');
    await terminal.waitFor('answer 3 to <second thoughts>');
    await terminal.waitFor(/thoughts>[\s\S]*›/);
    terminal.type('/parms\r');
    await terminal.waitFor('did you mean: /params');
    terminal.type('\u0004');
    expect(await terminal.exit).toBe(0);
    expect(server.requests[1]?.json().messages).toEqual([
      { role: 'user', content: 'first' },
      { role: 'assistant', content: 'answer 1 to <first>' },
      { role: 'user', content: 'second' },
    ]);
    expectNoClear(terminal.raw());
  });

  test('lines pasted together are one message, and exit leaves', async () => {
    const server = await echo();
    const terminal = open(server, ['-q'], PLAIN);
    await terminal.waitFor('› ');
    terminal.type('one\rtwo\rthree\r');
    await terminal.waitFor('answer 1 to <one');
    await terminal.waitFor(/three>[\s\S]*›/);
    expect(server.requests[0]?.json().messages[0].content).toBe('one\ntwo\nthree');
    terminal.type('exit\r');
    expect(await terminal.exit).toBe(0);
    expect(server.requests).toHaveLength(1);
  });

  test('text typed mid-stream is sent next, and does not disturb the frame', async () => {
    const [isTyped, isRead] = [newGate(), newGate()];
    const server = await startApiServer(async (request, response) => {
      const { messages } = request.json();
      await sendPieces(response, [chunk({ content: 'start ' })], { gate: isTyped, end: false });
      response.write(chunk({ content: 'middle ' }));
      await isRead.opened;
      response.write(chunk({ content: `end of <${messages.at(-1).content}>` }));
      response.end(DONE.join(''));
    });
    const terminal = open(server, ['-q'], PLAIN);
    await terminal.waitFor('› ');
    terminal.type('first\r');
    await terminal.waitFor('start');
    terminal.type('second\r');
    // Output after the keys is on the screen only once the keys have been read.
    isTyped.open();
    await terminal.waitFor('middle');
    // Keys that follow at once would belong to a paste.
    await new Promise((resolve) => setTimeout(resolve, 100));
    terminal.type('thi');
    isRead.open();
    await terminal.waitFor('end of <second>');
    await terminal.waitFor(/<second>[\s\S]*› thi/);
    terminal.type('rd\r');
    await terminal.waitFor('end of <third>');
    const text = (await terminal.everything()).join('\n');
    expect(text).toContain('start middle end of <first>');
    expect(text).toContain('start middle end of <second>');
  });

  test('Ctrl-C stops the answer and stays; at an empty prompt it leaves', async () => {
    const server = await startApiServer((request, response) => {
      if (request.url.includes('/generation')) return sendJson(response, 404, { error: { code: 404, message: 'not yet' } });
      const { messages } = request.json();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ content: `part ${messages.length}` }));
      if (messages.length > 1) response.end(DONE.join(''));
    });
    const terminal = open(server, ['-q'], PLAIN);
    await terminal.waitFor('› ');
    terminal.type('first\r');
    await terminal.waitFor('part 1');
    terminal.type('\u0003');
    await terminal.waitFor(/part 1[\s\S]*›/);
    terminal.type('second\r');
    await terminal.waitFor('part 3');
    await terminal.waitFor(/part 3[\s\S]*›/);
    expect(server.requests.at(-1)?.json().messages[1]).toEqual({ role: 'assistant', content: 'part 1' });
    terminal.type('\u0003');
    expect(await terminal.exit).toBe(0);
  });

  test('a second Ctrl-C while orx looks up the cost skips the cost, not the conversation', async () => {
    const server = await startApiServer((request, response) => {
      if (request.url.includes('/generation')) return undefined;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ content: 'part' }));
    });
    const terminal = open(server, [], PLAIN);
    await terminal.waitFor('› ');
    terminal.type('first\r');
    await terminal.waitFor('part');
    terminal.type('\u0003');
    await terminal.until(() => server.requests.some(({ url }) => url.includes('/generation')));
    terminal.type('\u0003');
    await terminal.waitFor(/cost not known yet \(gen-1\)[\s\S]*›/);
    terminal.type('\u0004');
    expect(await terminal.exit).toBe(0);
  });

  test('a failed question is reported and dropped', async () => {
    let count = 0;
    const server = await startApiServer((request, response) => {
      count += 1;
      if (count === 1) return sendJson(response, 400, { error: { code: 400, message: 'no such thing: my-own-house-key' } });
      return sendPieces(response, [chunk({ content: `knows ${request.json().messages.length}` }), ...DONE]);
    });
    const terminal = open(server, ['-q'], { env: { ...PLAIN.env, OPENROUTER_API_KEY: 'my-own-house-key' } });
    await terminal.waitFor('› ');
    terminal.type('first\r');
    await terminal.waitFor('error: no such thing: [the key]');
    await terminal.waitFor(/no such thing[\s\S]*›/);
    terminal.type('second\r');
    await terminal.waitFor('knows 1');
  });
});
