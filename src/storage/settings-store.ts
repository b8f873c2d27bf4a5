import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Conf from 'conf';
import { OrxError } from '../errors.ts';
import { withFileLock, type LockOptions } from './files/file-lock.ts';
import { keepFolderPrivate, makePrivateFolder } from './files/private-mode.ts';
import { holdsKey, parseSettings, readSettingsFile, settingsPath, type SettingsPlace } from './settings-file.ts';

const PRIVATE = 0o600;
/** What holds keys. */
const SECRETS: ReadonlySet<string> = new Set(['api-key', 'vendors']);

/** The settings file for writing. Keys that this orx does not know stay as they are. */
export interface SettingsStore {
  path: string;
  /** The stored value as it is in the file, undefined when there is none. */
  get: (key: string) => unknown;
  /** Stores values that JSON can hold. Resolves when they are on the disk. */
  set: (key: string, value: unknown) => Promise<void>;
  /** Stores what is made of the stored value (undefined when there is none), with no other process in between; undefined removes it. */
  update: (key: string, work: (stored: unknown) => unknown) => Promise<void>;
  /** Removes stored values; resolves to the keys that were there. */
  delete: (...keys: readonly string[]) => Promise<readonly string[]>;
}

/**
 * Opens the settings of a place, written by conf: whole or not at all. What orx makes is private, the file 0600 and the folder
 * 0700, and a file with a key in it becomes so; a file without one in a folder that is not orx's keeps its mode. Every change
 * reads the file again under a lock, so that two processes that change different keys at once both succeed. A file that is
 * not a JSON object is never written over: a usage error names it. Nothing is made on the disk before the first change.
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
          // conf replaces what is not UTF-8 without a word, and would write it back so.
          readSettingsFile(place);
          return work(open(ownsConfig || keys.some((key) => SECRETS.has(key)) ? PRIVATE : modeToKeep(path)));
        },
        lock,
      );
    } catch (error) {
      throw error instanceof OrxError ? error : cannotWrite(path, error);
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

// A config.json without a key may be a project's own, and its mode means something there.
function modeToKeep(path: string): number {
  const match = statSync(path, { throwIfNoEntry: false });
  return match === undefined || holdsKey(readFileSync(path, 'utf8')) ? PRIVATE : match.mode & 0o777;
}

// A process that was killed while it wrote leaves its half beside the file, and the key may be in it. Under the lock nobody writes.
function removeLeftovers(path: string): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`${basename(path)}.tmp-`)) rmSync(join(folder, name), { force: true });
  }
}

function cannotWrite(path: string, error: unknown): OrxError {
  return new OrxError(`cannot write the settings file ${path} (${(error as NodeJS.ErrnoException).code ?? String(error)})`, {
    kind: 'unexpected',
    code: 'settings-unwritable',
    hints: ['use another folder: export ORX_HOME=FOLDER', 'use a key without storing it: export OPENROUTER_API_KEY=KEY'],
    cause: error,
  });
}
