import type { Tool } from '../../tools/tool.ts';
import { toolsFingerprint } from './fingerprint.ts';

/** Hashes of a server's tools by label, as they were when the user last let them be offered. */
export type SeenTools = Readonly<Record<string, string>>;

/** What the model and the user are told of a tool; when any of it changes, it is another tool. */
export function toolFingerprint({ label, description, parameters, isReadOnly }: Tool): string {
  return toolsFingerprint({ label, description, parameters, isReadOnly });
}

/**
 * Tools that are not as they were when the user last let them be offered: other than before, or not there then. On a server's first use
 * there is nothing to compare with, and nothing counts as changed.
 */
export function changedTools(tools: readonly Tool[], seen: SeenTools | undefined): readonly Tool[] {
  if (seen === undefined) return [];
  return tools.filter((tool) => !Object.hasOwn(seen, tool.label) || seen[tool.label] !== toolFingerprint(tool));
}

/** What was seen before with these tools as they are now. */
export function withSeen(seen: SeenTools | undefined, tools: readonly Tool[]): SeenTools {
  return { ...seen, ...Object.fromEntries(tools.map((tool) => [tool.label, toolFingerprint(tool)])) };
}
