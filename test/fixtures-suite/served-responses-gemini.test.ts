import { describe, expect, test } from 'vitest';
import type { CompletionEvent } from '../../src/apis/completion.ts';
import { gemini } from '../../src/apis/gemini/dialect.ts';
import { responses } from '../../src/apis/responses/responses.ts';
import { decodeWith } from '../support/decode-with.ts';
import { findVendor } from '../../src/apis/vendors.ts';
import { EMPTY_ANSWER, reduceAnswer } from '../../src/core/answer/answer.ts';
import { startApiServer } from '../support/api-server.ts';
import { randomPieces } from '../support/recordings.ts';
import {
  hasVendorTraffic,
  isKnownVendor,
  servedRecordings,
  type ServedRecording,
  vendorFiles,
} from '../support/served-recordings.ts';
import { serveVendors } from '../support/served-vendors.ts';

// Every recorded answer and failure of a vendor, in random pieces, through the built gateway, in the form that clients of OpenAI and Google read.

const recordings = hasVendorTraffic ? servedRecordings() : [];
const WIRES = [...new Set(recordings.map(({ wire }) => wire))];
const served = new Set<string>();

/** What a client reads: an answer, or an error before or during it. */
interface Reading {
  text: string;
  reasoning: string;
  calls: readonly { name: string; arguments: unknown }[];
  finishReason: string | undefined;
  usage: { prompt: number; completion: number } | undefined;
  failure?: string | undefined;
}

interface Form {
  name: string;
  ask: (origin: string, model: string, stream: boolean) => Promise<Response>;
  read: (pieces: readonly any[], recording: ServedRecording) => Promise<Reading>;
}

const post = (url: string, body: object): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'x-goog-api-key': 'any' }, body: JSON.stringify(body) });

const FORMS: readonly Form[] = [
  {
    name: '/v1/responses',
    ask: (origin, model, stream) => post(`${origin}/v1/responses`, { model, stream, max_output_tokens: 1000, input: 'hi' }),
    read: readResponse,
  },
  {
    name: '/v1beta',
    ask: (origin, model, stream) =>
      post(
        `${origin}/v1beta/models/${encodeURIComponent(model)}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
        {
          contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
          generationConfig: { maxOutputTokens: 1000, thinkingConfig: { includeThoughts: true } },
        },
      ),
    read: (pieces) => readByOrx(pieces, (batches) => decodeWith(gemini, batches, {}, findVendor('google')!)),
  },
];

/**
 * The items of a response have everything. A response that passed through may lack them at its end; then this reads its events.
 */
async function readResponse(pieces: readonly any[], { wire }: ServedRecording): Promise<Reading> {
  if (wire === 'responses') return readByOrx(pieces, (batches) => decodeWith(responses, batches, {}, findVendor('openai')!));
  const last = pieces.at(-1);
  const response = last.response ?? last;
  const { output, usage, status, incomplete_details: details, error } = response;
  const items = (type: string): any[] => output.filter((item: any) => item.type === type);
  const said = items('message').flatMap(({ content }) => content);
  const thought = items('reasoning').flatMap(({ summary, content = [] }) => [...summary, ...content]);
  const calls = items('function_call').map((call) => ({ name: call.name, arguments: valueOf(call.arguments) }));
  const reasons: Record<string, string> = { max_output_tokens: 'length', content_filter: 'content_filter' };
  return {
    text: said.map(({ text, refusal }) => text ?? refusal).join(''),
    reasoning: thought.map(({ text }) => text).join(''),
    calls,
    finishReason: status === 'failed' ? undefined : (reasons[details?.reason] ?? (calls.length > 0 ? 'tool_calls' : 'stop')),
    usage: usage === null ? undefined : { prompt: usage.input_tokens, completion: usage.output_tokens },
    failure: error?.message,
  };
}

type Batches = AsyncIterable<readonly { type: 'data'; data: string }[]>;

async function readByOrx(pieces: readonly any[], decode: (batches: Batches) => AsyncIterable<CompletionEvent>): Promise<Reading> {
  async function* batches() {
    yield pieces.map((piece) => ({ type: 'data' as const, data: JSON.stringify(piece) }));
  }
  let answer = EMPTY_ANSWER;
  let failure: string | undefined;
  try {
    for await (const event of decode(batches())) answer = reduceAnswer(answer, event);
  } catch (error) {
    failure = (error as Error).message;
  }
  const { text, reasoning, toolCalls, finishReason, usage } = answer;
  return {
    text,
    reasoning,
    calls: toolCalls.map(({ name, arguments: given }) => ({ name, arguments: valueOf(given) })),
    finishReason,
    usage: usage && { prompt: usage.promptTokens, completion: usage.completionTokens },
    failure,
  };
}

/** Compares JSON by value: the gateway serializes objects again. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text) as unknown;
  } catch {
    return text;
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

function wanted({ expected: { text, reasoning, calls, finishReason, usage } }: ServedRecording): Reading {
  const isCut = finishReason === 'length' || finishReason === 'content_filter';
  return {
    text,
    reasoning,
    calls: calls.map(({ name, arguments: given }) => ({ name, arguments: valueOf(given) })),
    finishReason: isCut ? finishReason : calls.length > 0 ? 'tool_calls' : 'stop',
    usage: usage && { prompt: usage.prompt, completion: usage.completion },
    failure: undefined,
  };
}

/** Starts a server that plays one recording after the other, and the gateway in front of it. */
async function openGateway(wire: ServedRecording['wire'], all: readonly ServedRecording[]) {
  let current = all[0]!;
  let seed = 1;
  const server = await startApiServer(async (request, response) => {
    if (request.method !== 'POST') return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[]}');
    served.add(current.file);
    response.writeHead(current.status, { 'content-type': current.contentType });
    for (const piece of randomPieces(current.body, seed)) {
      response.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  });
  const entries = all.map(({ vendor }) => {
    const dialect = isKnownVendor(vendor) && wire !== 'responses' ? undefined : wire;
    return [vendor, { origin: server.origin, dialect }] as const;
  });
  // The limits of one recording must not hold back the next.
  const { origin } = await serveVendors(Object.fromEntries(entries), { args: ['--no-pacing'] });
  return async (recording: ServedRecording, form: Form, stream: boolean): Promise<Response> => {
    current = recording;
    seed += 1;
    return form.ask(origin, `${recording.vendor}:${recording.model ?? 'the-model'}`, stream);
  };
}

/** Returns the pieces of a reply as JSON, and the message of an error. */
async function piecesOf(response: Response): Promise<{ pieces: any[]; refusal: string | undefined }> {
  const text = await response.text();
  if (response.headers.get('content-type')?.includes('event-stream') !== true) {
    const body = JSON.parse(text);
    return { pieces: [body], refusal: response.status === 200 ? undefined : body.error.message };
  }
  const data = text.split('\n').flatMap((line) => (line.startsWith('data: ') && line !== 'data: [DONE]' ? [line.slice(6)] : []));
  return { pieces: data.map((line) => JSON.parse(line)), refusal: undefined };
}

const containing = (text: string): unknown => expect.stringContaining(text);

/** Returns what a client read next to what was recorded. */
async function compared(recording: ServedRecording, form: Form, response: Response): Promise<[read: unknown, wanted: unknown]> {
  const { pieces, refusal } = await piecesOf(response);
  const { error, text, calls } = recording.expected;
  const reading = refusal === undefined ? await form.read(pieces, recording) : undefined;
  if (error !== undefined) {
    const message = containing(error.message?.trim() ?? 'invalid stream');
    // The items of a failed response are those that were complete.
    const tellsText = reading !== undefined && (form.name === '/v1beta' || recording.wire === 'responses');
    return [
      [refusal ?? reading?.failure, tellsText ? reading.text : text],
      [message, text],
    ];
  }
  // Google has no form for arguments that are not an object: the gateway reports that.
  const isTold = form.name !== '/v1beta' || calls.every(({ arguments: given }) => isObject(valueOf(given)));
  return isTold
    ? [{ ...reading, failure: refusal ?? reading?.failure }, wanted(recording)]
    : [reading?.failure, containing('not a JSON object')];
}

describe.skipIf(!hasVendorTraffic)('clients of OpenAI and of Google receive every recording', () => {
  test.each(WIRES)(
    'of %s',
    async (wire) => {
      const all = recordings.filter((recording) => recording.wire === wire);
      const play = await openGateway(wire, all);
      for (const recording of all) {
        for (const form of FORMS) {
          for (const stream of [true, false]) {
            const response = await play(recording, form, stream);
            const [read, recorded] = await compared(recording, form, response);
            expect([form.name, stream, recording.name, read]).toEqual([form.name, stream, recording.name, recorded]);
          }
        }
      }
    },
    300_000,
  );

  test('and omit none', () => expect([...served].toSorted()).toEqual(vendorFiles().toSorted()));
});
