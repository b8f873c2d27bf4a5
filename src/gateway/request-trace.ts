import type { CompletionEvent, Usage } from '../apis/completion.ts';

/** What became of one completion, for the headers of its reply, the log and the metrics. */
export class RequestTrace {
  /** The model that answers, a direct one with its vendor in front. Undefined until one does. */
  target: string | undefined;
  /** Who hosts it, as the API says. */
  provider: string | undefined;
  usage: Usage | undefined;
  finishReason: string | undefined;
  /** From the moment the request was complete to the first visible token, in milliseconds. */
  timeToFirstTokenMs: number | undefined;
  retries = 0;
  fallbacks = 0;
  isStreamed = false;
  readonly #monotonic: () => number;
  readonly #readAt: number;
  #sentAt: number | undefined;

  /** The request has been read: from now on the gateway works. `monotonic` is in milliseconds. */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
    this.#readAt = monotonic();
  }

  /** An attempt is sent. */
  noteAttempt(): void {
    this.#sentAt ??= this.#monotonic();
  }

  see(event: CompletionEvent): void {
    switch (event.type) {
      case 'response-start':
        this.target = event.model === '' ? undefined : event.model;
        this.provider = event.provider;
        break;
      case 'retry':
        this.retries += 1;
        break;
      case 'fallback':
        this.fallbacks += 1;
        break;
      case 'usage':
        this.usage = event.usage;
        break;
      case 'response-end':
        this.finishReason = event.finishReason;
        break;
      case 'text-delta':
      case 'reasoning-delta':
      case 'tool-call-delta':
      case 'image':
      case 'audio':
        this.timeToFirstTokenMs ??= this.#monotonic() - this.#readAt;
        break;
      default:
    }
  }

  /** How long the gateway had the request before it was sent on, in milliseconds. Undefined when it was not. */
  get overheadMs(): number | undefined {
    return this.#sentAt === undefined ? undefined : this.#sentAt - this.#readAt;
  }

  get attempts(): number {
    return this.#sentAt === undefined ? 0 : 1 + this.retries + this.fallbacks;
  }

  /** `x-orx-*` headers with what is known so far. */
  headers(): Record<string, string> {
    const { target, overheadMs, usage } = this;
    return {
      ...(target !== undefined && isHeaderText(target) && { 'x-orx-target': target }),
      ...(this.attempts > 0 && { 'x-orx-attempts': String(this.attempts) }),
      ...(usage?.cost !== undefined && { 'x-orx-cost': usage.cost }),
      ...(overheadMs !== undefined && { 'x-orx-overhead-ms': overheadMs.toFixed(2) }),
    };
  }
}

/** Whether text from outside can stand in a header. */
export function isHeaderText(text: string | undefined): text is string {
  return text !== undefined && /^[\x21-\x7e]{1,200}$/.test(text);
}
