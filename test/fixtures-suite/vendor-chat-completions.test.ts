import { describe, expect, onTestFinished, test } from 'vitest';
import type { CompletionEvent } from '../../src/apis/completion.ts';
import { CHAT_DEVIATIONS, UNKNOWN_HOST } from '../../src/apis/chat-deviations.ts';
import { chatCompletions } from '../../src/apis/chat-completions/dialect.ts';
import { decodeVendorUsage } from '../../src/apis/chat-completions/vendor-usage.ts';
import { createVendorApi } from '../../src/apis/direct/vendor-api.ts';
import { findVendor, type Vendor } from '../../src/apis/vendors.ts';
import { EMPTY_ANSWER, reduceAnswer } from '../../src/core/answer/answer.ts';
import { type OrxError, shellHint } from '../../src/errors.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { startApiServer } from '../support/api-server.ts';
import {
  asEventStream,
  hasRecordings,
  randomPieces,
  readChunkRecordings,
  readRecordings,
  type Recording,
} from '../support/recordings.ts';
import { readChatCompletions } from '../support/vendor-oracles/chat-completions.ts';

const isChat = ({ body }: Recording): boolean => body.toString('utf8', 0, 20_000).includes('"choices"');
const chunks = readChunkRecordings('vendor-chunks-jsonl').filter(isChat);
const streams = readRecordings('vendor-streams').filter(({ url }) => /\/chat\/completions/.test(url) && !url.includes('cohere'));
const OTHERS = /--(anthropic|cohere|google|ollama)-|anthropic-529/;
const errors = readRecordings('vendor-errors').filter(({ name }) => !OTHERS.test(name));
/** Vendors whose streams end without `[DONE]`. */
const ENDLESS = /^perplexity|^xai/;

/** Returns the vendor of a recording. A vendor that is not in the table is a host about which only the URL is known. */
function vendorOf({ name, url }: Recording, baseUrl: string): Vendor {
  const author = /(?:^|--)(openai-compatible|[a-z]+)-/.exec(name.replace(/^(llm|ruby_llm)/, ''))?.[1] ?? '';
  const row = url.includes('azure.com') ? undefined : findVendor(author);
  const unknown = { name: 'host', label: 'Host', dialect: 'chat-completions', baseUrlVariables: [], keyVariables: [] } as const;
  return { ...(row ?? unknown), dialect: 'chat-completions', baseUrl };
}

interface Replayed {
  events: CompletionEvent[];
  vendor: Vendor;
  error?: OrxError;
}

async function replay(recording: Recording, seed: number): Promise<Replayed> {
  const server = await startApiServer(async (_, response) => {
    response.writeHead(recording.status, recording.headers);
    for (const piece of randomPieces(recording.body, seed)) {
      response.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  });
  const vendor = vendorOf(recording, server.url);
  const http = createHttpClient({ limits: { connectMs: 20_000, firstByteMs: 20_000, idleMs: 20_000 }, env: {} });
  onTestFinished(() => http.close());
  const api = createVendorApi({
    vendor,
    dialect: chatCompletions,
    http,
    apiKey: 'sk-test-0123456789',
    userAgent: 'orx',
    now: Date.now,
  });
  const events: CompletionEvent[] = [];
  try {
    for await (const event of api.streamCompletion({ model: 'm', messages: [{ role: 'user', content: 'hi' }], stream: true }))
      events.push(event);
    return { events, vendor };
  } catch (error) {
    return { events, vendor, error: error as OrxError };
  }
}

async function expectAnswer(recording: Recording): Promise<void> {
  const expected = readChatCompletions(recording);
  for (const seed of [3, 11, 29]) {
    const { events, vendor, error } = await replay(recording, seed);
    expect(error).toBeUndefined();
    const answer = events.reduce(reduceAnswer, EMPTY_ANSWER);
    expect({
      text: answer.text,
      reasoning: answer.reasoning,
      calls: answer.toolCalls.map(({ name, arguments: given }) => ({ name, arguments: given })),
      usage: answer.usage && {
        prompt: answer.usage.promptTokens,
        completion: answer.usage.completionTokens,
        total: answer.usage.totalTokens,
      },
      finishReason: answer.finishReason,
      error: undefined,
    }).toEqual(expected);
    expect(events.filter(({ type }) => type === 'response-start')).toHaveLength(1);
    expect(answer.model).toMatch(new RegExp(`^${vendor.name}:.`));
    expect(answer.id).not.toBe('');
    expect(events.at(-1)?.type).toBe('response-end');
  }
}

describe.skipIf(!hasRecordings('vendor-chunks-jsonl'))('every recorded list of chunks', () => {
  test('there are recordings', () => expect(chunks.length).toBeGreaterThan(20));

  test.each(chunks)('$name', (recording) =>
    expectAnswer(asEventStream(recording, ENDLESS.test(recording.name) ? undefined : '[DONE]')),
  );
});

describe.skipIf(!hasRecordings('vendor-streams'))('every recorded stream', () => {
  test('there are recordings', () => expect(streams.length).toBeGreaterThan(15));

  test.each(streams)('$name', (recording) => expectAnswer(recording));
});

describe.skipIf(!hasRecordings('vendor-errors'))('every recorded error', () => {
  test('there are recordings', () => expect(errors.length).toBeGreaterThan(8));

  test.each(errors)('$name', async (recording) => {
    const expected = readChatCompletions(recording).error!;
    const { events, error } = await replay(recording, 7);
    expect(events).toEqual([]);
    expect(error?.status).toBe(expected.status);
    expect(error?.message).toContain(expected.message);
    const kind = /auth-error|api-keys/.test(recording.name)
      ? 'authentication'
      : /nvidia/.test(recording.name)
        ? 'provider'
        : recording.status === 429
          ? 'rate-limit'
          : 'usage';
    expect(error?.kind).toBe(kind);
    expect(error?.isRetryable).toBe(kind === 'provider' || kind === 'rate-limit');
    expect(error?.hints.map(shellHint).join().includes('shorten the prompt')).toBe(kind === 'usage');
  });
});

describe.skipIf(!hasRecordings('vendor-chunks-jsonl'))('every recorded usage', () => {
  const usages = [...chunks, ...streams].flatMap(({ name, body }) =>
    body
      .toString()
      .split('\n')
      .map((line) => line.replace(/^data: /, ''))
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line).usage)
      .filter((usage) => usage?.total_tokens > 0)
      .map((usage) => ({ name, usage })),
  );

  test('there are recordings', () => expect(usages.length).toBeGreaterThan(60));

  test.each([undefined, ...Object.keys(CHAT_DEVIATIONS)] as (keyof typeof CHAT_DEVIATIONS | undefined)[])(
    "has parts that do not exceed the whole and add up to the vendor's total (read as of %s)",
    (vendor) => {
      const faults = usages.filter(({ usage }) => {
        const read = decodeVendorUsage(usage, vendor === undefined ? UNKNOWN_HOST : CHAT_DEVIATIONS[vendor])!;
        const { promptTokens, completionTokens, cachedTokens = 0, cacheWriteTokens = 0, reasoningTokens = 0 } = read;
        const fresh = promptTokens - cachedTokens - cacheWriteTokens;
        const buckets = [fresh, cachedTokens, cacheWriteTokens, completionTokens - reasoningTokens, reasoningTokens];
        // More cached tokens than prompt tokens are possible only if they are counted separately, as at xAI.
        const cached = usage.prompt_tokens_details?.cached_tokens ?? 0;
        const total = usage.total_tokens + (vendor === 'xai' && cached > usage.prompt_tokens ? cached : 0);
        const sum = buckets.reduce((all, tokens) => all + tokens);
        return Math.min(...buckets) < 0 || sum !== total || read.totalTokens !== total;
      });
      expect(faults).toEqual([]);
    },
  );
});
