import { timingSafeEqual } from 'node:crypto';
import { hashClientKey } from '../../core/client-keys/secret.ts';
import type { ClientKey, ClientKeyRights, ClientKeyStore } from '../../storage/client-keys.ts';

/** A client key of the configuration: it is never stored. */
export interface ConfiguredClientKey extends ClientKeyRights {
  name: string;
  secret: string;
}

export interface ClientKeysOptions {
  /** Keys that other processes make and revoke meanwhile. */
  store?: Pick<ClientKeyStore, 'list'> | undefined;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Who may ask the gateway: stored keys, and those of the configuration. */
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

  /** Takes the keys of a configuration in place of those of the last one, such as LiteLLM's `master_key`. `isRequired`: also without any key. */
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
   * Whether a request needs a key. From the first key on that stays so for this process, whatever becomes of the keys: a gateway does not
   * open by itself. Throws where the stored keys cannot be read.
   */
  get isRequired(): boolean {
    if (!this.#isRequired && this.#all().size > 0) this.#isRequired = true;
    return this.#isRequired;
  }

  /** Whether any key is valid now. */
  get hasValid(): boolean {
    return [...this.#all().values()].some((key) => this.#isValid(key));
  }

  /**
   * The key of a secret. Undefined for one that is unknown, revoked or expired: nobody can tell which. All of them take the same steps. The
   * time of the look-up tells nothing: where a guess is looked up depends on its hash, which nobody chooses.
   */
  find(secret: string): ClientKey | undefined {
    const hash = hashClientKey(secret);
    const match = this.#all().get(hash);
    const isSame = timingSafeEqual(Buffer.from(hash), Buffer.from(match?.hash ?? NO_HASH));
    return isSame && match !== undefined && this.#isValid(match) ? match : undefined;
  }

  #isValid({ revokedAt, expiresAt = Infinity }: ClientKey): boolean {
    return revokedAt === undefined && this.#now() < expiresAt;
  }

  #all(): ReadonlyMap<string, ClientKey> {
    const stored = this.#store?.list() ?? [];
    if (this.#read?.stored !== stored || this.#read.configured !== this.#configured) {
      const byHash = new Map([...stored, ...this.#configured].map((key) => [key.hash, key]));
      this.#read = { stored, configured: this.#configured, byHash };
    }
    return this.#read.byHash;
  }
}

const NO_HASH = '-'.repeat(64);
