import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Conf from 'conf';
import { OrxError } from '../errors.ts';
import { withFileLock, type LockOptions } from './file-lock.ts';
import { makePrivateFolder } from './private-mode.ts';
import { parseSettings, readSettingsFile, settingsPath } from './settings-file.ts';

/** The settings file for writing. Keys that this orx does not know stay as they are. */
export interface SettingsStore {
  path: string;
  /** The stored value as it is in the file, undefined when there is none. */
  get: (key: string) => unknown;
  /** Stores values that JSON can hold. Resolves when they are on the disk. */
  set: (key: string, value: unknown) => Promise<void>;
  /** Removes stored values; resolves to the keys that were there. */
  delete: (...keys: readonly string[]) => Promise<readonly string[]>;
}

/**
 * Opens the settings in `folder`, written by conf: whole or not at all, file mode 0600 in a folder of mode 0700. Every change
 * reads the file again under a lock, so that two processes that change different keys at once both succeed. A file that is
 * not a JSON object is never written over: a usage error names it. Nothing is made on the disk before the first change.
 */
export function openSettingsStore(folder: string, lock: LockOptions = {}): SettingsStore {
  const path = settingsPath(folder);
  const open = (): Conf<Record<string, unknown>> =>
    new Conf<Record<string, unknown>>({
      cwd: folder,
      configName: basename(path, '.json'),
      configFileMode: 0o600,
      accessPropertiesByDotNotation: false,
      deserialize: (text) => parseSettings(path, text),
    });
  const change = async <T>(work: (conf: Conf<Record<string, unknown>>) => T): Promise<T> => {
    try {
      makePrivateFolder(folder);
      return await withFileLock(
        `${path}.lock`,
        () => {
          removeLeftovers(path);
          return work(open());
        },
        lock,
      );
    } catch (error) {
      throw error instanceof OrxError ? error : cannotWrite(path, error);
    }
  };
  return {
    path,
    get: (key) => readSettingsFile(folder)[key],
    set: (key, value) => change((conf) => conf.set(key, value)),
    delete: (...keys) =>
      change((conf) => {
        const present = keys.filter((key) => conf.has(key));
        for (const key of present) conf.delete(key);
        return present;
      }),
  };
}

// A process that was killed while it wrote leaves its half beside the file, and the key may be in it. Under the lock nobody writes.
function removeLeftovers(path: string): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`${basename(path)}.tmp-`)) rmSync(join(folder, name), { force: true });
  }
}

function cannotWrite(path: string, error: unknown): OrxError {
  return new OrxError(`cannot write the settings at ${path} (${(error as NodeJS.ErrnoException).code ?? String(error)})`, {
    kind: 'unexpected',
    code: 'settings-unwritable',
    hints: ['set ORX_HOME to a folder that you can write to, or give the key for one call: OPENROUTER_API_KEY=… orx …'],
    cause: error,
  });
}
