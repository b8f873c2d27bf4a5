import type { FunctionTool, ToolChoice, ToolDefinition } from '../../../apis/request-parameters.ts';
import { badRequest } from '../../bad-request.ts';
import { type Fields, isFields } from '../fields.ts';
import { customTool } from './custom-tools.ts';
import { flatName } from './namespaces.ts';

export interface ParsedTools {
  tools: readonly ToolDefinition[] | undefined;
  toolChoice: ToolChoice | undefined;
  /** Names of tools that only vendors with this dialect run. */
  vendorTools: readonly string[];
}

const WEB_SEARCH = /^web_search(_preview)?(_\d{4}_\d{2}_\d{2})?$/;
/** Types of tools that the client runs. */
const CLIENT_TOOLS: ReadonlySet<string> = new Set(['function', 'custom']);
/** Parameters with the same name in OpenRouter's search. */
const SEARCH_PARAMETERS = ['search_context_size', 'user_location'] as const;

/** Parses `tools` and `tool_choice`. Throws status 400. */
export function parseResponseTools(fields: Fields): ParsedTools {
  const given = fields.objects('tools').flatMap(withoutGroups);
  // Codex offers a search in every request. A vendor without one can still answer with the client's own tools.
  const isSearchOptional =
    given.some(({ tool }) => CLIENT_TOOLS.has(tool.requiredText('type'))) && (fields.get('tool_choice') ?? 'auto') === 'auto';
  const parsed = given.map(({ tool, namespace }) => ({ tool, definition: parseTool(tool, namespace, isSearchOptional) }));
  const vendorTools = parsed.filter(({ definition }) => definition === undefined).map(({ tool }) => tool.requiredText('type'));
  return {
    ...withChoice(
      fields,
      parsed.flatMap(({ definition }) => definition ?? []),
      vendorTools,
    ),
    vendorTools,
  };
}

/** Returns a tool, or the tools of a group. */
function withoutGroups(tool: Fields): readonly { tool: Fields; namespace?: string }[] {
  if (tool.requiredText('type') !== 'namespace') return [{ tool }];
  const namespace = tool.requiredText('name');
  return tool.objects('tools').map((member) => ({ tool: member, namespace }));
}

/** Returns undefined for a tool that other dialects cannot express. */
function parseTool(tool: Fields, namespace: string | undefined, isSearchOptional: boolean): ToolDefinition | undefined {
  const type = tool.requiredText('type');
  if (CLIENT_TOOLS.has(type)) {
    const definition = type === 'function' ? parseFunction(tool) : customTool(tool);
    return { ...definition, name: flatName(definition.name, namespace) };
  }
  if (type.startsWith('openrouter:')) {
    const parameters = tool.object('parameters')?.values;
    return { type: type as `openrouter:${string}`, ...(parameters !== undefined && { parameters }) };
  }
  return WEB_SEARCH.test(type) ? webSearch(tool, isSearchOptional) : undefined;
}

/** OpenRouter can search for any model. A vendor with this dialect gets the original tool. */
function webSearch(tool: Fields, isOptional: boolean): ToolDefinition {
  const parameters: Record<string, unknown> = {};
  for (const name of SEARCH_PARAMETERS) if (tool.get(name) !== undefined) parameters[name] = tool.get(name);
  const domains = tool.object('filters')?.texts('allowed_domains');
  if (domains !== undefined) parameters['allowed_domains'] = domains;
  return {
    type: 'openrouter:web_search',
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(isOptional && { isOptional }),
  };
}

/** Parses a function in the form of this dialect or of chat completions. */
function parseFunction(tool: Fields): FunctionTool {
  const called = tool.object('function') ?? tool;
  const description = called.text('description');
  const parameters = called.object('parameters')?.values;
  const strict = called.flag('strict');
  return {
    type: 'function',
    name: called.requiredText('name'),
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters }),
    ...(strict !== undefined && { strict }),
  };
}

function withChoice(
  fields: Fields,
  tools: readonly ToolDefinition[],
  vendorTools: readonly string[],
): Pick<ParsedTools, 'tools' | 'toolChoice'> {
  const all = tools.length === 0 ? undefined : tools;
  const choice = fields.get('tool_choice');
  if (choice === undefined) return { tools: all, toolChoice: undefined };
  if (choice === 'none' || choice === 'auto' || choice === 'required') return { tools: all, toolChoice: choice };
  if (!isFields(choice)) throw badChoice();
  const asked = fields.object('tool_choice')!;
  const type = asked.text('type') ?? '';
  if (type === 'function' || type === 'custom')
    return {
      tools: all,
      toolChoice: { name: flatName((asked.object('function') ?? asked).requiredText('name'), asked.text('namespace')) },
    };
  if (type === 'allowed_tools') {
    // Other vendors have no list of allowed tools, so only these are offered.
    const names = new Set(
      asked.objects('tools').map((tool) => flatName(tool.text('name') ?? tool.requiredText('type'), tool.text('namespace'))),
    );
    const allowed = tools.filter((tool) => names.has(tool.type === 'function' ? tool.name : tool.type));
    const mode = asked.text('mode') === 'required' ? 'required' : 'auto';
    return { tools: allowed.length === 0 ? undefined : allowed, toolChoice: mode };
  }
  if (vendorTools.includes(type) || WEB_SEARCH.test(type)) return { tools: all, toolChoice: 'required' };
  throw badChoice();
}

function badChoice(): Error {
  return badRequest('tool_choice must be none, auto, required, a function, custom or allowed_tools');
}
