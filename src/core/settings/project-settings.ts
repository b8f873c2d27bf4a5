import { isDirect } from '../../apis/direct-id.ts';
import { OrxError } from '../../errors.ts';
import { findSetting, parseStored, type SettingLayer } from './layers.ts';
import { SETTINGS, type SettingKey, type Settings } from './settings.ts';
import type { SettingSpec } from './spec.ts';

/** Settings of what is asked. None of them reads a file, runs a program, changes where a request goes, or its longest answer. */
const CHOICES: ReadonlySet<string> = new Set<SettingKey>([
  'model',
  'system',
  'temperature',
  'top-p',
  'top-k',
  'min-p',
  'top-a',
  'frequency-penalty',
  'presence-penalty',
  'repetition-penalty',
  'seed',
  'stop',
]);

type Lower<K extends SettingKey> = (own: NonNullable<Settings[K]>, stored: NonNullable<Settings[K]>) => unknown;

const least = (own: string, stored: string): string => (Number(own) < Number(stored) ? own : stored);

/** Limits, which a project file only lowers. Each function returns the limit that results from that of the file and that of the user. */
const LIMITS: { readonly [K in SettingKey]?: Lower<K> } = {
  'max-tokens': Math.min,
  'max-price': (own, stored) => ({
    prompt: least(own.prompt, stored.prompt),
    completion: least(own.completion, stored.completion),
  }),
  'confirm-above': least,
};

/** A project file: its values, or why it cannot be used. */
export type ProjectFile = { path: string } & ({ values: Readonly<Record<string, unknown>> } | { fault: OrxError });

/** How much of a file an error quotes: this many names, each up to this length. */
const MOST_NAMES = 5;
const LONGEST_NAME = 40;

/** What to do about a project file that cannot be used. */
export const PROJECT_FILE_HINTS = [
  'ignore it for this command: --no-project-file',
  'ignore all project files: orx config set project-file false',
];

/** Returns whether a project file may have the setting. */
function isProjectSetting(key: string): key is SettingKey {
  return CHOICES.has(key) || Object.hasOwn(LIMITS, key);
}

/** Returns the values of a project file. Throws a usage error if the text is not a JSON object, or has a setting that it must not have. */
export function parseProjectFile(path: string, text: string): Readonly<Record<string, unknown>> {
  const values = parseObject(text);
  if (values === undefined) throw projectFileError(path, 'it is not a JSON object');
  const others = Object.keys(values).filter((key) => !isProjectSetting(key));
  if (others.length > 0) {
    const names = others.slice(0, MOST_NAMES).map((key) => (key.length > LONGEST_NAME ? `${key.slice(0, LONGEST_NAME)}…` : key));
    const more = others.length > MOST_NAMES ? ` and ${others.length - MOST_NAMES} others` : '';
    throw projectFileError(path, `it must not have ${names.join(', ')}${more}`);
  }
  return values;
}

/** Returns the error for a project file that cannot be used. */
export function projectFileError(path: string, why: string): OrxError {
  return new OrxError(`cannot use the project file ${path}`, {
    kind: 'usage',
    code: 'project-file',
    why,
    hints: PROJECT_FILE_HINTS,
  });
}

/**
 * The values of a project file, below which are the layers `below`. If the file cannot be used, reading a setting that it might have fails, so
 * that no limit is lost unnoticed. A limit that is not lower than the user's has no value.
 */
export function projectLayer(file: ProjectFile, below: readonly SettingLayer[]): SettingLayer {
  const own: SettingLayer = {
    source: 'project',
    find(key, spec) {
      if (!isProjectSetting(key)) return undefined;
      if ('fault' in file) {
        const { fault } = file;
        return { name: file.path, unparsed: '', parse: () => fail(fault) };
      }
      const stored = Object.hasOwn(file.values, key) ? file.values[key] : undefined;
      if (stored === undefined || stored === null) return undefined;
      return { name: file.path, unparsed: stored, parse: () => parseProjectValue(file.path, key, spec, stored) };
    },
  };
  return { source: own.source, find: (key, spec) => lowered(key, spec, own, below) };
}

/** Returns the value of the layer; that of a limit only if it is lower than what the layers below have. */
function lowered(
  key: SettingKey,
  spec: SettingSpec<unknown>,
  layer: SettingLayer,
  below: readonly SettingLayer[],
): ReturnType<SettingLayer['find']> {
  const found = layer.find(key, spec);
  const lower = LIMITS[key] as ((own: unknown, stored: unknown) => unknown) | undefined;
  if (lower === undefined || found === undefined || !('parse' in found)) return found;
  const combined = (): { value: unknown; isLower: boolean } => {
    const own = found.parse();
    const match = findSetting(key, spec, below);
    const stored = 'parse' in match ? match.parse() : match.value;
    const value = stored === undefined ? own : lower(own, stored);
    return { value, isLower: JSON.stringify(value) !== JSON.stringify(stored) };
  };
  try {
    if (!combined().isLower) return undefined;
  } catch {
    // The error appears when the value is read.
  }
  return { ...found, parse: () => combined().value };
}

function parseProjectValue(path: string, key: SettingKey, spec: SettingSpec<unknown>, stored: unknown): unknown {
  // Several stop sequences are a list in a file, and a JSON text everywhere else.
  const given = key === 'stop' && Array.isArray(stored) ? JSON.stringify(stored) : stored;
  const value = parseStored(key, spec, given, { place: `project file ${path}`, fix: PROJECT_FILE_HINTS[0]! });
  if (key !== 'model') return value;
  const model = String(value);
  if (isDirect(model)) throw projectFileError(path, `its model ${model} would send prompts to another vendor`);
  if (/:online\b/i.test(model)) throw projectFileError(path, `its model ${model} would send prompts to a web search`);
  return value;
}

/** Returns whether the project file applies: the first of these layers that has the setting decides, and an invalid value does not. */
export function usesProjectFile(layers: readonly SettingLayer[]): boolean {
  const match = findSetting('project-file', SETTINGS['project-file'] as SettingSpec<unknown>, layers);
  try {
    return ('parse' in match ? match.parse() : match.value) !== false;
  } catch {
    return true;
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function fail(error: Error): never {
  throw error;
}
