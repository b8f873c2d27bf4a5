import { statSync } from 'node:fs';
import { join } from 'node:path';
import { OrxError, usageError } from '../errors.ts';
import { monotonicMs } from '../monotonic.ts';
import { readPrivateJson, updatePrivateJson } from './files/private-json.ts';

/** The rights of a client key of the gateway. An undefined limit means none. */
export interface ClientKeyRights {
  /** Models by name or by pattern with `*`. */
  models?: readonly string[] | undefined;
  requestsPerMinute?: number | undefined;
  tokensPerMinute?: number | undefined;
  parallelRequests?: number | undefined;
  /** Milliseconds since 1970. */
  expiresAt?: number | undefined;
  /** The ledger stores these with every request of the key. */
  tags?: readonly string[] | undefined;
}

/** A stored client key. It contains only the hash of the key, so the file gives no access to the gateway. */
export interface ClientKey extends ClientKeyRights {
  name: string;
  /** SHA-256 of the key in hexadecimal: core/client-keys/secret.ts. */
  hash: string;
  /** The end of the key, by which users recognize it. */
  ending: string;
  createdAt: number;
  revokedAt?: number | undefined;
}

/** The client keys of the gateway. Any number of processes may use them at once. */
export interface ClientKeyStore {
  path: string;
  /**
   * Returns all keys, oldest first, including revoked ones. Reads the file again if it has changed; whether it has is not looked up
   * again within `maxAgeMs` (default: 0). Throws if it cannot be read.
   */
  list: (maxAgeMs?: number) => readonly ClientKey[];
  /** Throws kind `usage` if a key of this name exists, even a revoked one: entries of the ledger refer to it by name. */
  add: (key: ClientKey) => Promise<void>;
  /** Throws kind `usage` if there is no such key. Returns the key; revoking it again changes nothing. */
  revoke: (name: string, at: number) => Promise<ClientKey>;
}

const HASH = /^[0-9a-f]{64}$/;

/** Opens the keys, which are stored in a private file. Writes are atomic. */
export function openClientKeys({ folder, name }: { folder: string; name: string }): ClientKeyStore {
  const path = join(folder, `${name}.json`);
  let known: { version: string; keys: readonly ClientKey[] } | undefined;
  let lookedAt = -Infinity;
  const update = (work: (keys: readonly ClientKey[]) => readonly ClientKey[]): Promise<void> =>
    updatePrivateJson(path, (stored) => ({ keys: work(keysIn(stored, path)) }));
  return {
    path,
    list(maxAgeMs = 0) {
      const now = monotonicMs();
      if (known !== undefined && now - lookedAt < maxAgeMs) return known.keys;
      const version = versionOf(path);
      lookedAt = now;
      if (known?.version !== version) known = { version, keys: keysIn(readPrivateJson(path), path) };
      return known.keys;
    },
    add: (key) =>
      update((keys) => {
        const same = keys.find((one) => one.name === key.name);
        if (same !== undefined) throw nameTaken(same);
        return [...keys, key];
      }),
    async revoke(wanted, at) {
      let revoked: ClientKey | undefined;
      await update((keys) => {
        const match = keys.find((one) => one.name === wanted);
        if (match === undefined) throw unknownClientKey(wanted);
        const after: ClientKey = { ...match, revokedAt: match.revokedAt ?? at };
        revoked = after;
        return keys.map((one) => (one === match ? after : one));
      });
      return revoked!;
    },
  };
}

function unknownClientKey(name: string): OrxError {
  return usageError(`unknown client key "${name}"`, 'list the client keys: orx serve keys list');
}

function nameTaken({ name, revokedAt }: ClientKey): OrxError {
  return revokedAt === undefined
    ? usageError(
        `the client key "${name}" already exists`,
        `remove it, then add one with another name: orx serve keys remove ${name}`,
      )
    : usageError(
        `the client key "${name}" was revoked, and its name cannot be reused`,
        'choose another name: orx serve keys add NAME',
      );
}

/** Returns a text that identifies the version of the file: each write creates a new file. Empty if there is no file. */
function versionOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.ino} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.size}`;
}

// A key whose limits cannot be read must not become one without limits: in that case no key is valid.
function keysIn(stored: Readonly<Record<string, unknown>>, path: string): readonly ClientKey[] {
  const keys: unknown = stored['keys'] ?? [];
  if (Array.isArray(keys) && keys.every(isClientKey)) return keys;
  throw new OrxError(`${path} does not contain valid client keys`, {
    kind: 'usage',
    code: 'file-corrupt',
    hints: ['fix the file, or move it away, then add the keys again: orx serve keys add NAME'],
  });
}

function isClientKey(value: unknown): value is ClientKey {
  if (typeof value !== 'object' || value === null) return false;
  const key = value as Readonly<Record<string, unknown>>;
  const isCount = (one: unknown): boolean =>
    one === undefined || (typeof one === 'number' && Number.isSafeInteger(one) && one >= 0);
  const isTexts = (one: unknown): boolean =>
    one === undefined || (Array.isArray(one) && one.every((text) => typeof text === 'string'));
  return (
    typeof key['name'] === 'string' &&
    typeof key['hash'] === 'string' &&
    HASH.test(key['hash']) &&
    typeof key['ending'] === 'string' &&
    typeof key['createdAt'] === 'number' &&
    ['revokedAt', 'expiresAt', 'requestsPerMinute', 'tokensPerMinute', 'parallelRequests'].every((name) => isCount(key[name])) &&
    ['models', 'tags'].every((name) => isTexts(key[name]))
  );
}
