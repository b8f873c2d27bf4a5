import { usageError } from '../../errors.ts';
import type { FunctionTool, ToolChoice } from '../request-parameters.ts';
import { asObject } from '../wire/wire-value.ts';

const NAME = /^[A-Za-z_][\w.:-]{0,127}$/;

/** Encodes `tools` and `toolConfig` of a request with functions. */
export function encodeFunctions(functions: readonly FunctionTool[], toolChoice: ToolChoice | undefined): Record<string, unknown> {
  if (functions.length === 0) return {};
  const config = callingConfig(toolChoice, functions);
  return {
    tools: [{ functionDeclarations: functions.map(declaration) }],
    ...(config !== undefined && { toolConfig: { functionCallingConfig: config } }),
  };
}

function declaration({ name, description, parameters }: FunctionTool): Record<string, unknown> {
  if (!NAME.test(name)) {
    throw usageError(
      `Google does not accept the tool name "${name.slice(0, 140)}"`,
      'start the name with a letter or _, and use at most 128 letters, digits and _ . : -',
    );
  }
  return {
    name,
    ...(description !== undefined && { description }),
    // For an object without properties, omit the schema.
    ...(hasProperties(parameters) && { parametersJsonSchema: parameters }),
  };
}

function hasProperties(schema: FunctionTool['parameters']): boolean {
  if (schema === undefined) return false;
  const isBareObject = schema['type'] === 'object' && Object.keys(schema).every((key) => BARE.has(key));
  return !isBareObject || Object.keys(asObject(schema['properties']) ?? {}).length > 0;
}

const BARE = new Set(['type', 'properties', 'required', 'additionalProperties', '$schema', 'title', 'description']);

function callingConfig(choice: ToolChoice | undefined, functions: readonly FunctionTool[]): Record<string, unknown> | undefined {
  if (typeof choice === 'object') return { mode: 'ANY', allowedFunctionNames: [choice.name] };
  if (choice === 'none') return { mode: 'NONE' };
  if (choice === 'required') return { mode: 'ANY' };
  // Calls must match the schema exactly.
  if (functions.some(({ strict }) => strict === true)) return { mode: 'VALIDATED' };
  return choice === 'auto' ? { mode: 'AUTO' } : undefined;
}
