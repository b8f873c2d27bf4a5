import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServerResponse } from 'node:http';
import { EMPTY_ANSWER, reduceAnswer } from '../../src/core/answer/answer.ts';
import type { ChatRequest, CompletionEvent } from '../../src/apis/completion.ts';
import { OrxError } from '../../src/errors.ts';
import type { Expected } from './vendor-oracles/expected.ts';
import { randomPieces, readRecordings, type Recording } from './recordings.ts';
import { openVendorServer } from './vendor-server.ts';

const CHUNKS = fileURLToPath(new URL('../../../shared/fixtures/vendor-chunks-jsonl', import.meta.url));

/** A recorded stream of a vendor. */
export interface VendorRecording {
  name: string;
  /** The JSON of each event. */
  events: readonly any[];
  /** The bytes as sent over the wire. */
  body: Buffer;
}

/** Returns the recorded streams whose names match: those of vendor-streams unchanged, the lines of vendor-chunks-jsonl as server-sent events. */
export function vendorRecordings(names: RegExp): VendorRecording[] {
  const streams = readRecordings('vendor-streams').filter(({ name }) => names.test(name));
  const files = existsSync(CHUNKS) ? readdirSync(CHUNKS).filter((name) => names.test(name) && name.endsWith('.chunks.txt')) : [];
  return [
    ...streams.map(({ name, body }) => ({ name, body, events: eventsOf(body.toString()) })),
    ...files.map((name) => {
      const lines = readFileSync(`${CHUNKS}/${name}`, 'utf8')
        .split('\n')
        .filter((line) => line.trim() !== '');
      const body = Buffer.from(lines.map((line) => `data: ${line}\n\n`).join(''));
      return { name, body, events: lines.map((line) => JSON.parse(line)) };
    }),
  ];
}

/** Returns the recorded errors whose names match. */
export function vendorRefusals(names: RegExp): Recording[] {
  return readRecordings('vendor-errors').filter(({ name }) => names.test(name));
}

function eventsOf(body: string): any[] {
  return body
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)));
}

export const HELLO: ChatRequest = { model: 'the-model', messages: [{ role: 'user', content: 'hi' }], stream: true };

/** Sends a body in pieces of random sizes, each one after the previous piece has been sent. */
export async function sendRandomPieces(response: ServerResponse, status: number, body: Buffer, seed: number): Promise<void> {
  response.writeHead(status, { 'content-type': status === 200 ? 'text/event-stream' : 'application/json' });
  for (const piece of randomPieces(body, seed)) {
    response.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
}

export interface Replayed {
  events: readonly CompletionEvent[];
  error: unknown;
}

/** Returns orx's result for a reply of this vendor. */
export async function replayVendor(
  vendor: string,
  { body, status = 200 }: { body: Buffer; status?: number },
  { seed = 7, request = HELLO }: { seed?: number; request?: ChatRequest } = {},
): Promise<Replayed> {
  const { api } = await openVendorServer(vendor, (_, response) => sendRandomPieces(response, status, body, seed), {
    apiKey: 'key-of-the-vendor',
  });
  const events: CompletionEvent[] = [];
  try {
    for await (const event of api.streamCompletion(request)) events.push(event);
    return { events, error: undefined };
  } catch (error) {
    return { events, error };
  }
}

/** Returns the events in the form of an oracle's result. */
export function readingOf({ events, error }: Replayed): Expected {
  const answer = events.reduce(reduceAnswer, EMPTY_ANSWER);
  const { usage, finishReason } = answer;
  return {
    text: answer.text,
    reasoning: answer.reasoning,
    calls: answer.toolCalls.map(({ name, arguments: text }) => ({ name, arguments: text })),
    ...(usage !== undefined && {
      usage: { prompt: usage.promptTokens, completion: usage.completionTokens, total: usage.totalTokens },
    }),
    ...(finishReason !== undefined && { finishReason }),
    ...(error instanceof OrxError && { error: { status: error.status, message: error.message } }),
  };
}
