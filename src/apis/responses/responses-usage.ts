import { decimal, decimalText } from '../../decimal.ts';
import { parseCost } from '../../paid-cost.ts';
import type { Usage } from '../completion.ts';
import { asCount, asObject, asTokens } from '../wire/wire-value.ts';

/** xAI states the cost of a request in ticks. */
const TICKS_PER_USD = 10_000_000_000;

/** Decodes the `usage` object of a response. Returns undefined when it has none. */
export function decodeResponsesUsage(value: unknown): Usage | undefined {
  const wire = asObject(value);
  const input = asTokens(wire?.['input_tokens']);
  const output = asTokens(wire?.['output_tokens']);
  if (wire === undefined || (input === undefined && output === undefined)) return undefined;
  const inputDetails = asObject(wire['input_tokens_details']);
  const reasoningTokens = asTokens(asObject(wire['output_tokens_details'])?.['reasoning_tokens']);
  const total = asTokens(wire['total_tokens']);
  const promptTokens = input ?? 0;
  const completionTokens = withReasoning(output ?? 0, reasoningTokens ?? 0, total, promptTokens);
  return {
    promptTokens,
    completionTokens,
    totalTokens: promptTokens + completionTokens,
    cachedTokens: part(inputDetails?.['cached_tokens'], promptTokens),
    cacheWriteTokens: part(inputDetails?.['cache_write_tokens'], promptTokens),
    reasoningTokens,
    cost: statedCost(wire['cost_in_usd_ticks']),
    wire,
  };
}

/**
 * Returns the output tokens including reasoning. Output excludes reasoning only for hosts whose total shows it, or that count
 * more reasoning than output.
 */
function withReasoning(output: number, reasoning: number, total: number | undefined, input: number): number {
  return reasoning > output || (reasoning > 0 && total === input + output + reasoning) ? output + reasoning : output;
}

/** Limits a part of a count to the whole count. */
function part(value: unknown, all: number): number | undefined {
  const count = asTokens(value);
  return count === undefined ? undefined : Math.min(count, all);
}

function statedCost(value: unknown): string | undefined {
  const ticks = asCount(value);
  return ticks === undefined ? undefined : parseCost(decimalText(decimal(ticks).div(TICKS_PER_USD)));
}
