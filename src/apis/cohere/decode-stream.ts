import { OrxError } from '../../errors.ts';
import { TRY_AGAIN_OR_FALLBACK } from '../../hints.ts';
import type { CompletionEvent, Usage } from '../completion.ts';
import type { AnswerDecoder, DecodeOptions } from '../dialect.ts';
import type { Vendor } from '../vendors.ts';
import { answerDecoder, type AnswerReader, type ReplyPiece } from '../wire/decode-answer.ts';
import { decodeApiError } from '../wire/errors/decode-error.ts';
import { asArray, asObject, asObjects, asText, type WireObject } from '../wire/wire-value.ts';
import { decodeCohereCitation } from './decode-citation.ts';
import { decodeCohereUsage } from './decode-usage.ts';
import { COHERE_PLAN } from './encode-messages.ts';
import { CohereCalls } from './tool-calls.ts';

/** Yields a streamed or whole answer of `/v2/chat` as events. */
export function cohereStreamDecoder(options: DecodeOptions, vendor: Vendor): AnswerDecoder {
  return answerDecoder(options, new CohereReader(options, vendor));
}

const FINISH_REASONS: Readonly<Record<string, string>> = {
  COMPLETE: 'stop',
  STOP_SEQUENCE: 'stop',
  MAX_TOKENS: 'length',
  TOOL_CALL: 'tool_calls',
  ERROR_LIMIT: 'length',
  ERROR_TOXIC: 'content_filter',
};
const FAILED = new Set(['ERROR', 'TIMEOUT']);

class CohereReader implements AnswerReader {
  readonly #options: DecodeOptions;
  readonly #vendor: Vendor;
  readonly #calls = new CohereCalls();
  #hasStarted = false;
  #isDone = false;
  #usage: unknown;
  #finishReason: string | undefined;
  #nativeFinishReason: string | undefined;

  constructor(options: DecodeOptions, vendor: Vendor) {
    this.#options = options;
    this.#vendor = vendor;
  }

  read({ wire, events, hasShown }: ReplyPiece): OrxError | undefined {
    const type = asText(wire['type']);
    if (type === undefined && asObject(wire['message']) !== undefined) return this.#readWhole(wire, events);
    if (type === 'error' || (type === undefined && asText(wire['message']) !== undefined)) {
      const { requestId } = this.#options;
      return decodeApiError({ status: 200, body: wire, requestId, afterCommit: hasShown, vendor: this.#vendor });
    }
    return type === undefined ? undefined : this.#readEvent(type, wire, events);
  }

  isDone(): boolean {
    return this.#isDone;
  }

  usage(): Usage | undefined {
    return decodeCohereUsage(this.#usage);
  }

  end(): CompletionEvent {
    return { type: 'response-end', finishReason: this.#finishReason, nativeFinishReason: this.#nativeFinishReason };
  }

  #readEvent(type: string, wire: WireObject, events: CompletionEvent[]): OrxError | undefined {
    const delta = asObject(wire['delta']);
    const message = asObject(delta?.['message']);
    switch (type) {
      case 'message-start':
        this.#start(wire['id'], events);
        return undefined;
      case 'content-start':
      case 'content-delta':
        this.#start(undefined, events);
        addContent(asObject(message?.['content']), events);
        return undefined;
      case 'tool-plan-delta':
        this.#start(undefined, events);
        addPlan(message?.['tool_plan'], events);
        return undefined;
      case 'tool-call-start':
        this.#start(undefined, events);
        this.#calls.start(wire['index'], message?.['tool_calls'], events);
        return undefined;
      case 'tool-call-delta':
        this.#calls.add(wire['index'], message?.['tool_calls'], events);
        return undefined;
      case 'tool-call-end':
        this.#calls.end(wire['index'], events);
        return undefined;
      case 'citation-start':
        addCitation(message?.['citations'], events);
        return undefined;
      case 'message-end':
        this.#start(undefined, events);
        return this.#finish(delta ?? {}, events);
      default:
        return undefined;
    }
  }

  /** Reads the reply to a request without streaming. */
  #readWhole(wire: WireObject, events: CompletionEvent[]): OrxError | undefined {
    const message = asObject(wire['message']);
    this.#start(wire['id'], events);
    addPlan(message?.['tool_plan'], events);
    const content = message?.['content'];
    if (typeof content === 'string') addContent({ text: content }, events);
    for (const part of asObjects(content)) addContent(part, events);
    for (const [index, call] of asArray(message?.['tool_calls']).entries()) this.#calls.start(index, call, events);
    for (const citation of asArray(message?.['citations'])) addCitation(citation, events);
    return this.#finish(wire, events);
  }

  #start(id: unknown, events: CompletionEvent[]): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    // Cohere does not report which model answers.
    events.push({ type: 'response-start', id: asText(id) ?? this.#options.requestId ?? '', model: '' });
  }

  #finish(end: WireObject, events: CompletionEvent[]): OrxError | undefined {
    this.#calls.endAll(events);
    this.#usage = end['usage'];
    const reason = asText(end['finish_reason']);
    this.#nativeFinishReason = reason;
    if (reason !== undefined && FAILED.has(reason)) return this.#failed(reason, asText(end['error']));
    const known = reason !== undefined && Object.hasOwn(FINISH_REASONS, reason) ? FINISH_REASONS[reason] : undefined;
    this.#finishReason = known ?? (this.#calls.count > 0 ? 'tool_calls' : 'stop');
    this.#isDone = true;
    return undefined;
  }

  #failed(reason: string, detail: string | undefined): OrxError {
    return new OrxError(`${this.#vendor.label} stopped the response (${detail ?? reason})`, {
      kind: 'provider',
      code: reason,
      provider: this.#vendor.label,
      isRetryable: true,
      requestId: this.#options.requestId,
      hints: [TRY_AGAIN_OR_FALLBACK],
    });
  }
}

function addContent(content: WireObject | undefined, events: CompletionEvent[]): void {
  const thinking = asText(content?.['thinking']);
  if (thinking !== undefined) events.push({ type: 'reasoning-delta', text: thinking });
  const text = asText(content?.['text']);
  if (text !== undefined) events.push({ type: 'text-delta', text });
}

/** Adds the plan: how the model intends to use the tools that it is about to call. */
function addPlan(plan: unknown, events: CompletionEvent[]): void {
  const text = asText(plan);
  if (text === undefined) return;
  events.push({ type: 'reasoning-delta', text });
  events.push({ type: 'reasoning-parts', parts: [{ kind: 'text', text, format: COHERE_PLAN }] });
}

function addCitation(citation: unknown, events: CompletionEvent[]): void {
  for (const annotation of decodeCohereCitation(citation)) events.push({ type: 'annotation', annotation });
}
