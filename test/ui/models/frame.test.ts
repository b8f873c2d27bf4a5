import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { pressTableKey } from '../../../src/core/models/live/keys.ts';
import type { LiveTable } from '../../../src/core/models/live/state.ts';
import { reduceLiveTable, startLiveTable } from '../../../src/core/models/live/table.ts';
import { modelsTable } from '../../../src/output/models/table.ts';
import type { Line } from '../../../src/ui/screen/line.ts';
import { modelsFrame } from '../../../src/ui/models/frame.ts';
import { layoutModels } from '../../../src/ui/models/layout.ts';
import { modelCells } from '../../../src/ui/models/rows.ts';
import { makeModel } from '../../support/catalogue.ts';

const HOSTILE = 'evil/\u001b]0;owned\u0007\u001b[2J\u202eedoc\nnext';
const MODELS = [
  makeModel('deepseek/deepseek-chat', {}, { description: 'A model.\u001b[2J '.repeat(40), expiration_date: '2026-12-31' }),
  makeModel('anthropic/claude-sonnet-4.6', { in: '0.000003', out: '0.000015' }),
  makeModel('qwen/qwen3-coder:free', { in: '0', out: '0' }),
  makeModel('openrouter/auto', { in: '-1', out: '-1' }),
  makeModel(`someone/${'very-'.repeat(20)}long`, { in: '0.00000008333333333333334' }),
  makeModel('日本/空が青いのは短い波長の光が散乱されるから'),
  makeModel(HOSTILE, {}, { name: HOSTILE, description: HOSTILE, supported_parameters: [HOSTILE] }),
];
const COLUMNS = ['in', 'out', 'context'] as const;

function start(models = MODELS): LiveTable {
  return startLiveTable({ models, base: {}, sort: 'name', allColumns: COLUMNS, columns: COLUMNS });
}

const press = (table: LiveTable, ...keys: readonly string[]): LiveTable =>
  keys.reduce((now, key) => pressTableKey(now, [...key].length === 1 ? { name: key, text: key } : { name: key }), table);

function frame(table: LiveTable, columns: number, rows: number): Line[] {
  const layout = layoutModels(rows, table);
  const shown = reduceLiveTable(table, { type: 'height', rows: layout.bodyRows });
  const cells = modelCells(table.models, modelsTable(table.models, { columns: ['model', ...COLUMNS], short: true }));
  return modelsFrame({ table: shown, ageMs: 38_000 }, cells, layout, columns);
}

const text = (lines: readonly Line[]): string[] => lines.map((line) => line.map((span) => span.text).join(''));
const trimmed = (lines: readonly Line[]): string[] => text(lines).map((line) => line.trimEnd());

describe('modelsFrame', () => {
  it('shows the selected, marked and visible rows, and the available keys', () => {
    const table = press(start(MODELS.slice(0, 4)), ' ', 'down', 'ctrl-k', 'down');
    expect(trimmed(frame(table, 80, 11))).toEqual([
      '  4 models, 38 s old                                         sort: name, a to z',
      '  › ▏id, name or author',
      '     model                        in $/M  out $/M  context',
      '  ★  anthropic/claude-sonnet-4.6    3.00    15.00     131k',
      '   + deepseek/deepseek-chat         0.27     1.10     131k',
      ' ▸   openrouter/auto              varies   varies     131k',
      '     qwen/qwen3-coder:free          free     free     131k',
      '',
      '  4, 1 to compare   type filter · tab keys · ↵ chat · ←→ sort · ? all keys',
    ]);
  });

  it('has filters and sort in its header, and the keys of the other mode', () => {
    const lines = trimmed(frame(press(start(), 'tab', 'f', 't', 'right', 'right'), 120, 12));
    expect(lines[0]).toMatch(/^ {2}7 models, 38 s old {3}free · tools +sort: price 3:1, cheapest first$/);
    expect(lines[3]).toBe('     no model passes these filters');
    expect(lines.at(-1)).toContain('c compare · p price');
  });

  it('shows and marks the changes of a refresh', () => {
    const costlier = makeModel('anthropic/claude-sonnet-4.6', { in: '0.0000045', out: '0.0000225' });
    const cheaper = makeModel('deepseek/deepseek-chat', { in: '0.0000002565', out: '0.0000010450' });
    const models = [costlier, cheaper, makeModel('a/first')];
    const lines = trimmed(frame(reduceLiveTable(start(MODELS.slice(0, 3)), { type: 'catalogue', models }), 100, 12));
    expect(lines[1]).toMatch(/ {2}1 new · 2 repriced · 1 gone: qwen\/qwen3-coder:free$/);
    expect(lines[3]).toMatch(/^ {4} a\/first .* new$/);
    expect(lines[4]).toMatch(/claude-sonnet-4\.6 .* ↑ 50%$/);
    expect(lines[5]).toMatch(/deepseek-chat .* ↓ 5%$/);
  });

  it('opens details below the table, with the available views', () => {
    const lines = trimmed(frame(press(start(), 'down', 'ctrl-d'), 80, 24));
    expect(lines).toContain('  deepseek/deepseek-chat');
    expect(lines).toContain('  prices    in 0.27 · out 1.10 USD per million');
    expect(lines).toContain('  limits    context 131k · output 16k');
    expect(lines).toContain('  leaves    after 2026-12-31');
    expect(lines.some((line) => line.startsWith('  A model.␛[2J A model.'))).toBe(true);
  });

  it('lists every key and column on ?, as far as there is room, and scrolls to the rest', () => {
    const lines = trimmed(frame(press(start(), '?'), 80, 30)).join('\n');
    for (const words of ['price of marked models', 'only zero retention', 'column out: shown', 'reverse the sort', 'refresh'])
      expect(lines).toContain(words);
    expect(trimmed(frame(press(start(), '?', 'end'), 40, 8)).join('\n')).toContain('column context: shown');
  });

  it('shows the end of a query that is too long', () => {
    const lines = text(frame(press(start(), ...'abcdefghij '.repeat(12)), 60, 12));
    expect(lines[1]).toMatch(/^ {2}› ….*abcdefghij ▏/);
  });

  const keys = fc.constantFrom(
    'up',
    'down',
    'pagedown',
    'end',
    'right',
    'ctrl-o',
    'tab',
    'ctrl-d',
    '?',
    'ctrl-k',
    ' ',
    'x',
    'f',
    '3',
    '日',
  );
  const size = fc.record({ columns: fc.integer({ min: 2, max: 220 }), rows: fc.integer({ min: 2, max: 60 }) });

  it('stays smaller than a terminal of any size, without active characters', () => {
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 12 }), size, (pressed, { columns, rows }) => {
        const lines = text(frame(press(start(), ...pressed), columns, rows));
        expect(lines.length).toBeLessThan(rows);
        for (const line of lines) {
          expect(stringWidth(line)).toBeLessThan(columns);
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
        }
      }),
    );
  });
});
