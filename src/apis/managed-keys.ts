/** An API key of the account, as a management key sees it. USD amounts are exact decimal text. All texts are untrusted. */
export interface ManagedKey {
  /** SHA-256 of the key, in hexadecimal: its id. */
  hash: string;
  name: string;
  /** The start and the end of the key. */
  label?: string | undefined;
  isDisabled: boolean;
  limit?: string | undefined;
  limitRemaining?: string | undefined;
  /** `daily`, `weekly` or `monthly`; undefined if the limit never resets. */
  limitReset?: string | undefined;
  /** Whether the limit counts what providers charge the user's own keys. */
  includesByok?: boolean | undefined;
  usage?: string | undefined;
  usageDaily?: string | undefined;
  usageWeekly?: string | undefined;
  usageMonthly?: string | undefined;
  /** ISO 8601. */
  createdAt?: string | undefined;
  expiresAt?: string | undefined;
}

/** Changes of a key. Null removes a limit. */
export interface KeyChanges {
  name?: string | undefined;
  isDisabled?: boolean | undefined;
  /** Exact decimal text. */
  limit?: string | null | undefined;
  limitReset?: string | null | undefined;
  includesByok?: boolean | undefined;
}

export interface NewKey extends Pick<KeyChanges, 'limit' | 'limitReset' | 'includesByok'> {
  name: string;
  /** ISO 8601 in UTC, without fractions of a second. */
  expiresAt?: string | undefined;
}

interface CallOptions {
  signal?: AbortSignal | undefined;
}

/** Manages the keys of the account. Every method throws code `not-a-management-key` if the API does not let the key do that. */
export interface ManagedKeysCapability {
  /** Returns all keys, disabled ones too. */
  list: (options?: CallOptions) => Promise<readonly ManagedKey[]>;
  /** Creates a key. `key` is the key itself, which the API returns only here. */
  create: (key: NewKey, options?: CallOptions) => Promise<{ key: string; entry: ManagedKey }>;
  update: (hash: string, changes: KeyChanges, options?: CallOptions) => Promise<ManagedKey>;
  remove: (hash: string, options?: CallOptions) => Promise<void>;
}
