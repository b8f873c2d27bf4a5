import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Vendor, VENDORS } from '../../src/apis/vendors.ts';

const page = readFileSync(new URL('../../docs/vendors.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  // Other tables of the page have fewer columns.
  .filter((cells) => cells.length === 6);
const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

test('docs/vendors.md lists the vendors in order', () => {
  expect(rows.map(([name]) => name)).toEqual(VENDORS.map(({ name }) => code([name])));
});

test.each(VENDORS.map((vendor) => [vendor.name, vendor as Vendor] as const))(
  'docs/vendors.md describes %s correctly',
  (name, vendor) => {
    const [, label, dialects, keys, addresses, peculiarities] = rows.find(([cell]) => cell === code([name]))!;
    expect([label, keys, addresses]).toEqual([vendor.label, code(vendor.keyVariables), code(vendor.baseUrlVariables)]);
    const spoken = [vendor.dialect, ...(vendor.dialectFor ?? []).map(({ dialect }) => dialect)];
    expect([...dialects!.matchAll(/`([a-z-]+)`/g)].map(([, dialect]) => dialect)).toEqual(spoken);
    expect(peculiarities).not.toBe('');
    expect(peculiarities!.includes('local')).toBe(vendor.isLocal === true);
    for (const alias of vendor.aliases ?? []) expect(peculiarities).toContain(`\`${alias}:\``);
  },
);
