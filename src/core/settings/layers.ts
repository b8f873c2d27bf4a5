import { OrxError, usageError } from '../../errors.ts';
import { settingText } from './setting-text.ts';
import type { SettingKey } from './settings.ts';
import type { SettingSource, SettingSpec } from './spec.ts';

// The sources of values. Separate from the table of all settings, for callers that need a single setting without loading the others.

/** Returns whether the value was set for this invocation. It then wins over contradicting settings of lower layers. */
export function isExplicit(source: SettingSource): boolean {
  return source === 'flag' || source === 'template';
}

/** One source of values. Lists of layers are sorted from highest to lowest priority. */
export interface SettingLayer {
  source: SettingSource;
  /** Returns the layer's value for a setting; undefined if it has none. */
  find: (key: SettingKey, spec: SettingSpec<unknown>) => LayerValue | undefined;
}

/** A value, or one that has not been parsed yet: an invalid one only fails when it is used. */
export type LayerValue =
  | { value: unknown }
  | {
      unparsed: unknown;
      /** Throws a usage error that names the source of the value. */
      parse: () => unknown;
      /** Name of the environment variable or of the profile, or the path of the project file. */
      name?: string;
      /** The source of the value, if it is not that of the layer. */
      source?: SettingSource;
    };

/** Values of flags: text, or a boolean for a switch. Throws immediately for an invalid value. */
export function flagLayer(flags: Readonly<Record<string, unknown>>): SettingLayer {
  return {
    source: 'flag',
    find(key, spec) {
      const typed = spec.flags === undefined ? undefined : flags[key];
      if (typed === undefined) return undefined;
      return { value: typeof typed === 'string' ? parseFrom(spec, typed, `flag ${longName(spec.flags ?? key)}`) : typed };
    },
  };
}

function longName(flags: string): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags;
}

/** Values of a prompt template, as text. Throws immediately for an invalid value. */
export function templateLayer(name: string, settings: Readonly<Record<string, string>>): SettingLayer {
  return {
    source: 'template',
    find(key, spec) {
      const text = Object.hasOwn(settings, key) ? settings[key] : undefined;
      return text === undefined ? undefined : { value: parseFrom(spec, text, `template ${name}`) };
    },
  };
}

/** Values of environment variables. An empty variable counts as not set. */
export function environmentLayer(env: Readonly<Record<string, string | undefined>>): SettingLayer {
  return {
    source: 'environment',
    find(_, spec) {
      for (const name of spec.env ?? []) {
        const text = env[name];
        if (text === undefined || text === '') continue;
        return { name, unparsed: text, parse: () => parseFrom(spec, text, `environment variable ${name}`) };
      }
      return undefined;
    },
  };
}

/** Values of the settings file, which contains parsed values. */
export function fileLayer(file: Readonly<Record<string, unknown>>): SettingLayer {
  return {
    source: 'file',
    find(key, spec) {
      const stored = file[key];
      return stored === undefined || stored === null
        ? undefined
        : { unparsed: stored, parse: () => parseStored(key, spec, stored) };
    },
  };
}

export const DEFAULTS: SettingLayer = {
  source: 'default',
  find: (_, spec) => (spec.default === undefined ? undefined : { value: spec.default }),
};

/** Returns the value of the first layer that has one. Throws for an invalid value of an explicit layer. */
export function findSetting(
  key: SettingKey,
  spec: SettingSpec<unknown>,
  layers: readonly SettingLayer[],
): LayerValue & { source: SettingSource } {
  for (const { source, find } of layers) {
    const hit = find(key, spec);
    if (hit !== undefined) return { source, ...hit };
  }
  return { source: 'default', value: undefined };
}

/** Settings whose values are objects. */
const OBJECTS: ReadonlySet<SettingKey> = new Set(['max-price', 'aliases']);

// Parses a value of the settings file. Users may edit the file: it may contain comma-separated text for a list, or a value of the wrong type.
export function parseStored(
  key: SettingKey,
  spec: SettingSpec<unknown>,
  stored: unknown,
  { place, fix }: { place: string; fix: string } = {
    place: `stored setting ${key}`,
    fix: spec.secret === true ? 'remove it: orx auth logout' : `remove it: orx config unset ${key}`,
  },
): unknown {
  const { decode } = spec;
  if (decode !== undefined) return naming(place, fix, () => decode(stored));
  const isMap = OBJECTS.has(key) && typeof stored === 'object' && stored !== null;
  const parts: readonly unknown[] = Array.isArray(stored) ? stored : isMap ? Object.values(stored) : [stored];
  if (parts.some((part) => typeof part === 'object')) {
    throw usageError(`${key} has an invalid value (${place})`, fix);
  }
  return parseFrom(spec, settingText(stored), place, fix);
}

function parseFrom(spec: SettingSpec<unknown>, text: string, place: string, fix?: string): unknown {
  return naming(place, fix, () => spec.parse(text));
}

/** Returns the result of `parse`, whose errors then name the place of the value. */
function naming(place: string, fix: string | undefined, parse: () => unknown): unknown {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof OrxError)) throw error;
    throw new OrxError(`${error.message} (${place})`, {
      kind: error.kind,
      hints: fix === undefined ? error.hints : [...error.hints, fix],
      cause: error,
    });
  }
}
