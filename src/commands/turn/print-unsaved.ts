import type { Transcript } from '../../core/conversation/transcript.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { styled } from '../../output/text/terminal-border.ts';
import type { Context } from '../context.ts';

/** Prints on standard error why a conversation is not stored, or is no longer stored, or what happened to its file: also with -q. */
export function printUnsaved(
  transcript: Transcript | undefined,
  {
    terminal: {
      streams: { stderr },
      themeOf,
    },
  }: Context,
): void {
  const { paint } = themeOf(stderr);
  for (const error of transcript?.drainErrors() ?? []) {
    const text = error instanceof Error ? `this conversation is not stored: ${error.message}` : String(error);
    styled(stderr).write(`${paint(['warning'], `warning: ${visibleLine(text)}`)}\n`);
  }
}
