import { describe, expect, test } from 'vitest';
import { answerPieces, type ApiServer, chunk, sendPieces, startApiServer } from '../../support/api-server.ts';
import { chatEnvironment, expectNoClear, openChatTerminal } from '../../support/chat-terminal.ts';
import { runOrx } from '../../support/run-orx.ts';
import type { TerminalOptions, TerminalRun } from '../../support/terminal.ts';

const SOURCE = '# Title\n\nsome **bold** `code`\n\n| a | b |\n|---|--:|\n| 1 | 22 |\n\n```js\nreturn 1;\n```\n';
const RENDERED = ['Title', '', 'some bold code', '', 'a │  b', '──┼───', '1 │ 22', '', 'js', '  return 1;'];
const STYLES = /\u001b\[[\d;]*m/;

const open = (server: ApiServer, args: readonly string[], options: TerminalOptions = {}): TerminalRun =>
  openChatTerminal(server, ['hi', ...args], options);
const serve = (source: string, size = 5): Promise<ApiServer> =>
  startApiServer((_, response) =>
    sendPieces(response, answerPieces(source.match(new RegExp(`[\\s\\S]{1,${size}}`, 'gu')) ?? [])),
  );
const rowsOf = async (terminal: TerminalRun): Promise<string[]> => {
  expect(await terminal.exit).toBe(0);
  return (await terminal.everything())
    .map((row) => row.trimEnd())
    .join('\n')
    .trimEnd()
    .split('\n');
};

describe('an answer in Markdown on a terminal', () => {
  test('is rendered', async () => {
    const terminal = open(await serve(SOURCE), ['-q']);
    expect(await rowsOf(terminal)).toEqual(RENDERED);
    expect(terminal.raw()).toContain('\u001b[1mbold\u001b[22m');
    expect(terminal.raw()).toContain('\u001b[35mreturn\u001b[39m');
    expectNoClear(terminal.raw());
  });

  test.each<[string, string[], Record<string, string>]>([
    ['--raw', ['--raw'], {}],
    ['--no-markdown', ['--no-markdown'], {}],
    ['--screen-reader', ['--screen-reader'], {}],
    ['INK_SCREEN_READER', [], { INK_SCREEN_READER: 'true' }],
    ['TERM=dumb', [], { TERM: 'dumb' }],
  ])('%s shows the source', async (_name, args, env) => {
    const terminal = open(await serve(SOURCE), ['-q', ...args], { env });
    const shown = (await rowsOf(terminal)).join('\n');
    const isSource = shown === SOURCE.trimEnd();
    expect({ shown, raw: isSource ? '' : terminal.raw() }).toEqual({ shown: SOURCE.trimEnd(), raw: '' });
    // The waiting line is dim.
    expect(terminal.raw().slice(terminal.raw().indexOf('# Title'))).not.toMatch(STYLES);
  });

  test.each<[string, string[], Record<string, string>]>([
    ['--theme none', ['--theme', 'none'], {}],
    ['NO_COLOR', [], { NO_COLOR: '1' }],
  ])('%s: no color, and Markdown that would not be readable keeps its markup', async (_name, args, env) => {
    const terminal = open(await serve(SOURCE), args, { env });
    const rows = await rowsOf(terminal);
    expect(rows.slice(0, 11)).toEqual([
      '# Title',
      '',
      'some bold `code`',
      ...RENDERED.slice(3, 8),
      '```js',
      '  return 1;',
      '```',
    ]);
    expect(rows.join('\n')).toContain('$0.000412');
    expect(terminal.raw()).not.toMatch(STYLES);
  });

  test('there are four themes, and two have their own styles', async () => {
    const server = await serve(SOURCE);
    const styles = async (name: string): Promise<string> => {
      const terminal = open(server, ['-q', '--theme', name]);
      expect(await rowsOf(terminal)).toEqual(RENDERED);
      return terminal.raw();
    };
    expect(await styles('dark')).toContain('\u001b[96mcode\u001b[39m');
    expect(await styles('light')).toContain('\u001b[34mcode\u001b[39m');
    const wrong = await runOrx(['chat', 'hi', '--theme', 'pink'], { env: chatEnvironment(server) });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('theme must be one of auto, dark, light, none');
  });

  test('for a screen reader nothing is redrawn, and the receipt is plain', async () => {
    const terminal = open(await serve(SOURCE), ['--screen-reader']);
    const text = (await rowsOf(terminal)).join('\n');
    expect(text).toContain(SOURCE);
    expect(text).toContain('$0.000412');
    expect(terminal.raw()).not.toMatch(/\u001b|⠋/);
  });

  test('in a pipe orx prints the source, byte for byte', async () => {
    const { code, stdout } = await runOrx(['chat', 'hi'], { env: chatEnvironment(await serve(SOURCE)) });
    expect({ code, stdout }).toEqual({ code: 0, stdout: SOURCE });
  });

  test('all of ten thousand lines are shown, and the screen is never cleared', async () => {
    const lines = Array.from({ length: 10_000 }, (_, index) =>
      index % 10 === 0 ? `- item **${index}**` : `line ${index} of \`it\``,
    );
    const terminal = open(await serve(`${lines.join('\n')}\n`, 400), ['-q'], { rows: 12 });
    const shown = lines.map((line) => line.replaceAll(/\*\*|`/g, '').replace(/^- /, '• '));
    // A line after a list item continues it.
    expect((await rowsOf(terminal)).map((row) => row.trim())).toEqual(shown);
    expectNoClear(terminal.raw());
  });

  test('survives resizing in a table, in a list and in code', async () => {
    const words = (from: number): string => Array.from({ length: 40 }, (_, index) => `word${from + index}`).join(' ');
    const source = `- ${words(100)}\n\n| a | b |\n|---|---|\n| ${words(200)} | x |\n\n\`\`\`js\n${words(300)}\n\`\`\`\n\n${words(400)}\n`;
    const server = await startApiServer((_, response) =>
      sendPieces(response, answerPieces(source.match(/[\s\S]{1,12}/g) ?? []), { pauseMs: 4 }),
    );
    const terminal = open(server, ['-q'], { columns: 100, rows: 12 });
    for (const [word, columns] of [
      ['word115', 50],
      ['word210', 120],
      ['word310', 40],
      ['word405', 90],
    ] as const) {
      await terminal.waitFor(word);
      await terminal.resize(columns, 12);
    }
    const seen = (await rowsOf(terminal)).join('').replaceAll(/\s/g, '');
    for (const from of [100, 200, 300, 400])
      for (let index = from; index < from + 40; index += 1) expect(seen).toContain(`word${index}`);
    expectNoClear(terminal.raw());
  });

  test('control sequences are made visible, also in code, links and tables', async () => {
    const source =
      '[a](https://x.example/\u001b]8;;evil\u0007)\n\n```js\nlet a = "\u001b[2J"; // \u009b31m\n```\n\n|\u001b[31ma|\n|---|\n|\u202eb|\n\n&#27;[2J &#x1b;]52;c;aGk=&#7;\n';
    const terminal = open(await serve(source, 3), ['-q']);
    const text = (await rowsOf(terminal)).join('\n');
    expect(terminal.raw()).not.toMatch(/\u001b\]|\u0007|\u009b|\u202e|\u001b\[31m/);
    expectNoClear(terminal.raw());
    for (const part of ['␛]8;;evil␇', '"␛[2J"', '<U+009B>31m', '␛[31ma', '<U+202E>b', '&#27;[2J']) expect(text).toContain(part);
  });

  test('reasoning is dim, and stopping keeps the received part', async () => {
    const server = await startApiServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ reasoning: 'I **think**' }) + chunk({ content: '**so**\n\n| a | b |\n|---|---|\n| 1 | half' }));
    });
    const terminal = open(server, ['-q']);
    await terminal.waitFor('half');
    terminal.type('\u0003');
    expect(await terminal.exit).toBe(130);
    expect(terminal.raw()).toMatch(/\u001b\[2m▸ reasoned for 1 s \(about \d tokens\)\u001b\[22m/);
    expect((await terminal.everything()).join('\n')).toContain('so\n\na │ b\n──┼─────\n1 │ half');
  });
});
