import { parseDirectId } from '../apis/direct-id.ts';
import type { CompletionEvent } from '../apis/completion.ts';
import { findVendor } from '../apis/vendors.ts';
import { OrxError } from '../errors.ts';
import { type FieldValues, isFields } from './dialects/fields.ts';

interface Asked {
  model: string;
  /** HTTP status; undefined if there was none. */
  status: number | undefined;
}

/** Collects which targets a request was sent to, in the form of OpenRouter's router metadata. */
export class RouterMetadata {
  readonly #requested: string;
  readonly #asked: Asked[] = [];
  /** Statuses of failed attempts at the present target. */
  #failures: (number | undefined)[] = [];
  #fallbacks = 0;
  #model: string;
  #provider: string | undefined;
  #isByok = false;
  #isCached = false;
  #own: FieldValues | undefined;
  /** Every attempt so far, with the status of those that have failed. */
  readonly #sent: Asked[] = [];
  #hasFailed = false;

  constructor(requested: string) {
    this.#requested = requested;
    this.#model = requested;
  }

  /** Called just before an attempt is sent. */
  noteAttempt(model: string): void {
    this.#sent.push({ model, status: undefined });
  }

  /** Called when such an attempt has failed. */
  noteFailure(model: string, error: unknown): void {
    const attempt = this.#sent.findLast((one) => one.model === model && one.status === undefined);
    if (attempt !== undefined) attempt.status = statusOf(error);
  }

  /**
   * Called when the request has failed: from then on, the metadata is that of a failure. Returns the fields for the object with the error, in any
   * dialect. An internal failure tells nothing about the gateway.
   */
  fail(error: unknown): FieldValues {
    this.#hasFailed = true;
    if (!(error instanceof OrxError) || error.kind === 'unexpected') return {};
    const metadata = this.wire();
    return metadata === undefined ? {} : { openrouter_metadata: metadata };
  }

  see(event: CompletionEvent): void {
    switch (event.type) {
      case 'retry':
        this.#failures.push(statusOf(event.error));
        break;
      case 'fallback':
        this.#fallbacks += 1;
        this.#close(event.model, statusOf(event.error));
        break;
      case 'response-start':
        if (event.model !== '') this.#model = event.model;
        this.#provider = event.provider;
        break;
      case 'usage':
        this.#isByok = event.usage.isByok === true;
        break;
      case 'chunk':
        // OpenRouter's own metadata names its providers.
        if (event.dialect === undefined && event.data.includes('"openrouter_metadata"')) this.#keepOwn(event.data);
        break;
      case 'cached':
        this.#isCached = true;
        break;
      default:
    }
  }

  /** Returns the metadata of a complete answer, or of a failure; undefined for an answer from the cache, which no target has given. */
  wire(): FieldValues | undefined {
    if (this.#isCached) return undefined;
    if (this.#own !== undefined) return this.#own;
    if (this.#hasFailed) return this.#failedWire();
    const attempts = [
      ...this.#asked,
      ...this.#failures.map((status) => ({ model: this.#model, status })),
      { model: this.#model, status: 200 },
    ];
    const selected = this.#provider ?? providerOf(this.#model);
    const strategy = this.#fallbacks > 0 ? 'fallback' : this.#requested === this.#model ? 'direct' : 'alias';
    return this.#fields(strategy, attempts, selected);
  }

  #failedWire(): FieldValues {
    const attempts = this.#sent;
    const [first, ...others] = attempts;
    const hasFallback = others.some(({ model }) => model !== first!.model);
    const strategy = hasFallback ? 'fallback' : (first?.model ?? this.#requested) === this.#requested ? 'direct' : 'alias';
    return this.#fields(strategy, attempts, undefined);
  }

  /** `selected` is the provider that has answered with `#model`. */
  #fields(strategy: string, attempts: readonly Asked[], selected: string | undefined): FieldValues {
    const models = [...new Set(attempts.map(({ model }) => model))];
    const isSelected = (model: string): boolean => selected !== undefined && model === this.#model;
    const nameOf = (model: string): string => (isSelected(model) ? selected! : providerOf(model));
    return {
      requested: this.#requested,
      strategy,
      region: null,
      summary: selected === undefined ? `available=${models.length}` : `available=${models.length}, selected=${selected}`,
      attempt: attempts.length,
      is_byok: this.#isByok,
      endpoints: {
        total: models.length,
        available: models.map((model) => ({ provider: nameOf(model), model, selected: isSelected(model) })),
      },
      attempts: attempts.map(({ model, status }) => ({
        provider: nameOf(model),
        model,
        ...(status !== undefined && { status }),
      })),
    };
  }

  #keepOwn(chunk: string): void {
    try {
      const metadata = (JSON.parse(chunk) as FieldValues)['openrouter_metadata'];
      if (isFields(metadata)) this.#own = metadata;
    } catch {
      // A chunk that is not JSON is reported elsewhere.
    }
  }

  #close(model: string, status: number | undefined): void {
    for (const failure of [...this.#failures, status]) this.#asked.push({ model, status: failure });
    this.#failures = [];
  }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof OrxError ? error.status : undefined;
}

function providerOf(model: string): string {
  const vendor = parseDirectId(model)?.vendor;
  return vendor === undefined ? 'OpenRouter' : (findVendor(vendor)?.label ?? vendor);
}
