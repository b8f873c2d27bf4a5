import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OrxError } from '../errors.ts';
import { wideEncoding } from '../text/likely-encoding.ts';
import { utf8Text, withoutMark } from '../text/utf8.ts';
import type { Paths } from './paths.ts';
import { keepFilePrivate, keepFolderPrivate } from './files/private-mode.ts';

/** The folder of the settings, and whether it is orx's alone. */
export type SettingsPlace = Pick<Paths, 'config' | 'ownsConfig'>;

/** Where the settings of this folder stand. */
export function settingsPath(folder: string): string {
  return join(folder, 'config.json');
}

/**
 * Reads the settings that conf has written (storage/settings-store.ts), without loading conf: every command reads settings,
 * few write them, and conf takes longer to load than the rest of a piped chat together. A missing file is no settings.
 * A file with a key in it is made private on the way, and so is a folder of orx's own.
 */
export function readSettingsFile(place: SettingsPlace): Readonly<Record<string, unknown>> {
  const path = settingsPath(place.config);
  return parseSettings(path, readPrivately(place, path));
}

/** Whether a settings file's text has a key in it, or may have. True of a damaged one as well. */
export function holdsKey(text: string): boolean {
  return text.includes('"api-key"') || text.includes('"vendors"');
}

/** The object in a settings file's text. Throws a usage error that names the file when there is none. */
export function parseSettings(path: string, text: string): Record<string, unknown> {
  const value = parseJson(withoutMark(text));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new OrxError(`the settings file ${path} is not a JSON object`, {
    kind: 'usage',
    code: 'settings-corrupt',
    hints: ['fix the file, or move it away, then log in again: orx auth login'],
  });
}

function readPrivately({ config, ownsConfig }: SettingsPlace, path: string): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    if (ownsConfig) keepFolderPrivate(config);
    const bytes = readFileSync(descriptor);
    if (holdsKey(bytes.toString('latin1'))) keepFilePrivate(descriptor);
    // Zero bytes that no encoding explains are what a power failure leaves: damage, which no conversion repairs.
    if (bytes.includes(0) && wideEncoding(bytes) === undefined) return '';
    return utf8Text({ name: `the settings file ${path}`, path }, bytes);
  } catch (error) {
    if (error instanceof OrxError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '{}';
    throw new OrxError(`cannot read the settings file ${path} (${code ?? String(error)})`, {
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
