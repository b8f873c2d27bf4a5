import type { ServedRequest } from '../../core/serve/served-request.ts';
import { OrxError } from '../../errors.ts';
import { jsonLine } from '../text/json.ts';
import { moneyText } from '../text/money.ts';
import { countText } from '../text/number.ts';
import { SANDBOX_LABEL } from '../text/sandbox-label.ts';
import { visibleLine } from '../text/visible.ts';

const LONGEST = 120;

/**
 * Returns the log line of a request: `POST /v1/chat/completions 200 412 ms anthropic:claude-sonnet-4-6 1,600 in 340 out $0.0099`.
 */
export function requestLine(request: ServedRequest, isSandbox = false): string {
  const { method, path, status, durationMs, client, model, target, usage, attempts = 0, isCached = false, failure } = request;
  const { hedges = 0, hedgeCost } = request;
  const words = [
    method,
    path,
    String(status),
    `${Math.round(durationMs)} ms`,
    ...(client === undefined ? [] : [`by ${client}`]),
    ...(model === undefined ? [] : [model]),
    ...(target === undefined || target === model ? [] : ['→', target]),
    ...(usage === undefined ? [] : [`${countText(usage.promptTokens)} in ${countText(usage.completionTokens)} out`]),
    ...(usage?.cost === undefined ? [] : [moneyText(usage.cost)]),
    ...(isCached ? ['cached'] : []),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
    ...(hedges > 0 ? [`hedged${hedgeCost === undefined ? '' : ` for ${moneyText(hedgeCost)}`}`] : []),
    ...(failure === undefined ? [] : [failure]),
    ...(isSandbox ? [SANDBOX_LABEL] : []),
  ];
  return `${words.map(short).join(' ').trimEnd()}\n`;
}

/** Returns a request as a line of JSON with all details. Amounts are exact text in USD, times are in milliseconds. */
export function requestJson(request: ServedRequest, isSandbox = false): string {
  const { usage, content, error } = request;
  return jsonLine({
    ...(isSandbox && { sandbox: true }),
    time: new Date(request.startedAt).toISOString(),
    id: request.id,
    method: request.method,
    path: request.path,
    status: request.status,
    client: request.client,
    duration_ms: rounded(request.durationMs),
    ...(request.operation !== undefined && {
      operation: request.operation,
      model: request.model,
      target: request.target,
      provider: request.provider,
      streamed: request.isStreamed,
      cached: request.isCached,
      attempts: request.attempts,
      retries: request.retries,
      fallbacks: request.fallbacks,
      hedges: request.hedges,
      hedge_cost: request.hedgeCost,
      overhead_ms: rounded(request.overheadMs),
      time_to_first_token_ms: rounded(request.timeToFirstTokenMs),
      finish_reason: request.finishReason,
    }),
    ...(usage !== undefined && {
      prompt_tokens: usage.promptTokens,
      completion_tokens: usage.completionTokens,
      cached_tokens: usage.cachedTokens,
      reasoning_tokens: usage.reasoningTokens,
      cost: usage.cost,
      cost_is_computed: usage.isComputed,
    }),
    ...(request.failure !== undefined && {
      error: request.failure,
      error_code: error instanceof OrxError ? error.code : undefined,
      // An API's error message may repeat the prompt.
      error_message: content !== undefined && error instanceof Error ? error.message : undefined,
    }),
    ...(content !== undefined && { messages: content.messages, answer: content.answer }),
  });
}

function short(word: string): string {
  return visibleLine(word.length > LONGEST ? `${word.slice(0, LONGEST)}…` : word);
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 100) / 100;
}
