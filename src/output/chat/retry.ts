import type { Answer } from '../../core/answer/answer.ts';
import { OrxError } from '../../errors.ts';
import type { CompletionEvent } from '../../apis/completion.ts';
import { secondsText } from '../text/number.ts';
import { visibleLine } from '../text/visible.ts';

/** A wait before an attempt. */
export type WaitEvent = Extract<CompletionEvent, { type: 'retry' | 'waiting' }>;

/** Returns whether orx waits before the next attempt. */
export function isWait(event: CompletionEvent): event is WaitEvent {
  return event.type === 'retry' || event.type === 'waiting';
}

/** Returns a wait as a line of its own. */
export function waitLine(event: WaitEvent): string {
  const wait = secondsText(event.waitMs);
  if (event.type === 'waiting') return `warning: request limit of this model: next attempt in ${wait}`;
  return visibleLine(`warning: ${reasonOf(event.error)}: attempt ${event.attempt + 1} in ${wait}`);
}

/** Returns the text of a wait that counts down from now on. The time comes first, because a row cuts the end of a long reason. */
export function countDown(event: WaitEvent, monotonic: () => number): () => string {
  const dueAt = monotonic() + event.waitMs;
  return () => {
    const seconds = Math.max(0, Math.ceil((dueAt - monotonic()) / 1000));
    if (event.type === 'waiting') return `waiting ${seconds} s: request limit of this model`;
    return visibleLine(`retry in ${seconds} s: ${reasonOf(event.error)}`);
  };
}

function reasonOf(error: unknown): string {
  return error instanceof OrxError ? error.message : String(error);
}

/** Returns the text shown when another model starts an answer again that has failed mid-stream. */
export function restartText({ model, next, error }: Answer['fallbacks'][number]): string {
  const reason = error instanceof OrxError ? error.message : String(error);
  return visibleLine(`warning: ${model} failed: ${reason}: ${next} answers from the beginning`);
}
