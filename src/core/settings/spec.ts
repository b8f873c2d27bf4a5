/** Where the value of a setting came from. `vendor`: the default model of a vendor, because only vendors have a key. */
export type SettingSource = 'flag' | 'template' | 'environment' | 'file' | 'vendor' | 'default';

/**
 * What there is to know of a setting. Values are text in the environment and in `orx config set`; `parse` turns text into the value or throws a usage error that says what is accepted.
 */
export interface SettingSpec<T> {
  /** commander's flag declaration; none where a value must not stand in argv or makes no sense per call. */
  flags?: string;
  env?: readonly string[];
  default?: T;
  /** At most 60 characters with the default: docs/ has the details. */
  description: string;
  /** Whether `--help` shows the flag. Otherwise only `--help-all` does. */
  isCommon?: boolean;
  /** Never shown in full, never taken from a flag. */
  secret?: boolean;
  parse: (text: string) => T;
  /** The words that it takes, alone or as a comma list, where there are no others. */
  choices?: readonly string[];
  /** The flag may stand there several times: the text that stands for what came before and one more. Without it the last one counts. */
  join?: (before: string, text: string) => string;
}

/** Types a row of the table. */
export function spec<T>(value: SettingSpec<T>): SettingSpec<T> {
  return value;
}

/** A row of a setting that always has a value. */
export function withDefault<T>(value: SettingSpec<T> & { default: T }): SettingSpec<T> & { default: T } {
  return value;
}
