import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutMark } from '../text/utf8.ts';

/** The file of the servers of `orx mcp`, beside the settings. */
export function mcpPath(folder: string): string {
  return join(folder, 'mcp.json');
}

/** The names of the servers, for a key press: the file is only read. Throws when it cannot be. */
export function readServerNames(folder: string): readonly string[] {
  return Object.keys(JSON.parse(withoutMark(readFileSync(mcpPath(folder), 'utf8'))) as Record<string, unknown>);
}
