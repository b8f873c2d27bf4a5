import { randomUUID } from 'node:crypto';
import type { OrxError } from '../../errors.ts';
import { exactJson, parseExact } from '../../text/exact-json.ts';
import type { CompletionEvent, Usage } from '../completion.ts';
import type { AnswerDecoder, DecodeOptions } from '../dialect.ts';
import type { Vendor } from '../vendors.ts';
import { answerDecoder, type AnswerReader, type ReplyPiece } from '../wire/decode-answer.ts';
import { decodeApiError } from '../wire/errors/decode-error.ts';
import { asArray, asNumber, asObject, asText, asTokens, type WireObject } from '../wire/wire-value.ts';
import { OLLAMA_REASONING } from './encode-messages.ts';

/** Decodes a reply of `/api/chat`, streamed as lines or whole as one line. */
export function ollamaStreamDecoder(options: DecodeOptions, vendor: Vendor): AnswerDecoder {
  return answerDecoder(options, new OllamaReader(options, vendor));
}

const FINISH_REASONS: Readonly<Record<string, string>> = { stop: 'stop', length: 'length' };

class OllamaReader implements AnswerReader {
  readonly #options: DecodeOptions;
  readonly #vendor: Vendor;
  #hasStarted = false;
  #calls = 0;
  #usage: Usage | undefined;
  /** The last line. */
  #last: WireObject | undefined;

  constructor(options: DecodeOptions, vendor: Vendor) {
    this.#options = options;
    this.#vendor = vendor;
  }

  read({ wire, data, events, hasShown }: ReplyPiece): OrxError | undefined {
    const { requestId } = this.#options;
    // Mid-stream there is no HTTP status, only the error line.
    if ((wire['error'] ?? undefined) !== undefined)
      return decodeApiError({ status: 200, body: wire, requestId, afterCommit: hasShown, vendor: this.#vendor });
    const message = asObject(wire['message']);
    const isLast = wire['done'] === true;
    if (message === undefined && !isLast) return undefined;
    if (!this.#hasStarted) {
      this.#hasStarted = true;
      events.push(startOf(wire, requestId));
    }
    if (message !== undefined) this.#readMessage(message, data, events);
    if (isLast) {
      this.#last = wire;
      this.#usage = usageOf(wire);
    }
    return undefined;
  }

  isDone(): boolean {
    return this.#last !== undefined;
  }

  usage(): Usage | undefined {
    return this.#usage;
  }

  end(): CompletionEvent {
    const reason = asText(this.#last?.['done_reason']);
    const finish = reason === undefined ? 'stop' : (FINISH_REASONS[reason] ?? 'stop');
    return {
      type: 'response-end',
      // Ollama reports `stop` for an answer that ends with calls.
      finishReason: this.#calls > 0 && finish === 'stop' ? 'tool_calls' : finish,
      nativeFinishReason: reason,
    };
  }

  #readMessage(message: WireObject, data: string, events: CompletionEvent[]): void {
    const thinking = asText(message['thinking']);
    if (thinking !== undefined) {
      events.push({ type: 'reasoning-delta', text: thinking });
      events.push({ type: 'reasoning-parts', parts: [{ kind: 'text', text: thinking, format: OLLAMA_REASONING, index: 0 }] });
    }
    const text = asText(message['content']);
    if (text !== undefined) events.push({ type: 'text-delta', text });
    if (asArray(message['tool_calls']).length === 0) return;
    // Arguments are an object, so their numbers must be parsed exactly.
    const exact = asObject(asObject(parseExact(data))?.['message']);
    for (const item of asArray(exact?.['tool_calls'])) this.#readCall(asObject(item), events);
  }

  /** Reads a call, which always arrives complete. Only newer servers give it an id. */
  #readCall(call: WireObject | undefined, events: CompletionEvent[]): void {
    const called = asObject(call?.['function']);
    const name = asText(called?.['name']);
    if (name === undefined) return;
    events.push({
      type: 'tool-call-delta',
      index: this.#calls,
      id: asText(call?.['id']) ?? `call_${randomUUID().slice(0, 8)}`,
      name,
      arguments: argumentsText(called?.['arguments']),
    });
    this.#calls += 1;
  }
}

function startOf(wire: WireObject, requestId: string | undefined): CompletionEvent {
  const created = Date.parse(asText(wire['created_at']) ?? '');
  return {
    type: 'response-start',
    // Ollama sends no id, and the ledger needs one.
    id: requestId ?? `ollama-${randomUUID()}`,
    model: asText(wire['model']) ?? '',
    created: Number.isNaN(created) ? undefined : Math.floor(created / 1000),
  };
}

function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value.trim() === '' ? '{}' : value;
  return value === undefined || value === null ? '{}' : exactJson(value);
}

/** Decodes the counts of the last line, which omits counts of zero, such as that of a fully cached prompt. */
function usageOf(wire: WireObject): Usage | undefined {
  const prompt = asTokens(wire['prompt_eval_count']);
  const completion = asTokens(wire['eval_count']);
  const load = asNumber(wire['load_duration']);
  if (prompt === undefined && completion === undefined) return undefined;
  const [promptTokens, completionTokens] = [prompt ?? 0, completion ?? 0];
  const { message: _, ...facts } = wire;
  return {
    promptTokens,
    completionTokens,
    totalTokens: promptTokens + completionTokens,
    cachedTokens: cachedTokens(wire, promptTokens),
    ...(load !== undefined && load >= 0 && { loadMs: load / NANOSECONDS_PER_MS }),
    wire: facts,
  };
}

const NANOSECONDS_PER_MS = 1_000_000;

function cachedTokens(wire: WireObject, promptTokens: number): number | undefined {
  const cached = asTokens(wire['prompt_eval_cached_count']);
  return cached === undefined ? undefined : Math.min(cached, promptTokens);
}
