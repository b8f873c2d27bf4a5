import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { LiveKey } from '../../../../src/core/live-key.ts';
import { BINDINGS, pressTableKey } from '../../../../src/core/models/live/keys.ts';
import type { LiveTable } from '../../../../src/core/models/live/state.ts';
import { currentModel, reduceLiveTable, startLiveTable } from '../../../../src/core/models/live/table.ts';
import type { Model } from '../../../../src/apis/catalogue.ts';
import { makeModel } from '../../../support/catalogue.ts';

const inputs = (...names: string[]) => ({ architecture: { input_modalities: names, output_modalities: ['text'] } });
const MODELS = [
  makeModel('openai/gpt-4o', { in: '0.0000025', out: '0.00001' }, { ...inputs('text', 'image'), created: 4 }),
  makeModel('deepseek/deepseek-chat', {}, { supported_parameters: ['tools'], created: 3 }),
  makeModel('deepseek/deepseek-r1', { in: '0.0000007' }, { supported_parameters: ['tools', 'reasoning'], created: 5 }),
  makeModel('qwen/qwen3-coder:free', { in: '0', out: '0' }, { created: 2 }),
  makeModel('openrouter/auto', { in: '-1', out: '-1' }, { created: 1 }),
];
const COLUMNS = ['input', 'output', 'context'];

function start(more: Partial<Parameters<typeof startLiveTable>[0]> = {}): LiveTable {
  const table = startLiveTable({ models: MODELS, base: {}, sort: 'name', allColumns: COLUMNS, columns: COLUMNS, ...more });
  return reduceLiveTable(table, { type: 'height', rows: 3 });
}

/** Presses keys given by name, or types text. */
const press = (table: LiveTable, ...keys: readonly string[]): LiveTable =>
  keys.reduce((now, key) => pressTableKey(now, [...key].length === 1 ? { name: key, text: key } : { name: key }), table);
const type = (table: LiveTable, text: string): LiveTable => press(table, ...text);
const names = (table: LiveTable): string[] => table.rows.map(({ id }) => id.split('/')[1]!);

describe('the query', () => {
  it('accepts letters from the start, and ranks by match until a sort is chosen', () => {
    const typed = type(start(), 'deep');
    expect(names(typed)).toEqual(['deepseek-chat', 'deepseek-r1']);
    const newest = press(typed, 'right', 'right', 'right', 'right', 'right');
    expect(newest.sort).toBe('newest');
    expect(names(newest)).toEqual(['deepseek-r1', 'deepseek-chat']);
    expect(names(press(newest, 'ctrl-o'))).toEqual(['deepseek-chat', 'deepseek-r1']);
  });

  it('deletes its last character, or all of them', () => {
    expect(press(type(start(), 'gpt👩'), 'backspace').query).toBe('gpt');
    expect(press(type(start(), 'gpt 4'), 'ctrl-u').query).toBe('');
    expect(press(start(), 'backspace').query).toBe('');
  });

  it('is cleared by Esc before the table is left, after any open pane is closed', () => {
    const open = press(type(start(), 'gpt'), 'ctrl-d');
    const steps = [1, 2, 3].map((times) => press(open, ...Array.from({ length: times }, () => 'escape')));
    expect(steps.map(({ pane, query, outcome }) => [pane, query, outcome?.type])).toEqual([
      ['none', 'gpt', undefined],
      ['none', '', undefined],
      ['none', '', 'leave'],
    ]);
  });
});

describe('keys', () => {
  it('letters are commands after Tab, and / returns to the query', () => {
    const table = press(start(), 'tab');
    expect(press(table, 'c').marked).toEqual(['deepseek/deepseek-chat']);
    expect(press(table, 'c', 'c').marked).toEqual([]);
    expect(press(table, '/', 'c').query).toBe('c');
    expect(press(table, 'r').refreshes).toBe(1);
    expect(press(table, 'd').pane).toBe('detail');
    expect(press(table, 'q').outcome).toEqual({ type: 'leave' });
  });

  test.each([
    ['f', ['qwen3-coder:free']],
    ['v', ['gpt-4o']],
    ['t', ['deepseek-chat', 'deepseek-r1']],
    ['e', ['deepseek-r1']],
  ])('%s filters, and undoes it', (letter, shown) => {
    const filtered = press(start(), 'tab', letter);
    expect(names(filtered)).toEqual(shown);
    expect(names(press(filtered, letter))).toHaveLength(MODELS.length);
  });

  it('z waits for facts that only endpoints have, and is undone if they are unavailable', () => {
    const asked = press(start(), 'tab', 'z');
    expect(names(asked)).toHaveLength(MODELS.length);
    const facts = { endpoints: new Map(), zdrModels: new Set(['openai/gpt-4o']) };
    expect(names(reduceLiveTable(asked, { type: 'facts', facts }))).toEqual(['gpt-4o']);
    expect(reduceLiveTable(asked, { type: 'no-facts', note: 'why' }).filters.size).toBe(0);
  });

  it('digits show and hide columns', () => {
    expect([...press(start(), 'tab', '2', '9').columns]).toEqual(['input', 'context']);
    expect([...press(start(), 'tab', '2', '2').columns].toSorted()).toEqual([...COLUMNS].toSorted());
  });

  it('space marks a favorite, unless the user is typing a query', () => {
    const marked = press(start(), ' ', 'down', ' ');
    expect([...marked.favorites]).toEqual(['deepseek/deepseek-chat', 'deepseek/deepseek-r1']);
    expect(names(press(marked, 'tab', 'm'))).toEqual(['deepseek-chat', 'deepseek-r1']);
    expect(type(start(), 'deep r').query).toBe('deep r');
  });

  it('Enter leaves with the model, to chat', () => {
    const table = press(start(), 'down', 'return');
    expect(table.outcome).toEqual({ type: 'chat', model: MODELS[2] });
    expect(press(table, 'escape', 'x')).toBe(table);
  });

  it('p shows the price of the marked models, else of the current one, and Esc closes only the pane', () => {
    const current = press(start(), 'down', 'ctrl-p');
    expect([current.pane, current.quote?.models, current.outcome]).toEqual(['price', ['deepseek/deepseek-r1'], undefined]);
    const marked = press(start(), 'tab', 'c', 'j', 'j', 'c', 'p');
    expect(marked.quote?.models).toEqual(['deepseek/deepseek-chat', 'openai/gpt-4o']);
    const closed = press(type(start(), 'deep'), 'ctrl-p', 'escape');
    expect([closed.pane, closed.query, closed.outcome]).toEqual(['none', 'deep', undefined]);
    expect(press(start({ isPick: true }), 'ctrl-p').pane).toBe('price');
    expect(press(start(), ...'nothing', 'ctrl-p').note).toBe('there is no model to choose');
    expect(press(current, 'ctrl-c').outcome).toEqual({ type: 'stop' });
  });

  it('digits, arrows and Tab change the workload of the price, and nothing behind it', () => {
    const open = press(start(), 'ctrl-p');
    const sizes = (...keys: string[]) => press(open, ...keys).quote?.sizes;
    expect(sizes()).toEqual({ in: '1000', out: '1000' });
    expect(sizes('4', '2')).toEqual({ in: '42', out: '1000' });
    expect(sizes('4', 'k')).toEqual({ in: '4000', out: '1000' });
    expect(sizes('backspace', 'tab', '0', '7')).toEqual({ in: '100', out: '7' });
    expect(sizes('up', 'up')).toEqual({ in: '100000', out: '1000' });
    expect(sizes('down', 'down', 'down')).toEqual({ in: '100', out: '1000' });
    expect(sizes('right', 'ctrl-u')).toEqual({ in: '1000', out: '' });
    expect(sizes(...'123456789012')?.in).toHaveLength(8);
    const pressed = press(open, 'x', 'pagedown', ' ', 'z', 'ctrl-k', '9');
    expect([pressed.cursor, pressed.query, pressed.marked, [...pressed.favorites]]).toEqual([0, '', [], []]);
    // It opens in the state in which it was left.
    expect(press(open, '5', '0', 'escape', 'down', 'ctrl-p').quote).toMatchObject({ sizes: { in: '50' }, side: 'in' });
  });

  it('a comparison takes two to sixteen', () => {
    const one = press(start(), 'ctrl-k', 'ctrl-g');
    expect([one.outcome, one.note]).toEqual([undefined, 'mark two models or more for a comparison']);
    expect(press(one, 'down', 'ctrl-k', 'ctrl-g').outcome).toEqual({
      type: 'compare',
      models: ['deepseek/deepseek-chat', 'deepseek/deepseek-r1'],
    });
    const many = start({ models: Array.from({ length: 20 }, (_, index) => makeModel(`a/${index}`)) });
    const all = Array.from({ length: 20 }, () => ['ctrl-k', 'down']).flat();
    expect(press(many, ...all).marked).toHaveLength(16);
  });

  it('movement keys scroll the help, and any other key closes it', () => {
    const help = press(start(), '?');
    expect(press(help, 'down', 'down', 'up').helpTop).toBe(1);
    expect(press(help, 'x')).toMatchObject({ pane: 'none', query: '' });
    expect(press(help, 'ctrl-c').outcome).toEqual({ type: 'stop' });
  });

  it('no key has two meanings', () => {
    const all = BINDINGS.flatMap(({ keys = [], letters = [] }) => [...keys, ...letters]);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('a refresh', () => {
  const [gpt, chat, ...others] = MODELS as [Model, Model, ...Model[]];
  const costlier = makeModel(
    'deepseek/deepseek-chat',
    { in: '0.00000054', out: '0.0000022' },
    { supported_parameters: ['tools'] },
  );
  const refreshed = [makeModel('a/first'), costlier, ...others];

  it('shows new, gone and repriced models until it is dismissed', () => {
    const table = reduceLiveTable(start(), { type: 'catalogue', models: refreshed });
    expect([...table.changes.added]).toEqual(['a/first']);
    expect(table.changes.gone).toEqual([gpt.id]);
    expect(table.changes.repriced).toEqual(new Map([[chat.id, { percent: 100 }]]));
    expect(reduceLiveTable(table, { type: 'catalogue', models: refreshed }).changes).toBe(table.changes);
    expect(reduceLiveTable(table, { type: 'forget-changes' }).changes.gone).toEqual([]);
  });

  it('keeps the cursor on its model, at the same height of the screen', () => {
    const before = press(start(), 'down', 'down', 'down');
    const after = reduceLiveTable(before, { type: 'catalogue', models: [makeModel('a/1'), makeModel('a/2'), ...MODELS] });
    expect(currentModel(after)?.id).toBe(currentModel(before)?.id);
    expect(after.cursor - after.top).toBe(before.cursor - before.top);
  });
});

describe('for any keys', () => {
  const letters = [...new Set(BINDINGS.flatMap(({ letters = [] }) => letters)), '/', '1', '4', 'x', '日'];
  const key: fc.Arbitrary<LiveKey> = fc.oneof(
    fc.constantFrom(...BINDINGS.flatMap(({ keys = [] }) => keys), 'backspace', 'insert').map((name) => ({ name })),
    fc.constantFrom(...letters).map((text) => ({ name: text, text })),
  );
  const catalogue = fc.subarray(MODELS.map((_, index) => index)).map((indices) => indices.map((index) => MODELS[index]!));
  const step = fc.oneof(
    { weight: 8, arbitrary: key.map((pressed) => (table: LiveTable) => pressTableKey(table, pressed)) },
    fc.nat(12).map((rows) => (table: LiveTable) => reduceLiveTable(table, { type: 'height', rows })),
    catalogue.map((models) => (table: LiveTable) => reduceLiveTable(table, { type: 'catalogue', models })),
    fc.constant((table: LiveTable) => reduceLiveTable(table, { type: 'no-facts', note: 'why' })),
  );

  it('the cursor is on a visible row, and all rows come from the catalogue', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let table = start();
        for (const take of steps) {
          const before = table;
          table = take(table);
          const { rows, cursor, top, height } = table;
          expect(height).toBeGreaterThanOrEqual(1);
          expect(top).toBeGreaterThanOrEqual(0);
          expect(top).toBeLessThanOrEqual(Math.max(0, rows.length - height));
          const isInView = rows[cursor] !== undefined && cursor >= top && cursor < top + height;
          expect(isInView || (rows.length === 0 && cursor === 0 && top === 0)).toBe(true);
          expect(new Set(rows).size).toBe(rows.length);
          expect(rows.every((model) => table.models.includes(model))).toBe(true);
          expect(table.marked.length).toBeLessThanOrEqual(8);
          expect(before.outcome === undefined || table === before).toBe(true);
        }
      }),
    );
  });
});
