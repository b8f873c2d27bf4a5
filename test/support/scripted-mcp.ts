import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOrx } from './run-orx.ts';

/** What the server of scripted-mcp-worker.ts says. */
export interface McpScript {
  /** Of the reply to `initialize`; default: tools. */
  capabilities?: Record<string, unknown>;
  /** Pages of `tools/list` by cursor; the first one has the cursor ''. Without any, the method is not known. */
  pages?: Record<string, { tools: unknown; nextCursor?: unknown }>;
  /** Results of calls by the tool's name, as JSON text. */
  results?: Record<string, string>;
  /** Starts a process that keeps the server's outputs open, and writes its process id to this file. */
  leaves?: string;
  /** Ends neither with its input nor on SIGTERM. */
  staysOn?: boolean;
}

/** Adds the server as `odd` to this home. `lines` is what it was sent so far, a line a message. */
export async function addScriptedServer(home: string, worker: string, script: McpScript): Promise<{ lines: () => string[] }> {
  const file = join(home, 'script.json');
  writeFileSync(file, JSON.stringify(script));
  await runOrx(['mcp', 'add', 'odd', '--force', '--', process.execPath, worker, file], { home });
  const log = `${file}.log`;
  return { lines: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []) };
}
