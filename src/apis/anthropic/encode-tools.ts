import type { FunctionTool, ToolChoice } from '../request-parameters.ts';
import { asObject } from '../wire/wire-value.ts';
import type { ClaudeFacts } from './claude-facts.ts';
import { strictSchema } from './strict-schema.ts';

type Wire = Record<string, unknown>;

export interface ToolWishes {
  tools: readonly FunctionTool[];
  choice?: ToolChoice | undefined;
  isParallel?: boolean | undefined;
  /** The tool whose input is the answer. The model must call it or another tool. */
  answerTool?: FunctionTool | undefined;
}

export interface WireTools {
  tools?: readonly Wire[] | undefined;
  tool_choice?: Wire | undefined;
}

export function encodeTools(wishes: ToolWishes, facts: ClaudeFacts): WireTools {
  const all = offeredTools(wishes, facts);
  if (all.length === 0) return {};
  return { tools: all.map((tool) => encodeTool(tool, facts)), tool_choice: encodeChoice(wishes, facts) };
}

/** Returns whether the model must call a tool. */
export function demandsCall({ choice, answerTool, tools }: ToolWishes): boolean {
  return answerTool !== undefined || (tools.length > 0 && (choice === 'required' || typeof choice === 'object'));
}

/** Offers only the named tool when a call cannot be required, or when another tool receives the answer. */
function offeredTools({ tools, choice, answerTool }: ToolWishes, facts: ClaudeFacts): readonly FunctionTool[] {
  const isAlone = typeof choice === 'object' && (answerTool !== undefined || !facts.takesForcedTools);
  const chosen = isAlone ? tools.filter(({ name }) => name === choice.name) : tools;
  if (answerTool === undefined) return chosen;
  return choice === 'none' ? [answerTool] : [...chosen, answerTool];
}

function encodeTool({ name, description, parameters = {}, strict }: FunctionTool, facts: ClaudeFacts): Wire {
  const isStrict = strict === true && facts.hasStructuredOutput;
  const schema = isStrict ? strictSchema(parameters) : parameters;
  return {
    name,
    ...(description !== undefined && { description }),
    input_schema: { ...schema, type: 'object', properties: asObject(schema['properties']) ?? {} },
    ...(isStrict && { strict: true }),
  };
}

function encodeChoice(wishes: ToolWishes, facts: ClaudeFacts): Wire | undefined {
  const { choice, isParallel, answerTool, tools } = wishes;
  const isSingle = isParallel === false || answerTool !== undefined ? { disable_parallel_tool_use: true } : {};
  if (answerTool !== undefined) {
    return tools.length === 0 || choice === 'none'
      ? { type: 'tool', name: answerTool.name, ...isSingle }
      : { type: 'any', ...isSingle };
  }
  if (choice === 'none') return { type: 'none' };
  if (demandsCall(wishes) && facts.takesForcedTools)
    return typeof choice === 'object' ? { type: 'tool', name: choice.name, ...isSingle } : { type: 'any', ...isSingle };
  return choice === undefined && isParallel !== false ? undefined : { type: 'auto', ...isSingle };
}
