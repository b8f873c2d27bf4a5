import type { FunctionTool, ToolChoice, ToolDefinition } from '../../../apis/request-parameters.ts';
import { badRequest } from '../../bad-request.ts';
import { type Fields, isFields } from '../fields.ts';
import { jsonSchemaOf } from './json-schema.ts';

export interface ParsedFunctions {
  tools: readonly ToolDefinition[] | undefined;
  toolChoice: ToolChoice | undefined;
  /** Names of tools that only Google runs. */
  googleTools: readonly string[];
}

/** Parses `tools` and `toolConfig`. Throws status 400. */
export function parseFunctions(fields: Fields): ParsedFunctions {
  const tools: ToolDefinition[] = [];
  const googleTools: string[] = [];
  for (const tool of fields.objects('tools')) {
    for (const name of Object.keys(tool.values)) {
      if (name === 'functionDeclarations' || name === 'function_declarations') tools.push(...functionsOf(tool));
      // OpenRouter can search for any model; Google gets the original tool.
      else if (/^google_?search$/i.test(name)) tools.push({ type: 'openrouter:web_search' });
      else googleTools.push(name);
    }
  }
  return { ...withMode(fields, tools), googleTools };
}

function functionsOf(tool: Fields): FunctionTool[] {
  return tool.objects('functionDeclarations').map((declared) => {
    const description = declared.text('description');
    const parameters = jsonSchemaOf(declared.get('parametersJsonSchema') ?? declared.get('parameters'));
    return {
      type: 'function',
      name: declared.requiredText('name'),
      ...(description !== undefined && { description }),
      ...(isFields(parameters) && { parameters }),
    };
  });
}

function withMode(fields: Fields, tools: readonly ToolDefinition[]): Pick<ParsedFunctions, 'tools' | 'toolChoice'> {
  const config = fields.object('toolConfig')?.object('functionCallingConfig');
  const mode = config?.text('mode')?.toUpperCase() ?? 'MODE_UNSPECIFIED';
  const names = config?.texts('allowedFunctionNames') ?? [];
  const all = tools.length === 0 ? undefined : tools;
  switch (mode) {
    case 'MODE_UNSPECIFIED':
      return { tools: all, toolChoice: undefined };
    case 'AUTO':
      return { tools: all, toolChoice: 'auto' };
    case 'NONE':
      return { tools: all, toolChoice: 'none' };
    case 'ANY':
      if (names.length === 1) return { tools: all, toolChoice: { name: names[0]! } };
      return { tools: allowed(tools, names), toolChoice: 'required' };
    case 'VALIDATED':
      return {
        tools: allowed(tools, names)?.map((tool) => (tool.type === 'function' ? { ...tool, strict: true } : tool)),
        toolChoice: 'auto',
      };
    default:
      throw badRequest(`${config!.place('mode')} must be one of AUTO, ANY, NONE, VALIDATED`);
  }
}

/** Other vendors have no list of allowed tools, so only these are offered. */
function allowed(tools: readonly ToolDefinition[], names: readonly string[]): readonly ToolDefinition[] | undefined {
  const left = names.length === 0 ? tools : tools.filter((tool) => tool.type !== 'function' || names.includes(tool.name));
  return left.length === 0 ? undefined : left;
}
