import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Conf from 'conf';
import { OrxError } from '../errors.ts';
import { withFileLock, type LockOptions } from './files/file-lock.ts';
import { keepFolderPrivate, makePrivateFolder } from './files/private-mode.ts';
import { holdsKey, parseSettings, readSettingsFile, settingsPath, type SettingsPlace } from './settings-file.ts';
import { unwritableHint, writeFailure } from '../text/file-failure.ts';

const PRIVATE = 0o600;
/** Settings that contain keys and other secrets. */
const SECRETS: ReadonlySet<string> = new Set(['api-key', 'headers', 'vendors', 'profiles']);

/** The settings file for writing. Keys that this version does not know stay unchanged. */
export interface SettingsStore {
  path: string;
  /** Returns the stored value as it is in the file; undefined if there is none. */
  get: (key: string) => unknown;
  /** Stores a value that JSON can represent. Resolves when it is on disk. */
  set: (key: string, value: unknown) => Promise<void>;
  /**
   * Stores the result of `work` for the stored value (undefined if there is none), with no other process in between; a result of undefined
   * removes it.
   */
  update: (key: string, work: (stored: unknown) => unknown) => Promise<void>;
  /** Removes stored values. Resolves to the keys that existed. */
  delete: (...keys: readonly string[]) => Promise<readonly string[]>;
}

/**
 * Opens the settings of a place, which conf writes atomically. Files that orx creates are private, the file 0600 and the folder 0700, and a file
 * that contains a key becomes private; a file without one in a folder that others use keeps its mode. Every change reads the file again under a
 * lock, so that two processes that change different keys at once both succeed. A file that is not a JSON object is never overwritten: a usage
 * error names it. Nothing is created on disk before the first change.
 */
export function openSettingsStore(place: SettingsPlace, lock: LockOptions = {}): SettingsStore {
  const { config: folder, ownsConfig } = place;
  const path = settingsPath(folder);
  const open = (mode: number): Conf<Record<string, unknown>> =>
    new Conf<Record<string, unknown>>({
      cwd: folder,
      configName: basename(path, '.json'),
      configFileMode: mode,
      accessPropertiesByDotNotation: false,
      deserialize: (text) => parseSettings(path, text),
    });
  const change = async <T>(keys: readonly string[], work: (conf: Conf<Record<string, unknown>>) => T): Promise<T> => {
    try {
      makePrivateFolder(folder);
      if (ownsConfig) keepFolderPrivate(folder);
      return await withFileLock(
        `${path}.lock`,
        () => {
          removeLeftovers(path);
          // conf silently replaces invalid UTF-8, and would write the result back.
          readSettingsFile(place);
          return work(open(ownsConfig || keys.some((key) => SECRETS.has(key)) ? PRIVATE : modeToKeep(path)));
        },
        lock,
      );
    } catch (error) {
      throw error instanceof OrxError
        ? error
        : cannotWrite(
            path,
            error,
            keys.some((key) => SECRETS.has(key)),
          );
    }
  };
  return {
    path,
    get: (key) => readSettingsFile(place)[key],
    set: (key, value) => change([key], (conf) => conf.set(key, value)),
    update: (key, work) =>
      change([key], (conf) => {
        const value = work(conf.get(key));
        if (value === undefined) conf.delete(key);
        else conf.set(key, value);
      }),
    delete: (...keys) =>
      change(keys, (conf) => {
        const present = keys.filter((key) => conf.has(key));
        for (const key of present) conf.delete(key);
        return present;
      }),
  };
}

// A config.json without a key may belong to a project, which has set its mode.
function modeToKeep(path: string): number {
  const match = statSync(path, { throwIfNoEntry: false });
  return match === undefined || holdsKey(readFileSync(path, 'utf8')) ? PRIVATE : match.mode & 0o777;
}

// A process that was killed while writing leaves a partial file next to the settings, which may contain the key. Under the lock, no other
// process writes.
function removeLeftovers(path: string): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`${basename(path)}.tmp-`)) rmSync(join(folder, name), { force: true });
  }
}

function cannotWrite(path: string, error: unknown, isSecret: boolean): OrxError {
  return new OrxError(`cannot write the settings file ${path} (${writeFailure(error)})`, {
    kind: 'unexpected',
    code: 'settings-unwritable',
    hints: [unwritableHint(error), ...(isSecret ? ['use a key without storing it: export OPENROUTER_API_KEY=KEY'] : [])],
    cause: error,
  });
}
