import type { ChatDeviations } from '../chat-deviations.ts';
import type { ChatRequest } from '../completion.ts';
import type { FunctionTool } from '../request-parameters.ts';
import type { Vendor } from '../vendors.ts';
import { ownTools } from '../wire/direct-request.ts';

/** `tools` and `tool_choice`. Throws a usage error for what only OpenRouter runs, and for several answers at once. */
export function encodeChatTools(request: ChatRequest, vendor: Vendor, deviations: ChatDeviations): Record<string, unknown> {
  const { toolChoice } = request;
  const offered = ownTools(request, vendor);
  // Where nothing is offered there is nothing to choose, and OpenAI refuses a choice.
  if (offered.length === 0) return {};
  const required = deviations.requiredToolChoice ?? 'required';
  if (typeof toolChoice === 'object' && deviations.hasNoNamedToolChoice === true) {
    return { tools: offered.filter(({ name }) => name === toolChoice.name).map(encodeTool), tool_choice: required };
  }
  return { tools: offered.map(encodeTool), ...(toolChoice !== undefined && { tool_choice: encodeChoice(toolChoice, required) }) };
}

/** Some, such as Mistral, refuse a tool without a schema, also one that takes nothing. */
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
