import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutResult } from '../../src/tools/cut-result.ts';
import { fillCommand } from '../../src/tools/fill-command.ts';
import { parseDeclarations } from '../../src/tools/parse-declarations.ts';

const parse = (tool: string) => parseDeclarations(`tools:\n  t: ${tool}`, 'f.yaml', '/folder')[0];

test('the short form of parameters is a schema', () => {
  expect(
    parse(
      '{description: d, parameters: {a: "string, what", "b?": integer}, command: [x, "{{a}}", "{{ b }}"], folder: sub, timeout: 2}',
    ),
  ).toMatchObject({
    parameters: { properties: { a: { type: 'string', description: 'what' }, b: { type: 'integer' } }, required: ['a'] },
    folder: '/folder/sub',
    timeoutMs: 2000,
  });
});

test.each([
  ['{command: [x]}', 'no description'],
  ['{description: d, command: x y}', 'no command'],
  ['{description: d, command: [x], timout: 3}', 'unknown key: timout'],
  ['{description: d, command: [x], timeout: -1}', 'above 0'],
  ['{description: d, command: [x, "--n={{a}}"], parameters: {a: string}}', 'only partly a parameter'],
  ['{description: d, command: ["{{a}}"], parameters: {a: string}}', 'choose the program'],
  ['{description: d, command: [x, "{{b}}"]}', 'not one of its parameters'],
  ['{description: d, command: [x], parameters: {a: string}}', 'never uses'],
  ['{description: d, command: [x, "{{a}}"], parameters: {a: text}}', 'an unknown type'],
  ['3', 'not a table'],
])('%s is an error', (tool, reason) => expect(() => parse(tool)).toThrow(reason));

test('each value is one argument, lists are several, absent values are none, dashes come after --', () => {
  expect(fillCommand(['p', '{{a}}', '-n', '{{n}}', '{{none}}'], { a: ['x y', 'z'], n: -3 })).toEqual([
    'p',
    'x y',
    'z',
    '-n',
    '-3',
  ]);
  expect(fillCommand(['p', '--', '{{a}}'], { a: '-rf' })).toEqual(['p', '--', '-rf']);
  expect(() => fillCommand(['p', '{{a}}'], { a: '-rf' })).toThrow('dash');
  expect(() => fillCommand(['p', '{{a}}'], { a: 'x\0' })).toThrow('zero byte');
});

test('a truncated result fits, is a prefix, and splits no character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.integer({ min: 1, max: 200 }), (text, maxBytes) => {
      const cut = cutResult(text, maxBytes);
      const isWhole = Buffer.byteLength(text) <= maxBytes;
      const stored = isWhole ? cut : cut.slice(0, cut.lastIndexOf('\n['));
      expect(isWhole ? stored === text : text.startsWith(stored)).toBe(true);
      expect(Buffer.byteLength(stored)).toBeLessThanOrEqual(maxBytes);
      // Half a character would be read back as a different one.
      expect(Buffer.from(stored).toString()).toBe(stored);
    }),
  );
});
