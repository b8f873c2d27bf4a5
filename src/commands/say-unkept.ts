import type { Transcript } from '../core/conversation/transcript.ts';
import { styleFor } from '../output/style.ts';
import { visibleLine } from '../output/visible-text.ts';
import type { Context } from './context.ts';

/** Says on standard error why a conversation is not kept (any more), or what happened to the file that it is kept in. */
export function sayUnkept(transcript: Transcript | undefined, { streams: { stderr }, env }: Context): void {
  const style = styleFor(stderr, env);
  for (const error of transcript?.takeErrors() ?? []) {
    const text = error instanceof Error ? `this conversation is not kept: ${error.message}` : String(error);
    stderr.write(`${style('yellow', `! ${visibleLine(text)}`)}\n`);
  }
}
