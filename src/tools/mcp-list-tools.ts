import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ErrorCode, McpError, ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { isDeepStrictEqual } from 'node:util';
import { roundNumbers } from '../text/exact-json.ts';
import { type DeclaredTool, readTool, type SkippedTool } from './mcp-tool.ts';

/** The tools that a server offers. All texts are untrusted. */
export interface ListedTools {
  tools: readonly DeclaredTool[];
  skipped: readonly SkippedTool[];
  /** Further information for the user. */
  notes: readonly string[];
}

/** More pages than any real list of tools: stops a list that never ends. */
const MOST_PAGES = 100;
const MOST_TOOLS = 1000;

/**
 * Lists the tools of a connected server. Skips malformed tools. Does not ask a server that declares prompts or resources but no
 * tools: the protocol allows such a server not to answer.
 */
export async function listTools(client: Client, options: { signal: AbortSignal; timeout: number }): Promise<ListedTools> {
  const { tools, ...capabilities } = client.getServerCapabilities() ?? {};
  const others = Object.keys(capabilities).filter((name) => name === 'prompts' || name === 'resources');
  if (tools === undefined && others.length > 0) return nothing(others);
  let read: Entries;
  try {
    read = await readPages(client, options);
  } catch (error) {
    if (error instanceof McpError && error.code === ErrorCode.MethodNotFound) return nothing(others);
    throw error;
  }
  const { entries, fault } = read;
  const { usable, skipped } = readEntries(entries);
  return {
    tools: usable,
    skipped,
    notes: [
      ...usable.flatMap(({ name, note }) => (note === undefined ? [] : [`the tool ${name}: ${note}`])),
      ...(fault === undefined ? [] : [fault]),
      ...(entries.length === 0 ? ['it offers no tools'] : []),
    ],
  };
}

function nothing(others: readonly string[]): ListedTools {
  const rest = others.length === 0 ? '' : `, only ${others.join(' and ')}, which orx does not use`;
  return { tools: [], skipped: [], notes: [`it offers no tools${rest}`] };
}

interface Entries {
  entries: readonly unknown[];
  /** Why the list may be incomplete. */
  fault?: string | undefined;
}

async function readPages(client: Client, options: { signal: AbortSignal; timeout: number }): Promise<Entries> {
  const entries: unknown[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES && entries.length <= MOST_TOOLS; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const { tools, nextCursor } = await client.request({ method: 'tools/list', params }, ResultSchema, options);
    if (!Array.isArray(tools)) return { entries, fault: 'its list of tools is not a list' };
    entries.push(...(tools as unknown[]));
    const isLast = typeof nextCursor !== 'string' || nextCursor === '';
    if (isLast && entries.length <= MOST_TOOLS) return { entries };
    if (isLast || seen.has(nextCursor)) break;
    seen.add(nextCursor);
    cursor = nextCursor;
  }
  const stored = entries.slice(0, MOST_TOOLS);
  return { entries: stored, fault: `its list of tools does not end: only the first ${stored.length} were read` };
}

function readEntries(entries: readonly unknown[]): { usable: DeclaredTool[]; skipped: SkippedTool[] } {
  const usable = new Map<string, DeclaredTool>();
  const skipped: SkippedTool[] = [];
  for (const [index, entry] of entries.entries()) {
    const tool = readTool(roundNumbers(entry), index + 1);
    const known = usable.get(tool.name);
    if ('reason' in tool) skipped.push(tool);
    else if (known === undefined) usable.set(tool.name, tool);
    else if (!isDeepStrictEqual(tool, known)) skipped.push({ name: tool.name, reason: 'another tool has the same name' });
  }
  return { usable: [...usable.values()], skipped };
}
