import type { CompletionEvent } from '../../../apis/completion.ts';

type End = Pick<Extract<CompletionEvent, { type: 'response-end' }>, 'finishReason' | 'nativeFinishReason' | 'isRefusal'>;

/** Stop reasons of Anthropic's own API, used when a vendor reports one that is more exact than the common finish reason. */
const OWN_REASONS: ReadonlySet<string | undefined> = new Set([
  'end_turn',
  'stop_sequence',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
]);

/** Returns the stop reason in Anthropic's terms. A client runs its tools only if the answer states that it ended with calls. */
export function stopReason({ finishReason, nativeFinishReason, isRefusal }: End, hasCalls: boolean): string {
  if (finishReason === 'length')
    return nativeFinishReason === 'model_context_window_exceeded' ? nativeFinishReason : 'max_tokens';
  if (isRefusal === true || finishReason === 'content_filter') return 'refusal';
  if (hasCalls) return 'tool_use';
  return OWN_REASONS.has(nativeFinishReason) ? nativeFinishReason! : 'end_turn';
}
