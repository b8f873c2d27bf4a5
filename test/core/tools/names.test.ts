import { decodeAnnotations } from '../../../src/apis/annotations.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isToolNamed } from '../../../src/core/tools/allow-patterns.ts';
import { citationsOf } from '../../../src/core/tools/citations.ts';
import { toolsFingerprint } from '../../../src/core/tools/fingerprint.ts';
import { storedServer } from '../../../src/core/tools/mcp-entry.ts';
import { withWireNames } from '../../../src/core/tools/wire-names.ts';

test.each([
  ['weather:forecast', 'weather:forecast', true],
  ['weather:forecast', 'weather:*', true],
  ['weather:forecast', 'forecast', false],
  ['weather:forecast', '*cast', true],
  ['weather:forecast', 'w*:*e*t', true],
  ['weather:forecast', 'weather:fore*recast', false],
  ['weather2:forecast', 'weather:*', false],
  ['git.log', 'git?log', false],
  ['a', '', false],
])('%s by %s: %s', (label, pattern, expected) => expect(isToolNamed(label, [pattern])).toBe(expected));

test('names on the wire are distinct and plain, for any labels', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, maxLength: 90 }), { maxLength: 20 }), (labels) => {
      const tools = labels.map((label) => ({
        label,
        description: '',
        parameters: {},
        isReadOnly: false,
        call: async () => ({ text: '', isError: false }),
      }));
      const names = withWireNames(tools).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^[\w-]{1,64}$/);
    }),
  );
});

test('a hash depends on everything except the order of keys', () => {
  expect(toolsFingerprint({ a: 1, b: [1, { c: 2 }] })).toBe(toolsFingerprint({ b: [1, { c: 2 }], a: 1 }));
  expect(toolsFingerprint({ a: '1' })).not.toBe(toolsFingerprint({ a: 1 }));
  expect(toolsFingerprint([1, 2])).not.toBe(toolsFingerprint([2, 1]));
});

test('anything but a citation is left out, anything but a server is none', () => {
  expect(
    citationsOf(
      decodeAnnotations([
        null,
        1,
        { type: 'file' },
        { url_citation: { url: 'https://a' } },
        { url_citation: { url: 'https://a' } },
      ]),
    ),
  ).toEqual([{ url: 'https://a', title: undefined }]);
  for (const value of [
    null,
    [],
    { type: 'stdio', command: [] },
    { type: 'http', url: 'file:///etc' },
    { type: 'stdio', command: [1] },
  ]) {
    expect(storedServer(value)).toBeUndefined();
  }
});
