import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactJson, parseExact } from '../../src/text/exact-json.ts';
import { exactFetch } from '../../src/tools/exact-fetch.ts';

const VALUE = '{"a":9007199254740993,"b":"é 9007199254740993 \\"","c":[1e400,1]}';

async function fetched(text: string, type: string, cuts: readonly number[]): Promise<string> {
  const bytes = Buffer.from(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new Uint8Array(piece));
      controller.close();
    },
  });
  const response = await exactFetch(async () => new Response(body, { headers: { 'content-type': type } }))('http://x.example');
  return response.text();
}

test('a JSON body and event data keep their numbers, however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { maxLength: 8 }), async (cuts) => {
      expect(exactJson(JSON.parse(await fetched(VALUE, 'application/json', cuts)))).toBe(exactJson(parseExact(VALUE)));
      const events = `: 9007199254740993\nid: 9007199254740993\r\ndata: ${VALUE}\r\n\r\ndata: ${VALUE}\n\n`;
      const lines = (await fetched(events, 'text/event-stream', cuts)).split(/\r?\n/);
      expect(lines.slice(0, 2)).toEqual([': 9007199254740993', 'id: 9007199254740993']);
      expect(lines.filter((line) => line.startsWith('data:')).map((line) => exactJson(JSON.parse(line.slice(5))))).toEqual([
        VALUE,
        VALUE,
      ]);
    }),
  );
});

test('a request body is sent with exact numbers', async () => {
  let sent: unknown;
  const fetch = exactFetch(async (_, init) => ((sent = init?.body), new Response('')));
  await fetch('http://x.example', { method: 'POST', body: JSON.stringify(parseExact(VALUE)) });
  expect(sent).toBe(VALUE);
});
