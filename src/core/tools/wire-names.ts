import type { Tool } from '../../tools/tool.ts';

/** A tool with the name by which the model knows it. */
export interface OfferedTool extends Tool {
  /** At most 64 of `A–Z a–z 0–9 _ -`, different for every tool: the rule of the strictest provider. */
  name: string;
}

const MAX_LENGTH = 64;

/** Gives each tool a unique name: `server:tool` becomes `server__tool`. If two names would be equal, the later one gets a number. */
export function withWireNames(tools: readonly Tool[]): readonly OfferedTool[] {
  const taken = new Set<string>();
  return tools.map((tool) => {
    const plain = tool.label.replaceAll(':', '__').replaceAll(/[^\w-]/g, '_');
    let name = plain.slice(0, MAX_LENGTH);
    for (let number = 2; taken.has(name); number += 1) {
      const ending = `_${number}`;
      name = plain.slice(0, MAX_LENGTH - ending.length) + ending;
    }
    taken.add(name);
    return { ...tool, name };
  });
}
