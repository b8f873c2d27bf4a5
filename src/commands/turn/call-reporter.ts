import { styled } from '../../output/text/terminal-border.ts';
import type { ChatOptions } from './options.ts';
import type { Context } from '../context.ts';

/** Where a turn says what becomes of its calls. */
export interface CallReporter {
  print: (meaning: 'dim' | 'warning', text: string) => void;
  /** The beginning of what a call gave is shown too. */
  showsResults: boolean;
  /** Each call that ended, for a stream of JSON. */
  writeJson?: (line: string) => void;
}

/** On standard error, and in `stream-json` on standard output. */
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
