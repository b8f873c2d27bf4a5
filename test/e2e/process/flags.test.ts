import { describe, expect, test } from 'vitest';
import { startBillingServer } from '../../support/billing-server.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const FINE = { in: '0.000001', out: '0.000002' };
/** Nothing listens there: orx rejects the flags before it connects. */
const NOWHERE = 'http://127.0.0.1:9/api/v1';

const orx = (args: readonly string[], home = tempFolder(), url = NOWHERE): Promise<RunResult> =>
  runOrx(args, { home, env: { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef', OPENROUTER_BASE_URL: url } });

async function isBadUsage(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await orx(args);
  expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
  return stderr;
}

describe('conflicting flags', { timeout: 60_000 }, () => {
  test.each<[string[], string]>([
    [['chat', '-q', '-u', 'hi'], '-q and -u'],
    [['compare', '-q', '-u', '-m', 'a/b,c/d', 'hi'], '-q and -u'],
    [['chat', '--json', '-o', 'text', 'hi'], '--json and -o text'],
    [['chat', '--json', '--output=stream-json', 'hi'], '--json and -o stream-json'],
    [['compare', '--dry-run', '-u', '-m', 'a/b,c/d', 'hi'], '--dry-run and -u'],
    [['compare', '--json', '-o', 'text', '-m', 'a/b,c/d', 'hi'], '--json and -o text'],
    [['usage', '--json', '-o', 'csv'], '--json and -o csv'],
    [['models', '--json', '--format', 'csv'], '--json and --format csv'],
    [['cost', '--json', '-o', 'text'], '--json and -o text'],
    [['ledger', 'check', '--json', '-o', 'table'], '--json and -o table'],
    [['--sandbox', '--base-url', NOWHERE, 'chat', 'hi'], '--sandbox and --base-url'],
    [['models', '--base-url', NOWHERE, '--sandbox'], '--sandbox and --base-url'],
    [['chat', '-m', 'a/b', '-m', 'c/d', 'hi'], '-m a/b and -m c/d'],
    [['chat', '--temperature', '0', '--temperature', '1', 'hi'], '--temperature 0 and --temperature 1'],
    [['chat', '-o', 'json', '-o', 'text', 'hi'], '-o json and -o text'],
    [['chat', '--stream', '--no-stream', 'hi'], '--stream and --no-stream'],
    [['chat', '--no-zdr', '--zdr', 'hi'], '--no-zdr and --zdr'],
    [['chat', '--raw', '--json', 'hi'], '--raw and --json'],
    [['chat', '--raw', '-o', 'stream-json', 'hi'], '--raw and -o stream-json'],
    [['chat', '--raw', '--markdown', 'hi'], '--raw and --markdown'],
    [['chat', '-x', '--extract-last', 'hi'], '-x and --xl'],
    [['chat', '--dry-run', '--copy', 'hi'], '--dry-run and --copy'],
    [['chat', '-n', '--ledger', 'hi'], '-n and --ledger'],
    [['chat', '-c', '--session', '01', 'hi'], '-c and --session'],
    [['chat', '-c', '-n', 'hi'], '-c and -n'],
    [['chat', '--effort', 'low', '--reasoning-tokens', '5', 'hi'], '--effort and --reasoning-tokens'],
    [['models', '--refresh', '--offline'], '--refresh and --offline'],
    [['usage', '--what-if', 'a/b', '--advise'], '--what-if and --advise'],
    [['price', 'a/b', '--history', '--chart'], '--history and --chart'],
  ])('%j: exit 2 with the reason, and no request is sent', async (args, pair) => {
    expect(await isBadUsage(args)).toMatch(new RegExp(`^error: ${pair} cannot be combined\n  \\S.*\nhint: omit one of them`));
  });

  test('repeated flags, lists, and a flag after one of a shell alias do not conflict', async () => {
    const server = await startBillingServer({ 'a/one': FINE, 'a/two': FINE });
    const { home } = { home: tempFolder() };
    for (const args of [
      ['chat', '-m', 'a/one', '-m', 'a/one', '-o', 'json', '--json', '--stop', 'x', '--stop', 'y', 'hi'],
      ['--theme', 'dark', 'chat', '--theme', 'light', '-m', 'a/one', 'hi'],
      ['compare', '-m', 'a/one', '-m', 'a/two', 'hi'],
    ]) {
      const { code, stderr } = await orx(args, home, server.url);
      expect({ args, code, stderr }).toMatchObject({ args, code: 0 });
    }
  });

  test('a flag silently overrides the settings and the environment', async () => {
    const server = await startBillingServer({ 'a/one': FINE });
    const home = tempFolder();
    for (const [key, value] of [
      ['reasoning-tokens', '500'],
      ['sandbox', 'true'],
      ['history', 'false'],
      ['model', 'a/stored'],
    ]) {
      expect((await orx(['config', 'set', key!, value!], home)).code).toBe(0);
    }
    const asked = ['chat', '--base-url', server.url, '-m', 'a/one', '--effort', 'low', '--history', 'hi'];
    expect(await orx(asked, home)).toMatchObject({ code: 0, stdout: 'two words\n' });
    expect(server.completions()[0]).toMatchObject({ model: 'a/one', reasoning: { effort: 'low' } });
    expect(server.completions()[0].reasoning).not.toHaveProperty('max_tokens');
    expect((await orx(['chat', '--base-url', server.url, '-c', '-m', 'a/one', '--effort', 'low', 'and?'], home)).code).toBe(0);
    expect(server.completions()[1].messages).toHaveLength(3);
  });
});

describe('-o', { timeout: 60_000 }, () => {
  test.each([
    ['cost'],
    ['budget', 'list'],
    ['history', 'list'],
    ['ledger', 'check'],
    ['config', 'list'],
    ['alias', 'list'],
    ['fav', 'list'],
    ['mcp', 'list'],
    ['templates', 'list'],
    ['usage'],
  ])('%s %s: -o json is --json, and --output is the same flag', async (...args) => {
    const home = tempFolder();
    const json = await orx([...args, '--json'], home);
    expect(JSON.parse(json.stdout)).toBeDefined();
    expect((await orx([...args, '-o', 'json'], home)).stdout.length).toBe(json.stdout.length);
    expect((await orx([...args, '--output', 'json'], home)).stdout.length).toBe(json.stdout.length);
  });

  test('of models and price is a format under all its names, and a modality is still the filter', async () => {
    const server = await startBillingServer({ 'a/one': FINE });
    const home = tempFolder();
    const text = async (...args: string[]): Promise<string> => (await orx(args, home, server.url)).stdout;
    for (const flag of ['-o', '--output', '--format']) {
      expect(await text('models', flag, 'ids')).toBe('a/one\n');
      expect(await text('price', flag, 'csv', '--in', '1')).toMatch(/^model,kind,/);
    }
    expect(await text('models', '--output', 'image', '-o', 'ids')).toBe('');
    expect(await text('models', '--output-modalities', 'text', '-o', 'ids')).toBe('a/one\n');
    expect((await orx(['models', '--output', 'xml'], home, server.url)).stderr).toContain('table, json, csv, markdown, ids');
  });
});

describe('unknown commands', { timeout: 60_000 }, () => {
  test.each<[string[], string]>([
    [['usge'], 'did you mean: orx usage\n'],
    [['usge', 'chat'], 'did you mean: orx usage chat\n'],
    [['--theme', 'dark', 'modles'], 'did you mean: orx models --theme dark\n'],
    [['ledger', 'chek'], 'did you mean: orx ledger check'],
    [['models', 'shw', 'x'], 'did you mean: orx models show x'],
    [['models', 'dif'], 'did you mean: orx models diff'],
    [['models', 'ls'], 'did you mean: orx models\n'],
    [['history', 'serach', 'x'], 'did you mean: orx history search x'],
    [['history', '--limit', '3', 'exprt', 'x'], 'did you mean: orx history export x'],
    [['budget', 'sett'], 'did you mean: orx budget add'],
    [['templates', 'shw', 'x'], 'did you mean: orx templates show x'],
    [['history', 'list', 'x'], 'unexpected argument "x": orx history list accepts no arguments'],
    [['ledger', 'nothing'], 'use one of these: show, path, export'],
  ])('%j is a usage error, with a suggestion', async (args, hint) => {
    expect(await isBadUsage(args)).toContain(hint);
  });

  test('a search with results is a search, even if it is similar to a command', async () => {
    const server = await startBillingServer({ 'snowflake/snow': FINE });
    const home = tempFolder();
    expect((await orx(['models', '-o', 'ids'], home, server.url)).stdout).toBe('snowflake/snow\n');
    expect((await orx(['models', 'snow', '-o', 'ids'], home, server.url)).stdout).toBe('snowflake/snow\n');
  });

  test('a hint names the command that was typed, and the place of a flag', async () => {
    expect(await isBadUsage(['history', 'show'])).toContain('list the flags: orx history show --help');
    expect(await isBadUsage(['serve', 'keys', 'create'])).toContain('list the flags: orx serve keys add --help');
    expect(await isBadUsage(['--limit', '3', 'models'])).toContain(
      'put the flags of a command after its name: orx models --help',
    );
    expect(await isBadUsage(['--sandbox', 'models', '--zzz'])).toContain('list the flags: orx models --help');
  });

  test('the hint about text that starts with - appears where a prompt is expected', async () => {
    for (const args of [
      ['chat', '--zzz', 'hi'],
      ['compare', '--zzz', 'hi'],
    ])
      expect(await isBadUsage(args)).toContain(`put a prompt that starts with - after --: orx ${args[0]} -- `);
    for (const args of [
      ['models', '--zzz'],
      ['usage', '--zzz'],
      ['budget', '--zzz'],
      ['ledger', 'export', '--zzz'],
    ])
      expect(await isBadUsage(args)).not.toContain('after --');
  });
});
