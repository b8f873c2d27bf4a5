import type { OrxError } from '../errors.ts';
import type { ResolvedSettings, SettingKey, Settings } from '../core/settings/settings.ts';
import type { Command } from './commander.ts';
import type { Context } from './context.ts';
import type { TerminalFacts } from './is-drawable.ts';

/** Settings that were typed as flags, by their keys: text, or true and false for a switch. */
export type SettingFlags = Readonly<Partial<Record<SettingKey, string | boolean>>>;

/** Everything that decides what a command is to do. */
export interface CommandInput<Flags = object> {
  words: readonly string[];
  /** The command's own flags, as they are declared. */
  options: Readonly<Flags>;
  flags: SettingFlags;
  /** Settings in force and where each comes from. They are resolved when they are read first: not every command needs them. */
  readonly resolved: ResolvedSettings;
  /** The values of `resolved`. */
  readonly settings: Settings;
  terminal: TerminalFacts;
  /** Milliseconds since 1970. */
  now: number;
  /** No command and no prompt was typed: `orx`. */
  isBare?: boolean | undefined;
  /** The words may be a command that does not exist. The error for that case, unless it is clear that they are a prompt. */
  refusal?: OrxError | undefined;
}

/**
 * A command in two steps. `parse` is pure: it makes options of what was typed, or throws a usage error. `run` does the work and resolves to
 * the exit code; other commands call it with options of their own.
 */
export interface Steps<Flags, Options> {
  parse: (input: CommandInput<Flags>) => Options;
  run: (options: Options, context: Context) => Promise<number>;
}

/** Given by cli/: makes the steps the action of a command. They are loaded when the command is used. */
export type Execute = <
  Words extends unknown[],
  Flags extends Record<string, unknown>,
  Outer extends Record<string, unknown>,
  Options,
>(
  command: Command<Words, Flags, Outer>,
  load: () => Promise<Steps<Flags, Options>>,
) => void;

/** What each command file exports: adds itself to the program. Heavy imports belong inside of `load`. */
export type RegisterCommand = (program: Command, execute: Execute) => void;
