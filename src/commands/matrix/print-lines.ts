import type { Context } from '../context.ts';

/** Prints lines on standard error. */
export function printLines(lines: readonly string[], { terminal: { streams } }: Context): void {
  for (const line of lines) streams.stderr.write(`${line}\n`);
}
