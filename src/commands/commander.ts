import * as commander from 'commander';
import type * as typed from '@commander-js/extra-typings';

// The classes of commander with the types of extra-typings, which know what each declared flag gives. Only types: nothing more is loaded.

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
/** A command whatever its flags are. */
export type AnyCommand = typed.CommandUnknownOpts;

/** What the flags give that a function declares on a command. */
export type FlagsOf<Declare extends (command: Command) => unknown> =
  ReturnType<Declare> extends typed.Command<infer _Words, infer Flags, infer _Outer> ? Flags : never;

/** Declares more flags on a command that has some already. */
export function withFlags<
  W extends unknown[],
  F extends typed.OptionValues,
  O extends typed.OptionValues,
  More extends typed.OptionValues,
>(command: Command<W, F, O>, declare: (command: Command) => Command<[], More>): Command<W, F & More, O> {
  return declare(command as unknown as Command) as unknown as Command<W, F & More, O>;
}
