import type { ToolCall } from '../../../apis/message.ts';
import type { FunctionTool } from '../../../apis/request-parameters.ts';

/** Returns a definition for each tool that the calls name: the known one, or a minimal one that providers accept. */
export function toolsOfHistory(calls: readonly ToolCall[], known: readonly FunctionTool[]): readonly FunctionTool[] {
  const names = new Set(calls.map(({ name }) => name));
  return [...names].map((name) => known.findLast((tool) => tool.name === name) ?? unknownTool(name));
}

/** Conversations of earlier versions of orx have no definitions, and a model may call a tool that never existed. */
function unknownTool(name: string): FunctionTool {
  return {
    type: 'function',
    name,
    description: 'Used earlier in this conversation, and not available now.',
    parameters: { type: 'object', properties: {} },
  };
}
