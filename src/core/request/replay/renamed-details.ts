/**
 * Returns reasoning details under the new ids of their calls: Gemini signs a call by an item of the same id. `renames` are pairs of the id
 * before and after, in the order of the calls; of several calls with one id the items belong to the first, then to the second, and so on.
 */
export function renamedDetails(
  details: readonly unknown[],
  renames: readonly (readonly [before: string, after: string])[],
): readonly unknown[] {
  const left = new Map<string, string[]>();
  for (const [before, after] of renames) left.set(before, [...(left.get(before) ?? []), after]);
  return details.map((detail) => {
    const id = typeof detail === 'object' && detail !== null ? (detail as { id?: unknown }).id : undefined;
    const names = typeof id === 'string' ? left.get(id) : undefined;
    const name = names !== undefined && names.length > 1 ? names.shift() : names?.[0];
    return name === undefined || name === id ? detail : { ...(detail as object), id: name };
  });
}
