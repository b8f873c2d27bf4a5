import type { OrxError } from '../errors.ts';
import type { ResolvedSettings, SettingKey, Settings } from '../core/settings/settings.ts';
import type { Command } from './commander.ts';
import type { Context } from './context.ts';
import type { TerminalFacts } from './is-drawable.ts';

/** Settings given as flags, by key: text, or a boolean for a switch. */
export type SettingFlags = Readonly<Partial<Record<SettingKey, string | boolean>>>;

/** All input that decides what a command does. */
export interface CommandInput<Flags = object> {
  words: readonly string[];
  /** The command's own flags, as declared. */
  options: Readonly<Flags>;
  flags: SettingFlags;
  /** The settings in force and the source of each. They are resolved when first read, because not every command needs them. */
  readonly resolved: ResolvedSettings;
  /** The values of `resolved`. */
  readonly settings: Settings;
  terminal: TerminalFacts;
  /** Milliseconds since 1970. */
  now: number;
  /** `orx` was run without a command and a prompt. */
  isBare?: boolean | undefined;
  /** The error for an unknown command, if the words may be one. Undefined if they are clearly a prompt. */
  refusal?: OrxError | undefined;
}

/**
 * A command in two steps. `parse` is pure: it returns options for the given input, or throws a usage error. `run` does the work
 * and resolves to the exit code; other commands call it with their own options.
 */
export interface Steps<Flags, Options> {
  parse: (input: CommandInput<Flags>) => Options;
  run: (options: Options, context: Context) => Promise<number>;
}

/** Provided by cli/: makes the steps the action of a command. They are loaded when the command is used. */
export type Execute = <
  Words extends unknown[],
  Flags extends Record<string, unknown>,
  Outer extends Record<string, unknown>,
  Options,
>(
  command: Command<Words, Flags, Outer>,
  load: () => Promise<Steps<Flags, Options>>,
) => void;

/** Exported by each command file: adds the command to the program. Heavy imports belong inside `load`. */
export type RegisterCommand = (program: Command, execute: Execute) => void;
