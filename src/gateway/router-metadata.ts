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

  constructor(requested: string) {
    this.#requested = requested;
    this.#model = requested;
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

  /** Returns the metadata of a complete answer; undefined for one from the cache, which no target has given. */
  wire(): FieldValues | undefined {
    if (this.#isCached) return undefined;
    if (this.#own !== undefined) return this.#own;
    const attempts = [
      ...this.#asked,
      ...this.#failures.map((status) => ({ model: this.#model, status })),
      { model: this.#model, status: 200 },
    ];
    const models = [...new Set(attempts.map(({ model }) => model))];
    const selected = this.#provider ?? providerOf(this.#model);
    const strategy = this.#fallbacks > 0 ? 'fallback' : this.#requested === this.#model ? 'direct' : 'alias';
    return {
      requested: this.#requested,
      strategy,
      region: null,
      summary: `available=${models.length}, selected=${selected}`,
      attempt: attempts.length,
      is_byok: this.#isByok,
      endpoints: {
        total: models.length,
        available: models.map((model) => ({
          provider: model === this.#model ? selected : providerOf(model),
          model,
          selected: model === this.#model,
        })),
      },
      attempts: attempts.map(({ model, status }) => ({
        provider: model === this.#model ? selected : providerOf(model),
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
