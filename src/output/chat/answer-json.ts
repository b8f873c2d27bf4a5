import { shortText } from '../../text/short-text.ts';
import { encodeAnnotations } from '../../apis/annotations.ts';
import { encodeReasoningDetails } from '../../apis/reasoning-details.ts';
import type { Answer } from '../../core/answer/answer.ts';
import { textBlocks } from '../../core/answer/gather.ts';
import { joinReasons, modelFailures, routingReason } from '../../core/fallback-reason.ts';
import { OrxError, shellHint } from '../../errors.ts';
import { withoutKeys } from '../text/error.ts';
import { TextParts } from '../text/write-json.ts';

/**
 * Returns one answer as data, with the API's own field names. `model` is the model that answered, `requested_model` the requested
 * one. `cost` is USD as exact decimal text, null if the API did not state it. `upstream_cost`, present only with the user's own
 * provider key, is what the provider charges in addition. Times are in milliseconds. `usage` is the unchanged object of the
 * response. Fields are added over time, never renamed.
 */
export function answerJson(
  answer: Answer,
  asked: string,
  error?: unknown,
  /** The id with which the conversation can be continued; null if it is not stored. Undefined: there is no conversation. */
  session?: string | null,
): Record<string, unknown> {
  const reason = joinReasons(modelFailures(answer.fallbacks), routingReason(answer.routing));
  return {
    ...(session === undefined ? {} : { session_id: session }),
    id: answer.id ?? null,
    model: answer.model ?? null,
    requested_model: asked,
    provider: answer.provider ?? null,
    content: new TextParts(textBlocks(answer)),
    reasoning: answer.reasoning === '' ? null : answer.reasoning,
    ...(answer.reasoningParts.length === 0 ? {} : { reasoning_details: encodeReasoningDetails(answer.reasoningParts) }),
    ...(answer.toolCalls.length === 0 ? {} : { tool_calls: answer.toolCalls }),
    ...(answer.images.length === 0 ? {} : { images: answer.images }),
    ...(answer.annotations.length === 0 ? {} : { annotations: encodeAnnotations(answer.annotations) }),
    finish_reason: answer.finishReason ?? null,
    native_finish_reason: answer.nativeFinishReason ?? null,
    usage: answer.usage?.wire ?? null,
    cost: answer.usage?.cost ?? null,
    ...(answer.usage?.isComputed === true && { cost_source: 'computed' }),
    ...(answer.usage?.upstreamCost === undefined ? {} : { upstream_cost: answer.usage.upstreamCost }),
    timing: {
      time_to_first_token_ms: rounded(answer.metrics?.timeToFirstTokenMs),
      ...(answer.metrics?.loadMs !== undefined && { load_ms: rounded(answer.metrics.loadMs) }),
      duration_ms: rounded(answer.metrics?.durationMs),
      tokens_per_second: rounded(answer.metrics?.throughput),
    },
    ...(answer.routing === undefined ? {} : { attempts: answer.routing.attempts }),
    ...(reason !== undefined && { fallback_reason: reason }),
    ...(answer.fallbacks.length > 0 && { fallbacks: answer.fallbacks.map(fallbackJson) }),
    ...(answer.dropped.length > 0 && { dropped: answer.dropped }),
    ...(error === undefined ? {} : { error: errorJson(error) }),
  };
}

/** Returns a model of the fallback list that could not answer, as data. */
export function fallbackJson({ model, next, error, restarts }: Answer['fallbacks'][number]): Record<string, unknown> {
  return { model, next, ...(restarts === true && { restarted: true }), error: errorJson(error) };
}

/** Returns a failure as data. */
export function errorJson(error: unknown): Record<string, unknown> {
  const message = shortText(withoutKeys(error instanceof Error ? error.message : String(error)));
  if (!(error instanceof OrxError)) return { kind: 'unexpected', message };
  return {
    kind: error.kind,
    message,
    code: error.code ?? null,
    status: error.status ?? null,
    provider: error.provider ?? null,
    hints: error.hints.map((hint) => shortText(shellHint(hint))),
    ...error.more?.json,
  };
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 10) / 10;
}
