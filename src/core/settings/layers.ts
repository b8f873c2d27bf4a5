import { OrxError, usageError } from '../../errors.ts';
import { settingText } from './setting-text.ts';
import type { SettingKey } from './settings.ts';
import type { SettingSource, SettingSpec } from './spec.ts';

// Where values come from. Apart from the table of all settings, for whoever wants a single one without loading the others.

/** Whether a value was asked for in this invocation: what contradicts it in the layers below does not count. */
export function isExplicit(source: SettingSource): boolean {
  return source === 'flag' || source === 'template';
}

/** One source of values. A list of layers has the strongest first. */
export interface SettingLayer {
  source: SettingSource;
  /** What the layer holds for a setting; undefined: nothing. */
  find: (key: SettingKey, spec: SettingSpec<unknown>) => LayerValue | undefined;
}

/** A value; or one that its rule has not read yet, and that stops only what uses it when it is bad. */
export type LayerValue =
  | { value: unknown }
  | {
      unparsed: unknown;
      /** Throws a usage error that names the place of the value. */
      parse: () => unknown;
      /** The environment variable. */
      name?: string;
    };

/** What was typed: text, or true and false for a switch. A bad flag throws at once. */
export function flagLayer(flags: Readonly<Record<string, unknown>>): SettingLayer {
  return {
    source: 'flag',
    find(key, spec) {
      const typed = spec.flags === undefined ? undefined : flags[key];
      if (typed === undefined) return undefined;
      return { value: typeof typed === 'string' ? parseFrom(spec, typed, `flag --${key}`) : typed };
    },
  };
}

/** What a prompt template sets, as text. A bad value throws at once. */
export function templateLayer(name: string, settings: Readonly<Record<string, string>>): SettingLayer {
  return {
    source: 'template',
    find(key, spec) {
      const text = Object.hasOwn(settings, key) ? settings[key] : undefined;
      return text === undefined ? undefined : { value: parseFrom(spec, text, `template ${name}`) };
    },
  };
}

/** An empty variable counts as not set. */
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

/** The settings file, which holds parsed values. */
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

/** The value of the strongest layer that has one. Throws for a bad value of an explicit layer. */
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

/** The settings whose values are objects. */
const OBJECTS: ReadonlySet<SettingKey> = new Set(['max-price', 'aliases']);

// The file may have been edited by hand: a list may stand there as a comma text, and a value of a type of its own is no text.
export function parseStored(key: SettingKey, spec: SettingSpec<unknown>, stored: unknown): unknown {
  const fix =
    spec.secret === true
      ? 'remove it: orx auth logout'
      : `set it again: orx config set ${key} … — or remove it: orx config unset ${key}`;
  const isMap = OBJECTS.has(key) && typeof stored === 'object' && stored !== null;
  const parts: readonly unknown[] = Array.isArray(stored) ? stored : isMap ? Object.values(stored) : [stored];
  if (parts.some((part) => typeof part === 'object')) {
    throw usageError(`${key} holds something that is no value of it (stored setting ${key})`, fix);
  }
  return parseFrom(spec, settingText(stored), `stored setting ${key}`, fix);
}

function parseFrom(spec: SettingSpec<unknown>, text: string, place: string, fix?: string): unknown {
  try {
    return spec.parse(text);
  } catch (error) {
    if (!(error instanceof OrxError)) throw error;
    throw new OrxError(`${error.message} (${place})`, {
      kind: error.kind,
      hints: fix === undefined ? error.hints : [...error.hints, fix],
      cause: error,
    });
  }
}
