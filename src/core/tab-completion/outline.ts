/**
 * What a value may be, for those whose list is not known before the program runs. `conversation`: one that is stored; `recorded-conversation`: one
 * that the ledger has an entry of; `server`: one of `orx mcp`;
 * `vendor-scope`: a vendor, or OpenRouter.
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
  | 'setting'
  | 'setting-value'
  | 'command'
  | 'file'
  | 'folder';

/** A word that can stand there, and what it means: one line, or empty. */
export interface TabCandidate {
  value: string;
  about: string;
}

/** What can stand as a value: words that are known, a kind of which there is a list elsewhere, or both. Neither: free text. */
export interface ValueOutline {
  choices?: readonly string[];
  kind?: ValueKind;
  /** A file may stand there as well: what has a slash is one. */
  orFile?: boolean;
}

/** One flag as it is typed. */
export interface FlagOutline {
  names: readonly string[];
  about: string;
  /** Help does not list it. */
  isHidden?: boolean;
  /** Whether a value follows: always, perhaps, or several until the next flag. None: a switch. */
  takes?: 'one' | 'optional' | 'many';
  value?: ValueOutline;
}

/** One positional word; the last of a command may stand for all that follow. */
export interface WordOutline extends ValueOutline {
  isRepeated?: boolean;
}

/** A command with everything that may stand behind its name. */
export interface CommandOutline {
  name: string;
  /** Names that mean the same and are not offered. */
  aliases?: readonly string[];
  about: string;
  flags: readonly FlagOutline[];
  words: readonly WordOutline[];
  commands: readonly CommandOutline[];
}

/** A stored setting, and what can be its value. */
export interface SettingOutline extends ValueOutline {
  name: string;
  about: string;
}

/** All of orx that can be typed. The flags of the program itself may stand behind every command. */
export interface Outline {
  program: CommandOutline;
  settings: readonly SettingOutline[];
}
