import type { CompletionEvent } from '../../../apis/completion.ts';

type End = Pick<Extract<CompletionEvent, { type: 'response-end' }>, 'finishReason' | 'nativeFinishReason' | 'isRefusal'>;

/** What Anthropic's own API says where a vendor's word is more exact than the common one. */
const OWN_REASONS: ReadonlySet<string | undefined> = new Set([
  'end_turn',
  'stop_sequence',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
]);

/** Why an answer ended, in Anthropic's words. A client runs its tools only where the answer says that it ended with calls. */
export function stopReason({ finishReason, nativeFinishReason, isRefusal }: End, hasCalls: boolean): string {
  if (finishReason === 'length')
    return nativeFinishReason === 'model_context_window_exceeded' ? nativeFinishReason : 'max_tokens';
  if (isRefusal === true || finishReason === 'content_filter') return 'refusal';
  if (hasCalls) return 'tool_use';
  return OWN_REASONS.has(nativeFinishReason) ? nativeFinishReason! : 'end_turn';
}
