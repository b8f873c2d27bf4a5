import type { Usage } from '../completion.ts';
import { asTokens, asObject } from '../wire/wire-value.ts';

/**
 * Decodes the `usage` of an answer. Cohere charges for fewer tokens than its models read, because what it adds to a prompt is free: the
 * billed tokens are used, or the tokens read where it states no billed ones. The wire object has both. Cached tokens are part of
 * the tokens read, so they are reported only with those.
 */
export function decodeCohereUsage(value: unknown): Usage | undefined {
  const wire = asObject(value);
  const billed = asObject(wire?.['billed_units']);
  const tokens = asObject(wire?.['tokens']);
  const isBilled = asTokens(billed?.['input_tokens']) !== undefined || asTokens(billed?.['output_tokens']) !== undefined;
  const counts = isBilled ? billed : tokens;
  if (wire === undefined || counts === undefined) return undefined;
  const promptTokens = asTokens(counts['input_tokens']) ?? 0;
  const completionTokens = asTokens(counts['output_tokens']) ?? 0;
  const cached = isBilled ? undefined : asTokens(wire['cached_tokens']);
  return {
    promptTokens,
    completionTokens,
    totalTokens: promptTokens + completionTokens,
    cachedTokens: cached === undefined ? undefined : Math.min(cached, promptTokens),
    wire,
  };
}
