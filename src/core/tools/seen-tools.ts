import type { Tool } from '../../tools/tool.ts';
import { toolsFingerprint } from './fingerprint.ts';

/** Hashes of a server's tools by label, from when the user last allowed orx to offer them. */
export type SeenTools = Readonly<Record<string, string>>;

/** Returns a hash of what the model and the user see of a tool; if any of it changes, it counts as another tool. */
export function toolFingerprint({ label, description, parameters, isReadOnly }: Tool): string {
  return toolsFingerprint({ label, description, parameters, isReadOnly });
}

/**
 * Returns the tools that are new or different since the user last allowed orx to offer them. On the first use of a server there is nothing to
 * compare with, and nothing counts as changed.
 */
export function changedTools(tools: readonly Tool[], seen: SeenTools | undefined): readonly Tool[] {
  if (seen === undefined) return [];
  return tools.filter((tool) => !Object.hasOwn(seen, tool.label) || seen[tool.label] !== toolFingerprint(tool));
}

/** Returns `seen` with the current state of these tools. */
export function withSeen(seen: SeenTools | undefined, tools: readonly Tool[]): SeenTools {
  return { ...seen, ...Object.fromEntries(tools.map((tool) => [tool.label, toolFingerprint(tool)])) };
}
