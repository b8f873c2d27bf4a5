import { decimal, decimalText } from '../decimal.ts';
import { isVisible, type CompletionEvent, type StreamOptions } from '../apis/completion.ts';
import { type Message } from '../apis/message.ts';
import type { ServedAnswer } from '../core/serve/served-request.ts';

/** Traces one completion, for the headers of its reply, the log and the metrics. */
export class RequestTrace {
  /** All fields exist from the start: objects of one form are read faster. */
  readonly #answer: ServedAnswer = {
    target: undefined,
    generationId: undefined,
    provider: undefined,
    usage: undefined,
    isCached: undefined,
    finishReason: undefined,
    isStreamed: undefined,
    attempts: 0,
    retries: 0,
    fallbacks: 0,
    hedges: 0,
    hedgeCost: undefined,
    overheadMs: undefined,
    timeToFirstTokenMs: undefined,
    content: undefined,
  };
  readonly #monotonic: () => number;
  readonly #readAt: number;
  #sentAt: number | undefined;

  /** Created when the request has been read: the gateway's overhead begins here. `monotonic` is in milliseconds. */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
    this.#readAt = monotonic();
  }

  /** Called when the request has been parsed. `messages` are stored if content is logged. */
  begin(isStreamed: boolean, messages?: readonly Message[]): void {
    this.#answer.isStreamed = isStreamed;
    if (messages !== undefined) this.#answer.content = { messages, answer: '' };
  }

  /** Called when an attempt is sent. */
  noteAttempt(): void {
    this.#sentAt ??= this.#monotonic();
  }

  noteHedge(hedge: Parameters<NonNullable<StreamOptions['onHedge']>>[0]): void {
    const answer = this.#answer;
    if (hedge.type === 'sent') answer.hedges! += 1;
    else if (hedge.cost !== undefined) answer.hedgeCost = decimalText(decimal(answer.hedgeCost ?? 0).plus(hedge.cost));
  }

  see(event: CompletionEvent): void {
    const answer = this.#answer;
    if (answer.timeToFirstTokenMs === undefined && isVisible(event)) answer.timeToFirstTokenMs = this.#monotonic() - this.#readAt;
    switch (event.type) {
      case 'response-start':
        answer.target = event.model === '' ? undefined : event.model;
        answer.provider = event.provider;
        answer.generationId = event.id === '' ? undefined : event.id;
        break;
      case 'cached':
        answer.isCached = true;
        break;
      case 'retry':
        answer.retries! += 1;
        break;
      case 'fallback':
        answer.fallbacks! += 1;
        break;
      case 'usage':
        answer.usage = event.usage;
        break;
      case 'text-delta':
        if (answer.content !== undefined) answer.content.answer += event.text;
        break;
      case 'response-end':
        answer.finishReason = event.finishReason;
        break;
      default:
    }
  }

  /** The facts so far. */
  get answer(): Readonly<ServedAnswer> {
    const answer = this.#answer;
    if (this.#sentAt !== undefined) {
      answer.attempts = 1 + answer.retries! + answer.fallbacks! + answer.hedges!;
      answer.overheadMs = this.#sentAt - this.#readAt;
    }
    return answer;
  }

  /** Adds the facts so far as `x-orx-*` headers. */
  addHeaders(headers: Record<string, string>): void {
    const { target, overheadMs, usage, attempts = 0, isCached } = this.answer;
    if (isCached === true) headers['x-orx-cache'] = 'hit';
    if (isHeaderText(target)) headers['x-orx-target'] = target;
    if (attempts > 0) headers['x-orx-attempts'] = String(attempts);
    if (usage?.cost !== undefined) headers['x-orx-cost'] = usage.cost;
    if (overheadMs !== undefined) headers['x-orx-overhead-ms'] = overheadMs.toFixed(2);
  }
}

/** Returns whether an untrusted text is valid in a header. */
export function isHeaderText(text: string | undefined): text is string {
  return text !== undefined && /^[\x21-\x7e]{1,200}$/.test(text);
}
