import { schemaFault } from './schema-fault.ts';

/** A tool as its server declares it. Untrusted. */
export interface DeclaredTool {
  name: string;
  description: string;
  parameters: Readonly<Record<string, unknown>>;
  isReadOnly: boolean;
  /** A problem that does not affect calls. */
  note?: string | undefined;
}

/** A tool that orx cannot offer, with the reason. Untrusted. */
export interface SkippedTool {
  name: string;
  reason: string;
}

/** Only characters that look like no others and have no special meaning in orx. */
const USABLE_NAME = /^[\w./-]{1,128}$/;
const LONGEST_NAME = 200;
const LONGEST_DESCRIPTION = 32_000;
const LONGEST_SCHEMA = 256_000;

/** Reads one entry of a server's list. `position` counts from 1 and identifies an entry without a name. */
export function readTool(entry: unknown, position: number): DeclaredTool | SkippedTool {
  if (!isTable(entry)) return { name: `number ${position}`, reason: 'it is not an object' };
  const { name, description, inputSchema, outputSchema, annotations } = entry;
  if (typeof name !== 'string' || name === '') return { name: `number ${position}`, reason: 'it has no name' };
  const skip = (reason: string): SkippedTool => ({ name: name.slice(0, LONGEST_NAME), reason });
  if (!USABLE_NAME.test(name)) return skip('its name is not plain');
  const text = typeof description === 'string' ? description : '';
  if (text.length > LONGEST_DESCRIPTION) return skip(`its description has more than ${LONGEST_DESCRIPTION} characters`);
  if (inputSchema === undefined) return skip('it has no inputSchema');
  if (!isTable(inputSchema)) return skip('its inputSchema is not an object');
  const { type = 'object' } = inputSchema;
  if (type !== 'object') return skip(`its inputSchema is not for an object but for ${JSON.stringify(type).slice(0, 40)}`);
  const fault = schemaFault(inputSchema);
  if (fault !== undefined) return skip(`in its inputSchema ${fault}`);
  if (JSON.stringify(inputSchema).length > LONGEST_SCHEMA)
    return skip(`its inputSchema has more than ${LONGEST_SCHEMA} characters`);
  const outputFault = outputSchema === undefined ? undefined : outputFaultOf(outputSchema);
  return {
    name,
    description: text,
    parameters: inputSchema,
    isReadOnly: isTable(annotations) && annotations['readOnlyHint'] === true,
    ...(outputFault !== undefined && { note: `its outputSchema is malformed and is ignored: ${outputFault}` }),
  };
}

function outputFaultOf(schema: unknown): string | undefined {
  return isTable(schema) ? schemaFault(schema) : 'it is not an object';
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
