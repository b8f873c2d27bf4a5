import { type FieldValues, isFields } from '../fields.ts';

/** Longest name of a function that all vendors accept. */
const LONGEST_NAME = 64;

/** A tool under the name that the client uses. */
export interface ClientTool {
  name: string;
  /** Group of the tool. Codex groups the tools of its agents and of MCP servers. */
  namespace?: string | undefined;
  /** The argument is free text. */
  isCustom: boolean;
}

/**
 * Returns the name under which a model of another dialect sees a tool: these models know no groups. A name that would be too long
 * is used without its group.
 */
export function flatName(name: string, namespace: string | undefined): string {
  const joined = namespace === undefined ? name : `${namespace}__${name}`;
  return joined.length > LONGEST_NAME ? name : joined;
}

/** Returns the functions and the tools with free text of a request, by the names that the model sees. */
export function clientTools(asked: FieldValues): ReadonlyMap<string, ClientTool> {
  const tools = new Map<string, ClientTool>();
  const add = (given: unknown, namespace?: string): void => {
    if (!Array.isArray(given)) return;
    for (const tool of given.filter(isFields)) {
      const { type, name } = tool;
      if (typeof name !== 'string') continue;
      if (type === 'namespace' && namespace === undefined) add(tool['tools'], name);
      else if (type === 'function' || type === 'custom')
        tools.set(flatName(name, namespace), { name, namespace, isCustom: type === 'custom' });
    }
  };
  add(asked['tools']);
  return tools;
}
