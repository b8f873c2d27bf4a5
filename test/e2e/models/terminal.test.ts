import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answerPieces, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { wireModel } from '../../support/catalogue.ts';
import { wireEndpoint } from '../../support/quotes.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal, type TerminalOptions, type TerminalRun } from '../../support/terminal.ts';

const KEY = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef' };
const HOSTILE = 'evil/\u001b]0;owned\u0007\u001b[2J\u001b[31m\u009b5m\u202eedoc\nnext\rover';
const CLEARS = /\u001b\[[23]J|\u001bc/;
const OTHER_SCREEN = { enter: '\u001b[?1049h', leave: '\u001b[?1049l' };
const keys = { up: '\u001b[A', down: '\u001b[B', right: '\u001b[C', left: '\u001b[D', end: '\u001b[F', pageDown: '\u001b[6~' };

const FIRST = [
  wireModel('anthropic/claude-haiku-4.5', { in: '0.000001', out: '0.000005' }, { name: 'Anthropic: Claude Haiku 4.5' }),
  wireModel('anthropic/claude-sonnet-4.6', { in: '0.000003', out: '0.000015' }, { name: 'Anthropic: Claude Sonnet 4.6' }),
  wireModel('deepseek/deepseek-chat', {}, { supported_parameters: ['tools'] }),
  wireModel('qwen/qwen3-coder:free', { in: '0', out: '0' }, { description: 'Writes code.' }),
];
const MANY = [...FIRST, ...Array.from({ length: 496 }, (_, index) => wireModel(`many/model-${String(index).padStart(3, '0')}`))];

/** Starts an API whose catalogue can change, and which can disappear. */
async function startMarket(models: unknown[] = FIRST) {
  const market = { models, isDead: false, isSilent: false };
  const server = await startApiServer(async (request, response) => {
    const path = request.url.split('?')[0]!;
    if (market.isDead) return void response.destroy();
    if (market.isSilent) return;
    if (path === '/api/v1/models') return sendJson(response, 200, { data: market.models });
    if (path === '/api/v1/endpoints/zdr') {
      const endpoint = { model_id: 'deepseek/deepseek-chat', provider_name: 'Keeps Nothing', tag: 'nothing', pricing: {} };
      return sendJson(response, 200, { data: [endpoint] });
    }
    if (path === '/api/v1/models/anthropic/claude-sonnet-4.6/endpoints') {
      const endpoints = [
        wireEndpoint('cheap', { prompt: '0.000001', completion: '0.000009' }, { provider_name: 'Cheap' }),
        wireEndpoint('listed', { prompt: '0.000003', completion: '0.000015' }, { provider_name: 'Listed' }),
      ];
      return sendJson(response, 200, { data: { id: 'anthropic/claude-sonnet-4.6', endpoints } });
    }
    if (path === '/api/v1/chat/completions') return sendPieces(response, answerPieces(['An answer.']));
    return sendJson(response, 404, { error: { code: 404, message: `not here: ${path}` } });
  });
  return Object.assign(market, { url: server.url, requests: server.requests });
}

type Market = Awaited<ReturnType<typeof startMarket>>;

function openModels({ url }: Market, args: readonly string[] = [], options: TerminalOptions = {}): TerminalRun {
  const command = ['models', '--base-url', url, '--retries', '0', ...args];
  return openTerminal(command, { rows: 16, ...options, env: { ...KEY, ...options.env } });
}

/** Returns the ids on the screen, in order, and the one that the cursor is on. */
async function shown(run: TerminalRun): Promise<{ ids: string[]; current: string | undefined }> {
  const rows = (await run.screen()).filter((line) => /^ [ ▸][ ★][ +] \S+\/\S/.test(line));
  const id = (line: string): string => line.slice(5).split(' ')[0]!;
  return { ids: rows.map(id), current: rows.filter((line) => line[1] === '▸').map(id)[0] };
}

/** Returns what remains on the normal screen. */
async function left(run: TerminalRun): Promise<string> {
  return (await run.everything())
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
}

function expectNoTrace(run: TerminalRun): void {
  const raw = run.raw();
  expect(raw.split(OTHER_SCREEN.enter)).toHaveLength(2);
  expect(raw.split(OTHER_SCREEN.leave)).toHaveLength(2);
  expect(raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(raw.lastIndexOf('\u001b[?25l'));
  expect(raw).not.toMatch(CLEARS);
}

describe('orx models on a terminal', () => {
  it('marks the models that a stored data policy excludes, and z hides them', async () => {
    const market = await startMarket();
    const home = tempFolder();
    await runOrx(['config', 'set', 'data-policy', 'strict'], { home });
    const run = openModels(market, [], { home, columns: 120 });
    await run.waitFor('3 of 4 models have no endpoint that data-policy strict allows; hide them: tab z');
    const rows = (await run.screen()).filter((line) => line.includes('zdr'));
    expect(rows.filter((line) => line.includes('not zdr'))).toHaveLength(3);
    expect(rows.find((line) => line.includes('deepseek-chat'))).toMatch(/ zdr /);
    // The price of a model has no endpoint that the policy excludes.
    run.type('claude-sonnet');
    await run.waitFor('1 of 4');
    run.type('\u0010');
    await run.waitFor('no endpoint  ');
    run.type('\u0010\u0015');
    await run.waitFor('sort: name');
    run.type('\tz');
    await run.waitFor('zero retention');
    await run.waitFor('1 of 4');
    expect((await shown(run)).ids).toEqual(['deepseek/deepseek-chat']);
    run.type('q');
    expect(await run.exit).toBe(0);
    expect(market.requests.filter(({ url }) => url.includes('/endpoints/zdr'))).toHaveLength(1);
  });

  it('filters while the user types, sorts, toggles, and leaves the visible rows on the screen', async () => {
    const run = openModels(await startMarket());
    await run.waitFor('4 models, ');
    expect(await shown(run)).toEqual({ ids: FIRST.map(({ id }) => id), current: 'anthropic/claude-haiku-4.5' });
    run.type('son cla');
    await run.waitFor('1 of 4');
    expect((await shown(run)).ids).toEqual(['anthropic/claude-sonnet-4.6']);
    run.type('\u0015');
    await run.waitFor('sort: name');
    run.type(`${keys.right}${keys.right}`);
    await run.waitFor('sort: price 3:1, cheapest first');
    expect((await shown(run)).ids[0]).toBe('qwen/qwen3-coder:free');
    run.type('\u000f');
    await run.waitFor('sort: price 3:1, most expensive first');
    expect((await shown(run)).ids[0]).toBe('anthropic/claude-sonnet-4.6');
    run.type('\t');
    await run.waitFor('c compare');
    run.type('t');
    await run.waitFor('1 of 4');
    expect((await shown(run)).ids).toEqual(['deepseek/deepseek-chat']);
    run.type('3q');
    expect(await run.exit).toBe(0);
    const text = await left(run);
    expect(text).toMatch(/^ {2}1 of 4 models, .*\n {2}model +in \$\/M .*3:1 \$\/M.*\n {2}deepseek\/deepseek-chat +0\.27/);
    expect(text.split('\n')).toHaveLength(3);
    expectNoTrace(run);
  });

  it.each([
    [60, 'none', undefined],
    [80, 'light', '\u001b[34m'],
    [120, 'dark', '\u001b[96m'],
    [200, 'auto', '\u001b[36m'],
  ])('fits %i columns, with hostile names, theme %s', async (columns, theme, accent) => {
    const run = openModels(await startMarket([wireModel(HOSTILE), ...MANY]), ['--theme', theme], { columns, rows: 20 });
    await run.waitFor('501 models');
    run.type(keys.end);
    await run.waitFor('qwen3-coder');
    run.type(`${keys.up}${keys.up}`);
    run.type('\u0004');
    await run.waitFor('limits');
    run.type('evil');
    await run.waitFor('1 of 501');
    const screen = await run.screen();
    for (const line of screen) expect(line.trimEnd().length).toBeLessThan(columns);
    expect(screen[0]).toMatch(/^ {2}501 models/);
    expect(screen.filter((line) => line.includes('all keys'))).toHaveLength(1);
    expect(screen.join('\n')).toContain('evil/␛]0;owned');
    run.type('\u0003');
    expect(await run.exit).toBe(130);
    expect(run.raw()).not.toMatch(/\u001b\]|[\u0007\u009b\u202e]/);
    expect(run.raw().match(/\u001b\[(?:3|9)[0-7]m/)?.[0]).toBe(accent);
    expectNoTrace(run);
  });

  it('for a screen reader prints the plain list', async () => {
    const run = openModels(await startMarket(), ['--screen-reader']);
    expect(await run.exit).toBe(0);
    expect(await left(run)).toMatch(/^4 models from .*\nmodel +in \$\/M .*\nanthropic\/claude-haiku-4\.5 /);
    expect(run.raw()).not.toContain('\u001b');
  });

  it('keeps its layout and its cursor while the window is resized', async () => {
    const run = openModels(await startMarket(MANY), [], { columns: 100, rows: 24 });
    await run.waitFor('500 models');
    run.type(`${keys.pageDown}${keys.pageDown}\t`);
    await run.waitFor('c compare');
    const { current } = await shown(run);
    for (const [columns, rows] of [
      [40, 6],
      [200, 50],
      [20, 2],
      [60, 5],
      [120, 12],
    ] as const) {
      await run.resize(columns, rows);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await run.waitFor(/sort: name, a to z\n/);
    await expect.poll(async () => (await shown(run)).ids.length).toBe(6);
    const screen = await run.screen();
    expect(screen.filter((line) => line.includes('500 models'))).toHaveLength(1);
    expect(screen.filter((line) => line.includes('all keys'))).toHaveLength(1);
    expect((await shown(run)).current).toBe(current);
    run.type('q');
    expect(await run.exit).toBe(0);
    expect(await left(run)).toMatch(/^ {2}500 models, .*; the 6 in view\n/);
    expectNoTrace(run);
  });

  it('lists its keys on ?, and opens details', async () => {
    const run = openModels(await startMarket(), [], { rows: 40, columns: 90 });
    await run.waitFor('4 models');
    run.type('?');
    await run.waitFor('price of marked models');
    const help = (await run.screen()).join('\n');
    for (const words of ['only zero retention', 'column blend: hidden', 'reverse the sort', 'refresh'])
      expect(help).toContain(words);
    run.type('x');
    run.type(`${keys.end}\u0004`);
    await run.waitFor('Writes code.');
    expect((await shown(run)).current).toBe('qwen/qwen3-coder:free');
    run.type('\u001b');
    await expect.poll(async () => (await run.screen()).join('\n')).not.toContain('Writes code.');
    run.type('\u001b');
    expect(await run.exit).toBe(0);
  });

  it('stores favorites and loads them again', async () => {
    const [market, home] = [await startMarket(), tempFolder()];
    const run = openModels(market, [], { home });
    await run.waitFor('4 models');
    run.type(`${keys.down} ${keys.down} ${keys.up} `);
    run.type('\t');
    await run.waitFor('★ ');
    run.type('q');
    expect(await run.exit).toBe(0);
    const list = await runOrx(['models', '--favorites', '-o', 'ids', '--base-url', market.url], { home });
    expect(list.stdout).toBe('deepseek/deepseek-chat\n');
    const again = openModels(market, ['--favorites'], { home });
    await again.waitFor('1 of 4');
    expect(await again.screen()).toContainEqual(expect.stringMatching(/^ ▸★ {2}deepseek\/deepseek-chat /));
    again.type('\u0003');
    expect(await again.exit).toBe(130);
  });

  it('fetches zero retention data on request, and says if it is unavailable', async () => {
    const market = await startMarket();
    const run = openModels(market);
    await run.waitFor('4 models');
    expect(market.requests.some(({ url }) => url.includes('zdr'))).toBe(false);
    run.type('\t');
    await run.waitFor('c compare');
    run.type('z');
    await run.waitFor('1 of 4');
    expect((await shown(run)).ids).toEqual(['deepseek/deepseek-chat']);
    run.type('q');
    expect(await run.exit).toBe(0);

    const home = tempFolder();
    expect((await runOrx(['models', '--base-url', market.url, '-o', 'ids'], { home })).code).toBe(0);
    const alone = openModels(market, ['--offline'], { home, columns: 120 });
    await alone.waitFor('4 models');
    alone.type('\t');
    await alone.waitFor('c compare');
    alone.type('z');
    await alone.waitFor('! zero retention is not known:');
    expect((await shown(alone)).ids).toHaveLength(4);
    alone.type('r');
    await alone.waitFor('warning: no fresh catalog: cannot update the catalog with --offline');
    alone.type('\u0003');
    expect(await alone.exit).toBe(130);
  });

  it('shows the changes since the stored copy, with the cursor on the same model', async () => {
    const [market, home] = [await startMarket(), tempFolder()];
    expect((await runOrx(['models', '--base-url', market.url, '-o', 'ids'], { home })).code).toBe(0);
    makeOlder(home, 3_600_000);
    const costlier = wireModel('deepseek/deepseek-chat', { in: '0.00000054', out: '0.0000022' });
    market.models = [wireModel('a/new-one'), FIRST[1], costlier, FIRST[3]];
    const run = openModels(market, [], { home, columns: 100 });
    await run.waitFor('1 new · 1 repriced · 1 gone: anthropic/claude-haiku-4.5');
    expect(await run.screen()).toContainEqual(expect.stringMatching(/deepseek-chat .*↑ 100%$/));
    expect(await run.screen()).toContainEqual(expect.stringMatching(/a\/new-one .* new$/));
    // The first model is gone, and the cursor is on the one below it.
    expect((await shown(run)).current).toBe('anthropic/claude-sonnet-4.6');
    run.type(keys.down);
    await expect.poll(async () => (await shown(run)).current).toBe('deepseek/deepseek-chat');
    market.models = [wireModel('a/0'), wireModel('a/1'), ...market.models];
    run.type('\u0012');
    await run.waitFor('2 new');
    expect((await shown(run)).current).toBe('deepseek/deepseek-chat');
    market.isDead = true;
    run.type('\u0012');
    await run.waitFor('warning: could not reach the API');
    await expect.poll(async () => (await shown(run)).ids).toHaveLength(6);
    run.type('\u001b');
    expect(await run.exit).toBe(0);
  });

  it('refreshes by itself when the stored copy is no longer fresh', async () => {
    const [market, home] = [await startMarket(), tempFolder()];
    expect((await runOrx(['models', '--base-url', market.url, '-o', 'ids'], { home })).code).toBe(0);
    makeOlder(home, 5 * 60 * 1000 - 2500);
    market.models = [...FIRST, wireModel('z/new-one')];
    const run = openModels(market, [], { home });
    await run.waitFor('4 models');
    await run.waitFor('1 new');
    expect((await shown(run)).ids).toContain('z/new-one');
    run.type('\u0003');
    expect(await run.exit).toBe(130);
  });

  it('Enter opens a chat with the model', async () => {
    const market = await startMarket();
    const run = openModels(market);
    await run.waitFor('4 models');
    run.type('haiku');
    await run.waitFor('1 of 4');
    run.type('\r');
    await run.waitFor(/› *\n *claude-haiku-4\.5 · \$0 so far/);
    run.type('hello\r');
    await run.waitFor(/An answer\.[^]*\n›/);
    run.type('\u0004');
    expect(await run.exit).toBe(0);
    const asked = market.requests.find(({ url }) => url.endsWith('/chat/completions'))!.json();
    expect(asked).toMatchObject({ model: 'anthropic/claude-haiku-4.5', messages: [{ role: 'user', content: 'hello' }] });
  });

  it('p shows the price of the marked models above the table, for a prompt of any size', async () => {
    const market = await startMarket();
    const run = openModels(market, [], { rows: 20 });
    await run.waitFor('4 models');
    run.type('\t');
    await run.waitFor('c compare');
    run.type('cjcp');
    await run.waitFor(/price of \[1,000▏\] tokens in, 1,000 out/);
    // One at the catalogue's price, the other with the price range of its endpoints.
    await run.waitFor(
      /anthropic\/claude-haiku-4\.5 +\$0\.00600 +\$0\.00600[^]*anthropic\/claude-sonnet-4\.6 +\$0\.0100 +\$0\.0180 +Cheap/,
    );
    run.type('20k');
    await run.waitFor(/price of \[20,000▏\] tokens in, 1,000 out[^]*anthropic\/claude-haiku-4\.5 +\$0\.0250/);
    await run.resize(40, 20);
    await run.waitFor(/in \$\/M out \$\/M[^]*anthropic\/claude-haiku-4\.5 +\$0\.0250\n/);
    const before = run.raw().length;
    run.type('\u001b');
    await run.until(() => run.raw().slice(before).includes('all keys'));
    run.type('q');
    expect(await run.exit).toBe(0);
    expect(await left(run)).not.toContain('price of');
    expect(market.requests.filter(({ url }) => url.endsWith('/endpoints'))).toHaveLength(2);
  });

  it('c adds to a comparison, g sends it', async () => {
    const market = await startMarket();
    const run = openModels(market);
    await run.waitFor('4 models');
    run.type('\t');
    await run.waitFor('c compare');
    run.type('cjcg');
    await run.waitFor(/anthropic\/claude-haiku-4\.5 · anthropic\/claude-sonnet-4\.6 *\n›/);
    run.type('hello\r');
    await run.waitFor('any other key ends');
    run.type('x');
    expect(await run.exit).toBe(0);
    expect(await left(run)).toMatch(
      /## anthropic\/claude-haiku-4\.5\n\nAn answer\.\n\n## anthropic\/claude-sonnet-4\.6\n\nAn answer\./,
    );
  });

  it('--pick prints only the id; the table is on standard error', async () => {
    const market = await startMarket();
    const home = tempFolder();
    const file = join(home, 'picked');
    const run = openTerminal(['models', '--pick', '--base-url', market.url], { home, outputFile: file });
    await run.waitFor('4 models');
    run.type('coder');
    await run.waitFor('1 of 4');
    run.type('\u000b');
    await run.waitFor('↵ picks a model');
    run.type('\r');
    expect(await run.exit).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('qwen/qwen3-coder:free\n');
    expectNoTrace(run);

    const none = openTerminal(['models', '--pick', '--base-url', market.url], { home, outputFile: file });
    await none.waitFor('4 models');
    none.type('\u001b');
    expect(await none.exit).toBe(130);
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  it('--pick without a terminal says what to do instead', async () => {
    const { url } = await startMarket();
    const { code, stderr } = await runOrx(['models', '--pick', '--base-url', url], { home: tempFolder() });
    expect(code).toBe(2);
    expect(stderr).toContain('--pick needs an interactive terminal');
  });

  it.each<[string, string[], TerminalOptions]>([
    ['--static', ['--static'], {}],
    ['--limit', ['--limit', '2'], {}],
    ['-o table', ['-o', 'table'], {}],
    ['a dumb terminal', [], { env: { TERM: 'dumb' } }],
    ['piped input', [], { pipedInput: 'x' }],
  ])('prints the list for %s', async (_name, args, options) => {
    const run = openModels(await startMarket(), args, options);
    expect(await run.exit).toBe(0);
    expect(await left(run)).toContain('anthropic/claude-haiku-4.5');
    expect(run.raw()).not.toContain(OTHER_SCREEN.enter);
  });

  it('can be left immediately during a refresh', async () => {
    const market = await startMarket();
    const run = openModels(market);
    await run.waitFor('all keys');
    market.isSilent = true;
    run.type('\u0012');
    await run.waitFor('loading from the API');
    run.type('\u001b');
    expect(await run.exit).toBe(0);
    expect(await left(run)).toContain('4 models');
  });

  it('a signal from outside restores the screen', async () => {
    const run = openModels(await startMarket(), [], { isAlone: true });
    await run.waitFor('all keys');
    run.kill('SIGTERM');
    expect(await run.exit).toBe(130);
    expectNoTrace(run);
  });

  it('shows its marks without color', async () => {
    const run = openModels(await startMarket(), [], { env: { NO_COLOR: '1' } });
    await run.waitFor('▸');
    expect(run.raw()).not.toMatch(/\u001b\[[\d;]*m/);
    run.type('\u001b');
    expect(await run.exit).toBe(0);
  });
});

/** Makes the stored catalogue look as if it had been fetched earlier by this time. */
function makeOlder(home: string, ms: number): void {
  const folder = join(home, 'cache');
  for (const name of readdirSync(folder).filter((file) => file.startsWith('catalogue-'))) {
    const [facts = '', ...body] = readFileSync(join(folder, name), 'utf8').split('\n');
    const older = facts.replace(/"fetchedAt":(\d+)/, (_, at: string) => `"fetchedAt":${Number(at) - ms}`);
    writeFileSync(join(folder, name), [older, ...body].join('\n'));
  }
}
