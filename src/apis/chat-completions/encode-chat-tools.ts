import type { ChatDeviations } from '../chat-deviations.ts';
import type { ChatRequest } from '../completion.ts';
import type { FunctionTool } from '../request-parameters.ts';
import type { Vendor } from '../vendors.ts';
import { ownTools } from '../wire/direct-request.ts';

/** Encodes `tools` and `tool_choice`. Throws a usage error for tools that only OpenRouter runs, and for more than one answer. */
export function encodeChatTools(request: ChatRequest, vendor: Vendor, deviations: ChatDeviations): Record<string, unknown> {
  const { toolChoice } = request;
  const offered = ownTools(request, vendor);
  // OpenAI rejects a tool choice without tools.
  if (offered.length === 0) return {};
  const required = deviations.requiredToolChoice ?? 'required';
  if (typeof toolChoice === 'object' && deviations.hasNoNamedToolChoice === true) {
    return { tools: offered.filter(({ name }) => name === toolChoice.name).map(encodeTool), tool_choice: required };
  }
  return { tools: offered.map(encodeTool), ...(toolChoice !== undefined && { tool_choice: encodeChoice(toolChoice, required) }) };
}

/** Adds a schema to tools without parameters, because some vendors, such as Mistral, reject a tool without a schema. */
function encodeTool({ type, name, description, parameters = { type: 'object', properties: {} }, strict }: FunctionTool): unknown {
  return {
    type,
    function: {
      name,
      ...(description !== undefined && { description }),
      parameters,
      ...(strict !== undefined && { strict }),
    },
  };
}

function encodeChoice(choice: NonNullable<ChatRequest['toolChoice']>, required: string): unknown {
  if (typeof choice === 'object') return { type: 'function', function: { name: choice.name } };
  return choice === 'required' ? required : choice;
}
