/**
 * Kinds of values whose list is known only at run time. `conversation`: a stored one; `recorded-conversation`: one that has an entry in the
 * ledger; `server`: one of `orx mcp`; `vendor-scope`: a vendor, or OpenRouter.
 */
export type ValueKind =
  | 'model'
  | 'alias'
  | 'favorite'
  | 'budget'
  | 'conversation'
  | 'recorded-conversation'
  | 'template'
  | 'server'
  | 'vendor'
  | 'vendor-scope'
  | 'profile'
  | 'setting'
  | 'setting-value'
  | 'command'
  | 'file'
  | 'folder';

/** A possible word and its description: one line, or empty. */
export interface TabCandidate {
  value: string;
  about: string;
}

/** The possible values: known words, a kind whose list comes from elsewhere, or both. Neither: free text. */
export interface ValueOutline {
  choices?: readonly string[];
  kind?: ValueKind;
  /** The value may also be a file: a text with a slash is one. */
  orFile?: boolean;
}

/** One flag as it is typed. */
export interface FlagOutline {
  names: readonly string[];
  about: string;
  /** The help does not list it. */
  isHidden?: boolean;
  /** Whether a value follows: always, optionally, or several until the next flag. Undefined: a switch. */
  takes?: 'one' | 'optional' | 'many';
  value?: ValueOutline;
}

/** One positional word; the last one of a command may be repeated. */
export interface WordOutline extends ValueOutline {
  isRepeated?: boolean;
}

/** A command with everything that can follow its name. */
export interface CommandOutline {
  name: string;
  /** Alternative names, which are not offered. */
  aliases?: readonly string[];
  about: string;
  flags: readonly FlagOutline[];
  words: readonly WordOutline[];
  commands: readonly CommandOutline[];
}

/** A setting and its possible values. */
export interface SettingOutline extends ValueOutline {
  name: string;
  about: string;
}

/** The whole command line of orx. The program's own flags may follow every command. */
export interface Outline {
  program: CommandOutline;
  settings: readonly SettingOutline[];
}
