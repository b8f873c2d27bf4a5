import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SseItem, sseBatches } from '../../src/http/sse.ts';
import { anyCuts, asPieces, cutAt, gather } from '../support/byte-pieces.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function itemsOf(pieces: readonly Uint8Array[]): Promise<SseItem[]> {
  return (await gather(sseBatches(asPieces(pieces)))).flat();
}

async function dataOf(text: string): Promise<string[]> {
  return (await itemsOf([encode(text)])).filter((item) => item.type === 'data').map((item) => item.data);
}

describe('sseBatches', () => {
  test.each([
    ['LF', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['CR', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['mixed line ends', 'data: a\r\n\ndata: b\n\rdata: c\r\n\r\n', ['a', 'b', 'c']],
    ['a BOM', '\ufeffdata: a\n\n', ['a']],
    ['multi-line data', 'data: {\ndata: "a":1}\n\n', ['{\n"a":1}']],
    ['no space after the colon', 'data:a\n\n', ['a']],
    ['only one space is taken away', 'data:  a\n\n', [' a']],
    ['other fields', 'event: x\nid: 7\nretry: 1\nfoo: bar\ndata: a\n\n', ['a']],
    ['comments between and within', ': hi\n\ndata: a\n: in\ndata: b\n\n:\n\n', ['a\nb']],
    ['a missing final blank line', 'data: a\n\ndata: [DONE]', ['a', '[DONE]']],
    ['a missing final newline after multi-line data', 'data: a\ndata: b', ['a\nb']],
    ['an event without data', 'event: ping\n\ndata: a\n\n', ['a']],
    ['nothing at all', '', []],
  ])('reads %s', async (_name, text, expected) => {
    expect(await dataOf(text)).toEqual(expected);
  });

  test('marks an incomplete event', async () => {
    expect(await itemsOf([encode('data: a\n\n'), encode('data: {"cut')])).toEqual([
      { type: 'data', data: 'a' },
      { type: 'data', data: '{"cut', isUnterminated: true },
    ]);
  });

  test('reports comments, one each', async () => {
    expect(await itemsOf([encode(': OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\ndata: a\n\n')])).toEqual([
      { type: 'comment' },
      { type: 'comment' },
      { type: 'data', data: 'a' },
    ]);
  });

  test('returns the same for every way to cut the bytes', async () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => `data: ${text.replace(/[\r\n\ufeff]/g, '')}`),
      fc.constantFrom(': comment', 'data: {"content":"日本語 👩‍👩‍👧‍👦 é"}', 'event: x', 'data', ''),
    );
    const stream = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\n\n', '\r\n\r\n')), { maxLength: 30 })
      .map((lines) => encode(lines.map(([text, end]) => text + end).join('')));
    await fc.assert(
      fc.asyncProperty(stream, anyCuts, async (bytes, places) => {
        expect(withoutMark(await itemsOf(cutAt(bytes, places)))).toEqual(withoutMark(await itemsOf([bytes])));
      }),
      { numRuns: 300 },
    );
  });

  test('returns the same byte by byte, with CR line ends and split characters', async () => {
    const bytes = encode('\ufeffdata: ä\r\rdata: 漢字\r\ndata: 🙂\r\n\r\n: c\rdata: end\r\r');
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(withoutMark(await itemsOf(single))).toEqual(withoutMark(await itemsOf([bytes])));
  });

  test('returns the same for a piece of several hundred kilobytes, whose characters and line ends are cut anywhere', async () => {
    // 7 bytes of text and 3 to 11 of an index, so that the parts of a large piece end at every place of an event.
    const events = Array.from({ length: 20_000 }, (_, index) => `data: 漢🙂${index}\r\n\r\n`);
    const items = await itemsOf([encode(events.join(''))]);
    expect(items).toEqual(events.map((_, index) => ({ type: 'data', data: `漢🙂${index}` })));
  });

  test('accepts a line of ten megabytes in small pieces', async () => {
    const text = 'x'.repeat(10 * 1024 * 1024);
    const bytes = encode(`data: ${text}\n\n`);
    const pieces: Uint8Array[] = [];
    for (let start = 0; start < bytes.length; start += 16_384) pieces.push(bytes.subarray(start, start + 16_384));
    const items = await itemsOf(pieces);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ type: 'data' });
    expect(items[0]?.type === 'data' && items[0].data === text).toBe(true);
  });

  test('fails for an event beyond its limit instead of filling the memory', async () => {
    const piece = encode('x'.repeat(1024 * 1024));
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield encode('data: ');
      for (let count = 0; count < 200; count += 1) yield piece;
    }
    await expect(gather(sseBatches(endless()))).rejects.toMatchObject({ kind: 'network', code: 'too-large' });
  });
});

function withoutMark(items: readonly SseItem[]): SseItem[] {
  return items.map((item) => (item.type === 'data' ? { type: 'data', data: item.data } : item));
}
