import type { ReasoningPart } from '../../../apis/message.ts';

/**
 * Returns the reasoning parts with the new ids of their calls: Gemini signs a call with a part of the same id. `renames` are pairs of the old
 * and the new id, in the order of the calls. If several calls have the same id, the first part gets the new id of the first call, the second
 * part that of the second call, and so on.
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
