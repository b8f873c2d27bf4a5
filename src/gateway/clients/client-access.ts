import type { Api } from '../../apis/api.ts';
import { OrxError } from '../../errors.ts';
import type { ClientKey } from '../../storage/client-keys.ts';
import { type ApiClient, clientApi } from './client-api.ts';
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
  /** Called for each request that is refused because the keys cannot be read. Clients do not learn why. */
  onUnreadable?: ((error: unknown) => void) | undefined;
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

/** Removed keys stay until then. */
const MOST_KEPT = 1000;

/** Admits clients, each with the rights of its key. */
export class ClientAccess {
  readonly #options: ClientAccessOptions;
  readonly #limits: ClientLimits;
  /** The API as each key may use it. A key that has changed is another object. */
  #kept: { api: Api | undefined; byKey: Map<ClientKey | undefined, Api> } = { api: undefined, byKey: new Map() };

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
      api: this.#apiFor(api, { key, limits, headerTags, spending }),
      headers: limits?.requests === undefined ? {} : rateLimitHeaders(limits.requests),
      release: () => limits?.release(),
    };
  }

  /** Returns the API for a request. Requests of one key share it unless they have tags or a limit of their own. */
  #apiFor(api: Api, client: ApiClient): Api {
    const { key, headerTags } = client;
    if (headerTags !== undefined || key?.tokensPerMinute !== undefined) return clientApi(api, client);
    if (this.#kept.api !== api || this.#kept.byKey.size >= MOST_KEPT) this.#kept = { api, byKey: new Map() };
    const known = this.#kept.byKey.get(key);
    if (known !== undefined) return known;
    const made = clientApi(api, { ...client, limits: undefined });
    this.#kept.byKey.set(key, made);
    return made;
  }

  #identify(secret: string | undefined, needsKey: boolean): ClientKey | undefined {
    const { keys } = this.#options;
    if (keys === undefined || !this.#read(() => keys.isRequired)) {
      if (needsKey && secret === undefined)
        throw new OrxError('No auth credentials found', { kind: 'authentication', code: 'authentication', status: 401 });
      return undefined;
    }
    const key = secret === undefined ? undefined : this.#read(() => keys.find(secret));
    if (key === undefined) throw clientUnknown();
    return key;
  }

  // Keys that cannot be read admit nobody. The details of the failure are for the operator of the gateway.
  #read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#options.onUnreadable?.(error);
      throw new OrxError('cannot read the client keys of this gateway', {
        kind: 'unexpected',
        code: 'client-keys-unreadable',
        cause: error,
      });
    }
  }
}
