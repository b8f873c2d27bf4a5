import { describe, expect, test } from 'vitest';
import { answerChecker } from '../../../src/core/schema/check-answer.ts';
import { schemaFormat } from '../../../src/core/schema/schema-format.ts';

describe('a schema that cannot be checked is an error with the place', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['a reference to nowhere', { $ref: '#/$defs/none' }, /at \/\$ref: there is no #\/\$defs\/none/],
    [
      'one that a simple answer would not reach',
      { properties: { a: { items: { anyOf: [{ type: 'string' }, { $ref: '#/$defs/x' }] } } } },
      /at \/properties\/a\/items\/anyOf\/1\/\$ref/,
    ],
    ['one in a definition', { $defs: { a: { $ref: '#/$defs/b' } } }, /at \/\$defs\/a\/\$ref/],
    ['another document', { items: { $ref: 'https://example.com/schema.json' } }, /is in another document/],
    ['a file beside it', { $ref: 'other.json#/a' }, /is in another document/],
    ['itself', { $ref: '#' }, /refers to itself endlessly/],
    ['a ring', { $ref: '#/$defs/a', $defs: { a: { allOf: [{ $ref: '#/$defs/b' }] }, b: { $ref: '#/$defs/a' } } }, /endlessly/],
    [
      'a ring below a property',
      { properties: { p: { $ref: '#/$defs/a' } }, $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }] } } },
      /endlessly/,
    ],
    [
      'a pattern that is none',
      { properties: { a: { pattern: '(' } } },
      /at \/properties\/a\/pattern: it is not a regular expression/,
    ],
    ['a pattern for names', { patternProperties: { '[': {} } }, /at \/patternProperties: it is not a regular expression/],
    ['a pattern that is no text', { $defs: { a: { pattern: 5 } } }, /at \/\$defs\/a\/pattern: it is not text/],
    ['an unknown type', { items: { type: 'strin' } }, /at \/items\/type: unknown type "strin"/],
    ['an unknown type in a list', { type: ['string', 'nul'] }, /unknown type "nul"/],
    ['a type behind then', JSON.parse('{"if":{},"then":{"type":"date"}}'), /at \/then\/type/],
    ['properties that are a list', { properties: ['a'] }, /at \/properties: it is not an object of schemas/],
    ['a property that is no schema', { properties: { a: 'string' } }, /at \/properties\/a: a schema is an object/],
    ['anyOf that is no list', { anyOf: { type: 'string' } }, /at \/anyOf: it is not a list/],
    ['required that is no list', { required: true }, /at \/required/],
    ['a negative length', { minLength: -1 }, /at \/minLength/],
    ['a limit that is text', { properties: { a: { minimum: '3' } } }, /at \/properties\/a\/minimum: it is not a number/],
    ['a dynamic reference', { $dynamicRef: '#node' }, /dynamic references/],
  ])('%s', (_name, schema, message) => {
    expect(() => answerChecker(schema)).toThrow(
      expect.objectContaining({ kind: 'usage', message: expect.stringMatching(message) }),
    );
  });

  test('a mistyped type gets the right one, a reference the place for its target', () => {
    const hintsOf = (schema: Record<string, unknown>): unknown => {
      try {
        answerChecker(schema);
      } catch (error) {
        return (error as { hints: unknown }).hints;
      }
      return undefined;
    };
    expect(hintsOf({ type: 'strng' })).toEqual(['did you mean "string"?']);
    expect(hintsOf({ $ref: 'https://example.com/x' })).toEqual(['move it into $defs, and refer to #/$defs/NAME']);
  });

  test('a schema that is nested too deeply', () => {
    let schema: Record<string, unknown> = {};
    for (let depth = 0; depth < 50_000; depth += 1) schema = { items: schema };
    expect(() => answerChecker(schema)).toThrow(/nested too deep/);
  });
});

test('schemas that refer to the value, use anchors, or contain arbitrary values are valid', () => {
  const tree = { type: 'object', properties: { children: { type: 'array', items: { $ref: '#' } } } };
  expect(answerChecker(tree)('{"children":[{"children":[]}]}')).toBeUndefined();
  expect(answerChecker(tree)('{"children":[5]}')?.message).toContain('at children/0');
  const named = { $defs: { a: { $anchor: 'name', type: 'string' } }, properties: { x: { $ref: '#name' } } };
  expect(answerChecker(named)('{"x":1}')).toMatchObject({ code: 'schema-mismatch' });
  const values = { enum: [{ type: 'no type', $ref: '#/no' }], default: { pattern: '(' }, examples: [{ type: 1 }], title: 'x' };
  expect(answerChecker(values)('{"type":"no type","$ref":"#/no"}')).toBeUndefined();
});

test('the draft that a schema names applies', () => {
  const tuple = { items: [{ type: 'string' }], additionalItems: false };
  const old = answerChecker({ $schema: 'http://json-schema.org/draft-07/schema#', ...tuple });
  expect([old('["a"]'), old('["a",1]')?.code]).toEqual([undefined, 'schema-mismatch']);
});

test('no answer makes it throw', () => {
  const check = answerChecker({ $ref: '#/$defs/list', $defs: { list: { type: 'array', items: { $ref: '#/$defs/list' } } } });
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  expect(check(deep)?.message).toMatch(/too deep/);
  expect(check('')?.message).toMatch(/it is empty/);
  expect(check('```json\n[]\n```')?.message).toMatch(/not JSON, and begins with/);
});

describe("a schema in OpenAI's wrapper", () => {
  const schema = { type: 'object', properties: { schema: { type: 'string' } } };
  test.each<[string, Record<string, unknown>, object]>([
    ['alone', schema, { name: 'answer', strict: true, schema }],
    ['with a name', { name: 'city', strict: false, schema }, { name: 'city', strict: false, schema }],
    [
      'as the format of a response',
      { type: 'json_schema', json_schema: { name: 'city', description: 'where', schema } },
      { name: 'city', strict: true, description: 'where', schema },
    ],
    [
      'as a field of a request',
      { response_format: { type: 'json_schema', json_schema: { name: 'c', schema } } },
      { name: 'c', schema },
    ],
    [
      'as the newer interface has it',
      { format: { type: 'json_schema', name: 'c', schema, strict: null } },
      { name: 'c', strict: true, schema },
    ],
    ['properties of these names are properties', { properties: { schema: {}, name: {} } }, { name: 'answer' }],
  ])('%s', (_name, given, expected) => expect(schemaFormat(given)).toMatchObject({ type: 'json_schema', ...expected }));

  test.each([
    [{ name: 'a b', schema: {} }, /name of the schema/],
    [{ name: 'a', schema: [] }, /schema of the schema is not a JSON Schema/],
    [{ name: 'a', schema: {}, strict: 'yes' }, /strict of the schema/],
    [{ type: 'json_schema', json_schema: { name: 'a' } }, /is not a JSON Schema/],
  ])('%j is an error', (given, message) => expect(() => schemaFormat(given)).toThrow(message));
});
