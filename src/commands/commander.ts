import * as commander from 'commander';
import type * as typed from '@commander-js/extra-typings';

// The classes of commander with the types of extra-typings, which infer the value of each declared flag. Only types: no more code
// is loaded.

export const Command = commander.Command as unknown as typeof typed.Command;
export const Option = commander.Option as unknown as typeof typed.Option;
export const Argument = commander.Argument as unknown as typeof typed.Argument;

export type Command<
  Words extends unknown[] = [],
  Flags extends typed.OptionValues = {},
  Outer extends typed.OptionValues = {},
> = typed.Command<Words, Flags, Outer>;
export type Option = typed.Option;
export type Argument = typed.Argument;
/** A command with any flags. */
export type AnyCommand = typed.CommandUnknownOpts;

/** The values of the flags that a function declares on a command. */
export type FlagsOf<Declare extends (command: Command) => unknown> =
  ReturnType<Declare> extends typed.Command<infer _Words, infer Flags, infer _Outer> ? Flags : never;

/** Declares more flags on a command that already has some. */
export function withFlags<
  W extends unknown[],
  F extends typed.OptionValues,
  O extends typed.OptionValues,
  More extends typed.OptionValues,
>(command: Command<W, F, O>, declare: (command: Command) => Command<[], More>): Command<W, F & More, O> {
  return declare(command as unknown as Command) as unknown as Command<W, F & More, O>;
}
