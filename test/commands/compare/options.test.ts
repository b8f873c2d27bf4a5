import { describe, expect, it } from 'vitest';
import { createAppearance } from '../../../src/cli/terminal/appearance.ts';
import { commandInput } from '../../../src/commands/command-input.ts';
import type { CompareFlags } from '../../../src/commands/compare/flags.ts';
import { parseCompare } from '../../../src/commands/compare/options.ts';
import type { Streams } from '../../../src/commands/context.ts';
import { terminalFacts } from '../../../src/commands/is-drawable.ts';
import { resolved } from '../../support/settings.ts';

const TERMINAL = { isTTY: true, rows: 24, columns: 80 };
const MODELS = { model: ['a/one,b/two'] };

function options(given: Readonly<Record<string, unknown>>, env: Record<string, string> = {}, stdout: object = TERMINAL) {
  const resolveSettings = () => resolved({ env });
  const { isScreenReader } = createAppearance(() => resolveSettings().values, env);
  const terminal = terminalFacts({
    terminal: { streams: { stdout } as Streams, isScreenReader },
    env: { TERM: 'xterm', ...env },
  });
  const typed = { words: [], options: { rankBy: 'cost', ...given }, flags: {} };
  return parseCompare(commandInput<CompareFlags>(typed, { resolveSettings, terminal, now: 0 })).comparison;
}

describe('parseCompare', () => {
  it.each<[string, string[], string[], string[]]>([
    ['one for each flag', ['a/one', 'b/two'], ['a/one', 'b/two'], []],
    ['a comma list', ['a/one, b/two,,', 'c/three'], ['a/one', 'b/two', 'c/three'], []],
    ['a model twice', ['a/one,b/two', 'a/one'], ['a/one', 'b/two'], ['a/one']],
    ['eight', ['a,b,c,d,e,f,g,h,a'], ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], ['a']],
  ])('accepts models as %s', (_name, model, models, repeated) => {
    expect(options({ model })).toMatchObject({ models, repeated });
  });

  it.each<[string, Record<string, unknown>, Record<string, string>, object, boolean]>([
    ['a terminal', {}, {}, TERMINAL, true],
    ['a pipe', {}, {}, { isTTY: false }, false],
    ['-o text', { output: 'text' }, {}, TERMINAL, false],
    ['-o json', { output: 'json' }, {}, TERMINAL, false],
    ['--json', { json: true }, {}, TERMINAL, false],
    ['a dumb terminal', {}, { TERM: 'dumb' }, TERMINAL, false],
    ['continuous integration', {}, { CI: 'true' }, TERMINAL, false],
    ['a screen reader', {}, { INK_SCREEN_READER: 'true' }, TERMINAL, false],
    ['a terminal of unknown size', {}, {}, { isTTY: true, rows: 0, columns: 0 }, false],
  ])('on %s draws side by side or not', (_name, given, env, stdout, isLive) => {
    expect(options({ ...MODELS, ...given }, env, stdout).isLive).toBe(isLive);
  });

  it('prints JSON for every way to request it', () => {
    expect(options({ ...MODELS, json: true, output: 'text' }).format).toBe('json');
    expect(options({ ...MODELS, output: 'json' }).format).toBe('json');
    expect(options(MODELS).format).toBe('text');
  });

  it('prints receipts only if they are requested and not silenced', () => {
    expect(options({ ...MODELS, usage: true }).showsReceipts).toBe(true);
    expect(options({ ...MODELS, usage: true, quiet: true }).showsReceipts).toBe(false);
    expect(options(MODELS).showsReceipts).toBe(false);
  });
});
