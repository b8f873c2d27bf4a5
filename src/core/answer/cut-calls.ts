import { OrxError } from '../../errors.ts';
import { parameterHint, REPHRASE } from '../../hints.ts';
import { isFilterReason } from '../../apis/finish-reason.ts';
import type { Answer } from './answer.ts';

/** Finish reasons of an answer that ended early, as the API and the providers name them. */
const AT_LENGTH = new Set([
  'length',
  'max_tokens',
  'max_output_tokens',
  'max_completion_tokens',
  'model_length',
  'model_context_window_exceeded',
]);
const BROKEN = new Set(['malformed_function_call', 'error', 'cancelled', 'canceled', 'aborted']);
/** Finish reasons of a complete answer. */
const COMPLETE = new Set([
  'tool_calls',
  'tool_call',
  'function_call',
  'tool_use',
  'stop',
  'stop_sequence',
  'end_turn',
  'eos',
  'completed',
]);

type Ending = Pick<Answer, 'finishReason' | 'nativeFinishReason'>;

/**
 * Returns why no call of this answer may run; undefined if they may. After an early end it is not known which arguments are missing, even if
 * those that arrived are valid JSON.
 */
export function cutReason({ finishReason, nativeFinishReason }: Ending): string | undefined {
  const early = earlyEnd({ finishReason, nativeFinishReason });
  if (early === undefined) return undefined;
  const advice = isIn(AT_LENGTH, early) ? 'call it again with shorter arguments' : 'call it again if it is still needed';
  return `the answer was cut off (${early}) before the call was complete: ${advice}`;
}

/** Returns whether an answer ended early, so that part of it is missing. */
export function isCutOff(answer: Ending): boolean {
  return earlyEnd(answer) !== undefined;
}

function earlyEnd({ finishReason, nativeFinishReason }: Ending): string | undefined {
  return [finishReason, nativeFinishReason].find(
    (reason) => isIn(AT_LENGTH, reason) || isIn(BROKEN, reason) || isFilterReason(reason),
  );
}

/** Returns whether the answer says that it is complete. If not, only calls with complete arguments may run. */
export function isCompleteReason({ finishReason }: Ending): boolean {
  return isIn(COMPLETE, finishReason);
}

/** Returns the error that ends a turn whose calls were cut off a second time. */
export function callsCutAgain({ finishReason, nativeFinishReason }: Ending): OrxError {
  const isLength = isIn(AT_LENGTH, finishReason) || isIn(AT_LENGTH, nativeFinishReason);
  return new OrxError('the response was cut off twice within a tool call, so the tool did not run', {
    kind: 'provider',
    code: 'tool-call-cut',
    hints: [isLength ? parameterHint('allow more tokens', 'max-tokens', 'N') : REPHRASE],
  });
}

function isIn(reasons: ReadonlySet<string>, reason: string | undefined): boolean {
  return reason !== undefined && reasons.has(reason.toLowerCase());
}
