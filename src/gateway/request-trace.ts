import { decimal, decimalText } from '../decimal.ts';
import { isVisible, type CompletionEvent, type StreamOptions } from '../apis/completion.ts';
import { type Message } from '../apis/message.ts';
import type { ServedAnswer } from '../core/serve/served-request.ts';

/** Traces one completion, for the headers of its reply, the log and the metrics. */
export class RequestTrace {
  readonly #answer: ServedAnswer = { retries: 0, fallbacks: 0, hedges: 0 };
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
  get answer(): ServedAnswer {
    const sentAt = this.#sentAt;
    if (sentAt === undefined) return { ...this.#answer, attempts: 0 };
    const { retries = 0, fallbacks = 0, hedges = 0 } = this.#answer;
    return { ...this.#answer, attempts: 1 + retries + fallbacks + hedges, overheadMs: sentAt - this.#readAt };
  }

  /** Returns the facts so far as `x-orx-*` headers. */
  headers(): Record<string, string> {
    const { target, overheadMs, usage, attempts = 0, isCached } = this.answer;
    return {
      ...(isCached === true && { 'x-orx-cache': 'hit' }),
      ...(isHeaderText(target) && { 'x-orx-target': target }),
      ...(attempts > 0 && { 'x-orx-attempts': String(attempts) }),
      ...(usage?.cost !== undefined && { 'x-orx-cost': usage.cost }),
      ...(overheadMs !== undefined && { 'x-orx-overhead-ms': overheadMs.toFixed(2) }),
    };
  }
}

/** Returns whether an untrusted text is valid in a header. */
export function isHeaderText(text: string | undefined): text is string {
  return text !== undefined && /^[\x21-\x7e]{1,200}$/.test(text);
}
