import { type Hint, OrxError, usageError } from '../../errors.ts';
import { REMOVE_OR_ANOTHER_MODEL } from '../../hints.ts';
import type { ChatRequest, RoutingPreferences } from '../completion.ts';
import type { FunctionTool, RequestParameters, ToolDefinition } from '../request-parameters.ts';
import type { Vendor } from '../vendors.ts';
import { asArray, asObject } from './wire-value.ts';

/** Parameters that can be omitted without changing the meaning of the request, with the API's names that users know. */
const OPTIONAL = {
  temperature: 'temperature',
  maxTokens: 'max_tokens',
  topP: 'top_p',
  topK: 'top_k',
  minP: 'min_p',
  topA: 'top_a',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  repetitionPenalty: 'repetition_penalty',
  seed: 'seed',
  stop: 'stop',
  logitBias: 'logit_bias',
  verbosity: 'verbosity',
  imageConfig: 'image_config',
  parallelToolCalls: 'parallel_tool_calls',
  maxToolCalls: 'max_tool_calls',
  cacheControl: 'cache_control',
  serviceTier: 'service_tier',
  transforms: 'transforms',
  metadata: 'metadata',
  user: 'user',
} as const satisfies Partial<Record<keyof RequestParameters, string>>;

/** A parameter that a vendor may not support. */
export type OptionalParameter = keyof typeof OPTIONAL;

/** Fields of `extra` that only OpenRouter interprets. */
const ROUTER_FIELDS = new Set(['models', 'provider', 'route', 'plugins', 'transforms', 'usage', 'session_id', 'debug', 'n']);

/**
 * Returns a line for each requested parameter that the vendor does not support, in words for the user: `seed: Anthropic has no
 * such parameter`. Ignores values that equal the default.
 */
export function droppedParameters(
  request: ChatRequest,
  { label }: Pick<Vendor, 'label'>,
  missing: readonly OptionalParameter[],
): readonly string[] {
  const lines = missing
    .filter((name) => isAsked(name, request[name]))
    .map((name) => `${OPTIONAL[name]}: ${label} has no such parameter`);
  for (const tool of request.tools ?? []) if (isOptional(tool)) lines.push(`the tool ${tool.type}: ${label} has no such tool`);
  return hasPreferences(request.routing) ? [...lines, `routing preferences: requests to ${label} are not routed`] : lines;
}

function isAsked(name: OptionalParameter, value: unknown): boolean {
  if (value === undefined) return false;
  if (name === 'parallelToolCalls') return value === false;
  if (name === 'serviceTier') return value !== 'auto' && value !== 'default';
  return !(Array.isArray(value) && value.length === 0);
}

function hasPreferences(routing: RoutingPreferences | undefined): boolean {
  return Object.values(routing ?? {}).some((value) => value !== undefined && !(Array.isArray(value) && value.length === 0));
}

/**
 * Returns the function tools of a request. Throws a usage error for tools that only OpenRouter runs, unless they are optional, and
 * for more than one answer.
 */
export function ownTools(request: ChatRequest, { label }: Pick<Vendor, 'label'>): readonly FunctionTool[] {
  // From a client of the gateway, which may send anything.
  const plugins = [...(request.plugins ?? []), ...asArray(request.extra?.['plugins'])];
  if (plugins.length > 0) {
    const [plugin] = plugins;
    const { id } = asObject(plugin) ?? {};
    const name = typeof id === 'string' ? ` "${id}"` : '';
    throw usageError(`the plugin${name} is only available at OpenRouter, not at ${label}`, viaOpenRouter());
  }
  if ((request.extra?.['n'] ?? 1) !== 1)
    throw usageError(`orx requests one response at a time from ${label}`, 'remove the parameter n');
  return (request.tools ?? []).flatMap((tool) => {
    if (tool.type === 'function') return tool;
    if (isOptional(tool)) return [];
    throw usageError(`the tool ${tool.type} is only available at OpenRouter, not at ${label}`, viaOpenRouter());
  });
}

function isOptional(tool: ToolDefinition): boolean {
  return tool.type !== 'function' && tool.isOptional === true;
}

function viaOpenRouter(): Hint {
  return {
    shell: 'remove it, or use a model of OpenRouter: -m AUTHOR/MODEL',
    session: 'use a model of OpenRouter: /model AUTHOR/MODEL',
  };
}

/** Returns the wire fields that the user set, which go to the vendor unchanged, except those for OpenRouter. */
export function extraFields({ extra = {} }: ChatRequest): Record<string, unknown> {
  return Object.fromEntries(Object.entries(extra).filter(([name, value]) => !ROUTER_FIELDS.has(name) && value !== undefined));
}

/** Code of the usage error for input or output that a vendor does not support. */
export const NOT_SUPPORTED = 'not-supported';

/** Returns the usage error for an attachment or an output that the vendor does not support. */
export function unsupported(what: string, { label }: Pick<Vendor, 'label'>, hint?: Hint): Error {
  return new OrxError(`${label} does not support ${what}`, {
    kind: 'usage',
    code: NOT_SUPPORTED,
    hints: [hint ?? REMOVE_OR_ANOTHER_MODEL],
  });
}
