import { decodeWith } from './decode-with.ts';
import { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream';
import type { Message } from '@anthropic-ai/sdk/resources/messages';
import { anthropic } from '../../src/apis/anthropic/dialect.ts';
import type { CompletionEvent } from '../../src/apis/completion.ts';
import { findVendor } from '../../src/apis/vendors.ts';
import { type Answer, EMPTY_ANSWER, reduceAnswer } from '../../src/core/answer/answer.ts';
import type { StreamEncoder, StreamPiece } from '../../src/gateway/dialects/served-dialect.ts';

/** Returns what an encoder sends for the events of an answer. */
export function encodedPieces(encoder: StreamEncoder, events: readonly CompletionEvent[]): readonly StreamPiece[] {
  return [...events.flatMap((event) => encoder.encode(event)), ...encoder.end()];
}

function dataOf(pieces: readonly StreamPiece[]): string[] {
  return pieces.flatMap((piece) => ('data' in piece && piece.event !== 'ping' ? [piece.data] : []));
}

/** Returns the message that the SDK assembles. */
export function sdkMessage(pieces: readonly StreamPiece[]): Promise<Message> {
  const lines = dataOf(pieces).map((data) => Buffer.from(`${data}\n`));
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const line of lines) controller.enqueue(line);
      controller.close();
    },
  });
  return MessageStream.fromReadableStream(stream).finalMessage();
}

/** Returns the events as orx decodes them from Anthropic's API. */
export function decodeMessageStream(pieces: readonly StreamPiece[]): AsyncIterable<CompletionEvent> {
  async function* batches() {
    for (const data of dataOf(pieces)) yield [{ type: 'data' as const, data }];
  }
  return decodeWith(anthropic, batches(), {}, findVendor('anthropic')!);
}

/** Returns the answer as orx decodes it from Anthropic's API. */
export async function decodedAnswer(pieces: readonly StreamPiece[]): Promise<Answer> {
  let answer = EMPTY_ANSWER;
  for await (const event of decodeMessageStream(pieces)) answer = reduceAnswer(answer, event);
  return answer;
}
