import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { EMPTY_ANSWER, reduceAnswer } from '../../src/core/answer/answer.ts';
import { OrxError } from '../../src/errors.ts';
import { hasRecordings } from '../support/recordings.ts';
import { anthropicAnswers, anthropicExpected, anthropicMessage } from '../support/vendor-oracles/anthropic.ts';
import { HELLO, readingOf, replayVendor, vendorRecordings, vendorRefusals } from '../support/vendor-recordings.ts';

const NAMES = /^(anthropic--|ruby_llm--anthropic-|llm-anthropic--)/;
const recordings = vendorRecordings(NAMES);
const wire = (events: readonly any[]): Buffer =>
  Buffer.from(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
const answers = recordings.flatMap(({ name, events }) =>
  anthropicAnswers(events).map((answer, number) => ({ name: `${name} #${number}`, events: answer, body: wire(answer) })),
);
const complete = answers.filter(({ events }) => !anthropicMessage(events).isMixed);
const mixed = answers.filter(({ events }) => anthropicMessage(events).isMixed);
const refusals = vendorRefusals(/anthropic/);
const WHOLE = fileURLToPath(
  new URL('../../../shared/fixtures/vendor-chunks-jsonl/anthropic--anthropic-web-fetch-tool.error.json', import.meta.url),
);

describe.skipIf(!hasRecordings('vendor-streams'))('every recorded stream of Anthropic', () => {
  test('there are recordings', () => {
    expect(recordings.length).toBe(35);
    expect(answers.length).toBeGreaterThan(recordings.length);
  });

  test.each(recordings)('$name ends with its first message', async ({ body, events }) => {
    const expected = anthropicExpected(anthropicAnswers(events)[0]!);
    for (const seed of [3, 17]) {
      const replayed = await replayVendor('anthropic', { body }, { seed });
      expect(readingOf(replayed)).toMatchObject(expected);
      expect(replayed.error === undefined).toBe(expected.error === undefined);
    }
  });

  test.each(answers)('$name names the model and the provider, once', async ({ body, events }) => {
    const { id, model } = anthropicMessage(events).message;
    const served = events.find(({ content_block: block }) => block?.type === 'fallback')?.content_block.to.model ?? model;
    const { events: told } = await replayVendor('anthropic', { body });
    expect(told.filter(({ type }) => type === 'response-start')).toEqual([
      { type: 'response-start', id, model: `anthropic:${served}`, provider: 'Anthropic' },
    ]);
  });

  test.each(complete)('$name', async ({ body, events }) => {
    const { message } = anthropicMessage(events);
    const replayed = await replayVendor('anthropic', { body });
    expect(replayed.error).toBeUndefined();
    expect(readingOf(replayed)).toEqual(anthropicExpected(events));
    expect(replayed.events.at(-1)).toMatchObject({ type: 'response-end', nativeFinishReason: message.stop_reason });
    const answer = replayed.events.reduce(reduceAnswer, EMPTY_ANSWER);
    const ids = message.content.filter(({ type, name }: any) => type === 'tool_use' && name !== 'json').map(({ id }: any) => id);
    expect(answer.toolCalls.map(({ id }) => id)).toEqual(ids);
  });

  test.each(mixed)('$name ends where another message begins', async ({ body, events }) => {
    const replayed = await replayVendor('anthropic', { body });
    expect(replayed.error).toMatchObject({ kind: 'provider', code: 'mixed-answers', isRetryable: false });
    expect(readingOf(replayed)).toMatchObject(anthropicExpected(events));
  });

  test.each(complete)('$name: reasoning is sent back unchanged', async ({ body, events }) => {
    const { message } = anthropicMessage(events);
    const { events: told } = await replayVendor('anthropic', { body });
    const { reasoningParts } = told.reduce(reduceAnswer, EMPTY_ANSWER);
    const thinking = message.content.filter(({ type }: any) => type === 'thinking');
    expect(reasoningParts.map(({ text, signature }) => [text, signature])).toEqual(
      thinking.map((block: any) => [block.thinking, block.signature]),
    );
    const citations = message.content.flatMap((block: any) => block.citations ?? []);
    expect(told.flatMap((event) => (event.type === 'annotation' ? [event.annotation.apiData?.['anthropic']] : []))).toEqual(
      citations,
    );
  });

  test.each(complete)('$name as a single reply', async ({ events }) => {
    const { message } = anthropicMessage(events);
    const content = message.content.map(({ json = '', ...block }: any) =>
      json === '' ? block : { ...block, input: JSON.parse(json) },
    );
    const body = Buffer.from(JSON.stringify({ ...message, content }));
    const read = readingOf(await replayVendor('anthropic', { body }, { request: { ...HELLO, stream: false } }));
    const plain = anthropicExpected(events);
    const parsed = (text: string): unknown => JSON.parse(text);
    expect(read.calls.map((call) => [call.name, parsed(call.arguments)])).toEqual(
      plain.calls.map((call) => [call.name, parsed(call.arguments)]),
    );
    expect([read.reasoning, read.usage, read.finishReason]).toEqual([plain.reasoning, plain.usage, plain.finishReason]);
  });

  test.each(complete)('$name, cut before its end, is not an answer', async ({ events }) => {
    const { error, events: told } = await replayVendor('anthropic', { body: wire(events.slice(0, -1)) });
    expect(error).toMatchObject({ kind: 'network', code: 'stream-cut' });
    expect(told.some(({ type }) => type === 'response-end')).toBe(false);
  });
});

describe.skipIf(!hasRecordings('vendor-chunks-jsonl'))('a recorded whole reply', () => {
  test.skipIf(!existsSync(WHOLE))('whose tool failed is its text', async () => {
    const body = readFileSync(WHOLE);
    const message = JSON.parse(body.toString());
    const read = readingOf(await replayVendor('anthropic', { body }));
    const texts = message.content.map((block: any) => (block.type === 'text' ? block.text : ''));
    const { input_tokens: prompt, output_tokens: completion } = message.usage;
    expect(read).toEqual({
      text: texts.join(''),
      reasoning: '',
      calls: [],
      usage: { prompt, completion, total: prompt + completion },
      finishReason: 'stop',
    });
  });
});

describe.skipIf(!hasRecordings('vendor-errors'))('every recorded error of Anthropic', () => {
  const kinds: Readonly<Record<number, string>> = { 529: 'provider', 401: 'authentication', 400: 'usage' };

  test('there are recordings', () => expect(refusals.length).toBe(3));

  test.each(refusals)('$name', async ({ body, status }) => {
    const { error, request_id: requestId } = JSON.parse(body.toString());
    const { error: thrown, events } = await replayVendor('anthropic', { body, status });
    expect(events).toEqual([]);
    expect(thrown).toBeInstanceOf(OrxError);
    expect(thrown).toMatchObject({
      message: expect.stringContaining(error.message) as string,
      kind: kinds[status],
      status,
      code: error.type,
      isRetryable: status === 529,
      ...(requestId !== undefined && { requestId }),
    });
  });

  test.each(refusals)('$name mid-stream', async ({ body, status }) => {
    const { error, events } = await replayVendor('anthropic', { body: wire([JSON.parse(body.toString())]) });
    expect(events).toEqual([]);
    expect(error).toMatchObject({ kind: kinds[status], status, isRetryable: status === 529 });
  });
});
