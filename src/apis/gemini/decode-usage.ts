import type { Usage } from '../completion.ts';
import { asTokens, asObject, type WireObject } from '../wire/wire-value.ts';

/** Merges cumulative counts: later values replace earlier ones, and missing fields keep their value. */
export function laterUsageMetadata(before: WireObject | undefined, next: unknown): WireObject | undefined {
  const fields = Object.entries(asObject(next) ?? {}).filter(([, value]) => value !== undefined && value !== null);
  return fields.length === 0 ? before : { ...before, ...Object.fromEntries(fields) };
}

/**
 * Decodes `usageMetadata`. Returns undefined when it has no counts. Thinking is billed as output, and what Google's tools read as
 * input.
 */
export function decodeUsageMetadata(wire: WireObject | undefined): Usage | undefined {
  if (wire === undefined) return undefined;
  const count = (name: string): number | undefined => asTokens(wire[name]);
  const total = count('totalTokenCount');
  const [prompt, candidates] = [count('promptTokenCount'), count('candidatesTokenCount')];
  const [thoughts, tools] = [count('thoughtsTokenCount'), count('toolUsePromptTokenCount') ?? 0];
  if (total === undefined && prompt === undefined && candidates === undefined && thoughts === undefined) return undefined;
  // A missing count is the rest of the total: some models state only the total.
  const rest = Math.max(0, (total ?? 0) - (prompt ?? 0) - tools - (candidates ?? 0) - (thoughts ?? 0));
  const promptTokens = (prompt ?? (candidates === undefined ? 0 : rest)) + tools;
  const completionTokens = (candidates ?? rest) + (thoughts ?? 0);
  const cached = count('cachedContentTokenCount');
  return {
    promptTokens,
    completionTokens,
    totalTokens: total ?? promptTokens + completionTokens,
    cachedTokens: cached === undefined ? undefined : Math.min(cached, promptTokens),
    reasoningTokens: thoughts,
    wire,
  };
}
