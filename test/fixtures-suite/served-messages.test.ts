import { describe, expect, test } from 'vitest';
import { type Answer, EMPTY_ANSWER, reduceAnswer } from '../../src/core/answer/answer.ts';
import { decodeMessageStream, sdkMessage } from '../support/message-stream.ts';
import { type AskForm, playRecordings, type Reply } from '../support/recorded-gateway.ts';
import { hasVendorTraffic, servedRecordings, type ServedRecording, vendorFiles } from '../support/served-recordings.ts';

// Every recorded answer and failure of a vendor, in random pieces, through the built gateway, in the form that Anthropic's clients read.

const recordings = hasVendorTraffic ? servedRecordings() : [];
const WIRES = [...new Set(recordings.map(({ wire }) => wire))];
const served = new Set<string>();

const FORM: AskForm = {
  path: '/v1/messages',
  body: (model, stream) => ({ model, max_tokens: 1000, stream, messages: [{ role: 'user', content: 'hi' }] }),
  headers: { 'x-api-key': 'any', 'anthropic-version': '2023-06-01' },
};

/** Returns what orx reads, complete or up to a failure, and the failure after it. */
async function readingOf(reply: Reply): Promise<{ answer: Answer; failure: any }> {
  let answer = EMPTY_ANSWER;
  const pieces = reply.json === undefined ? reply.pieces : [{ event: 'message', data: JSON.stringify(reply.json) }];
  if (reply.status !== 200) return { answer, failure: reply.json };
  try {
    for await (const event of decodeMessageStream(pieces)) answer = reduceAnswer(answer, event);
    return { answer, failure: undefined };
  } catch {
    return { answer, failure: JSON.parse(pieces.at(-1)!.data) };
  }
}

/**
 * Compares JSON by value: a complete message has its input as an object that was serialized again. Other text, such as that of a custom tool, stays.
 */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text) as unknown;
  } catch {
    return text;
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** A complete message serializes again an answer that is the input of a tool. */
function textOf(text: string, { name }: ServedRecording, isWhole: boolean): string {
  return isWhole && /json-(other-)?tool/.test(name) ? text.replaceAll(/\s/g, '') : text;
}

function shown({ text, reasoning, toolCalls, finishReason, usage }: Answer, recording: ServedRecording, isWhole: boolean) {
  return {
    text: textOf(text, recording, isWhole),
    reasoning,
    calls: toolCalls.map(({ name, arguments: given }) => ({ name, arguments: valueOf(given) })),
    finishReason,
    usage: usage === undefined ? undefined : { prompt: usage.promptTokens, completion: usage.completionTokens },
  };
}

function wanted(recording: ServedRecording, isWhole: boolean) {
  const { text, reasoning, calls, finishReason = 'stop', usage } = recording.expected;
  // An input is an object; any other value can be sent in pieces, but not in a complete message.
  const inputOf = (given: string): unknown => (isWhole && !isObject(valueOf(given)) ? {} : valueOf(given));
  return {
    text: textOf(text, recording, isWhole),
    reasoning,
    calls: calls.map(({ name, arguments: given }) => ({ name, arguments: inputOf(given) })),
    // A client runs its tools only if the answer says that it ended with calls.
    finishReason: finishReason === 'stop' && calls.length > 0 ? 'tool_calls' : finishReason,
    usage: { prompt: usage?.prompt ?? 0, completion: usage?.completion ?? 0 },
  };
}

/** A played recording, and the results in both forms. */
interface Played {
  recording: ServedRecording;
  streamed: Reply;
  whole: Reply;
}

async function expectAnswer({ recording, streamed, whole }: Played): Promise<void> {
  for (const reply of [streamed, whole]) {
    const { answer, failure } = await readingOf(reply);
    const isWhole = reply === whole;
    expect({ failure, ...shown(answer, recording, isWhole) }).toEqual({ failure: undefined, ...wanted(recording, isWhole) });
  }
}

async function expectFailure({ recording, streamed, whole }: Played): Promise<void> {
  for (const reply of [streamed, whole]) {
    const { answer, failure } = await readingOf(reply);
    expect(failure).toEqual(failureOf(recording));
    expect(answer.text).toBe(reply.json === undefined ? recording.expected.text : '');
  }
}

/** Expects the same blocks in both forms. */
async function expectSdkReads({ streamed, whole }: Played): Promise<void> {
  const types = (content: readonly { type: string }[]): string[] => content.map(({ type }) => type);
  expect(types((await sdkMessage(streamed.pieces)).content)).toEqual(types(whole.json.content));
}

/** The SDK rejects an input that is not JSON. */
function isReadable({ contentType, expected }: ServedRecording): boolean {
  return contentType.includes('event-stream') && expected.calls.every(({ arguments: given }) => isObject(valueOf(given)));
}

describe.skipIf(!hasVendorTraffic)('/v1/messages returns every recording', () => {
  test.each(WIRES)(
    'of %s',
    async (wire) => {
      const all = recordings.filter((recording) => recording.wire === wire);
      const play = await playRecordings(wire, all, FORM);
      for (const recording of all) {
        served.add(recording.file);
        const played = { recording, streamed: await play(recording, true), whole: await play(recording, false) };
        const check = recording.expected.error === undefined ? expectAnswer : expectFailure;
        await named(recording, () => check(played));
        if (check === expectAnswer && isReadable(recording)) await named(recording, () => expectSdkReads(played));
      }
    },
    300_000,
  );

  test('and omits none', () => expect([...served].toSorted()).toEqual(vendorFiles().toSorted()));
});

/** Adds the recording's name to a failure. */
async function named({ name }: ServedRecording, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new Error(name, { cause: error });
  }
}

function failureOf({ expected: { error } }: ServedRecording): unknown {
  return {
    type: 'error',
    error: expect.objectContaining({
      type: expect.stringMatching(/_error$|^request_too_large$/),
      message: expect.stringContaining(error?.message?.trim() ?? 'invalid stream'),
    }),
    request_id: expect.stringMatching(/^req-/),
  };
}
