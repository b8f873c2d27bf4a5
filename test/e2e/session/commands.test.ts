import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerPieces, type ApiServer, chunk, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openChatTerminal as open } from '../../support/chat-terminal.ts';
import type { TerminalRun } from '../../support/terminal.ts';
import { asked, startToolApi } from '../../support/tool-api.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg==',
  'base64',
);

async function leave(terminal: TerminalRun): Promise<void> {
  terminal.type('\u0004');
  expect(await terminal.exit).toBe(0);
}

/** Answers with the number of answers so far. */
function counting(): Promise<ApiServer> {
  let count = 0;
  return startApiServer((request, response) => {
    if (request.method !== 'POST') return sendJson(response, 404, { error: { code: 404, message: 'no' } });
    count += 1;
    return sendPieces(response, answerPieces([`answer ${count} of ${request.json().model}`], 0.001));
  });
}

test('@ completes paths and attaches texts, images and folders; other text is sent unchanged', async () => {
  const home = tempFolder();
  mkdirSync(join(home, 'notes'));
  writeFileSync(join(home, 'notes', 'pool trace.log'), 'thread 7 holds it\n');
  writeFileSync(join(home, 'screen.png'), PNG);
  const server = await counting();
  const terminal = open(server, [], { home });
  await terminal.waitFor('@ attach');
  terminal.type('read @no');
  await terminal.waitFor('▸ notes/');
  terminal.type('\t');
  await terminal.waitFor('▸ pool trace.log');
  terminal.type('\tand @scr\tnot @nobody but @missing.txt\r');
  await terminal.waitFor('warning: file not found: missing.txt');
  await terminal.waitFor('answer 1');
  await terminal.waitFor('@notes/pool trace.log 18 B · @screen.png 70 B');
  const [{ messages }] = asked(server);
  const [text, picture] = messages.at(-1).content;
  expect(text.text).toContain('notes/pool trace.log:\n```\nthread 7 holds it\n```');
  expect(text.text).toMatch(/read @"notes\/pool trace.log" and @screen.png not @nobody but @missing.txt$/);
  expect(picture).toEqual({ type: 'image_url', image_url: { url: `data:image/png;base64,${PNG.toString('base64')}` } });
  terminal.type('/edit\r');
  await terminal.waitFor(/› read @"notes.*\n(.*\n)?.*\/ commands/);
  terminal.type('\u0015\u0015\u0015/attach notes\r');
  await terminal.waitFor('@notes goes with the next message');
  terminal.type('what is there?\r');
  await terminal.waitFor('answer 2');
  expect(asked(server)[1].messages.at(-1).content).toBe('notes:\n```\npool trace.log\n```\n\n@notes what is there?');
  await leave(terminal);
});

test('a tool needs confirmation during a conversation, and /tools shows and changes the offered tools', async () => {
  const home = tempFolder();
  const print = `
  say:
    description: Says a word.
    parameters: { word: string }
    command: [/usr/bin/printf, '<%s>', '{{word}}']
`;
  writeFileSync(join(home, 'tools.yaml'), `tools:${print}${print.replace('say:', 'shout:')}`);
  const call = [{ name: 'say', arguments: { word: 'rain' } }];
  const api = await startToolApi([call, [], call, [], call, []]);
  const terminal = open(api, ['--tool', 'say'], { home });
  await terminal.waitFor('/ commands');
  terminal.type('first\r');
  await terminal.waitFor('say: y once');
  terminal.type('y');
  await terminal.waitFor('<rain>');
  await terminal.waitFor('1 tool call');
  terminal.type('/tools shout\r');
  await terminal.waitFor('shout · asks first');
  terminal.type('/tools allow say\r');
  await terminal.waitFor('say · runs without asking');
  terminal.type('second\r');
  await terminal.waitFor('→ say { "word": "rain" }');
  await terminal.waitFor(/1 tool call[\s\S]*1 tool call/);
  terminal.type('/tools -\r');
  await terminal.waitFor('no tools; add some');
  terminal.type('/reasoning\r');
  terminal.type('third\r');
  await terminal.waitFor(/third[\s\S]*It rains/);
  await leave(terminal);
  const bodies = asked(api);
  const offered = bodies.map(({ tools = [] }) => tools.map((tool: any) => tool.function.name).join());
  // A tool that was called stays defined while the conversation contains the call, but cannot be called any more.
  expect(offered).toEqual(['say', 'say', 'say,shout', 'say,shout', 'say']);
  expect(bodies.map(({ tool_choice: choice }) => choice)).toEqual([undefined, undefined, undefined, undefined, 'none']);
  expect(bodies[1].messages.at(-1)).toMatchObject({ role: 'tool', content: '<rain>' });
  // The next turn sends everything again.
  expect(bodies[2].messages.map(({ role }: { role: string }) => role)).toEqual([
    'user',
    'assistant',
    'tool',
    'assistant',
    'user',
  ]);
});

test('/compare asks other models as well, /compact replaces old turns with a summary, /copy reaches the clipboard', async () => {
  const server = await counting();
  const terminal = open(server, [], { rows: 40, columns: 100 });
  await terminal.waitFor('/ commands');
  for (const [index, text] of ['one', 'two', 'three'].entries()) {
    terminal.type(`${text}\r`);
    await terminal.waitFor(`answer ${index + 1} of`);
    await terminal.waitFor(`$0.00${index + 1}00 so far`);
  }
  terminal.type('/compare other/model\r');
  await terminal.waitFor(/warning: answered by test\/model, not other\/model[\s\S]*\/ commands/);
  terminal.type('/compact\r');
  await terminal.waitFor('2 turns are replaced by this summary');
  await terminal.waitFor('answer 6 of');
  terminal.type('four\r');
  await terminal.waitFor('answer 7 of');
  const bodies = asked(server);
  expect(bodies.slice(3, 5).map(({ messages }) => messages)).toEqual([
    [{ role: 'user', content: 'three' }],
    [{ role: 'user', content: 'three' }],
  ]);
  const sent = bodies.at(-1).messages.map(({ content }: { content: string }) => content);
  expect(sent[0]).toContain('answer 6 of test/model');
  // The summary and the next question both come from the user, so they are one message.
  expect(sent[0]).toMatch(/\n\nthree$/);
  expect(sent.slice(1)).toEqual(['answer 3 of test/model', 'four']);
  terminal.type('/copy\r');
  await terminal.waitFor('to the clipboard (the terminal)');
  expect(terminal.raw()).toContain(`\u001b]52;c;${Buffer.from('answer 7 of test/model').toString('base64')}\u0007`);
  await leave(terminal);
});

test('/cost and the running total count comparisons, and after /fork describe the copy', async () => {
  const server = await counting();
  const home = tempFolder();
  const terminal = open(server, [], { home, rows: 40, columns: 100 });
  await terminal.waitFor('/ commands');
  terminal.type('one\r');
  await terminal.waitFor('$0.00100 so far');
  terminal.type('/compare other/model\r');
  await terminal.waitFor('$0.00300 so far');
  terminal.type('/cost\r');
  await terminal.waitFor(/\$0\.00300 so far for 3 answers · 3,612 in → 1,020 out\s+details: orx cost 0/);
  terminal.type('/fork\r');
  await terminal.waitFor(/continuing in a copy[^]*\$0 so far/);
  terminal.type('two\r');
  await terminal.waitFor('$0.00100 so far');
  terminal.type('/cost\r');
  await terminal.waitFor(
    /\$0\.00100 so far for 1 answer · 1,204 in → 340 out\s+for this copy only; for the original: orx cost\s+0/,
  );
  await leave(terminal);
  const env = { OPENROUTER_BASE_URL: server.url };
  const cost = async (...args: string[]): Promise<any> =>
    JSON.parse((await runOrx(['cost', ...args, '--json'], { home, env })).stdout);
  // The last command was the last question.
  expect((await cost()).total).toMatchObject({ requests: 1, cost: '0.001' });
  const { entries } = await cost('today');
  expect((await cost(entries[0].conversation)).total).toMatchObject({ requests: 3, cost: '0.003' });
  expect(new Set(entries.map(({ turn }: { turn: string }) => turn)).size).toBe(3);
});

test('Markdown is rendered, --raw shows its source, and unrecorded conversations write nothing', async () => {
  const server = await startApiServer((request, response) =>
    request.method === 'POST'
      ? sendPieces(response, answerPieces(['# Head\n\nsome **bold** text\n\n```js\nlet a', ' = 1;\n```\n']))
      : sendJson(response, 404, { error: { code: 404, message: 'no' } }),
  );
  const home = tempFolder();
  const shown = open(server, ['-n'], { home });
  await shown.waitFor('/ commands');
  shown.type('secret words\r');
  await shown.waitFor('$0.000412 so far');
  const text = (await shown.everything()).join('\n');
  expect(text).toContain('some bold text');
  expect(text).not.toMatch(/# Head|\*\*|```/);
  await leave(shown);
  const raw = open(server, ['--raw', '-q'], { home });
  await raw.waitFor('/ commands');
  raw.type('\u001b[A');
  raw.type('x\r');
  await raw.waitFor('some **bold** text');
  await raw.waitFor('```js');
  await leave(raw);
  expect((await raw.everything()).join('\n')).not.toContain('secret words');
});

test('images of an answer are written to files, named and shown, and the conversation continues below them', async () => {
  const home = tempFolder();
  const picture = { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG.toString('base64')}` } };
  const server = await startApiServer((request, response) =>
    request.method === 'POST'
      ? sendPieces(response, [chunk({ content: 'a dot', images: [picture] }), ...answerPieces([''])])
      : sendJson(response, 404, { error: { code: 404, message: 'no' } }),
  );
  const terminal = open(server, [], { home, env: { TERM_PROGRAM: 'iTerm.app' } });
  await terminal.waitFor('/ commands');
  terminal.type('draw a dot\r');
  await terminal.waitFor(/a dot[\s\S]*image: \S*orx-\d{8}-\d{6}\.png[\s\S]*\$0\.000412 so far/);
  expect(terminal.raw()).toContain(`\u001b]1337;File=`);
  const file = readdirSync(home).find((name) => name.endsWith('.png'));
  expect(readFileSync(join(home, file!))).toEqual(PNG);
  terminal.type('once more\r');
  await terminal.waitFor(/once more[^]*orx-\S+\.png[^]*\$0\.000824 so far/);
  await leave(terminal);
});

test('a command that takes no text is not run with one, because the line may be a message', async () => {
  const server = await counting();
  const terminal = open(server);
  await terminal.waitFor('/ commands');
  terminal.type('one\r');
  await terminal.waitFor('answer 1 of');
  for (const command of ['undo', 'new', 'fork']) {
    terminal.type(`/${command} the last change\r`);
    await terminal.waitFor(`error: /${command} accepts no text after it`);
  }
  terminal.type('two\r');
  await terminal.waitFor('answer 2 of');
  const sent = asked(server)
    .at(-1)
    .messages.map(({ content }: { content: string }) => content);
  expect(sent).toEqual(['one', 'answer 1 of test/model', 'two']);
  await leave(terminal);
});

test('/export writes into the home folder with ~, and says why a file cannot be written', async () => {
  const home = tempFolder();
  const terminal = open(await counting(), [], { home });
  await terminal.waitFor('/ commands');
  terminal.type('one\r');
  await terminal.waitFor('answer 1 of');
  terminal.type('/export ~/out.md\r');
  await terminal.waitFor('written to ~/out.md');
  expect(readFileSync(join(home, 'out.md'), 'utf8')).toContain('answer 1 of test/model');
  terminal.type('/export ~/out.md\r');
  await terminal.waitFor('~/out.md already exists');
  terminal.type('/export ~/none/out.md\r');
  await terminal.waitFor(/none\/out.md\s+\(the folder does not exist\)\s+hint: name another file: \/export FILE/);
  await leave(terminal);
});
