import type { Transcript } from '../core/conversation/transcript.ts';
import { visibleLine } from '../output/visible-text.ts';
import { styled } from '../output/terminal-border.ts';
import type { Context } from './context.ts';

/** Says on standard error why a conversation is not kept (any more), or what happened to the file that it is kept in. */
export function sayUnkept(transcript: Transcript | undefined, { streams: { stderr }, themeOf }: Context): void {
  const { paint } = themeOf(stderr);
  for (const error of transcript?.takeErrors() ?? []) {
    const text = error instanceof Error ? `this conversation is not kept: ${error.message}` : String(error);
    styled(stderr).write(`${paint(['warning'], `! ${visibleLine(text)}`)}\n`);
  }
}
