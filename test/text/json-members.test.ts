import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { itemTexts, withMembers } from '../../src/text/json-members.ts';

describe('withMembers', () => {
  test('changes the named members and leaves the others unchanged', () => {
    const json = ' { "model" : "a\\"b",\n "n": 12345678901234567890, "x":{"model":"stays"},"stream":false, "e":"\\u00e9" } ';
    expect(withMembers(json, { model: '"c"', stream: 'true' })).toBe(
      ' {"model" : "c","n": 12345678901234567890, "x":{"model":"stays"},"stream":true,"e":"\\u00e9"} ',
    );
  });

  test('adds missing members, removes unwanted ones, and keeps one of two', () => {
    expect(withMembers('{}', { a: '1', b: undefined })).toBe('{"a":1}');
    expect(withMembers('{"a":[1,{"b":"]"}],"b":{"c":"}"},"c":3}', { a: undefined, b: undefined })).toBe('{"c":3}');
    expect(withMembers('{"a":1,"b":2,"\\u0061":3}', { a: '4' })).toBe('{"a":4,"b":2}');
  });

  test('returns the text unchanged if nothing changes', () => {
    const json = '{ "a": 1, "b" : [ ] }';
    expect(withMembers(json, { a: '1', c: undefined })).toBe(json);
  });

  test('equals a change of the parsed object, for any object', () => {
    const names = fc.constantFrom('model', 'stream', 'a"b', 'ü', '');
    const objects = fc.dictionary(fc.oneof(names, fc.string()), fc.jsonValue(), { noNullPrototype: true });
    const changes = fc.dictionary(names, fc.option(fc.jsonValue(), { nil: undefined }), { noNullPrototype: true });
    fc.assert(
      fc.property(objects, changes, fc.constantFrom(undefined, 2), (object, changed, indent) => {
        const texts = Object.fromEntries(
          Object.entries(changed).map(([name, value]) => [name, value === undefined ? undefined : JSON.stringify(value)]),
        );
        const expected = JSON.parse(JSON.stringify({ ...object, ...changed }));
        expect(JSON.parse(withMembers(JSON.stringify(object, null, indent), texts))).toEqual(expected);
      }),
    );
  });
});

describe('itemTexts', () => {
  test('returns the items of a list as they were written, and nothing for other values', () => {
    expect(itemTexts(' [ {"a":[1, 2]} ,"x,]" , 3 ,[] ] ')).toEqual(['{"a":[1, 2]}', '"x,]"', '3', '[]']);
    expect(itemTexts('[]')).toEqual([]);
    expect(['{}', '"[1]"', '1', 'null', ''].map(itemTexts)).toEqual(Array.from({ length: 5 }, () => undefined));
  });

  test('returns all items of any list', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 2), (list, indent) => {
        const again = itemTexts(JSON.stringify(list, null, indent))?.map((item) => JSON.parse(item) as unknown);
        expect(again).toEqual(JSON.parse(JSON.stringify(list)));
      }),
    );
  });
});
