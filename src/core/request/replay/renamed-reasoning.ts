import type { ReasoningPart } from '../../../apis/message.ts';

/**
 * Returns reasoning under the new ids of its calls: Gemini signs a call by a part of the same id. `renames` are pairs of the id before and
 * after, in the order of the calls; of several calls with one id the parts belong to the first, then to the second, and so on.
 */
export function renamedReasoning(
  parts: readonly ReasoningPart[],
  renames: readonly (readonly [before: string, after: string])[],
): readonly ReasoningPart[] {
  const left = new Map<string, string[]>();
  for (const [before, after] of renames) left.set(before, [...(left.get(before) ?? []), after]);
  return parts.map((part) => {
    const names = part.id === undefined ? undefined : left.get(part.id);
    const name = names !== undefined && names.length > 1 ? names.shift() : names?.[0];
    return name === undefined || name === part.id ? part : { ...part, id: name };
  });
}
