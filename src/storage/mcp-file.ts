import { mcpPath } from './mcp-names.ts';
import { readPrivateJson, updatePrivateJson } from './files/private-json.ts';

/** The stored entry of one server. */
export interface McpEntry {
  /** How to connect to it; core/tools/mcp-entry.ts parses it. */
  server: unknown;
  /** Hash of `server` when the user last agreed to it. */
  agreed?: string | undefined;
  /** Hashes of its tools when the user last allowed orx to offer them; undefined before the first use. */
  seen?: Readonly<Record<string, string>> | undefined;
}

/** The servers of `orx mcp`, in a file next to the settings that only the user can read. */
export interface McpFile {
  path: string;
  /** Throws a usage error if the file is damaged. */
  list: () => ReadonlyMap<string, McpEntry>;
  /** Stores the result of `work` for the stored entry (undefined: none); a result of undefined removes it. */
  update: (name: string, work: (entry: McpEntry | undefined) => McpEntry | undefined) => Promise<void>;
}

/** Opens the list of servers in this folder. Each call reads the file, because another process may have changed it. */
export function openMcpFile(folder: string): McpFile {
  const path = mcpPath(folder);
  return {
    path,
    list: () => new Map(Object.entries(readPrivateJson(path)).map(([name, value]) => [name, entryOf(value)])),
    update: (name, work) =>
      updatePrivateJson(path, (stored) => {
        const entry = work(Object.hasOwn(stored, name) ? entryOf(stored[name]) : undefined);
        return Object.fromEntries([
          ...Object.entries(stored).filter(([other]) => other !== name),
          ...(entry === undefined ? [] : [[name, entry]]),
        ]);
      }),
  };
}

function entryOf(value: unknown): McpEntry {
  const { server, agreed, seen } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return {
    server,
    ...(typeof agreed === 'string' ? { agreed } : {}),
    ...(typeof seen === 'object' && seen !== null ? { seen: textsOf(seen) } : {}),
  };
}

function textsOf(value: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
