import { describe, expect, test } from 'vitest';
import { readRows, type ReadRowsOptions } from '../../../src/core/text-rows/read-rows.ts';
import { rowJson, type RowFault, type InputRow } from '../../../src/core/text-rows/row.ts';

async function* chunksOf(lines: readonly string[]): AsyncGenerator<readonly string[]> {
  for (const line of lines) yield [line];
}

async function read(inputs: Record<string, readonly string[]>, options: Partial<ReadRowsOptions> = {}) {
  const faults: RowFault[] = [];
  const rows: InputRow[] = [];
  const sources = Object.entries(inputs).map(([name, lines]) => ({ name, file: name, lines: chunksOf(lines) }));
  const given = { form: undefined, fields: ['text'], onFault: (fault: RowFault) => void faults.push(fault), ...options };
  for await (const some of readRows(sources, given)) rows.push(...some);
  return { rows, faults, texts: rows.map(({ text }) => text) };
}

describe('the form of an input', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['lines', ['one', ' two\r', '', '{three}', '"four"'], ['one', ' two', '{three}', '"four"']],
    ['objects', ['', '{"text":"one"}', ' {"a":1,"text":"two"}\r'], ['one', 'two']],
    ['strings', ['"one"', '"a \\u0062"'], ['one', 'a b']],
    ['a quotation is a line', ['"one" and more', 'two'], ['"one" and more', 'two']],
    ['code is a line', ['{', '  "text": 1'], ['{', '  "text": 1']],
  ])('%s', async (_, lines, texts) => {
    expect(await read({ a: lines })).toMatchObject({ texts, faults: [] });
  });

  test('is decided for each file, and indexes continue', async () => {
    const { rows } = await read({ a: ['one', 'two'], b: ['{"text":"three"}'] });
    expect(rows.map(({ index, text, place }) => [index, text, place])).toEqual([
      [0, 'one', 'line 1 of a'],
      [1, 'two', 'line 2 of a'],
      [2, 'three', 'line 1 of b'],
    ]);
  });

  test('can be chosen', async () => {
    expect((await read({ a: ['{"text":"x"}'] }, { form: 'lines' })).texts).toEqual(['{"text":"x"}']);
    expect((await read({ a: ['# one', '', 'two', ''], b: [' '] }, { form: 'text' })).rows).toEqual([
      { index: 0, place: 'a', file: 'a', text: '# one\n\ntwo', source: '# one\n\ntwo' },
    ]);
    expect((await read({ a: ['plain'] }, { form: 'jsonl' })).faults).toEqual([
      { place: 'line 1 of a', reason: 'not valid JSON' },
    ]);
  });

  test('a text has a limit', async () => {
    await expect(read({ a: ['x'.repeat(4 * 1024 * 1024)] }, { form: 'text' })).rejects.toThrow(/a is longer than 4 MB/);
  });
});

describe('a row of JSON', () => {
  test('that cannot be read is reported with its line, and keeps its index', async () => {
    const { rows, faults } = await read({
      a: [
        '{"text":"one"}',
        '{"text":',
        '',
        '[1]',
        '{"text":7}',
        '{"body":"b","title":"t"}',
        '{"n":1}',
        '{"text":" "}',
        '{"text":"two"}',
      ],
    });
    expect(rows.map(({ index, text }) => [index, text])).toEqual([
      [0, 'one'],
      [7, 'two'],
    ]);
    expect(faults.map(({ place, reason }) => `${place}: ${reason}`)).toEqual([
      'line 2 of a: not valid JSON',
      'line 4 of a: neither a JSON object nor a JSON string',
      'line 5 of a: "text" is not a text',
      'line 6 of a: no field "text"; fields with text: body, title',
      'line 7 of a: no field "text"',
      'line 8 of a: the text is empty',
    ]);
  });

  test('may have its text in several fields', async () => {
    const { texts, faults } = await read({ a: ['{"title":"t","body":"b"}', '{"title":"t"}'] }, { fields: ['title', 'body'] });
    expect(texts).toEqual(['t\nb']);
    expect(faults).toHaveLength(1);
  });

  test('keeps what the user wrote', async () => {
    const { rows } = await read({
      a: ['{ "id":12345678901234567890, "text":"x", "embedding":[1] }', '{"index":"mine","text":"y"}'],
    });
    expect(rows.map((row) => rowJson(row, { embedding: '[2]' }))).toEqual([
      '{"id":12345678901234567890, "text":"x","embedding":[2],"index":0}',
      '{"index":"mine","text":"y","embedding":[2]}',
    ]);
    expect(rowJson({ index: 3, place: '', text: 'a "b"', source: '' }, { score: '1' })).toBe(
      '{"index":3,"text":"a \\"b\\"","score":1}',
    );
    expect(rowJson({ index: 3, place: '', text: 'a', source: '', file: 'b' }, {})).toBe('{"index":3,"file":"b"}');
  });
});
