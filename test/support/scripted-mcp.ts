import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOrx } from './run-orx.ts';

/** What the server of scripted-mcp-worker.ts sends. */
export interface McpScript {
  /** Capabilities in the reply to `initialize`. Default: tools. */
  capabilities?: Record<string, unknown>;
  /** Pages of `tools/list` by cursor; the first page has the cursor ''. Without pages the server does not know the method. */
  pages?: Record<string, { tools: unknown; nextCursor?: unknown }>;
  /** Results of calls by tool name, as JSON text. */
  results?: Record<string, string>;
  /** Starts a process that keeps the server's outputs open, and writes its process id to this file. */
  leaves?: string;
  /** Does not end when its input closes or on SIGTERM. */
  staysOn?: boolean;
}

/** Adds the server to this home as `odd`. `lines` returns the messages received so far, one per line. */
export async function addScriptedServer(home: string, worker: string, script: McpScript): Promise<{ lines: () => string[] }> {
  const file = join(home, 'script.json');
  writeFileSync(file, JSON.stringify(script));
  await runOrx(['mcp', 'add', 'odd', '--force', '--', process.execPath, worker, file], { home });
  const log = `${file}.log`;
  return { lines: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []) };
}
