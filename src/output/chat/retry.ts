import type { Answer } from '../../core/answer/answer.ts';
import { OrxError } from '../../errors.ts';
import { secondsText } from '../text/number.ts';
import { visibleLine } from '../text/visible.ts';

/** Returns the text shown while orx waits before another attempt. */
export function retryText(error: unknown, attempt: number, waitMs: number): string {
  const reason = error instanceof OrxError ? error.message : String(error);
  return visibleLine(`warning: ${reason}: attempt ${attempt + 1} in ${secondsText(waitMs)}`);
}

/** Returns the text shown when another model starts an answer again that has failed mid-stream. */
export function restartText({ model, next, error }: Answer['fallbacks'][number]): string {
  const reason = error instanceof OrxError ? error.message : String(error);
  return visibleLine(`warning: ${model} failed: ${reason}: ${next} answers from the beginning`);
}
