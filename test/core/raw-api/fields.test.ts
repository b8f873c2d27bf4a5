import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldsObject, parseField, type RawField } from '../../../src/core/raw-api/fields.ts';
import { exactJson } from '../../../src/text/exact-json.ts';

const textOf = ({ value }: RawField): unknown => (value.type === 'text' ? value.text : value.type === 'json' ? value.value : []);
const built = (...texts: string[]): unknown =>
  JSON.parse(
    exactJson(
      fieldsObject(
        texts.map((text) => parseField('-F', text, true)),
        textOf,
      ),
    ),
  );

describe('fields of a request', () => {
  test.each<[string[], unknown]>([
    [['a=x', 'b='], { a: 'x', b: '' }],
    [['a=1', 'b=1.50', 'c=true', 'd=null', 'e=01', 'f=x=y'], { a: 1, b: 1.5, c: true, d: null, e: '01', f: 'x=y' }],
    [['a=["x",1]', 'b={"c":2}'], { a: ['x', 1], b: { c: 2 } }],
    [['a[b]=1', 'a[c][d]=2'], { a: { b: 1, c: { d: 2 } } }],
    [['a[]=1', 'a[]=2'], { a: [1, 2] }],
    [['a[]'], { a: [] }],
    [['a[b][]'], { a: { b: [] } }],
    [['a[][b]=1', 'a[][c]=2', 'a[][b]=3'], { a: [{ b: 1, c: 2 }, { b: 3 }] }],
    [['a[][b][c]=1', 'a[][b][d]=2'], { a: [{ b: { c: 1, d: 2 } }] }],
    [['a[][]=1', 'a[][]=2'], { a: [[1], [2]] }],
    [['a[0]=x'], { a: { 0: 'x' } }],
  ])('%j', (texts, object) => {
    expect(built(...texts)).toEqual(object);
  });

  test('a number keeps all its digits', () => {
    expect(exactJson(fieldsObject([parseField('-F', 'id=12345678901234567890', true)], textOf))).toBe(
      '{"id":12345678901234567890}',
    );
  });

  test('-f takes every value as text', () => {
    expect(fieldsObject([parseField('-f', 'a=1', false), parseField('-f', 'b=@x', false)], textOf)).toEqual({ a: '1', b: '@x' });
  });

  test('names of prototypes are ordinary keys', () => {
    const object = fieldsObject([parseField('-f', '__proto__[x]=1', false), parseField('-f', 'constructor=2', false)], textOf);
    expect(exactJson(object)).toBe('{"__proto__":{"x":"1"},"constructor":"2"}');
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  test.each(['', '=x', '[a]=x', 'a[=x', 'a]=x', 'a[b]c=x', 'a[[b]]=x', 'a', 'a[b]'])('"%s" is no field', (text) => {
    expect(() => parseField('-f', text, false)).toThrow(/-f must be key=value/);
  });

  test.each([
    [['a=1', 'a=2']],
    [['a=1', 'a[b]=2']],
    [['a[b]=1', 'a=2']],
    [['a[]=1', 'a[b]=2']],
    [['a[b]=1', 'a[]=2']],
    [['a={"b":1}', 'a[c]=2']],
    [['a[]=x', 'a[]']],
  ])('two values in one place: %j', (texts) => {
    expect(() => built(...texts)).toThrow(/has a value already/);
  });

  test('a file is named after @', () => {
    expect(parseField('-F', 'a=@b c.json', true).value).toEqual({ type: 'file', path: 'b c.json' });
    expect(() => parseField('-F', 'a=@', true)).toThrow(/names no file/);
  });

  test('any object of text is what its fields make', () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', '_', '0', '-', '.'), minLength: 1, maxLength: 3 });
    const { tree } = fc.letrec<{ tree: Record<string, unknown> }>((tie) => ({
      tree: fc.dictionary(
        key,
        fc.oneof({ depthSize: 'small' }, fc.string(), fc.array(fc.string(), { minLength: 1 }), tie('tree')),
        {
          minKeys: 1,
          maxKeys: 4,
        },
      ),
    }));
    const flat = (value: unknown, path: string): string[] => {
      if (Array.isArray(value)) return value.map((one) => `${path}[]=${one as string}`);
      if (typeof value === 'string') return [`${path}=${value}`];
      return Object.entries(value as object).flatMap(([name, inner]) => flat(inner, path === '' ? name : `${path}[${name}]`));
    };
    fc.assert(
      fc.property(tree, (object) => {
        const fields = flat(object, '').map((text) => parseField('-f', text, false));
        expect(JSON.parse(exactJson(fieldsObject(fields, textOf)))).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
  });
});
