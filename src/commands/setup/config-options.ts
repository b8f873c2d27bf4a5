import { parseSettingKey } from '../../core/settings/key.ts';
import type { ExtraHeader } from '../../core/settings/headers/extra-headers.ts';
import { parseHeaderLine } from '../../core/settings/headers/header-line.ts';
import type { ResolvedSettings, SettingKey } from '../../core/settings/settings.ts';
import { SETTINGS } from '../../core/settings/settings.ts';
import type { SettingSpec } from '../../core/settings/spec.ts';
import { type OrxError, usageError } from '../../errors.ts';
import type { CommandInput } from '../register.ts';
import type { JsonFlags } from '../with-json.ts';
import type { ListSettingsFlags } from './flags.ts';

export interface GetOptions {
  key: SettingKey;
  resolved: ResolvedSettings;
  isJson: boolean;
}

export interface SetOptions {
  key: SettingKey;
  value: unknown;
}

/** `orx config set headers`: for which server, and the headers; undefined if standard input has them, one in each line. */
export interface SetHeadersOptions {
  key: 'headers';
  origin: string;
  headers: readonly ExtraHeader[] | undefined;
}

export interface ListOptions {
  resolved: ResolvedSettings;
  isJson: boolean;
  /** Include settings without a value. */
  isAll: boolean;
}

export function parseGet({ words: [word = ''], options, resolved }: CommandInput<JsonFlags>): GetOptions {
  return { key: parseSettingKey(word), resolved, isJson: options.json === true };
}

/** Parses the arguments. Throws a usage error for a secret, and for a value that the setting does not accept. */
export function parseSet(input: CommandInput): SetOptions | SetHeadersOptions {
  const [word = '', ...values] = input.words;
  if (values.length === 0) throw missingValue(word, 'orx config set', 'orx config unset');
  const key = parseSettingKey(word);
  if (key === 'headers') return parseSetHeaders(values, input);
  const spec = SETTINGS[key] as SettingSpec<unknown>;
  if (spec.secret === true) {
    throw usageError(
      `${key} cannot be set on the command line, where other processes can read it`,
      'store the key: orx auth login',
    );
  }
  return { key, value: spec.parse(values.join(' ')) };
}

/** Parses headers: each word is one, `-` stands for those on standard input. They are for the base URL in force. */
function parseSetHeaders(words: readonly string[], { resolved }: CommandInput): SetHeadersOptions {
  const { origin } = new URL(resolved.values['base-url']);
  if (words.length === 1 && words[0] === '-') return { key: 'headers', origin, headers: undefined };
  if (words.length > 1 && words.some((word) => parseHeaderLine(word)?.value === '' || parseHeaderLine(word) === undefined))
    throw usageError('each header must be one word', 'quote each of them: orx config set headers "X-Team: search" "X-Env: test"');
  return { key: 'headers', origin, headers: words.flatMap((word) => SETTINGS.headers.parse(word)) };
}

/**
 * Returns the error for a setting without a value. `set` and `unset` are the commands of the place in which it is stored. `KEY=VALUE` is a
 * common mistake.
 */
export function missingValue(word: string, set: string, unset: string): OrxError {
  const [key, value] = word.split(/=(.*)/s, 2);
  return usageError(
    `no value for ${key}`,
    value === undefined ? `to remove it: ${unset} ${key}` : `write the value as a separate word: ${set} ${key} VALUE`,
  );
}

export function parseUnset({ words }: CommandInput): readonly SettingKey[] {
  return words.map(parseSettingKey);
}

export function parseListSettings({ options, resolved }: CommandInput<ListSettingsFlags & JsonFlags>): ListOptions {
  return { resolved, isJson: options.json === true, isAll: options.all === true };
}
