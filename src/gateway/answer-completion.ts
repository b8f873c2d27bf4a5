import { OrxError } from '../errors.ts';
import type { ChatRequest, CompletionEvent } from '../apis/completion.ts';
import { ChunkEncoder } from './dialects/encode-chunks.ts';
import { EventWriter } from './event-writer.ts';
import { parseChatRequest } from './parse-chat-request.ts';
import { readBody } from './read-body.ts';
import type { Exchange } from './exchange.ts';
import { wireError } from './wire-error.ts';
import { wholeReply } from './whole-reply.ts';
import { sendJson } from './write-reply.ts';

/** POST /chat/completions, streamed or whole. */
export async function answerCompletion(exchange: Exchange): Promise<void> {
  const request = parseChatRequest(await readBody(exchange.request, exchange.served.maxBodyBytes));
  exchange.model = request.model;
  const events = exchange.served.api.streamCompletion(request, {
    signal: exchange.signal,
    includeChunks: true,
    includeRouting: /^enabled$/i.test(String(exchange.request.headers['x-openrouter-metadata'] ?? '')),
  });
  await (request.stream ? answerStreamed(exchange, request, events) : answerWhole(exchange, request, events));
}

async function answerStreamed(exchange: Exchange, request: ChatRequest, events: AsyncIterable<CompletionEvent>): Promise<void> {
  const writer = new EventWriter(exchange.response, exchange.headers);
  const encoder = new ChunkEncoder(request.model, () => Math.floor(exchange.served.now() / 1000));
  let start: { id: string; model: string; created?: number | undefined } = { id: '', model: request.model };
  let lastChunk = '';
  try {
    for await (const event of events) {
      if (event.type === 'chunk') {
        lastChunk = event.data;
        writer.data(event.data);
      } else if (event.type === 'heartbeat') {
        writer.generationId ??= headerText(event.generationId);
        writer.comment('OPENROUTER PROCESSING');
      } else {
        if (event.type === 'response-start') {
          start = event;
          writer.generationId ??= headerText(event.id);
        }
        // A `chunk` comes before the events that are made from it: without one the API has another form.
        const encoded = lastChunk !== '' ? undefined : encoder.encode(event);
        if (encoded !== undefined) writer.data(encoded);
      }
      if (writer.isFull) await writer.drained();
    }
  } catch (error) {
    // Nothing was promised yet: the failure gets a status of its own.
    if (!writer.hasBegun || exchange.signal.aborted) throw error;
    // A cut is passed on as what it is: with an orderly end it would look like a whole answer.
    if (error instanceof OrxError && error.code === 'stream-cut') return writer.cut();
    if (!tellsFailure(lastChunk)) writer.data(JSON.stringify(errorChunk(start, error)));
  }
  writer.data('[DONE]');
  writer.end();
}

async function answerWhole(exchange: Exchange, request: ChatRequest, events: AsyncIterable<CompletionEvent>): Promise<void> {
  const encoder = new ChunkEncoder(request.model, () => Math.floor(exchange.served.now() / 1000));
  const own: string[] = [];
  const encoded: string[] = [];
  let id: string | undefined;
  try {
    for await (const event of events) {
      if (event.type === 'chunk') own.push(event.data);
      else if (event.type === 'response-start') id = headerText(event.id);
      const chunk = own.length > 0 ? undefined : encoder.encode(event);
      if (chunk !== undefined) encoded.push(chunk);
    }
  } catch (error) {
    if (error instanceof OrxError && error.code === 'stream-cut') return void exchange.response.destroy();
    throw error;
  }
  const headers = id === undefined ? exchange.headers : { 'x-generation-id': id, ...exchange.headers };
  sendJson(exchange.response, 200, wholeReply(own.length > 0 ? own : encoded), headers);
}

/** Whether the last chunk, which the client has, already says that the answer failed (or is broken itself). */
function tellsFailure(data: string): boolean {
  try {
    const chunk = JSON.parse(data) as { error?: unknown; choices?: { finish_reason?: unknown; error?: unknown }[] };
    const choice = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    return (chunk.error ?? choice?.error ?? undefined) !== undefined || choice?.finish_reason === 'error';
  } catch {
    return data !== '';
  }
}

function errorChunk(start: { id: string; model: string; created?: number | undefined }, error: unknown): Record<string, unknown> {
  return {
    id: start.id,
    object: 'chat.completion.chunk',
    created: start.created ?? 0,
    model: start.model,
    error: wireError(error),
    choices: [
      { index: 0, delta: { role: 'assistant', content: '' }, finish_reason: 'error', native_finish_reason: null, logprobs: null },
    ],
  };
}

/** An id from outside, if it can stand in a header. */
function headerText(id: string | undefined): string | undefined {
  return id !== undefined && /^[\x21-\x7e]{1,200}$/.test(id) ? id : undefined;
}
