import { OrxError, usageError } from '../errors.ts';
import {
  SETTING_KEYS,
  SETTINGS,
  type ResolvedSettings,
  type SettingInputs,
  type SettingKey,
  type Settings,
  type SettingSource,
  type SettingSpec,
} from './settings.ts';

/**
 * Settings in force: flag, then environment, then file, then default. Text is parsed by the setting's own rule; a bad value
 * throws a usage error that names where it stands. An empty environment variable counts as not set.
 */
export function resolveSettings(inputs: SettingInputs): ResolvedSettings {
  const values: Record<string, unknown> = {};
  const sources: Record<string, { source: SettingSource; name?: string }> = {};
  for (const key of SETTING_KEYS) {
    const found = resolveOne(key, SETTINGS[key] as SettingSpec<unknown>, inputs);
    values[key] = found.value;
    sources[key] = found.name === undefined ? { source: found.source } : { source: found.source, name: found.name };
  }
  return { values: values as unknown as Settings, sources: sources as ResolvedSettings['sources'] };
}

function resolveOne(
  key: SettingKey,
  spec: SettingSpec<unknown>,
  inputs: SettingInputs,
): { value: unknown; source: SettingSource; name?: string } {
  const typed = spec.flags === undefined ? undefined : inputs.flags[key];
  if (typed !== undefined) {
    return { value: typeof typed === 'string' ? parseFrom(spec, typed, `flag --${key}`) : typed, source: 'flag' };
  }
  for (const name of spec.env ?? []) {
    const text = inputs.env[name];
    if (text !== undefined && text !== '') {
      return { value: parseFrom(spec, text, `environment variable ${name}`), source: 'environment', name };
    }
  }
  const stored = inputs.file[key];
  if (stored !== undefined && stored !== null) return { value: parseStored(key, spec, stored), source: 'file' };
  return { value: spec.default, source: 'default' };
}

/** A setting as text that its own rule reads back: what `orx config set` takes and `orx config get` prints. */
export function settingText(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  if (isPricePair(value)) return `${String(value.prompt)},${String(value.completion)}`;
  return String(value);
}

// The file may have been edited by hand: a list may stand there as a comma text, and a value of a type of its own is no text.
function parseStored(key: SettingKey, spec: SettingSpec<unknown>, stored: unknown): unknown {
  const mend =
    spec.secret === true
      ? 'remove it: orx auth logout'
      : `set it again: orx config set ${key} … — or remove it: orx config unset ${key}`;
  const parts = Array.isArray(stored) ? stored : isPricePair(stored) ? Object.values(stored) : [stored];
  if (parts.some((part) => typeof part === 'object')) {
    throw usageError(`${key} holds something that is no value of it (stored setting ${key})`, mend);
  }
  return parseFrom(spec, settingText(stored), `stored setting ${key}`, mend);
}

function isPricePair(value: unknown): value is { prompt: unknown; completion: unknown } {
  return typeof value === 'object' && value !== null && 'prompt' in value && 'completion' in value;
}

function parseFrom(spec: SettingSpec<unknown>, text: string, place: string, mend?: string): unknown {
  try {
    return spec.parse(text);
  } catch (error) {
    if (!(error instanceof OrxError)) throw error;
    throw new OrxError(`${error.message} (${place})`, {
      kind: error.kind,
      hints: mend === undefined ? error.hints : [...error.hints, mend],
      cause: error,
    });
  }
}
