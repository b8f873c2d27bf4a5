import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { CompletionEvent } from '../../src/apis/completion.ts';
import { type Answer, EMPTY_ANSWER, reduceAnswer } from '../../src/core/answer/answer.ts';
import { OrxError, shellHint } from '../../src/errors.ts';
import { hasRecordings, randomPieces, readRecordings } from '../support/recordings.ts';
import type { Expected } from '../support/vendor-oracles/expected.ts';
import { responsesExpected } from '../support/vendor-oracles/responses.ts';
import { openVendorServer } from '../support/vendor-server.ts';

const CHUNKS = fileURLToPath(new URL('../../../shared/fixtures/vendor-chunks-jsonl', import.meta.url));
/** A recording whose first and last line lack a brace. */
const MALFORMED = 'openai--parallel-tool-call-wrapper.1.chunks.txt';
const TOOLS = ['weather', 'cityAttractions', 'calculator'];

interface Replay {
  name: string;
  /** The JSON of each event. */
  events: readonly string[];
  /** The recorded body, or server-sent events made from recorded events. */
  body: Buffer;
}

const asBody = (events: readonly string[]): Buffer =>
  Buffer.from(events.map((event) => `event: ${JSON.parse(event).type}\ndata: ${event}\n\n`).join(''));

/** The files hold one event per line; one file has the four answers of a tool loop. */
function chunkReplays(): Replay[] {
  return readdirSync(CHUNKS)
    .filter((name) => name.endsWith('.chunks.txt') && name !== MALFORMED)
    .flatMap((name) => {
      const lines = readFileSync(`${CHUNKS}/${name}`, 'utf8')
        .split('\n')
        .filter((line) => line.trim() !== '');
      if (!lines[0]!.includes('response.created')) return [];
      const starts = lines.flatMap((line, at) => (line.includes('"type":"response.created"') ? [at] : []));
      return starts.map((start, number) => {
        const events = lines.slice(start, starts[number + 1]);
        return { name: `${name} ${number + 1}`, events, body: asBody(events) };
      });
    });
}

function streamReplays(): Replay[] {
  return readRecordings('vendor-streams')
    .filter(({ url }) => url.endsWith('/responses'))
    .map(({ name, body }) => {
      const lines = body.toString().split(/\r?\n/);
      return { name, body, events: lines.filter((line) => line.startsWith('data: {')).map((line) => line.slice(6)) };
    });
}

const hasBoth = hasRecordings('vendor-streams') && hasRecordings('vendor-chunks-jsonl');
const replays = hasBoth ? [...streamReplays(), ...chunkReplays()] : [];

async function replay(
  body: Buffer,
  {
    seed = 1,
    stream = true,
    status = 200,
    tools = TOOLS,
  }: { seed?: number; stream?: boolean; status?: number; tools?: string[] } = {},
): Promise<{ events: CompletionEvent[]; answer: Answer; error: unknown }> {
  const { api, server } = await openVendorServer(
    'openai',
    async (_, response) => {
      response.writeHead(status, { 'content-type': stream && status === 200 ? 'text/event-stream' : 'application/json' });
      for (const piece of randomPieces(body, seed)) {
        response.write(piece);
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    },
    { dialect: 'responses', apiKey: 'sk-recorded-recorded' },
  );
  const events: CompletionEvent[] = [];
  let error: unknown;
  try {
    const request = {
      model: 'gpt-5-nano',
      messages: [{ role: 'user', content: 'hi' }] as const,
      stream,
      tools: tools.map((name) => ({ type: 'function', name }) as const),
    };
    for await (const event of api.streamCompletion(request)) events.push(event);
  } catch (failure) {
    error = failure;
  }
  expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /v1/responses']);
  return { events, answer: events.reduce(reduceAnswer, EMPTY_ANSWER), error };
}

function expectAnswer({ events, answer, error }: Awaited<ReturnType<typeof replay>>, expected: Expected, first: any): void {
  expect(events[0]).toMatchObject({ type: 'response-start', id: first.id, model: `openai:${first.model}`, provider: 'OpenAI' });
  expect(answer.text).toBe(expected.text);
  expect(answer.reasoning).toBe(expected.reasoning);
  expect(answer.toolCalls.map(({ name, arguments: text }) => ({ name, arguments: text }))).toEqual(expected.calls);
  expect(answer.toolCalls.every(({ id }) => id.startsWith('call'))).toBe(true);
  const { usage } = answer;
  expect(usage && { prompt: usage.promptTokens, completion: usage.completionTokens, total: usage.totalTokens }).toEqual(
    expected.usage,
  );
  expect(answer.finishReason).toBe(expected.finishReason);
  const told = (error as Error | undefined)?.message;
  expect(told === undefined).toBe(expected.error === undefined);
  expect(told ?? '').toContain(expected.error?.message ?? '');
}

describe.skipIf(!hasBoth)('every recorded stream of the Responses API', () => {
  test('there are recordings', () => expect(replays.length).toBeGreaterThan(15));

  test.each(replays)('$name', async ({ events, body }) => {
    const wire = events.map((event) => JSON.parse(event));
    const expected = responsesExpected(wire);
    for (const seed of [3, 5, 7]) expectAnswer(await replay(body, { seed }), expected, wire[0].response);
    const last = wire.at(-1).response;
    // The same answer, as the API sends it without streaming.
    const whole = last.output.length > 0 ? last : undefined;
    if (whole !== undefined)
      expectAnswer(await replay(Buffer.from(JSON.stringify(whole)), { stream: false }), responsesExpected([wire.at(-1)]), last);
  });

  test('keeps encrypted reasoning with the id of its item', async () => {
    const { events, body } = replays.find(({ name }) => name.startsWith('openai--openai-reasoning-encrypted-content.1'))!;
    const item = JSON.parse(
      events.findLast((event) => event.includes('response.output_item.done') && event.includes('"reasoning"'))!,
    ).item;
    const { answer } = await replay(body);
    expect(answer.reasoningParts).toEqual([
      { kind: 'summary', text: item.summary[0].text, format: 'openai-responses-v1', index: 0 },
      { kind: 'encrypted', encrypted: item.encrypted_content, format: 'openai-responses-v1', index: 0, id: item.id },
    ]);
  });

  test.each([
    ['openai--openai-image-generation-tool.1', /^data:image\/webp;base64,UklGR/],
    ['xai--xai-image-generation-tool.1', /^data:image\/png;base64,ZmFrZUlt/],
  ])('%s shows the generated image, and no draft of it', async (name, url) => {
    const { answer } = await replay(replays.find((one) => one.name.startsWith(name))!.body);
    expect(answer.images).toEqual([expect.stringMatching(url)]);
  });

  test('xAI states the cost', async () => {
    const { answer } = await replay(replays.find(({ name }) => name.includes('xai-responses'))!.body);
    expect(answer.usage).toMatchObject({ cost: '0.0003515', cachedTokens: 320, reasoningTokens: 83 });
  });

  test('an account without credits has that error', async () => {
    const { error } = await replay(replays.find(({ name }) => name.startsWith('openai--openai-error'))!.body);
    expect(error).toMatchObject({ kind: 'credits', isRetryable: false, hints: [expect.stringContaining('OpenAI')] });
  });

  test('a stream cut anywhere before its end is not an answer', async () => {
    for (const { body } of replays.filter(({ name }) => !name.includes('error')).slice(0, 6)) {
      const end = body.indexOf('response.completed');
      for (const part of [0.2, 0.5, 0.9]) {
        const { error } = await replay(body.subarray(0, Math.floor(end * part)));
        expect(error).toMatchObject({ kind: 'network', code: 'stream-cut' });
      }
    }
  });

  describe('a recording with lines that are not JSON', () => {
    const lines = (): string[] => readFileSync(`${CHUNKS}/${MALFORMED}`, 'utf8').trim().split('\n');
    const isJson = (line: string): boolean => {
      try {
        JSON.parse(line);
        return true;
      } catch {
        return false;
      }
    };

    test('breaks the answer', async () => {
      const { error } = await replay(
        Buffer.from(
          lines()
            .map((line) => `data: ${line}\n\n`)
            .join(''),
        ),
      );
      expect(error).toMatchObject({ kind: 'provider', code: 'malformed-chunk' });
    });

    test('has two calls in one, after a repair', async () => {
      const body = asBody(lines().map((line) => (isJson(line) ? line : `${line}}`)));
      const { answer, error } = await replay(body);
      expect(error).toBeUndefined();
      expect(answer).toMatchObject({ finishReason: 'tool_calls', usage: { totalTokens: 62 } });
      expect(answer.toolCalls).toEqual([
        { id: 'call_parallel_0', name: 'weather', arguments: '{"location":"San Francisco"}' },
        { id: 'call_parallel_1', name: 'cityAttractions', arguments: '{"city":"Rome"}' },
      ]);
      // If no tools are offered, or if a tool has this name, orx does not change it.
      for (const tools of [[], ['weather'], ['parallel', ...TOOLS]])
        expect((await replay(body, { tools })).answer.toolCalls.map(({ id, name }) => [id, name])).toEqual([
          ['call_parallel', 'parallel'],
        ]);
    });
  });
});

describe.skipIf(!hasRecordings('vendor-errors'))('every recorded error of the Responses API', () => {
  const refusals = readRecordings('vendor-errors').filter(({ url }) => url.endsWith('/responses'));

  test('there are recordings', () => expect(refusals.length).toBeGreaterThanOrEqual(4));

  test.each(refusals)('$name', async ({ name, body, status }) => {
    const { events, error } = await replay(body, { status });
    const told = JSON.parse(body.toString()).error;
    expect(events).toEqual([]);
    expect(error).toBeInstanceOf(OrxError);
    expect((error as OrxError).message).toContain(told.message ?? told);
    const isLong = name.includes('context-length');
    expect(error).toMatchObject({ kind: isLong ? 'usage' : 'authentication', status, isRetryable: false });
    expect((error as OrxError).hints.map(shellHint).join('\n')).toMatch(isLong ? /shorten the prompt/ : /OPENAI_API_KEY/);
  });
});
