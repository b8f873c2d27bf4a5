import type { Api } from '../../apis/api.ts';
import { OrxError } from '../../errors.ts';
import type { ClientKey } from '../../storage/client-keys.ts';
import { clientApi } from './client-api.ts';
import { clientUnknown, rateLimitHeaders } from './client-errors.ts';
import type { ClientKeys } from './client-keys.ts';
import { ClientLimits } from './client-limits.ts';
import { type ClientSpending, NO_SPENDING } from './client-spending.ts';

export interface ClientAccessOptions {
  /** Undefined: any key opens the gateway. */
  keys?: ClientKeys | undefined;
  /** Default: nothing is recorded. */
  spending?: ClientSpending | undefined;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** A request that wants in. */
export interface ClientRequest {
  /** The key that came with it. */
  secret: string | undefined;
  /** Tags that a header names. */
  headerTags: string | undefined;
  /** Its route needs a key also where any will do. */
  needsKey: boolean;
  /** It asks a model: the limits of the key hold. */
  isLimited: boolean;
}

/** A client that was let in. */
export interface AdmittedClient {
  /** Name of its key; undefined where clients need none. */
  name: string | undefined;
  /** The API as the client may use it. */
  api: Api;
  /** For every reply to it. */
  headers: Readonly<Record<string, string>>;
  /** The request is over, however it ended. */
  release: () => void;
}

/** Lets clients in, each with what its key allows. */
export class ClientAccess {
  readonly #options: ClientAccessOptions;
  readonly #limits: ClientLimits;

  constructor(options: ClientAccessOptions) {
    this.#options = options;
    this.#limits = new ClientLimits(options.now);
  }

  /** Whether every client needs a key. Throws where the stored keys cannot be read. */
  get areRequired(): boolean {
    return this.#options.keys?.isRequired === true;
  }

  /** Throws status 401 for a client without a valid key where one is needed, and 429 for one beyond its limits. */
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

// Keys that cannot be read let nobody in. What is wrong with them is for the one who runs the gateway.
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
