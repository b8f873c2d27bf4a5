import { decimal, decimalText } from '../../decimal.ts';
import { parseCost } from '../../paid-cost.ts';
import type { ChatDeviations } from '../chat-deviations.ts';
import type { Usage } from '../completion.ts';
import { asCount, asTokens, asObject, type WireObject } from '../wire/wire-value.ts';

/** xAI states costs in units of 1e-10 USD. */
const TICKS_PER_DOLLAR = 1e10;

/**
 * Decodes the `usage` object of a direct vendor. Hosts differ in what their counts include and where the details are. In the
 * result, details are always part of the count they belong to, and prompt and completion add up to the total, which is the
 * vendor's own where possible.
 */
export function decodeVendorUsage(value: unknown, deviations: ChatDeviations): Usage | undefined {
  const wire = asObject(value);
  if (wire === undefined) return undefined;
  const timings = asObject(wire['timings']);
  const prompt =
    asTokens(wire['prompt_tokens']) ?? (asTokens(timings?.['prompt_n']) ?? 0) + (asTokens(timings?.['cache_n']) ?? 0);
  const cached = cachedOf(wire, timings);
  const isApart = deviations.promptMayExcludeCached === true && (cached ?? 0) > prompt;
  const promptTokens = isApart ? prompt + cached! : prompt;
  const reasoning =
    asTokens(asObject(wire['completion_tokens_details'])?.['reasoning_tokens']) ?? asTokens(wire['reasoning_tokens']);
  const completion = asTokens(wire['completion_tokens']) ?? asTokens(timings?.['predicted_n']) ?? 0;
  const total = asTokens(wire['total_tokens']);
  const completionTokens = completionOf({ prompt, completion, reasoning: reasoning ?? 0, total }, deviations);
  const cachedTokens = cached === undefined ? undefined : Math.min(cached, promptTokens);
  const written = writtenOf(wire);
  return {
    promptTokens,
    completionTokens,
    totalTokens: promptTokens + completionTokens,
    cachedTokens,
    cacheWriteTokens: written === undefined ? undefined : Math.min(written, promptTokens - (cachedTokens ?? 0)),
    reasoningTokens: reasoning,
    cost: costOf(wire),
    wire,
  };
}

interface Counts {
  prompt: number;
  completion: number;
  reasoning: number;
  total: number | undefined;
}

/**
 * Returns the output tokens including reasoning. The total shows whether they already include it. Tokens that only the total
 * contains count as output: Gemini's compatible endpoint counts its reasoning only there.
 */
function completionOf({ prompt, completion, reasoning, total }: Counts, { completionExcludesReasoning }: ChatDeviations): number {
  const [within, apart] = [prompt + completion, prompt + completion + reasoning];
  if (total === within && reasoning <= completion) return completion;
  if (total === apart || reasoning > completion || completionExcludesReasoning === true) return completion + reasoning;
  return total !== undefined && total > within ? total - prompt : completion;
}

function cachedOf(wire: WireObject, timings: WireObject | undefined): number | undefined {
  const details = asObject(wire['prompt_tokens_details']) ?? asObject(wire['prompt_token_details']);
  return (
    asTokens(details?.['cached_tokens']) ??
    asTokens(wire['prompt_cache_hit_tokens']) ??
    asTokens(wire['num_cached_tokens']) ??
    asTokens(wire['cached_tokens']) ??
    asTokens(timings?.['cache_n'])
  );
}

function writtenOf(wire: WireObject): number | undefined {
  const details = asObject(wire['prompt_tokens_details']);
  return asTokens(details?.['cache_write_tokens']) ?? asTokens(details?.['cache_creation_input_tokens']);
}

/**
 * Returns the cost that the vendor states. Zero counts as not stated: hosts that do not compute costs send it, and hosts that add
 * costs up begin with it.
 */
function costOf(wire: WireObject): string | undefined {
  const stated = parseCost(asObject(wire['cost'])?.['total_cost'] ?? wire['cost']);
  const ticks = asCount(wire['cost_in_usd_ticks']);
  const cost = stated ?? (ticks === undefined ? undefined : parseCost(decimalText(decimal(ticks).div(TICKS_PER_DOLLAR))));
  return cost === undefined || Number(cost) === 0 ? undefined : cost;
}
