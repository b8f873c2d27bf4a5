import type { Usage } from '../completion.ts';
import { asArray, asTokens, asObject, type WireObject } from '../wire/wire-value.ts';

/** Merges cumulative counts: later values replace earlier ones, except null. */
export function laterCounts(before: WireObject | undefined, next: unknown): WireObject | undefined {
  const wire = asObject(next);
  if (wire === undefined) return before;
  return { ...before, ...Object.fromEntries(Object.entries(wire).filter(([, value]) => value !== null && value !== undefined)) };
}

/** Decodes the usage of a message. Returns undefined when it has no counts. */
export function decodeMessageUsage(wire: WireObject | undefined): Usage | undefined {
  if (wire === undefined || (asTokens(wire['input_tokens']) ?? asTokens(wire['output_tokens'])) === undefined) return undefined;
  const { input, output, read, written } = countsOf(wire);
  const promptTokens = input + (read ?? 0) + (written ?? 0);
  const reasoningTokens = asTokens(asObject(wire['output_tokens_details'])?.['thinking_tokens']);
  const written1h = written === undefined ? undefined : writtenForAnHour(written, asObject(wire['cache_creation']));
  return {
    promptTokens,
    completionTokens: output,
    totalTokens: promptTokens + output,
    cachedTokens: read,
    cacheWriteTokens: written,
    ...(written1h !== undefined && { cacheWrite1hTokens: written1h }),
    reasoningTokens: reasoningTokens === undefined ? undefined : Math.min(reasoningTokens, output),
    wire,
  };
}

interface Counts {
  /** Input tokens that were neither read from a cache nor written to one. */
  input: number;
  output: number;
  read: number | undefined;
  written: number | undefined;
}

/**
 * Returns the counts that are charged at the model's own prices. The totals exclude tokens for compacting the conversation, which
 * the iterations list. An advisor is another model with its own prices. When a fallback answered, the totals are those of the
 * fallback, and the iteration before it produced nothing.
 */
function countsOf(wire: WireObject): Counts {
  const totals = readCounts(wire);
  const iterations = asArray(wire['iterations'])
    .map(asObject)
    .filter((item) => item !== undefined);
  const isFallback = iterations.some((item) => item['type'] === 'fallback_message');
  const own = iterations.filter((item) => item['type'] === 'message' || item['type'] === 'compaction').map(readCounts);
  if (isFallback || own.length === 0) return totals;
  const sum = (of: (counts: Counts) => number | undefined): number => own.reduce((total, one) => total + (of(one) ?? 0), 0);
  const hasCaches = own.some(({ read, written }) => (read ?? written) !== undefined);
  return {
    input: sum((one) => one.input),
    output: sum((one) => one.output),
    read: hasCaches ? sum((one) => one.read) : totals.read,
    written: hasCaches ? sum((one) => one.written) : totals.written,
  };
}

function readCounts(wire: WireObject): Counts {
  return {
    input: asTokens(wire['input_tokens']) ?? 0,
    output: asTokens(wire['output_tokens']) ?? 0,
    read: asTokens(wire['cache_read_input_tokens']),
    written: asTokens(wire['cache_creation_input_tokens']),
  };
}

/**
 * Returns the written tokens that stay cached for an hour. The breakdown covers only the first iteration, so the total limits it.
 */
function writtenForAnHour(written: number, breakdown: WireObject | undefined): number | undefined {
  const hour = asTokens(breakdown?.['ephemeral_1h_input_tokens']);
  if (hour === undefined || hour === 0) return hour;
  return asTokens(breakdown?.['ephemeral_5m_input_tokens']) === 0 ? written : Math.min(hour, written);
}

/**
 * Returns the finish reason in the terms of chat completions. `isUnwrapped`: the only call was that of the tool whose input is
 * the answer.
 */
export function finishReasonOf(stopReason: string | undefined, isUnwrapped: boolean): string | undefined {
  switch (stopReason) {
    case undefined:
      return undefined;
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'refusal':
      return 'content_filter';
    case 'tool_use':
      return isUnwrapped ? 'stop' : 'tool_calls';
    default:
      return 'stop';
  }
}
