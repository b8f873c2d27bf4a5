/** The keychain of the system: Keychain on macOS, Credential Manager on Windows, the Secret Service (GNOME Keyring, KWallet, …) elsewhere. */
export interface Keychain {
  /** Returns a key; the process waits for it. Reads each entry once. Throws kind `authentication`, with `hints`. */
  readNow: (account: string, hints: readonly string[]) => string;
  /** Returns a key. Reads each entry once. Throws kind `authentication`, with `hints`. */
  read: (account: string, hints: readonly string[], signal: AbortSignal) => Promise<string>;
  /** Throws kind `authentication` if there is no keychain that answers. One that is locked may answer. */
  check: (signal: AbortSignal) => Promise<void>;
  /** Stores a key in the place of an earlier one. Throws kind `authentication`. */
  store: (account: string, key: string, signal: AbortSignal) => Promise<void>;
  /** Removes an entry, if there is one. Throws kind `authentication`. */
  remove: (account: string, signal: AbortSignal) => Promise<void>;
}
