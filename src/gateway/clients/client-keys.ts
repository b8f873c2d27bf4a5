import { timingSafeEqual } from 'node:crypto';
import { hashClientKey } from '../../core/client-keys/secret.ts';
import type { ClientKey, ClientKeyRights, ClientKeyStore } from '../../storage/client-keys.ts';

/** A client key from the configuration. Never stored. */
export interface ConfiguredClientKey extends ClientKeyRights {
  name: string;
  secret: string;
}

export interface ClientKeysOptions {
  /** Keys that other processes may create and revoke at any time. */
  store?: Pick<ClientKeyStore, 'list'> | undefined;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** The keys that may use the gateway: stored keys, and those of the configuration. */
export class ClientKeys {
  readonly #store: Pick<ClientKeyStore, 'list'> | undefined;
  readonly #now: () => number;
  #configured: readonly ClientKey[] = [];
  #isRequired = false;
  #read: { stored: readonly ClientKey[]; configured: readonly ClientKey[]; byHash: ReadonlyMap<string, ClientKey> } | undefined;

  constructor({ store, now }: ClientKeysOptions) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * Replaces the keys of the previous configuration, such as LiteLLM's `master_key`. `isRequired`: require a key even if no keys
   * exist.
   */
  configure(keys: readonly ConfiguredClientKey[], { isRequired = false }: { isRequired?: boolean } = {}): void {
    this.#configured = keys.map(({ secret, ...rights }) => ({
      ...rights,
      hash: hashClientKey(secret),
      ending: '',
      createdAt: this.#now(),
    }));
    if (isRequired) this.#isRequired = true;
  }

  /**
   * Returns whether a request needs a key. Once a key exists, this stays true for the process, even if all keys are removed: a
   * gateway never becomes open by itself. Throws when the stored keys cannot be read.
   */
  get isRequired(): boolean {
    if (!this.#isRequired && this.#all().size > 0) this.#isRequired = true;
    return this.#isRequired;
  }

  /** Returns whether any key is currently valid. */
  get hasValid(): boolean {
    return [...this.#all().values()].some((key) => this.#isValid(key));
  }

  /**
   * Finds the key of a secret. Returns undefined for an unknown, revoked or expired key, without distinguishing them: all take
   * the same steps. The duration of the lookup reveals nothing, because it depends on the hash of a guess, which no one can
   * choose.
   */
  find(secret: string): ClientKey | undefined {
    const hash = hashClientKey(secret);
    // A key that was added a moment ago must work; any other that is not valid takes the same steps.
    return this.#validIn(this.#all(LOOK_MS), hash) ?? this.#validIn(this.#all(), hash);
  }

  #validIn(keys: ReadonlyMap<string, ClientKey>, hash: string): ClientKey | undefined {
    const match = keys.get(hash);
    const isSame = timingSafeEqual(Buffer.from(hash), Buffer.from(match?.hash ?? NO_HASH));
    return isSame && match !== undefined && this.#isValid(match) ? match : undefined;
  }

  #isValid({ revokedAt, expiresAt = Infinity }: ClientKey): boolean {
    return revokedAt === undefined && this.#now() < expiresAt;
  }

  #all(maxAgeMs = 0): ReadonlyMap<string, ClientKey> {
    const stored = this.#store?.list(maxAgeMs) ?? NO_KEYS;
    if (this.#read?.stored !== stored || this.#read.configured !== this.#configured) {
      const byHash = new Map([...stored, ...this.#configured].map((key) => [key.hash, key]));
      this.#read = { stored, configured: this.#configured, byHash };
    }
    return this.#read.byHash;
  }
}

const NO_HASH = '-'.repeat(64);
const NO_KEYS: readonly ClientKey[] = [];
/** How often the gateway looks whether the stored keys have changed, at most: a look takes as long as the rest of finding a key. */
const LOOK_MS = 10;
