import type { Transcript } from '../../core/conversation/transcript.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { styled } from '../../output/text/terminal-border.ts';
import type { Context } from '../context.ts';
import { isDamage } from '../ledger/print-notes.ts';

/** Prints on standard error why a conversation is not stored, or is no longer stored, or what happened to its file. */
export function printUnsaved(
  transcript: Transcript | undefined,
  {
    terminal: {
      streams: { stderr },
      themeOf,
    },
  }: Context,
  { isQuiet }: { isQuiet: boolean },
): void {
  const { paint } = themeOf(stderr);
  for (const error of transcript?.drainErrors() ?? []) {
    if (isQuiet && !isDamage(error)) continue;
    const text = error instanceof Error ? `this conversation is not stored: ${error.message}` : String(error);
    styled(stderr).write(`${paint(['warning'], `warning: ${visibleLine(text)}`)}\n`);
  }
}
