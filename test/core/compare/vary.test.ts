import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combinations, parseVariations } from '../../../src/core/compare/vary.ts';

describe('parseVariations', () => {
  it.each<[string[], unknown]>([
    [['temperature=0, 0.7,1'], [{ key: 'temperature', values: ['0', '0.7', '1'] }]],
    [['--top-p=0.1'], [{ key: 'top-p', values: ['0.1'] }]],
    [['temperature=0,0'], [{ key: 'temperature', values: ['0'] }]],
    [
      ['temperature=0', 'system=@a.txt,@b.txt', 'temperature=1'],
      [
        { key: 'temperature', values: ['0', '1'] },
        { key: 'system', values: ['@a.txt', '@b.txt'] },
      ],
    ],
    [['prompt=["a, b","x = y"]'], [{ key: 'prompt', values: ['a, b', 'x = y'] }]],
    [['temperature=[0,1]'], [{ key: 'temperature', values: ['0', '1'] }]],
    [['prompt=x = y'], [{ key: 'prompt', values: ['x = y'] }]],
  ])('%j', (texts, variations) => expect(parseVariations(texts)).toEqual(variations));

  it.each<[string, RegExp]>([
    ['temperature', /^--vary must be KEY=VALUE/],
    ['=1', /^--vary must be KEY=VALUE/],
    ['temperature=', /^--vary temperature has no values/],
    ['temperature=,', /^--vary temperature has no values/],
    ['temprature=1', /^--vary does not support "temprature"/],
    ['__proto__=1', /^--vary does not support "__proto__"/],
    ['model=a,b', /^--vary model is not supported/],
    ['prompt=["a"', /^--vary prompt is not a valid JSON list/],
    ['prompt=[{"a":1}]', /^--vary prompt must be a JSON list/],
  ])('%s is refused', (text, message) => expect(() => parseVariations([text])).toThrow(message));
});

it('combinations has every combination once, the last list fastest', () => {
  expect(
    combinations<string | number>([
      [1, 2],
      ['a', 'b'],
    ]),
  ).toEqual([
    [1, 'a'],
    [1, 'b'],
    [2, 'a'],
    [2, 'b'],
  ]);
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 4 }), { maxLength: 4 }), (lists) => {
      const all = combinations(lists);
      expect(all).toHaveLength(lists.reduce((product, list) => product * list.length, 1));
      expect(new Set(all.map((one) => one.join()))).toHaveProperty('size', all.length);
    }),
  );
});
