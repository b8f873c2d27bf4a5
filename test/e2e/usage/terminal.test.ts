import { describe, expect, it } from 'vitest';
import { makeEntry } from '../../support/ledger-report.ts';
import { openTerminal, type TerminalOptions, type TerminalRun } from '../../support/terminal.ts';
import { homeWithUsage, someUsage } from '../../support/usage-home.ts';

const CLEARS = /\u001b\[[23]J|\u001bc/;
const NOW = Date.now();
const UP = '\u001b[A';
const DOWN = '\u001b[B';
const RIGHT = '\u001b[C';
const LEFT = '\u001b[D';
const HINT = '  ←→ grouping · ↑↓ period · s sort · r refresh · ? keys · q quit';

async function dashboard(options: TerminalOptions & { args?: readonly string[] } = {}): Promise<TerminalRun> {
  const home = options.home ?? (await homeWithUsage(someUsage(NOW)));
  return openTerminal(['--sandbox', 'usage', ...(options.args ?? [])], { ...options, home });
}

async function leave(run: TerminalRun, key = 'q'): Promise<string[]> {
  run.type(key);
  expect(await run.exit).toBe(0);
  expect(run.raw()).not.toMatch(CLEARS);
  expect(run.raw().split('\u001b[?1049h')).toHaveLength(2);
  expect(run.raw().split('\u001b[?1049l')).toHaveLength(2);
  expect(run.raw().lastIndexOf('\u001b[?25h')).toBeGreaterThan(run.raw().lastIndexOf('\u001b[?25l'));
  return (await run.everything()).join('\n').trimEnd().split('\n');
}

describe('the dashboard of orx usage', () => {
  it.each([
    [60, /^ {2}model +requests +ok % +cost$/, 'none', []],
    [80, /^ {2}model +requests +ok % +p50 s +p95 s +cost$/, 'auto', ['\u001b[33m', '\u001b[36m']],
    [120, /^ {2}model +requests +ok % .* in +out +cached % +cost *$/, 'light', ['\u001b[31m', '\u001b[34m']],
    [200, /^ {2}model +requests +ok % .* stopped .* in +out +cached % +reasoning +cost *$/, 'dark', ['\u001b[93m', '\u001b[96m']],
  ])('shows the chart, the table and the models at %i columns', async (columns, heading, theme, colors) => {
    const run = await dashboard({ columns, rows: 24, args: ['--theme', theme] });
    await run.waitFor(columns > 70 ? 'q quit' : '? keys');
    const screen = await run.screen();
    expect(screen[0]).toMatch(/^ {2}SANDBOX · last 30 days, by model, most expensive first/);
    expect(screen.join('\n')).toMatch(/\$0\.382 · 120 requests · 94\.9% ok/);
    expect(screen.find((line) => line.startsWith('  cost by day'))).toMatch(/[█▇▆▅▄▃▂▁]/);
    expect(screen.find((line) => line.startsWith('  model '))).toMatch(heading);
    expect(screen.filter((line) => /^ {2}(anthropic\/)?claude-sonnet-4\.6 /.test(line))).toHaveLength(2);
    expect(screen.join('\n')).toMatch(/claude-sonnet-4\.6 +█+[▏▎▍▌▋▊▉]? +95\.0 +█+[▏▎▍▌▋▊▉]?─+ 3\.00 to 4\.50/);
    for (const line of screen) expect(line.length).toBeLessThan(columns);
    expect(screen.at(-1)).toBe('');
    const left = await leave(run);
    expect(left[0]).toMatch(/^ {2}SANDBOX · last 30 days, by model/);
    expect(left.filter((line) => line.startsWith('  anthropic/claude-sonnet-4.6'))).toHaveLength(1);
    expect(left.join('\n')).not.toMatch(/q quit|success %/);
    const used = run.raw().match(/\u001b\[(?:3|9)[0-7]m/g) ?? [];
    expect([...new Set(used)]).toEqual(colors);
  });

  it('for a screen reader prints the plain table', async () => {
    const run = await dashboard({ args: ['--screen-reader'] });
    expect(await run.exit).toBe(0);
    expect((await run.everything()).join('\n')).toMatch(/last 30 days, by model[\s\S]*anthropic\/claude-sonnet-4\.6/);
    expect(run.raw()).not.toContain('\u001b');
  });

  it('switches groupings, periods and orders by keys, and shows them', async () => {
    const run = await dashboard({ columns: 100 });
    await run.waitFor(HINT);
    run.type(RIGHT);
    await run.waitFor('by provider');
    run.type(LEFT);
    await run.waitFor('by model, most expensive first');
    run.type(LEFT);
    await run.waitFor(/by month[\s\S]*\n {2}2026-|by month[\s\S]*\n {2}20\d\d-\d\d /);
    run.type(RIGHT);
    run.type(UP);
    await run.waitFor('this month, by model');
    run.type(DOWN);
    await run.waitFor('last 30 days, by model');
    run.type('+');
    await run.waitFor('this month, by model');
    run.type('-');
    await run.waitFor('last 30 days, by model');
    run.type('s');
    await run.waitFor('most requests first');
    run.type('?');
    await run.waitFor('grouping');
    run.type('?');
    await run.waitFor('most requests first');
    // Keys that arrive together each count.
    run.type('ss');
    await run.waitFor('least success first');
    run.type(RIGHT + RIGHT + UP);
    await run.waitFor('this month, by vendor');
    run.type(LEFT + LEFT + DOWN);
    await run.waitFor('last 30 days, by model');
    const left = await leave(run);
    expect(left.findIndex((line) => line.includes('gpt-4o-mini'))).toBeLessThan(
      left.findIndex((line) => line.includes('claude')),
    );
  });

  it.each([
    ['Esc', '\u001b'],
    ['Ctrl-C', '\u0003'],
  ])('is closed by %s as well', async (_, key) => {
    const run = await dashboard();
    await run.waitFor(HINT);
    expect((await leave(run, key))[0]).toMatch(/^ {2}SANDBOX · last 30 days/);
  });

  it('keeps its layout while the window is resized, down to almost nothing', async () => {
    const entries = Array.from({ length: 40 }, (_, index) =>
      makeEntry(NOW, { servedModel: `a/model-${index}`, cost: `0.${100 + index}` }),
    );
    const run = await dashboard({ columns: 120, rows: 30, home: await homeWithUsage(entries) });
    await run.waitFor('… and ');
    for (const [columns, rows] of [
      [60, 10],
      [200, 50],
      [90, 4],
      [20, 20],
      [80, 24],
    ] as const) {
      await run.resize(columns, rows);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await run.waitFor(/ {2}SANDBOX · last 30 days, by model, most expensive first\s/);
    await run.waitFor(HINT);
    // Whatever the small windows left behind disappears a moment later.
    await expect
      .poll(async () => (await run.screen()).filter((line) => line.includes('by model, most expensive')).length)
      .toBe(1);
    const screen = await run.screen();
    expect(screen.filter((line) => line.includes('by model, most expensive'))).toHaveLength(1);
    expect(screen.filter((line) => line === HINT)).toHaveLength(1);
    const left = await leave(run);
    // All rows are in the scrollback.
    expect(left.filter((line) => line.startsWith('  a/model-'))).toHaveLength(40);
  });

  it('reloads with r, and automatically with --watch', async () => {
    const home = await homeWithUsage([makeEntry(NOW, { cost: '1' })]);
    const run = await dashboard({ home, args: ['--watch'], columns: 100 });
    const still = await dashboard({ home, columns: 100 });
    await run.waitFor(/most expensive first, live.*1 request/);
    await still.waitFor('1 request');
    await homeWithUsage([makeEntry(NOW + 1000, { id: 'later', cost: '1' })], { home });
    await run.waitFor('2 requests');
    expect((await still.screen()).join('\n')).toContain('1 request ');
    still.type('r');
    await still.waitFor('2 requests');
    await leave(run);
    await leave(still);
  });

  it('makes hostile names harmless', async () => {
    const name = 'evil/\u001b[2J\u001b]52;c;AAAA\u0007\u202e\u009b31m漢字';
    const run = await dashboard({
      home: await homeWithUsage([makeEntry(NOW, { servedModel: name, provider: name, cost: '1' })]),
    });
    await run.waitFor('evil/␛[2J␛]52;');
    run.type(RIGHT);
    await run.waitFor('by provider');
    await leave(run);
    expect(run.raw()).not.toMatch(/\u001b\]52|\u009b|\u202e/);
  });

  it('ends on a signal from outside, and leaves the screen', async () => {
    const run = await dashboard({ isAlone: true });
    await run.waitFor(HINT);
    run.kill('SIGTERM');
    expect(await run.exit).toBe(130);
    expect(run.raw().lastIndexOf('\u001b[?1049l')).toBeGreaterThan(run.raw().lastIndexOf('\u001b[?1049h'));
  });
});

describe('orx usage on a terminal without the dashboard', () => {
  it.each([60, 80, 120, 200])('--static prints once at %i columns, within the width', async (columns) => {
    const run = await dashboard({ args: ['--static'], columns });
    expect(await run.exit).toBe(0);
    const lines = (await run.everything()).join('\n').trimEnd().split('\n');
    expect(lines.join('\n')).toContain('120 requests');
    expect(lines.filter((line) => line.startsWith('  anthropic/claude'))).toHaveLength(1);
    for (const line of lines) expect(line.length).toBeLessThan(columns);
    expect(run.raw()).not.toContain('\u001b[?1049h');
    expect(run.raw()).not.toMatch(CLEARS);
  });

  it.each<[string, TerminalOptions & { args?: string[] }]>([
    ['a dumb terminal', { env: { TERM: 'dumb' } }],
    ['continuous integration', { env: { CI: '1', NO_COLOR: '1' } }],
    ['piped input', { pipedInput: 'text' }],
  ])('%s prints the table', async (_, options) => {
    const run = await dashboard({ ...options, columns: 150 });
    expect(await run.exit).toBe(0);
    expect((await run.everything()).join('\n')).toMatch(/last 30 days, by model/);
    expect(run.raw()).not.toContain('\u001b[?1049h');
  });

  it.each([
    [['--watch'], { env: { TERM: 'dumb' } }],
    [['--watch', '--static'], {}],
    [['--watch', '--json'], {}],
  ] as const)('%j is an error if nothing can be drawn', async (args, options) => {
    const run = await dashboard({ args, ...options });
    expect(await run.exit).toBe(2);
    expect(run.raw()).toContain('--watch needs an interactive terminal');
  });

  it('--what-if and --advise fit as well', async () => {
    const home = await homeWithUsage(someUsage(NOW));
    for (const args of [['--what-if', 'deepseek/deepseek-chat,openai/gpt-4o'], ['--advise']]) {
      const run = await dashboard({ home, args, columns: 60 });
      expect(await run.exit).toBe(0);
      const lines = (await run.everything()).join('\n').trimEnd().split('\n');
      expect(lines[0]).toMatch(/^ {2}SANDBOX · last 30 days: \$0\.382/);
      for (const line of lines) expect(line.length).toBeLessThan(60);
    }
  });
});
