import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OLD_SETTING_KEYS } from '../old-setting-keys.ts';
import { OrxError } from '../errors.ts';
import { wideEncoding } from '../text/likely-encoding.ts';
import { utf8Text, withoutMark } from '../text/utf8.ts';
import type { Paths } from './paths.ts';
import { keepFilePrivate, keepFolderPrivate } from './files/private-mode.ts';
import { readFailure } from '../text/file-failure.ts';

/** The folder of the settings, and whether only orx uses it. */
export type SettingsPlace = Pick<Paths, 'config' | 'ownsConfig'>;

/** Returns the path of the settings file in a folder. */
export function settingsPath(folder: string): string {
  return join(folder, 'config.json');
}

/**
 * Reads the settings that conf has written (storage/settings-store.ts) without loading conf: every command reads settings, few write them, and
 * conf takes longer to load than the rest of a piped chat. A missing file gives no settings. A file that contains a key is made private, and so
 * is a folder that only orx uses.
 */
export function readSettingsFile(place: SettingsPlace): Readonly<Record<string, unknown>> {
  const path = settingsPath(place.config);
  return parseSettings(path, readPrivately(place, path));
}

/** Returns what reads the settings file, as `readSettingsFile` does: the same object as long as the file has the same text. */
export function createSettingsFileReader(place: SettingsPlace): () => Readonly<Record<string, unknown>> {
  let known: { text: string; settings: Readonly<Record<string, unknown>> } | undefined;
  return () => {
    const path = settingsPath(place.config);
    const text = readPrivately(place, path);
    if (known?.text !== text) known = { text, settings: parseSettings(path, text) };
    return known.settings;
  };
}

/** Returns whether the text of a settings file contains a key or a header, or may contain one. Also works for a damaged file. */
export function holdsKey(text: string): boolean {
  return text.includes('"api-key"') || text.includes('"vendors"') || text.includes('"headers"');
}

/** Parses the object in a settings file. Throws a usage error that names the file if there is none. */
export function parseSettings(path: string, text: string): Record<string, unknown> {
  const value = parseJson(withoutMark(text));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return withNewNames(value as Record<string, unknown>);
  throw new OrxError(`the settings file ${path} is not a JSON object`, {
    kind: 'usage',
    code: 'settings-corrupt',
    hints: ['fix the file, or move it away, then log in again: orx auth login'],
  });
}

/** Renames settings that the file contains under an old name. The next change of the file removes the old name. */
function withNewNames(settings: Record<string, unknown>): Record<string, unknown> {
  for (const [old, name] of Object.entries(OLD_SETTING_KEYS)) {
    if (settings[old] === undefined) continue;
    settings[name] ??= settings[old];
    delete settings[old];
  }
  return settings;
}

function readPrivately({ config, ownsConfig }: SettingsPlace, path: string): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    if (ownsConfig) keepFolderPrivate(config);
    const bytes = readFileSync(descriptor);
    if (holdsKey(bytes.toString('latin1'))) keepFilePrivate(descriptor);
    // Zero bytes that no encoding explains are the result of a power failure: damage, which no conversion repairs.
    if (bytes.includes(0) && wideEncoding(bytes) === undefined) return '';
    return utf8Text({ name: `the settings file ${path}`, path }, bytes);
  } catch (error) {
    if (error instanceof OrxError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '{}';
    throw new OrxError(`cannot read the settings file ${path} (${readFailure(error)})`, {
      kind: 'unexpected',
      code: 'settings-unreadable',
      hints: ['change its permissions, or use another folder: export ORX_HOME=FOLDER'],
      cause: error,
    });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
