import { responses } from '../../../src/apis/responses/responses.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CompletionEvent } from '../../../src/apis/completion.ts';
import { decodeWith } from '../../support/decode-with.ts';
import { decodeResponsesUsage } from '../../../src/apis/responses/responses-usage.ts';
import { findVendor } from '../../../src/apis/vendors.ts';
import { EMPTY_ANSWER, reduceAnswer } from '../../../src/core/answer/answer.ts';
import { sseBatches } from '../../../src/http/sse.ts';
import { anyCuts, asPieces, cutAt } from '../../support/byte-pieces.ts';
import { responsesExpected } from '../../support/vendor-oracles/responses.ts';

const OPENAI = findVendor('openai')!;

async function decode(events: readonly object[], { cuts = [] as readonly number[], tools = [] as readonly string[] } = {}) {
  const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
  const told: CompletionEvent[] = [];
  let error: any;
  try {
    const bytes = asPieces(cutAt(new TextEncoder().encode(body), cuts));
    for await (const event of decodeWith(responses, sseBatches(bytes), { requestId: 'req-1', toolNames: tools }, OPENAI))
      told.push(event);
  } catch (failure) {
    error = failure;
  }
  return { events: told, answer: told.reduce(reduceAnswer, EMPTY_ANSWER), error };
}

const CREATED = { type: 'response.created', response: { id: 'resp_1', model: 'gpt-5', created_at: 1_780_000_000, output: [] } };
const completed = (more: object = {}) => ({
  type: 'response.completed',
  response: { ...CREATED.response, status: 'completed', usage: { input_tokens: 9, output_tokens: 3, total_tokens: 12 }, ...more },
});
const text = (delta: string, output_index: number | undefined = 0, more: object = {}) => ({
  type: 'response.output_text.delta',
  output_index,
  content_index: 0,
  delta,
  ...more,
});
const done = (item: object, output_index = 0) => ({ type: 'response.output_item.done', output_index, item });
const typesOf = (events: readonly CompletionEvent[]): string[] => events.map(({ type }) => type);

describe('a stream', () => {
  test('has response-start first, usage, and response-end last', async () => {
    const { events } = await decode([CREATED, text('Hello'), text(' world'), completed()]);
    expect(events).toEqual([
      { type: 'response-start', id: 'resp_1', model: 'gpt-5', created: 1_780_000_000 },
      { type: 'text-delta', text: 'Hello' },
      { type: 'text-delta', text: ' world' },
      { type: 'usage', usage: expect.objectContaining({ promptTokens: 9, completionTokens: 3, totalTokens: 12 }) },
      { type: 'response-end', finishReason: 'stop', nativeFinishReason: 'completed' },
    ]);
  });

  test('may lack its first event, item indexes and deltas, and may have unknown events', async () => {
    const message = { type: 'message', id: 'm', content: [{ type: 'output_text', text: 'Hello' }] };
    const unplaced = await decode([{ ...text('Hello', undefined), item_id: 'm' }, completed()]);
    expect([unplaced.answer.text, typesOf(unplaced.events)[0]]).toEqual(['Hello', 'response-start']);
    expect((await decode([CREATED, done(message), completed()])).answer.text).toBe('Hello');
    expect((await decode([CREATED, text('Hel'), done(message), completed()])).answer.text).toBe('Hello');
    expect((await decode([CREATED, completed({ output: [message] })])).answer.text).toBe('Hello');
    const unknown = [{ type: 'keepalive' }, { type: 'response.web_search_call.searching', output_index: 4 }, { hello: 1 }];
    expect((await decode([...unknown, CREATED, text('Hello'), completed()])).answer.text).toBe('Hello');
  });

  test('with different content at its end keeps what was shown', async () => {
    const message = { type: 'message', content: [{ type: 'output_text', text: 'Good bye' }] };
    expect((await decode([CREATED, text('Hello'), done(message), completed()])).answer.text).toBe('Hello');
  });

  test('has a paragraph between messages, and between reasoning parts', async () => {
    const summary = (delta: string, summary_index: number, output_index = 0) => ({
      type: 'response.reasoning_summary_text.delta',
      output_index,
      summary_index,
      delta,
    });
    const { answer } = await decode([
      CREATED,
      summary('a', 0),
      summary('b', 1),
      done({ type: 'reasoning', id: 'rs_1', encrypted_content: 'X', summary: [{ text: 'a' }, { text: 'b' }] }),
      text('one', 1),
      summary('c', 0, 2),
      done({ type: 'reasoning', id: 'rs_2', encrypted_content: 'Y', summary: [{ text: 'c' }] }, 2),
      text('two', 3),
      completed(),
    ]);
    expect([answer.text, answer.reasoning]).toEqual(['one\n\ntwo', 'a\n\nb\n\nc']);
    const format = 'openai-responses-v1';
    expect(answer.reasoningParts).toEqual([
      { kind: 'summary', text: 'a\n\nb', format, index: 0 },
      { kind: 'encrypted', encrypted: 'X', id: 'rs_1', format, index: 0 },
      { kind: 'summary', text: 'c', format, index: 1 },
      { kind: 'encrypted', encrypted: 'Y', id: 'rs_2', format, index: 1 },
    ]);
  });

  test('may be a refusal', async () => {
    const refusal = { type: 'response.refusal.delta', output_index: 0, content_index: 0, delta: 'I cannot.' };
    const item = { type: 'message', content: [{ type: 'refusal', refusal: 'I cannot.' }] };
    for (const events of [[refusal, done(item)], [done(item)]]) {
      const { answer, events: told } = await decode([CREATED, ...events, completed()]);
      expect(answer.text).toBe('I cannot.');
      expect(told.at(-1)).toMatchObject({ finishReason: 'stop', isRefusal: true });
    }
  });

  test.each([
    [{ reason: 'max_output_tokens' }, 'length', 'max_output_tokens'],
    [{ reason: 'content_filter' }, 'content_filter', 'content_filter'],
    [{ reason: 'something_new' }, 'stop', 'something_new'],
    [null, 'stop', 'incomplete'],
  ])('that is incomplete for %j finishes with %s', async (details, finishReason, nativeFinishReason) => {
    const response = { ...CREATED.response, status: 'incomplete', incomplete_details: details };
    const { events } = await decode([CREATED, text('Hel'), { type: 'response.incomplete', response }]);
    expect(events.at(-1)).toEqual({ type: 'response-end', finishReason, nativeFinishReason });
  });

  test('reports a source once, and no files of the vendor', async () => {
    const citation = { type: 'url_citation', url: 'https://x.example', title: 'X', start_index: 0, end_index: 2 };
    const added = { type: 'response.output_text.annotation.added', output_index: 0, annotation: citation };
    const annotations = [citation, { ...citation, start_index: 5 }, { type: 'file_citation', file_id: 'f' }, null];
    const { answer } = await decode([
      CREATED,
      text('ok'),
      added,
      done({ type: 'message', content: [{ type: 'output_text', text: 'ok', annotations }] }),
      completed(),
    ]);
    expect(answer.annotations).toEqual([1, 2].map(() => ({ kind: 'citation', url: 'https://x.example', title: 'X' })));
  });

  test('has an image once, and no drafts of it', async () => {
    const partial = { type: 'response.image_generation_call.partial_image', output_index: 0, partial_image_b64: 'AAAA' };
    const made = (result: unknown, more: object = {}) => done({ type: 'image_generation_call', result, ...more });
    const { answer } = await decode([
      CREATED,
      partial,
      made('/9j/AAAA'),
      made('AAAA', { output_format: 'webp' }),
      made('https://x.example/a.png'),
      made(null),
      completed(),
    ]);
    expect(answer.images).toEqual(['data:image/jpeg;base64,/9j/AAAA', 'data:image/webp;base64,AAAA', 'https://x.example/a.png']);
  });
});

describe('calls', () => {
  const call = (more: object = {}) => ({
    type: 'function_call',
    id: 'fc_1',
    call_id: 'call_1',
    name: 'f',
    arguments: '',
    ...more,
  });
  const added = (item: object, output_index = 0) => ({ type: 'response.output_item.added', output_index, item });
  const args = (delta: string, output_index = 0) => ({ type: 'response.function_call_arguments.delta', output_index, delta });

  test('are parallel', async () => {
    const { answer } = await decode([
      CREATED,
      added(call(), 0),
      added(call({ call_id: 'call_2', name: 'g' }), 1),
      args('{"a"', 0),
      args('{"b"', 1),
      args(':1}', 0),
      args(':2}', 1),
      done(call({ arguments: '{"a":1}' }), 0),
      done(call({ call_id: 'call_2', name: 'g', arguments: '{"b":2}' }), 1),
      completed(),
    ]);
    expect(answer.toolCalls).toEqual([
      { id: 'call_1', name: 'f', arguments: '{"a":1}' },
      { id: 'call_2', name: 'g', arguments: '{"b":2}' },
    ]);
    expect(answer.finishReason).toBe('tool_calls');
  });

  test.each([
    ['whole at the end alone', [done(call({ arguments: '{"a":1}' }))], '{"a":1}'],
    ['with what was missing at the end', [added(call()), args('{"a"'), done(call({ arguments: '{"a":1}' }))], '{"a":1}'],
    ['without arguments', [added(call()), done(call())], '{}'],
    ['that nobody closes', [added(call())], '{}'],
    ['in pieces before its name', [args('{"a":1}'), done(call({ arguments: '{"a":1}' }))], '{"a":1}'],
    ['closed twice', [done(call({ arguments: '{"a":1}' })), done(call({ arguments: '{"a":1}' }))], '{"a":1}'],
  ])('come %s', async (_name, events, expected) => {
    const { answer } = await decode([CREATED, ...events, completed()]);
    expect(answer.toolCalls).toEqual([{ id: 'call_1', name: 'f', arguments: expected }]);
  });

  test('of custom tools have free text', async () => {
    const item = { type: 'custom_tool_call', call_id: 'call_1', name: 'sql', input: '' };
    const input = { type: 'response.custom_tool_call_input.delta', output_index: 0, delta: 'SELECT 1' };
    expect(
      (await decode([CREATED, added(item), input, done({ ...item, input: 'SELECT 1' }), completed()])).answer.toolCalls,
    ).toEqual([{ id: 'call_1', name: 'sql', arguments: 'SELECT 1' }]);
    expect((await decode([CREATED, done(item), completed()])).answer.toolCalls[0]).toMatchObject({ arguments: '' });
  });

  test('in one call of a tool that was not offered are split', async () => {
    const uses = (names: string[]) =>
      JSON.stringify({ tool_uses: names.map((name) => ({ recipient_name: `functions.${name}`, parameters: { at: name } })) });
    const wrapper = (arguments_: string) => call({ name: 'multi_tool_use.parallel', arguments: arguments_ });
    const run = async (names: string[], tools: string[]) =>
      (await decode([CREATED, added(wrapper('')), args(uses(names)), done(wrapper(uses(names))), completed()], { tools })).answer
        .toolCalls;
    expect(await run(['f', 'g'], ['f', 'g'])).toEqual([
      { id: 'call_1_0', name: 'f', arguments: '{"at":"f"}' },
      { id: 'call_1_1', name: 'g', arguments: '{"at":"g"}' },
    ]);
    expect(await run(['f', 'x'], ['f', 'g'])).toEqual([
      { id: 'call_1', name: 'multi_tool_use.parallel', arguments: uses(['f', 'x']) },
    ]);
  });
});

describe('failures', () => {
  const failed = (error: unknown, usage?: object) => ({
    type: 'response.failed',
    response: { ...CREATED.response, status: 'failed', error, usage },
  });

  test.each<[string, object, object]>([
    [
      'an error in an object',
      { type: 'error', error: { code: 'server_error', message: 'Oops' } },
      { kind: 'provider', isRetryable: true },
    ],
    [
      'an error as the SDK has it',
      { type: 'error', code: 'server_error', message: 'Oops', param: null },
      { kind: 'provider', status: 500 },
    ],
    ['a failed response', failed({ code: 'rate_limit_exceeded', message: 'Oops' }), { kind: 'rate-limit', isRetryable: true }],
    ['no credits', failed({ code: 'insufficient_quota', message: 'Oops' }), { kind: 'credits', isRetryable: false }],
    ['an error outside of any event', { error: { message: 'Oops', code: 401 } }, { kind: 'authentication' }],
  ])('as %s', async (_name, event, expected) => {
    const { error, answer } = await decode([CREATED, event]);
    expect(error).toMatchObject({ message: expect.stringMatching(/OpenAI.*: Oops$/) as string, ...expected });
    expect(answer.text).toBe('');
  });

  test('without an explanation, and after text, with usage', async () => {
    const { error, answer } = await decode([
      CREATED,
      text('so far'),
      failed(null, { input_tokens: 5, output_tokens: 2, total_tokens: 7 }),
    ]);
    expect(error).toMatchObject({ kind: 'provider' });
    expect(answer).toMatchObject({ text: 'so far', usage: { totalTokens: 7 } });
  });

  test('of the connection', async () => {
    expect((await decode([CREATED, text('so far')])).error).toMatchObject({ kind: 'network', code: 'stream-cut' });
    expect((await decode([])).error).toMatchObject({ code: 'stream-cut', isRetryable: true });
  });
});

describe('usage', () => {
  const count = fc.nat(2_000_000);

  test("has parts that add up to the vendor's total", () => {
    fc.assert(
      fc.property(count, count, count, count, fc.boolean(), (fresh, cached, spoken, reasoning, isApart) => {
        const wire = {
          input_tokens: fresh + cached,
          input_tokens_details: { cached_tokens: cached },
          output_tokens: isApart ? spoken : spoken + reasoning,
          output_tokens_details: { reasoning_tokens: reasoning },
          total_tokens: fresh + cached + spoken + reasoning,
        };
        const usage = decodeResponsesUsage(wire)!;
        expect(usage.promptTokens + usage.completionTokens).toBe(wire.total_tokens);
        expect(usage.totalTokens).toBe(wire.total_tokens);
        expect(usage.promptTokens - usage.cachedTokens!).toBe(fresh);
        expect(usage.completionTokens - usage.reasoningTokens!).toBe(spoken);
      }),
    );
  });

  test('of any wire format has consistent counts', () => {
    const any = fc.oneof(fc.nat(1000), fc.integer(), fc.double(), fc.string(), fc.constant(null), fc.constant(undefined));
    fc.assert(
      fc.property(any, any, any, any, any, any, (input, output, cached, written, reasoning, total) => {
        const usage = decodeResponsesUsage({
          input_tokens: input,
          output_tokens: output,
          total_tokens: total,
          input_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
          output_tokens_details: { reasoning_tokens: reasoning },
          cost_in_usd_ticks: total,
        });
        if (usage === undefined) return;
        expect(usage.cachedTokens ?? 0).toBeLessThanOrEqual(usage.promptTokens);
        expect(usage.cacheWriteTokens ?? 0).toBeLessThanOrEqual(usage.promptTokens);
        expect(usage.reasoningTokens ?? 0).toBeLessThanOrEqual(usage.completionTokens);
        expect(usage.totalTokens).toBe(usage.promptTokens + usage.completionTokens);
        expect(Number(usage.cost ?? 0)).toBeGreaterThanOrEqual(0);
      }),
    );
    expect([null, undefined, 7, {}, { input_tokens: 'nine' }].map(decodeResponsesUsage)).toEqual(Array(5).fill(undefined));
  });
});

test('any answer is the same however it is cut, with a different id in every event', async () => {
  const paragraph = fc.string({ unit: 'grapheme', minLength: 1 });
  const item = fc.oneof(
    fc.record({ kind: fc.constant('message'), texts: fc.array(paragraph, { maxLength: 5 }) }),
    fc.record({ kind: fc.constant('reasoning'), texts: fc.array(paragraph, { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('call'), texts: fc.array(paragraph, { maxLength: 3 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(item, { maxLength: 6 }), anyCuts, async (items, cuts) => {
      let ids = 0;
      const id = (): string => `id-${(ids += 1)}`;
      const output = items.map(({ kind, texts }, at) => {
        const all = texts.join('');
        if (kind === 'message') return { type: 'message', content: [{ type: 'output_text', text: all }] };
        if (kind === 'reasoning')
          return { type: 'reasoning', summary: texts.map((one) => ({ type: 'summary_text', text: one })) };
        return { type: 'function_call', call_id: `call_${at}`, name: `f${at}`, arguments: JSON.stringify(all) };
      });
      const events = items.flatMap(({ kind, texts }, output_index) => {
        const whole: any = output[output_index];
        const at = { output_index, content_index: 0 };
        const start = { ...whole, id: id(), content: [], summary: [], arguments: '' };
        const deltas =
          kind === 'message'
            ? texts.map((delta) => ({ type: 'response.output_text.delta', ...at, item_id: id(), delta }))
            : kind === 'reasoning'
              ? texts.map((delta, summary_index) => ({
                  type: 'response.reasoning_summary_text.delta',
                  ...at,
                  summary_index,
                  item_id: id(),
                  delta,
                }))
              : [...whole.arguments].map((delta) => ({
                  type: 'response.function_call_arguments.delta',
                  ...at,
                  item_id: id(),
                  delta,
                }));
        return [
          { type: 'response.output_item.added', output_index, item: start },
          ...deltas,
          { type: 'response.output_item.done', output_index, item: { ...whole, id: id() } },
        ];
      });
      const stream = [CREATED, ...events, completed({ output })];
      const { answer, error } = await decode(stream, { cuts });
      const expected = responsesExpected(stream);
      expect(error).toBeUndefined();
      expect([answer.text, answer.reasoning, answer.finishReason]).toEqual([
        expected.text,
        expected.reasoning,
        expected.finishReason,
      ]);
      expect(answer.toolCalls.map(({ name, arguments: json }) => ({ name, arguments: json }))).toEqual(expected.calls);
    }),
    { numRuns: 200 },
  );
});
