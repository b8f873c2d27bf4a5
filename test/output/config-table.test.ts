import { expect, test } from 'vitest';
import { resolveSettings } from '../../src/core/resolve-settings.ts';
import { settingRows, type SettingRow } from '../../src/core/setting-rows.ts';
import { configTable } from '../../src/output/config-table.ts';
import { maskKey } from '../../src/output/error-text.ts';
import { fitTable } from '../../src/output/fit-table.ts';
import { plainTable } from '../../src/output/plain-table.ts';

test('aligns setting, value and source, also behind wide letters', () => {
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
  'on a terminal of %i columns a long or hostile value stays on its line, and the source is seen',
  (columns) => {
    const rows: SettingRow[] = [
      { key: 'system', value: `\u001b]0;title\u0007\n${'long '.repeat(100)}`, source: 'environment', name: 'SOME_NAME' },
    ];
    const lines = fitTable(configTable(rows, columns), columns).map((line) => line.map(({ text }) => text).join(''));
    expect(lines).toHaveLength(2);
    expect(lines[1]).not.toMatch(/[\u001b\u0007\n]/);
    expect(lines[1]).toMatch(/….*environment SOME_NAME$/);
    expect(lines[1]!.length).toBeLessThan(columns);
  },
);

test('in a pipe the value stands whole', () => {
  const value = 'word '.repeat(100).trim();
  expect(plainTable(configTable([{ key: 'system', value, source: 'file' }]))).toContain(value);
});

test('the key and the password of a proxy are masked in rows', () => {
  const file = { 'api-key': 'sk-or-v1-0123456789abcdef', proxy: 'http://me:hunter2@proxy:3128', model: 'a/b' };
  const rows = settingRows(resolveSettings({ flags: {}, env: {}, file }), maskKey);
  expect(rows.find(({ key }) => key === 'api-key')).toEqual({ key: 'api-key', value: 'sk-or-v1-…cdef', source: 'file' });
  expect(rows.find(({ key }) => key === 'proxy')).toEqual({ key: 'proxy', value: 'http://me:…@proxy:3128', source: 'file' });
  expect(rows.find(({ key }) => key === 'temperature')).toEqual({ key: 'temperature', value: null, source: 'default' });
});
