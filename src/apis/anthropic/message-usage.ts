import type { Usage } from '../completion.ts';
import { asArray, asCount, asObject, type WireObject } from '../wire/wire-value.ts';

/** Counts are those of the whole answer so far: what a later object states replaces what an earlier one said, and null states nothing. */
export function laterCounts(before: WireObject | undefined, next: unknown): WireObject | undefined {
  const wire = asObject(next);
  if (wire === undefined) return before;
  return { ...before, ...Object.fromEntries(Object.entries(wire).filter(([, value]) => value !== null && value !== undefined)) };
}

/** The usage of a message. Undefined where it states no counts. */
export function decodeMessageUsage(wire: WireObject | undefined): Usage | undefined {
  if (wire === undefined || (asCount(wire['input_tokens']) ?? asCount(wire['output_tokens'])) === undefined) return undefined;
  const { input, output, read, written } = countsOf(wire);
  const promptTokens = input + (read ?? 0) + (written ?? 0);
  const reasoningTokens = asCount(asObject(wire['output_tokens_details'])?.['thinking_tokens']);
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
  /** Neither read from a cache nor written to one. */
  input: number;
  output: number;
  read: number | undefined;
  written: number | undefined;
}

/**
 * The counts to pay for at the model's own prices. The totals leave out what it took to compact the conversation, which the iterations list. An
 * advisor is another model with prices of its own. Where a fallback answered, the totals are the fallback's, and the iteration before it gave
 * nothing.
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
    input: asCount(wire['input_tokens']) ?? 0,
    output: asCount(wire['output_tokens']) ?? 0,
    read: asCount(wire['cache_read_input_tokens']),
    written: asCount(wire['cache_creation_input_tokens']),
  };
}

/** The part of what was written that stays for an hour. The breakdown covers the first iteration alone: the total is what counts. */
function writtenForAnHour(written: number, breakdown: WireObject | undefined): number | undefined {
  const hour = asCount(breakdown?.['ephemeral_1h_input_tokens']);
  if (hour === undefined || hour === 0) return hour;
  return asCount(breakdown?.['ephemeral_5m_input_tokens']) === 0 ? written : Math.min(hour, written);
}

/** Why the answer ended, in the words of chat completions. `isUnwrapped`: the only call was that of the tool whose input is the answer. */
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
