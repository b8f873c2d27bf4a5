import { usageError } from '../../errors.ts';
import type { ChatOptions } from '../turn/options.ts';
import type { Context } from '../context.ts';

/** A conversation needs somebody at a terminal. Throws a usage error where there is none. */
export function requireTerminal(
  { format }: ChatOptions,
  {
    terminal: {
      streams: { stdin, stdout },
    },
  }: Context,
): void {
  if (stdin.isTTY && stdout.isTTY && format === 'text') return;
  throw usageError('there is no prompt', 'give it as words, orx chat "…", or pipe it in, cat file | orx chat "…"');
}
