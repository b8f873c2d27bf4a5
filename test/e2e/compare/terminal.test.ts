import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type LaneScript, startLaneServer } from '../../support/lane-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal, type TerminalOptions, type TerminalRun } from '../../support/terminal.ts';

const KEY = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef' };
const CLEARS = /\u001b\[[23]J|\u001bc/;
const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${name}${index + 1} `);

function compare(url: string, models: string, options: TerminalOptions & { args?: readonly string[] } = {}): TerminalRun {
  const args = ['compare', 'Why is the sky blue?', '-m', models, '--base-url', url, '--retries', '0', ...(options.args ?? [])];
  return openTerminal(args, { ...options, env: { ...KEY, ...options.env } });
}

/** Three lanes: one that streams until told otherwise, one that is complete, and one that fails. */
function threeLanes(slow: LaneScript = { pieces: numbered('word', 40), pauseMs: 10, finish: 'silence' }) {
  return startLaneServer({
    'a/slow-model': slow,
    'b/fine-model': { pieces: ['The **fine** ', 'answer.'], cost: 0.00512 },
    'c/broken-model': { status: 400 },
  });
}

const THREE = 'a/slow-model,b/fine-model,c/broken-model';

describe('orx compare on a terminal', () => {
  it.each([
    [
      60,
      'none',
      /^$/,
      [
        /^ {2}word1 /m,
        /^ {2}▸1 a\/slow-model {4}● streaming .*\n {3}2 b\/fine-model {4}✓ done .*\n {3}3 c\/broken-model {2}✗ failed /m,
      ],
    ],
    [
      80,
      'none',
      /^$/,
      [
        /^ {2}▸1 a\/slow-model +2 b\/fine-model\n {2}● streaming \d+\.\d s · first .* {2}✓ done \d+\.\d s · first \d.*\n {2}.*~\d+ tokens.* 340 tokens · \$0\.00512\n {2}word1 .* The fine answer\./m,
        /^ {3}3 c\/broken-model {2}✗ failed \d/m,
      ],
    ],
    ...(
      [
        [120, 'light', /^\u001b\[(1|2|3[14]|32|22|39)m$/],
        [200, 'dark', /^\u001b\[(1|2|9[16]|32|22|39)m$/],
      ] as const
    ).map(
      ([columns, theme, styles]) =>
        [
          columns,
          theme,
          styles,
          [
            /^ {2}▸1 a\/slow-model +2 b\/fine-model +3 c\/broken-model\n {2}● streaming \d+\.\d s · first .* {2}✓ done \d+\.\d s · first \d.* {2}✗ failed \d.*\n.*~\d+ tokens.* 340 tokens · \$0\.00512\n {2}word1 .* The fine answer\. +failed: refused with 400$/m,
          ],
        ] as const,
    ),
  ] as const)('shows the lanes at %i columns, each with its state, theme %s', async (columns, theme, styles, parts) => {
    const server = await threeLanes();
    const run = compare(server.url, THREE, { columns, rows: 24, args: ['--theme', theme] });
    await run.waitFor('word40');
    await run.waitFor('2 of 3 done');
    const screen = await run.screen();
    expect(screen[0]).toMatch(/3 lanes · \d+\.\d s · \$0\.00512 · 2 of 3 done$/);
    for (const part of parts) expect(screen.join('\n')).toMatch(part);
    expect(screen.find((line) => line.includes('esc stop'))).toMatch(/^ {2}esc stop · \? keys · ←→ lane · ↵ enlarge · ↑↓ scroll/);
    for (const line of screen) expect(line.length).toBeLessThan(columns);
    run.type('\u001b');
    expect(await run.exit).toBe(130);
    expect(run.raw()).not.toMatch(CLEARS);
    const used = run.raw().match(/\u001b\[[\d;]*m/g) ?? [];
    expect(used.length > 0).toBe(theme !== 'none');
    for (const style of used) expect(style).toMatch(styles);
  });

  it('for a screen reader prints plain lines, one answer after another, and redraws nothing', async () => {
    const server = await threeLanes({ pieces: numbered('word', 3), cost: 0.000412 });
    const run = compare(server.url, THREE, { args: ['--screen-reader', '-u'] });
    expect(await run.exit).toBe(0);
    expect((await run.everything()).join('\n')).toMatch(
      /^## a\/slow-model\n\nword1 word2 word3 ?\n\n## b\/fine-model\n\nThe \*\*fine\*\* answer\.\n/,
    );
    expect(run.raw()).not.toContain('\u001b');
  });

  it('without a key press leaves the complete answers and the ranking on the normal screen, and waits for nothing', async () => {
    const server = await threeLanes({ pieces: numbered('word', 400), pauseMs: 1, cost: 0.000412 });
    const run = compare(server.url, THREE, { columns: 80, rows: 12 });
    expect(await run.exit).toBe(0);
    const lines = (await run.everything()).map((line) => line.trimEnd());
    const [text = '', hint] = lines.join('\n').trimEnd().split('\n\nto continue with');
    expect(hint).toBe(' an answer, press a key while the answers stream');
    expect(lines[0]).toBe('## a/slow-model');
    expect(text.slice(0, text.indexOf('## b')).match(/word\d+/g)).toEqual(numbered('word', 400).map((word) => word.trim()));
    expect(text).toMatch(/## b\/fine-model\n\nThe fine answer\.\n\n## c\/broken-model\n\nfailed: refused with 400\n\n {5}model /);
    expect(text).toMatch(
      / {2}1 {2}a\/slow-model .* {3}1\.0\n {2}2 {2}b\/fine-model .* 12\.4\n {2}– {2}c\/broken-model {2}refused with 400$/,
    );
    // No live part is left on the screen, and the cursor is visible again.
    expect(text).not.toMatch(/●|esc stop|of 3 done/);
    expect(run.raw().lastIndexOf('\u001b[?25h')).toBeGreaterThan(run.raw().lastIndexOf('\u001b[?25l'));
    expect(run.raw()).not.toMatch(CLEARS);
  });

  it.each([
    ['Esc', '\u001b', [], 'stored one'],
    ['Ctrl-C', '\u0003', ['--raw'], '**stored** one'],
  ])('%s stops all lanes and keeps the received parts', async (_name, key, args, stored) => {
    const server = await startLaneServer({
      'a/one': { pieces: ['**stored** one'], finish: 'silence' },
      'b/two': { pieces: ['stored two'], finish: 'silence' },
    });
    const run = compare(server.url, 'a/one,b/two', { args });
    await run.waitFor('stored two');
    run.type(key);
    expect(await run.exit).toBe(130);
    const text = (await run.everything()).join('\n').trimEnd().replace(stored, 'STORED');
    expect(text).toMatch(
      /^## a\/one\n\nSTORED\n\nstopped\n\n## b\/two\n\nstored two\n\nstopped\n\n {2}– {2}a\/one {2}stopped\n {2}– {2}b\/two {2}stopped$/,
    );
    await Promise.all(server.requests.map((request) => request.closed));
  });

  it('keeps its layout while the window is resized, larger and smaller than its content', async () => {
    const server = await threeLanes({ pieces: numbered('word', 400), pauseMs: 2, finish: 'silence' });
    const run = compare(server.url, THREE, { columns: 120, rows: 30 });
    await run.waitFor('word20');
    for (const [columns, rows] of [
      [60, 10],
      [200, 50],
      [90, 6],
      [40, 40],
      [100, 20],
    ] as const) {
      await run.resize(columns, rows);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    await run.waitFor('word400');
    await run.waitFor(/^ {2}Why is the sky blue\? .* 2 of 3 done\n {2}▸1 a\/slow-model +2 b\/fine-model\n/);
    const screen = await run.screen();
    expect(screen[0]).toMatch(/^ {2}Why is the sky blue\? .* 2 of 3 done$/);
    expect(screen[1]).toMatch(/^ {2}▸1 a\/slow-model +2 b\/fine-model$/);
    expect(screen.filter((line) => line.includes('of 3 done'))).toHaveLength(1);
    expect(screen.filter((line) => line.includes('esc stop'))).toHaveLength(1);
    run.type('\u001b');
    expect(await run.exit).toBe(130);
    const text = (await run.everything()).join('\n');
    expect(text.startsWith('## a/slow-model\n\nword1 ')).toBe(true);
    expect(text).not.toMatch(/esc stop|of 3 done/);
    expect(run.raw()).not.toMatch(CLEARS);
  });

  it('continues with the answer whose number is pressed, in a stored conversation', async () => {
    const server = await threeLanes({ pieces: ['Slow ', 'words.'], pauseMs: 1500, cost: 0.000412 });
    const home = tempFolder();
    const run = compare(server.url, THREE, { home, args: ['-s', 'Be brief.'] });
    await run.waitFor('Slow');
    run.type('2');
    await run.waitFor('q quit');
    run.type('q');
    await run.waitFor('continue with: 1 slow-model · 2 fine-model · any other key ends');
    run.type('2');
    await run.waitFor(/fine answer[^]*› *\n/);
    run.type('and then?\r');
    const completions = () => server.requests.filter(({ url }) => url.endsWith('/chat/completions'));
    await expect.poll(() => completions().length, { timeout: 20_000 }).toBe(4);
    await run.waitFor(/and then\?[^]*fine[^]*› *\n/);
    run.type('\u0004');
    expect(await run.exit).toBe(0);
    const asked = completions()[3]!.json() as { model: string; messages: { role: string; content: unknown }[] };
    expect(asked.model).toBe('b/fine-model');
    expect(asked.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(JSON.stringify(asked.messages)).toMatch(/Be brief\..*Why is the sky blue\?.*The \*\*fine\*\* answer\..*and then\?/);
    const list = await runOrx(['history', 'list', '--json'], { home });
    expect(JSON.parse(list.stdout)).toMatchObject([{ title: 'Why is the sky blue?', model: 'b/fine-model', messages: 4 }]);
  });

  it('says which lanes do not fit on the screen', async () => {
    const server = await threeLanes();
    const run = compare(server.url, THREE, { columns: 50, rows: 6 });
    await run.waitFor('… 3 lanes: ← → or 1-9');
    run.type('\u001b');
    expect(await run.exit).toBe(130);
    expect(run.raw()).not.toMatch(CLEARS);
  });

  it('makes hostile text visible and harmless', async () => {
    const hostile = [
      'before \u001b[2J\u001b[3J\u001b[H',
      '\u001b]0;owned\u0007\u001b]52;c;AAAA\u001b',
      '\\\u009b31m\u202e after \u001b',
    ];
    const server = await startLaneServer({
      'a/hostile': { pieces: [...hostile, ' end'], served: 'a/hostile\u001b[2J' },
      'b/silent': { finish: 'silence' },
    });
    const run = compare(server.url, 'a/hostile,b/silent', { columns: 120 });
    await run.waitFor('end');
    expect((await run.screen()).join('\n')).toContain('␛[2J␛[3J␛[H␛]0;owned␇␛]52;c;AAAA␛');
    run.type('\u001b');
    expect(await run.exit).toBe(130);
    const text = (await run.everything()).join('\n');
    expect(text).toContain('before ␛[2J␛[3J␛[H␛]0;owned␇␛]52;c;AAAA␛<U+009B>31m<U+202E> after ␛ end');
    expect(run.raw()).not.toMatch(CLEARS);
    expect(run.raw()).not.toMatch(/\u001b\]|\u009b|\u202e/);
  });

  it('aligns wide characters', async () => {
    const server = await startLaneServer({
      'a/wide': { pieces: ['空が青いのは、', '短い波長の光が👩‍👩‍👧‍👦散乱されるからです。'.repeat(3)], finish: 'silence' },
      'b/fine': { pieces: ['next'], finish: 'silence' },
    });
    const run = compare(server.url, 'a/wide,b/fine', { columns: 80 });
    await run.waitFor('next');
    await run.waitFor('空が青い');
    const screen = await run.screen();
    expect(screen[1]).toMatch(/^ {2}▸1 a\/wide +2 b\/fine$/);
    expect(screen[4]).toMatch(/^ {2}空が青いのは、.* next$/);
    const before = (line: string, word: string): number => stringWidth(line.slice(0, line.indexOf(word)));
    expect(before(screen[4]!, 'next')).toBe(before(screen[1]!, ' 2 b/fine'));
    run.type('\u001b');
    expect(await run.exit).toBe(130);
  });

  it('enlarges a lane, scrolls it, unfolds it and shows its diff while others stream; stops one lane', async () => {
    const server = await startLaneServer({
      'a/slow': { pieces: numbered('word', 400), pauseMs: 5, finish: 'silence' },
      'b/long': { pieces: Array.from({ length: 60 }, (_, row) => `row ${row}\n\n`), cost: 0.001 },
    });
    const run = compare(server.url, 'a/slow,b/long', { columns: 80, rows: 24 });
    await run.waitFor('row 59');
    run.type('2\r');
    await run.waitFor('↵ back');
    expect((await run.screen())[1]).toBe('  ▸2 b/long');
    run.type('\u001b[A\u001b[A');
    await run.waitFor('↓ 2 more · end follows');
    run.type('\u001b[H');
    await run.waitFor('row 0');
    run.type('\u001b[F');
    await run.waitFor('row 59');
    run.type('\r');
    await run.waitFor('↵ enlarge');
    run.type('1x');
    await run.waitFor(/– stopped \d/);
    await run.waitFor('2 of 2 done');
    await run.waitFor('q quit');
    run.type('d');
    await run.waitFor('b/long against a/slow: [-only there-] {+only here+}');
    run.type('\u001b');
    await run.waitFor('↵ enlarge');
    run.type('?');
    await run.waitFor('stop all lanes');
    run.type('q');
    await run.waitFor('continue with: 1 long · any other key ends');
    run.type('x');
    // One lane answered, and the other one was not wanted any longer.
    expect(await run.exit).toBe(0);
    expect((await run.everything()).join('\n')).toMatch(/word1 [^]*stopped\n\n## b\/long\n\nrow 0\n/);
    await Promise.all(server.requests.slice(0, 1).map((request) => request.closed));
    expect(run.raw()).not.toMatch(CLEARS);
  });

  it('stays open for a reader until Ctrl-C, after all lanes were stopped', async () => {
    const server = await startLaneServer({
      'a/one': { pieces: ['first '], finish: 'silence' },
      'b/two': { pieces: ['second '], finish: 'silence' },
    });
    const run = compare(server.url, 'a/one,b/two');
    await run.waitFor('second');
    run.type('X');
    await run.waitFor('2 of 2 done');
    await run.waitFor('q quit');
    run.type('\u0003');
    expect(await run.exit).toBe(130);
    expect((await run.everything()).join('\n')).toMatch(
      /## a\/one\n\nfirst\s*\n\nstopped\n\n## b\/two\n\nsecond\s*\n\nstopped\n/,
    );
  });

  it('with piped text still shows the lanes and stops at Ctrl-C', async () => {
    const server = await threeLanes();
    const run = compare(server.url, THREE, { pipedInput: 'piped text', rows: 20 });
    await run.waitFor('word40');
    expect((await run.screen()).join('\n')).toContain('  ctrl-c stop');
    run.type('\u0003');
    expect(await run.exit).toBe(130);
    expect(server.requests[0]!.json().messages[0].content).toBe('piped text\n\nWhy is the sky blue?');
    expect(run.raw()).not.toMatch(CLEARS);
  });

  it.each<[string, TerminalOptions & { args?: string[] }]>([
    ['-o text', { args: ['-o', 'text'] }],
    ['a dumb terminal', { env: { TERM: 'dumb' } }],
    ['continuous integration', { env: { CI: '1' } }],
    ['continuous integration of another kind', { env: { CONTINUOUS_INTEGRATION: 'true' } }],
  ])('writes plain text for %s', async (_name, options) => {
    const server = await startLaneServer({ 'a/one': { pieces: ['x\u001b[2Jy'] }, 'b/two': { pieces: ['z'] } });
    const run = compare(server.url, 'a/one,b/two', { ...options, env: { NO_COLOR: '1', ...options.env } });
    expect(await run.exit).toBe(0);
    expect(run.raw()).toMatch(/^## a\/one\r\n\r\nx␛\[2Jy\r\n\r\n## b\/two\r\n\r\nz\r\n\r\n/);
    expect(run.raw()).not.toContain('\u001b');
  });
});
