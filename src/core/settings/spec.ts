/**
 * The source of a setting's value. `command`: the program that `key-command` names prints it. `keychain`: the system keychain has it. `vendor`: the default model of a vendor, because
 * only vendors have a key.
 */
export type SettingSource =
  | 'flag'
  | 'template'
  | 'environment'
  | 'project'
  | 'profile'
  | 'file'
  | 'command'
  | 'keychain'
  | 'vendor'
  | 'default';

/**
 * The definition of a setting. Values are text in the environment and in `orx config set`; `parse` turns text into the value or throws a usage
 * error that says what is accepted.
 */
export interface SettingSpec<T> {
  /** commander's flag declaration; undefined if the value must not be in argv or makes no sense for a single invocation. */
  flags?: string;
  env?: readonly string[];
  default?: T;
  /** At most 60 characters with the default; docs/ has the details. */
  description: string;
  /** Whether `--help` shows the flag; if not, only `--help-all` shows it. */
  isCommon?: boolean;
  /** Never shown in full, and not accepted as a flag. */
  secret?: boolean;
  parse: (text: string) => T;
  /** The only words that it accepts, alone or as a comma-separated list. */
  choices?: readonly string[];
  /** Parses what the settings file contains, if neither text nor a list of words represents the value. Throws a usage error. */
  decode?: (stored: unknown) => T;
  /** Combines the text of a repeated flag with the text before it. Without it, the last flag wins. */
  join?: (before: string, text: string) => string;
}

/** Returns its argument, typed as a row of the table. */
export function spec<T>(value: SettingSpec<T>): SettingSpec<T> {
  return value;
}

/** Returns its argument, typed as a setting that always has a value. */
export function withDefault<T>(value: SettingSpec<T> & { default: T }): SettingSpec<T> & { default: T } {
  return value;
}
