import type { Message, ToolCall } from '../../providers/completion.ts';
import type { ToolArguments } from '../../tools/tool.ts';
import type { OfferedTool } from './wire-names.ts';

/** A call that can be judged and made, or the reason why it cannot. */
export interface CheckedCall {
  call: ToolCall;
  /** The tool's label; what the model called it where there is no such tool. Untrusted. */
  label: string;
  tool?: OfferedTool | undefined;
  values: ToolArguments;
  /** Told to the model in place of a result. */
  fault?: string | undefined;
}

/** Calls whose ids are told apart, also from those of earlier messages: providers leave them out or use them twice. */
export function withOwnIds(calls: readonly ToolCall[], messages: readonly Message[]): readonly ToolCall[] {
  const taken = new Set(messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id }) => id)));
  return calls.map((call) => {
    let { id } = call;
    for (let number = 2; id === '' || taken.has(id); number += 1) id = `${call.id === '' ? 'call' : call.id}_${number}`;
    taken.add(id);
    return id === call.id ? call : { ...call, id };
  });
}

/** Finds the tool of a call and reads its arguments, which are the model's text and perhaps no JSON. No arguments are an empty object. */
export function checkCall(call: ToolCall, tools: readonly OfferedTool[]): CheckedCall {
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined) return { call, label: call.name, values: {}, fault: `there is no tool ${JSON.stringify(call.name)}` };
  const { label } = tool;
  if (call.arguments.trim() === '') return { call, label, tool, values: {} };
  const values = parseObject(call.arguments);
  if (values === undefined) return { call, label, tool, values: {}, fault: 'the arguments are not a JSON object' };
  return { call, label, tool, values };
}

function parseObject(text: string): ToolArguments | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ToolArguments) : undefined;
  } catch {
    return undefined;
  }
}
