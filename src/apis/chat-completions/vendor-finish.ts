import { isFilterReason } from '../finish-reason.ts';
import type { Vendor } from '../vendors.ts';

/** Names that hosts use for a normal end, including OpenAI's own. */
const ENDS: Readonly<Record<string, string>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool_calls',
  content_filter: 'content_filter',
  eos: 'stop',
  function_call: 'tool_calls',
  tool_call: 'tool_calls',
  max_tokens: 'length',
  model_length: 'length',
  model_context_window_exceeded: 'length',
};
/** Names of finish reasons for an interrupted answer. */
const BREAKS = /^(error|abort(ed)?|cancel(l?ed)?|network_error)$/i;
/** DeepSeek's name for overload: the same request may succeed a moment later. */
const TOO_BUSY = /^insufficient_system_resources?$/i;

/** Why a choice ended, in OpenRouter's form. */
export interface VendorFinish {
  finish_reason: string | undefined;
  native_finish_reason: string;
  error: Readonly<Record<string, unknown>> | undefined;
}

/** Returns why a choice ended, with OpenRouter's finish reason, or as an error. An unknown reason counts as a normal end. */
export function finishOf(reason: string, hasCalls: boolean, { label }: Vendor): VendorFinish {
  if (TOO_BUSY.test(reason)) {
    return {
      finish_reason: undefined,
      native_finish_reason: reason,
      error: { code: 503, message: `${label} is overloaded and stopped the answer` },
    };
  }
  return { finish_reason: commonReason(reason, hasCalls), native_finish_reason: reason, error: undefined };
}

function commonReason(reason: string, hasCalls: boolean): string {
  if (BREAKS.test(reason)) return 'error';
  if (isFilterReason(reason)) return 'content_filter';
  const end = Object.hasOwn(ENDS, reason.toLowerCase()) ? ENDS[reason.toLowerCase()]! : 'stop';
  // When a tool call was required, OpenAI and others report its end as `stop`.
  return end === 'stop' && hasCalls ? 'tool_calls' : end;
}
