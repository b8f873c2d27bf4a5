import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutMark } from '../text/utf8.ts';

/** Returns the path of the file with the servers of `orx mcp`, next to the settings. */
export function mcpPath(folder: string): string {
  return join(folder, 'mcp.json');
}

/** Returns the names of the servers, for completion: it only reads the file. Throws if the file cannot be read. */
export function readServerNames(folder: string): readonly string[] {
  return Object.keys(JSON.parse(withoutMark(readFileSync(mcpPath(folder), 'utf8'))) as Record<string, unknown>);
}
