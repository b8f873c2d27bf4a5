import { describe, expect, it } from 'vitest';
import { createAppearance } from '../../../src/cli/terminal/appearance.ts';
import type { CompareCommandOptions } from '../../../src/commands/compare-command/options.ts';
import { compareOptions } from '../../../src/commands/compare/options.ts';
import type { Streams } from '../../../src/commands/context/terminal.ts';
import { terminalFacts } from '../../../src/commands/is-drawable.ts';
import { parseCommand } from '../../support/parse-command.ts';
import { resolved } from '../../support/settings.ts';

const TERMINAL = { isTTY: true, rows: 24, columns: 80 };

async function parse(...args: string[]): Promise<CompareCommandOptions> {
  return (await parseCommand(['compare', 'hi', ...args])) as CompareCommandOptions;
}

describe('the lanes', () => {
  it.each<[string, string[], string[], string[]]>([
    ['one for each flag', ['-m', 'a/one', '-m', 'b/two'], ['a/one', 'b/two'], []],
    ['a comma-separated list', ['-m', 'a/one, b/two,,', '-m', 'c/three'], ['a/one', 'b/two', 'c/three'], []],
    ['a model twice', ['-m', 'a/one,b/two', '-m', 'a/one'], ['a/one', 'b/two'], ['a/one']],
    ['eight', ['-m', 'a,b,c,d,e,f,g,h,a'], ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], ['a']],
  ])('are models as %s', async (_name, args, names, repeated) => {
    expect((await parse(...args)).lanes).toMatchObject({ names, repeated, found: undefined, providers: undefined });
  });

  it('are models that filters choose, with the routing that the request will require', async () => {
    const { lanes } = await parse('--top', '4', '--tools', '--only', 'Novita', '--quantization', 'fp8');
    expect(lanes.found).toMatchObject({
      count: 4,
      sort: 'price',
      isReversed: false,
      filter: { parameters: ['tools'], outputs: ['text'], provider: ['Novita'], quantization: ['fp8'], zdr: false },
    });
    expect((await parse('--free', '--sort', 'value', '--reverse')).lanes.found).toMatchObject({
      count: undefined,
      sort: 'value',
      isReversed: true,
      filter: { free: true },
    });
    expect((await parse('-m', 'a/one', '--top', '2')).lanes).toMatchObject({ names: ['a/one'], found: { count: 2 } });
  });

  it('are providers, values and repetitions of one model', async () => {
    expect((await parse('-m', 'a/one', '--providers', 'Novita, deepinfra')).lanes.providers).toEqual(['Novita', 'deepinfra']);
    expect((await parse('-m', 'a/one', '--providers', 'ALL')).lanes.providers).toBe('all');
    expect((await parse('-m', 'a/one', '--repeat', '5')).lanes.repeat).toBe(5);
    expect((await parse('-m', 'a/one', '--vary', 'temperature=0,1')).lanes.variations).toEqual([
      { key: 'temperature', values: ['0', '1'] },
    ]);
  });

  it.each<[string[], RegExp]>([
    [[], /^compare needs at least two models$/],
    [['-m', 'a/one'], /^compare needs at least two models, not only a\/one$/],
    [['-m', 'a/one', '--vary', 'temperature=1'], /^compare needs at least two models, not only a\/one$/],
    [['-m', Array.from({ length: 17 }, (_, index) => `a/m${index}`).join()], /^compare accepts at most 16 lanes, not 17$/],
    [
      ['-m', 'a/1,a/2,a/3,a/4,a/5', '--vary', 'temperature=0,1', '--vary', 'top-p=0.1,0.9'],
      /^compare accepts at most 16 lanes, not 20$/,
    ],
    [['-m', 'a/1,a/2,a/3', '--repeat', '30'], /^compare sends at most 64 requests, not 3 lanes × 30$/],
    [['-m', 'a/1', '--repeat', '70'], /^compare sends at most 64 requests, not 1 lane × 70$/],
    [['-m', 'a/1,a/2', '--repeat', '0'], /^--repeat must be a whole number from 1/],
    [['-m', 'a/1,a/2', '--sort', 'price'], /^--sort and --reverse need --top$/],
    [['--top', 'none'], /^--top must be a whole number from 1/],
    [['--top', '3', '--providers', 'all'], /^--providers cannot be combined with --top/],
    [['-m', 'a/1', '--providers', ','], /^--providers must be all or/],
  ])('%j are refused', async (args, message) => {
    await expect(parse(...args)).rejects.toThrow(message);
  });
});

function shown(given: object, env: Record<string, string> = {}, stdout: object = TERMINAL) {
  const { values } = resolved({ env });
  const { isScreenReader } = createAppearance(() => values, env);
  const streams = { stdout } as Streams;
  return compareOptions(given, values, terminalFacts({ terminal: { streams, isScreenReader }, env: { TERM: 'xterm', ...env } }));
}

describe('how a comparison is shown', () => {
  it.each<[string, object, Record<string, string>, object, boolean]>([
    ['a terminal', {}, {}, TERMINAL, true],
    ['a pipe', {}, {}, { isTTY: false }, false],
    ['-o text', { format: 'text' }, {}, TERMINAL, false],
    ['-o json', { format: 'json' }, {}, TERMINAL, false],
    ['a dumb terminal', {}, { TERM: 'dumb' }, TERMINAL, false],
    ['continuous integration', {}, { CI: 'true' }, TERMINAL, false],
    ['continuous integration of another kind', {}, { CONTINUOUS_INTEGRATION: '1' }, TERMINAL, false],
    ['a terminal that is not in continuous integration', {}, { CI: 'false', CONTINUOUS_INTEGRATION: '0' }, TERMINAL, true],
    ['a screen reader', {}, { INK_SCREEN_READER: 'true' }, TERMINAL, false],
    ['a terminal of unknown size', {}, {}, { isTTY: true, rows: 0, columns: 0 }, false],
  ])('on %s draws side by side or not', (_name, given, env, stdout, isLive) => {
    expect(shown(given, env, stdout).isLive).toBe(isLive);
  });

  it('prints JSON for every way to request it', async () => {
    expect((await parse('-m', 'a,b', '--json')).comparison.format).toBe('json');
    expect((await parse('-m', 'a,b', '-o', 'json')).comparison.format).toBe('json');
    expect((await parse('-m', 'a,b')).comparison.format).toBe('text');
  });

  it('prints receipts only if they are requested and not silenced', () => {
    expect(shown({ showsReceipts: true }).showsReceipts).toBe(true);
    expect(shown({ showsReceipts: true, isQuiet: true }).showsReceipts).toBe(false);
    expect(shown({}).showsReceipts).toBe(false);
  });
});
