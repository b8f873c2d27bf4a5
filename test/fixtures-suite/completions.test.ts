import { describe, expect, test } from 'vitest';
import { startApiServer } from '../support/api-server.ts';
import { hasRecordings, randomPieces, type Recording, readRecordings } from '../support/recordings.ts';
import { runOrx, type RunResult } from '../support/run-orx.ts';

/** The content of a recording, read here in the simplest way and independently of orx's decoders. */
interface Expected {
  text: string;
  reasoning: string;
  toolNames: string[];
  toolArguments: string[];
  finishReason: string | null;
  id: string | undefined;
  model: string | undefined;
  provider: string | undefined;
  usage: any;
  error: any;
}

function expectedOf(chunks: readonly any[]): Expected {
  const expected: Expected = {
    text: '',
    reasoning: '',
    toolNames: [],
    toolArguments: [],
    finishReason: null,
    id: chunks[0]?.id,
    model: chunks[0]?.model,
    provider: chunks[0]?.provider,
    usage: null,
    error: null,
  };
  for (const chunk of chunks) {
    expected.usage ??= chunk.usage ?? null;
    expected.error = chunk.error ?? expected.error;
    for (const choice of chunk.choices ?? []) {
      const delta = choice.delta ?? choice.message ?? {};
      expected.text += delta.content ?? '';
      const details = (delta.reasoning_details ?? []).map((detail: any) => detail.text ?? detail.summary ?? '').join('');
      expected.reasoning += details === '' ? (delta.reasoning ?? '') : details;
      expected.finishReason = choice.finish_reason ?? expected.finishReason;
      for (const [position, call] of (delta.tool_calls ?? []).entries()) {
        const index = call.index ?? position;
        if (call.function?.name) expected.toolNames[index] = call.function.name;
        expected.toolArguments[index] = (expected.toolArguments[index] ?? '') + (call.function?.arguments ?? '');
      }
    }
  }
  return expected;
}

const dataLines = (body: Buffer): any[] =>
  body
    .toString()
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data: ') && line !== 'data: [DONE]')
    .map((line) => JSON.parse(line.slice(6)));

async function replay(recording: Recording, args: readonly string[], seed: number): Promise<RunResult> {
  const server = await startApiServer(async (_, response) => {
    response.writeHead(recording.status, recording.headers);
    for (const piece of randomPieces(recording.body, seed)) {
      response.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  });
  return runOrx(['chat', 'hi', ...args], {
    env: { OPENROUTER_API_KEY: 'sk-or-v1-recorded-recorded', OPENROUTER_BASE_URL: server.url, ORX_RETRIES: '0' },
  });
}

function expectAnswer(result: RunResult, expected: Expected): void {
  const parsed = JSON.parse(result.stdout);
  expect(parsed).toMatchObject({
    id: expected.id,
    model: expected.model,
    provider: expected.provider ?? null,
    content: expected.text,
    reasoning: expected.reasoning === '' ? null : expected.reasoning,
    finish_reason: expected.error === null ? expected.finishReason : null,
    usage: expected.usage,
  });
  expect((parsed.tool_calls ?? []).map((call: any) => call.name)).toEqual(expected.toolNames);
  expect((parsed.tool_calls ?? []).map((call: any) => call.arguments)).toEqual(expected.toolArguments);
  expect(parsed.cost === null ? undefined : Number(parsed.cost)).toBe(expected.usage?.cost ?? undefined);
  expect(result.code).toBe(expected.error === null ? 0 : 7);
  expect([parsed.error?.message, parsed.error?.status]).toEqual([expected.error?.message, expected.error?.code]);
}

const isChat = (recording: Recording): boolean => recording.url.endsWith('/chat/completions');
const streams = readRecordings('openrouter-streams');
const replies = readRecordings('openrouter-json');
const errors = readRecordings('openrouter-errors');

describe.skipIf(!hasRecordings('openrouter-streams'))('every recorded stream', () => {
  test('there are recordings', () => expect(streams.filter(isChat).length).toBeGreaterThan(20));

  test.each(streams.filter(isChat))('$name', async (recording) => {
    const expected = expectedOf(dataLines(recording.body));
    expectAnswer(await replay(recording, ['--json'], 7), expected);
    const plain = await replay(recording, [], 11);
    expect(plain.stdout).toBe(expected.text === '' || expected.text.endsWith('\n') ? expected.text : `${expected.text}\n`);
    const lines = (await replay(recording, ['-o', 'stream-json'], 13)).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const textOf = (type: string): string =>
      lines
        .filter((line) => line.type === type)
        .map((line) => line.text)
        .join('');
    expect([textOf('text'), textOf('reasoning')]).toEqual([expected.text, expected.reasoning]);
  });

  // Recorded at another endpoint of the API, in a format other than chat's: orx must not take it for an answer.
  test.each(streams.filter((recording) => !isChat(recording)))('$name is not a chat answer', async (recording) => {
    const result = await replay(recording, [], 17);
    expect(result).toMatchObject({ code: 7, stdout: '' });
    expect(result.stderr).toMatch(/^error: the response is empty/);
  });
});

describe.skipIf(!hasRecordings('openrouter-json'))('every recorded whole reply', () => {
  test('there are recordings', () => expect(replies.filter(isChat).length).toBeGreaterThan(20));

  test.each(replies.filter(isChat))('$name', async (recording) => {
    const expected = expectedOf([JSON.parse(recording.body.toString())]);
    expectAnswer(await replay(recording, ['--no-stream', '--json'], 7), expected);
    // The API may also answer a streaming request with one whole reply.
    const plain = await replay(recording, [], 11);
    expect(plain.stdout).toBe(expected.text === '' || expected.text.endsWith('\n') ? expected.text : `${expected.text}\n`);
    expect(plain.code).toBe(0);
  });

  test.each(replies.filter((recording) => !isChat(recording)))('$name is not a chat answer', async (recording) => {
    const result = await replay(recording, ['--no-stream'], 17);
    expect(result).toMatchObject({ code: 7, stdout: '' });
    expect(result.stderr).toContain('the response contains no message');
  });
});

describe.skipIf(!hasRecordings('openrouter-errors'))('every recorded error', () => {
  /** The exit code, what failed, and the hint. */
  const expected: Record<string, [code: number, what: string, hint: string]> = {
    '200-error-400-in-body.json': [7, 'Invalid image URL', 'check the prompt, the attachments and the parameters'],
    '200-whitespace-then-502-in-body.json': [
      7,
      'Upstream error from Nvidia: Service temporarily overloaded',
      'try again, or add a fallback model: --fallback MODEL',
    ],
    '401-no-auth-credentials.json': [3, 'the API key is missing', 'log in again: orx auth login'],
    '402-requires-more-credits.json': [
      4,
      'not enough credits for this request',
      'request what the balance can pay for: --max-tokens 2666',
    ],
    '403-key-limit-exceeded-monthly.json': [
      4,
      'the API key has reached its spending limit',
      'raise the limit of the key: https://openrouter.ai/settings/keys',
    ],
    '404-no-endpoints-input-video.json': [
      6,
      'no provider can serve this request',
      'list all that support it: orx models --input video',
    ],
    '404-no-endpoints-tool-use.json': [6, 'no provider can serve this request', 'list all that support it: orx models --tools'],
    '429-free-models-per-day.json': [
      5,
      'the daily limit of free requests is used up',
      'use a paid model, which has no daily limit: orx models --sort price',
    ],
    '429-limit-rpm-high-demand.json': [5, 'too many requests', 'wait, or add a fallback model: --fallback MODEL'],
    '503-no-available-workers.json': [
      7,
      'Morph: No available workers (all circuits open or unhealthy)',
      'try again, or add a fallback model: --fallback MODEL',
    ],
    'pydantic-ai--test-openrouter-test-openrouter-errors-raised--0.json': [
      5,
      'too many requests to Google',
      'wait, or add a fallback model: --fallback MODEL',
    ],
    'ruby_llm--at-real-error-scenarios-openrouter-claude-haiku-4-5-handles-context-length-exceeded-errors--0.json': [
      2,
      'the prompt is 2,300,021 tokens too long for this model',
      'shorten the prompt, or find a model with a longer context: orx models --sort context',
    ],
    'ruby_llm--ssettes-chat-error-handling-with-openrouter-claude-haiku-4-5-raises-appropriate-auth-error--0.json': [
      3,
      'the API key is missing',
      'log in again: orx auth login',
    ],
  };
  /** Returns the texts of the reason, however deeply the recording nests them. */
  const reasons = (error: any): string[] =>
    [error.metadata?.raw?.error?.message, error.metadata?.raw, error.message].filter((text) => typeof text === 'string');

  test('has its exit code, text and hint in this test', () =>
    expect(errors.map((recording) => recording.name).sort()).toEqual(Object.keys(expected).sort()));

  test.each(errors)('$name', async (recording) => {
    const { error } = JSON.parse(recording.body.toString());
    const [code, what, hint] = expected[recording.name]!;
    for (const args of [[], ['--no-stream'], ['-o', 'stream-json']]) {
      const result = await replay(recording, args, 7);
      expect(result.code).toBe(code);
      expect(result.stderr.startsWith(`error: ${what}`)).toBe(true);
      expect(result.stderr).toContain(`\nhint: ${hint}\n`);
      expect(reasons(error).some((reason) => result.stderr.includes(reason.slice(0, 60)))).toBe(true);
      expect(result.stderr.split('\n').length).toBeLessThanOrEqual(5);
    }
  });
});
