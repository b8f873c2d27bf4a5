import type { Api } from '../../apis/api.ts';
import { OrxError } from '../../errors.ts';
import type { ClientKey } from '../../storage/client-keys.ts';
import { clientApi } from './client-api.ts';
import { clientUnknown, rateLimitHeaders } from './client-errors.ts';
import type { ClientKeys } from './client-keys.ts';
import { ClientLimits, type OpenLimitLog } from './client-limits.ts';
import { type ClientSpending, NO_SPENDING } from './client-spending.ts';

export interface ClientAccessOptions {
  /** Undefined: the gateway accepts any key. */
  keys?: ClientKeys | undefined;
  /** Default: nothing is recorded. */
  spending?: ClientSpending | undefined;
  /** Shares the limits of keys with other gateways. Default: this process counts alone. */
  openLimitLog?: OpenLimitLog | undefined;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** A request before admission. */
export interface ClientRequest {
  /** The key in the request. */
  secret: string | undefined;
  /** Tags from a header. */
  headerTags: string | undefined;
  /** Its route requires a key even when any key is accepted. */
  needsKey: boolean;
  /** It sends a request to a model, so the limits of the key apply. */
  isLimited: boolean;
}

/** A client that was admitted. */
export interface AdmittedClient {
  /** Name of its key. Undefined when clients need no key. */
  name: string | undefined;
  /** The API with what the client may use. */
  api: Api;
  /** Added to every reply for the client. */
  headers: Readonly<Record<string, string>>;
  /** Ends the request, whatever its result. */
  release: () => void;
}

/** Admits clients, each with the rights of its key. */
export class ClientAccess {
  readonly #options: ClientAccessOptions;
  readonly #limits: ClientLimits;

  constructor(options: ClientAccessOptions) {
    this.#options = options;
    this.#limits = new ClientLimits(options.now, options.openLimitLog);
  }

  /** Returns whether every client needs a key. Throws when the stored keys cannot be read. */
  get areRequired(): boolean {
    return this.#options.keys?.isRequired === true;
  }

  /** Admits a client. Throws status 401 if it needs a valid key and has none, and 429 if it exceeds its limits. */
  admit(api: Api, { secret, headerTags, needsKey, isLimited }: ClientRequest): AdmittedClient {
    const key = this.#identify(secret, needsKey);
    const limits = key !== undefined && isLimited ? this.#limits.begin(key) : undefined;
    const spending = this.#options.spending ?? NO_SPENDING;
    return {
      name: key?.name,
      api: clientApi(api, { key, limits, headerTags, spending }),
      headers: limits?.requests === undefined ? {} : rateLimitHeaders(limits.requests),
      release: () => limits?.release(),
    };
  }

  #identify(secret: string | undefined, needsKey: boolean): ClientKey | undefined {
    const { keys } = this.#options;
    if (!isRequired(keys)) {
      if (needsKey && secret === undefined)
        throw new OrxError('No auth credentials found', { kind: 'authentication', code: 'authentication', status: 401 });
      return undefined;
    }
    const key = secret === undefined ? undefined : keys.find(secret);
    if (key === undefined) throw clientUnknown();
    return key;
  }
}

// Keys that cannot be read admit nobody. The details of the failure are for the operator of the gateway.
function isRequired(keys: ClientKeys | undefined): keys is ClientKeys {
  try {
    return keys?.isRequired === true;
  } catch (error) {
    throw new OrxError('cannot read the client keys of this gateway', {
      kind: 'unexpected',
      code: 'client-keys-unreadable',
      cause: error,
    });
  }
}
