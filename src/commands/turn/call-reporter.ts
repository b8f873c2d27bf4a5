import { styled } from '../../output/text/terminal-border.ts';
import type { ChatOptions } from './options.ts';
import type { Context } from '../context.ts';

/** The output for the tool calls of a turn. */
export interface CallReporter {
  print: (meaning: 'dim' | 'warning', text: string) => void;
  /** Also show the beginning of a call's result. */
  showsResults: boolean;
  /** Writes each finished call to a JSON stream. */
  writeJson?: (line: string) => void;
}

/** Returns a reporter that prints to standard error, and with `stream-json` also to standard output. */
export function callReporter(
  { isQuiet, format, showsReceipt }: ChatOptions,
  {
    terminal: {
      streams: { stdout, stderr },
      themeOf,
    },
  }: Context,
): CallReporter {
  const { paint } = themeOf(stderr);
  return {
    print: (meaning, text) => void (isQuiet || styled(stderr).write(`${paint([meaning], text)}\n`)),
    showsResults: showsReceipt,
    ...(format === 'stream-json' && { writeJson: (line: string) => void stdout.write(line) }),
  };
}
