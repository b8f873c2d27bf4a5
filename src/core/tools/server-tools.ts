import { usageError } from '../../errors.ts';
import type { ServerTool } from '../../apis/request-parameters.ts';
import { parseLimit } from '../settings/parse-count.ts';

/** Flags for tools that the API itself runs. */
export interface ServerToolFlags {
  web: boolean;
  webResults?: string | undefined;
  serverTools: readonly string[];
}

/** Returns the API's tools that the flags select, each once. Throws a usage error for an invalid name or JSON object. */
export function serverTools({ web, webResults, serverTools: words }: ServerToolFlags): readonly ServerTool[] {
  const tools = words.map(parseServerTool);
  if (web || webResults !== undefined) {
    const parameters = webResults === undefined ? undefined : { max_results: parseLimit('--web-results', webResults) };
    tools.unshift({ type: 'openrouter:web_search', parameters });
  }
  const seen = new Set<string>();
  for (const { type } of tools) {
    if (seen.has(type)) throw usageError(`the server tool ${type} is given twice`, 'name it once, with all its parameters');
    seen.add(type);
  }
  return tools;
}

function parseServerTool(word: string): ServerTool {
  const [, name = '', json] = /^(?:openrouter:)?([a-z][a-z0-9_]*)(?:=(.*))?$/s.exec(word.trim()) ?? [];
  if (name === '') {
    throw usageError(
      `--server-tool must be a name, optionally with parameters, not "${word}"`,
      `add parameters like this: --server-tool 'web_fetch={"max_uses":2}'`,
    );
  }
  if (json === undefined) return { type: `openrouter:${name}` };
  return { type: `openrouter:${name}`, parameters: parseParameters(name, json) };
}

function parseParameters(name: string, json: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw usageError(
    `the parameters of --server-tool ${name} are not a JSON object`,
    `write them like this: --server-tool '${name}={"key":"value"}'`,
  );
}
