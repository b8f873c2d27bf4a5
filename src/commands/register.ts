import type { Command } from 'commander';
import type { Context } from './context.ts';
import type { CommandInput } from './setting-options.ts';

/** The work behind one command: input in, exit code out. It may throw OrxError. */
export type Run = (input: CommandInput, context: Context) => Promise<number>;

/** Given by cli/: turns a run into commander's action, with the context made when it is needed. */
export type Execute = (run: Run) => (this: Command, ...args: unknown[]) => Promise<void>;

/** What each file in commands/ exports: adds itself to the program. Heavy imports belong inside `run`. */
export type RegisterCommand = (program: Command, execute: Execute) => void;
