import { expect, test } from 'vitest';
import { resolved } from '../../support/settings.ts';
import { settingRows, type SettingRow } from '../../../src/core/settings/rows.ts';
import { configNotes, configTable } from '../../../src/output/setup/config-table.ts';
import { maskKey } from '../../../src/output/text/error.ts';
import { fitTable } from '../../../src/output/table/fit.ts';
import { plainTable } from '../../../src/output/table/plain.ts';

test('aligns setting, value and source, also after wide letters', () => {
  const rows: SettingRow[] = [
    { key: 'model', value: 'a/b', source: 'environment', name: 'ORX_MODEL' },
    { key: 'system', value: '\u7b80\u77ed', source: 'file' },
    { key: 'fallback', value: ['c', 'd'], source: 'flag' },
    { key: 'only', value: null, source: 'default' },
  ];
  expect(plainTable(configTable(rows))).toBe(
    [
      'setting   value  source',
      'model     a/b    environment ORX_MODEL',
      'system    \u7b80\u77ed   file',
      'fallback  c,d    flag',
      'only      –      default',
      '',
    ].join('\n'),
  );
});

test.each([60, 80, 100])(
  'on a terminal of %i columns a long or hostile value stays on its line, with its source visible',
  (columns) => {
    const rows: SettingRow[] = [
      { key: 'system', value: `\u001b]0;title\u0007\n${'long '.repeat(100)}`, source: 'environment', name: 'SOME_NAME' },
    ];
    const lines = fitTable(configTable(rows), columns).map((line) => line.map(({ text }) => text).join(''));
    expect(lines).toHaveLength(2);
    expect(lines[1]).not.toMatch(/[\u001b\u0007\n]/);
    expect(lines[1]).toMatch(/….*environment SOME_NAME$/);
    expect(lines[1]!.length).toBeLessThan(columns);
  },
);

test('in a pipe the value is complete', () => {
  const value = 'word '.repeat(100).trim();
  expect(plainTable(configTable([{ key: 'system', value, source: 'file' }]))).toContain(value);
});

test('an invalid value is shown as stored, with the reason, and without a secret', () => {
  const file = {
    temperature: 9,
    only: [['a']],
    'api-key': 'hunter2 hunter2 hunter2',
    proxy: 'me:hunter2@proxy',
    'base-url': 'ftp://me:hunter2@host',
    'max-tokens': '\u001b[2J',
  };
  const rows = settingRows(resolved({ flags: {}, env: {}, file }), maskKey);
  const row = (key: string): SettingRow | undefined => rows.find((each) => each.key === key);
  expect(row('temperature')).toEqual({
    key: 'temperature',
    value: 9,
    source: 'file',
    error: 'temperature must be a number from 0 to 2, not "9" (stored setting temperature)',
  });
  expect(row('only')).toMatchObject({ value: [['a']], error: expect.stringContaining('stored setting only') });
  expect(row('proxy')).toMatchObject({ value: '…@proxy', error: expect.any(String) });
  expect(row('base-url')).toMatchObject({ value: 'ftp://…@host', error: expect.any(String) });
  expect(JSON.stringify(rows)).not.toContain('hunter2 ');
  expect(JSON.stringify(rows)).not.toContain(':hunter2');

  const table = plainTable(configTable(rows));
  expect(table).toMatch(/^temperature +9 +file, not usable$/m);
  expect(table).toMatch(/^only +\[\["a"\]\] +file, not usable$/m);
  const notes = configNotes(rows);
  expect(notes).toHaveLength(6);
  expect(notes.every(({ text, tone }) => /^warning: .*stored setting/.test(text) && tone === 'warning')).toBe(true);
  expect(notes.map(({ text }) => text).join()).not.toContain('\u001b');
});

test('the key and the password of a proxy are masked in rows', () => {
  const file = { 'api-key': 'sk-or-v1-0123456789abcdef', proxy: 'http://me:hunter2@proxy:3128', model: 'a/b' };
  const rows = settingRows(resolved({ flags: {}, env: {}, file }), maskKey);
  expect(rows.find(({ key }) => key === 'api-key')).toEqual({ key: 'api-key', value: 'sk-or-v1-…cdef', source: 'file' });
  expect(rows.find(({ key }) => key === 'proxy')).toEqual({ key: 'proxy', value: 'http://me:…@proxy:3128', source: 'file' });
  expect(rows.find(({ key }) => key === 'temperature')).toEqual({ key: 'temperature', value: null, source: 'default' });
});
