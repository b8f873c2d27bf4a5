import type { Usage } from '../completion.ts';
import { asCount, asObject, type WireObject } from '../wire/wire-value.ts';

/** Counts are those of the whole answer so far: the last one of each field holds, and what a chunk leaves out stays. */
export function laterUsageMetadata(before: WireObject | undefined, next: unknown): WireObject | undefined {
  const fields = Object.entries(asObject(next) ?? {}).filter(([, value]) => value !== undefined && value !== null);
  return fields.length === 0 ? before : { ...before, ...Object.fromEntries(fields) };
}

/** `usageMetadata` as usage; undefined where it holds no counts. Thinking is billed as output, and what Google's tools read as input. */
export function decodeUsageMetadata(wire: WireObject | undefined): Usage | undefined {
  if (wire === undefined) return undefined;
  const count = (name: string): number | undefined => asCount(wire[name]);
  const total = count('totalTokenCount');
  const [prompt, candidates] = [count('promptTokenCount'), count('candidatesTokenCount')];
  const [thoughts, tools] = [count('thoughtsTokenCount'), count('toolUsePromptTokenCount') ?? 0];
  if (total === undefined && prompt === undefined && candidates === undefined && thoughts === undefined) return undefined;
  // A count that is left out is what is left of the total, which some models state alone.
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
