import { describe, expect, test } from 'vitest';
import { decodeStream } from '../../src/apis/chat-completions/decode-stream.ts';
import { wholeReplyBatch } from '../../src/apis/chat-completions/whole-reply.ts';
import { type Answer, EMPTY_ANSWER, reduceAnswer } from '../../src/core/answer/answer.ts';
import { type AskForm, playRecordings, type Reply } from '../support/recorded-gateway.ts';
import { hasVendorTraffic, servedRecordings, type ServedRecording, vendorFiles } from '../support/served-recordings.ts';

// Every recorded answer and failure of a vendor, in random pieces, through the built gateway, in the form that OpenRouter's clients read.

const recordings = hasVendorTraffic ? servedRecordings() : [];
const WIRES = [...new Set(recordings.map(({ wire }) => wire))];
const served = new Set<string>();
const FORM: AskForm = {
  path: '/v1/chat/completions',
  body: (model, stream) => ({ model, max_tokens: 1000, stream, messages: [{ role: 'user', content: 'hi' }] }),
  headers: { authorization: 'Bearer any' },
};

/** Returns what orx reads, complete or up to a failure, and the error after it. */
async function readingOf({ pieces, json, status }: Reply): Promise<{ answer: Answer; failure: any }> {
  let answer = EMPTY_ANSWER;
  if (status !== 200) return { answer, failure: json.error };
  async function* batches() {
    if (json !== undefined) yield wholeReplyBatch(JSON.stringify(json), undefined);
    else for (const { data } of pieces) yield [{ type: 'data' as const, data }];
  }
  try {
    for await (const event of decodeStream(batches())) answer = reduceAnswer(answer, event);
    return { answer, failure: undefined };
  } catch {
    return { answer, failure: JSON.parse(pieces.at(-2)!.data).error };
  }
}

function shown({ text, reasoning, toolCalls, finishReason, usage }: Answer) {
  return {
    text,
    reasoning,
    calls: toolCalls.map(({ name, arguments: given }) => ({ name, arguments: given })),
    finishReason,
    usage: usage === undefined ? undefined : { prompt: usage.promptTokens, completion: usage.completionTokens },
  };
}

function wanted({ expected: { text, reasoning, calls, finishReason = 'stop', usage } }: ServedRecording) {
  return {
    text,
    reasoning,
    calls,
    finishReason,
    usage: usage === undefined ? undefined : { prompt: usage.prompt, completion: usage.completion },
  };
}

/** Returns the actual and the expected result. */
async function comparison(recording: ServedRecording, reply: Reply): Promise<{ told: unknown; wanted: unknown }> {
  const { answer, failure } = await readingOf(reply);
  const { error, text } = recording.expected;
  if (error === undefined) return { told: { failure, ...shown(answer) }, wanted: { failure: undefined, ...wanted(recording) } };
  const message = error.message?.trim() ?? 'invalid stream';
  const isTold = String(failure?.message).includes(message);
  return { told: [isTold, answer.text], wanted: [true, reply.json === undefined ? text : ''] };
}

/** Every chunk names the model with its vendor, even if the chunks are the vendor's own. */
function strangeNames({ vendor }: ServedRecording, { pieces }: Reply): unknown[] {
  const names = pieces.flatMap(({ data }) => (data === '[DONE]' ? [] : [JSON.parse(data).model]));
  return names.filter((name) => !String(name).startsWith(`${vendor}:`));
}

describe.skipIf(!hasVendorTraffic)('/v1/chat/completions returns every recording', () => {
  test.each(WIRES)(
    'of %s',
    async (wire) => {
      const all = recordings.filter((recording) => recording.wire === wire);
      const play = await playRecordings(wire, all, FORM);
      for (const recording of all) {
        served.add(recording.file);
        for (const isStream of [true, false]) {
          const reply = await play(recording, isStream);
          const { told, wanted: expected } = await comparison(recording, reply);
          expect([recording.name, isStream, told]).toEqual([recording.name, isStream, expected]);
          expect([recording.name, strangeNames(recording, reply)]).toEqual([recording.name, []]);
        }
      }
    },
    300_000,
  );

  test('and omits none', () => expect([...served].toSorted()).toEqual(vendorFiles().toSorted()));
});
