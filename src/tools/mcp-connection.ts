import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { FetchLike, Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { OrxError, usageError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { cutResult } from './cut-result.ts';
import { exactFetch } from './exact-fetch.ts';
import { listTools } from './mcp-list-tools.ts';
import { resultText } from './mcp-result.ts';
import type { McpServer } from './mcp-server.ts';
import type { SkippedTool } from './mcp-tool.ts';
import { minimalEnvironment } from './minimal-environment.ts';
import { noticingOldSse, speaksOldSse } from './old-sse.ts';
import { ProcessTransport } from './process-transport.ts';
import type { CallOptions, Tool, ToolArguments, ToolResult } from './tool.ts';

export interface McpConnection {
  /** The name that the server gives itself. Untrusted. */
  title: string;
  tools: readonly Tool[];
  /** Tools that orx cannot offer, with the reason. Untrusted. */
  skipped: readonly SkippedTool[];
  /** Further information for the user. Untrusted. */
  notes: readonly string[];
  /** Returns false once the server is gone. */
  isOpen: () => boolean;
  close: () => Promise<void>;
}

export interface ConnectOptions {
  env: Readonly<Record<string, string | undefined>>;
  fetch: FetchLike;
  signal: AbortSignal;
  /** Applies separately to the handshake and to listing the tools. */
  timeoutMs: number;
}

/**
 * Connects to a server and lists its tools. Throws an error that the user can act on; then nothing of the server keeps running.
 */
export async function connectMcp(name: string, server: McpServer, options: ConnectOptions): Promise<McpConnection> {
  const { signal, timeoutMs } = options;
  signal.throwIfAborted();
  const old = new AbortController();
  const transport = openTransport(name, server, { ...options, fetch: noticingOldSse(options.fetch, () => old.abort()) });
  // Only a model reads the results, so they are not checked against the server's output schema.
  const jsonSchemaValidator = {
    getValidator: () => (input: unknown) => ({ valid: true as const, data: input as never, errorMessage: undefined }),
  };
  const client = new Client({ name: 'orx', version: VERSION }, { jsonSchemaValidator });
  let isOpen = true;
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the client has only this property and is not an EventTarget
  client.onclose = () => (isOpen = false);
  try {
    // The library's types conflict with exactOptionalPropertyTypes for an optional field.
    await client.connect(transport as Transport, { signal: AbortSignal.any([signal, old.signal]), timeout: timeoutMs });
    const { tools, skipped, notes } = await listTools(client, { signal, timeout: timeoutMs });
    return {
      title: client.getServerVersion()?.name ?? name,
      tools: tools.map((tool) => ({
        label: `${name}:${tool.name}`,
        description: tool.description,
        parameters: tool.parameters,
        isReadOnly: tool.isReadOnly,
        call: (values, call) => callTool(client, tool.name, values, call),
      })),
      skipped,
      notes,
      isOpen: () => isOpen,
      close: () => client.close(),
    };
  } catch (error) {
    const said = transport instanceof ProcessTransport ? transport.errors : '';
    await transport.close();
    signal.throwIfAborted();
    if (error instanceof OrxError) throw error;
    if (server.type === 'http') {
      const isOld =
        old.signal.aborted || (await speaksOldSse(server.url, headersOf(name, server, options.env), options.fetch, signal));
      if (isOld) throw oldSse(name, server.url);
    }
    throw cannotConnect(name, server, error, said);
  }
}

async function callTool(client: Client, name: string, values: ToolArguments, options: CallOptions): Promise<ToolResult> {
  const { signal, timeoutMs, maxBytes } = options;
  try {
    const result = await client.request(
      { method: 'tools/call', params: { name, arguments: { ...values } } },
      CallToolResultSchema,
      {
        signal,
        timeout: timeoutMs,
      },
    );
    return { text: cutResult(resultText(result), maxBytes), isError: result.isError === true };
  } catch (error) {
    signal.throwIfAborted();
    return { text: cutResult(`failed: ${error instanceof Error ? error.message : String(error)}`, maxBytes), isError: true };
  }
}

function openTransport(
  name: string,
  server: McpServer,
  { env, fetch }: ConnectOptions,
): ProcessTransport | StreamableHTTPClientTransport {
  if (server.type === 'stdio') {
    const named = Object.keys(server.env).filter((key) => server.env[key] === null);
    const missing = named.filter((key) => env[key] === undefined);
    if (missing.length > 0) throw missingVariable(name, missing[0]!);
    const given = Object.entries(server.env).filter((entry): entry is [string, string] => entry[1] !== null);
    return new ProcessTransport(server.command, { ...minimalEnvironment(env, named), ...Object.fromEntries(given) });
  }
  return new StreamableHTTPClientTransport(new URL(server.url), {
    fetch: exactFetch(fetch),
    requestInit: { headers: headersOf(name, server, env) },
  });
}

function headersOf(name: string, server: McpServer & { type: 'http' }, env: ConnectOptions['env']): Record<string, string> {
  return Object.fromEntries(Object.entries(server.headers).map(([header, value]) => [header, filled(name, value, env)]));
}

function filled(name: string, value: string, env: ConnectOptions['env']): string {
  return value.replaceAll(/\$\{([A-Za-z_]\w*)\}/g, (_, variable: string) => {
    const match = env[variable];
    if (match === undefined) throw missingVariable(name, variable);
    return match;
  });
}

function missingVariable(name: string, variable: string): OrxError {
  return usageError(
    `the MCP server ${name} needs the environment variable ${variable}, which is not set`,
    `set it: export ${variable}=VALUE`,
  );
}

function oldSse(name: string, url: string): OrxError {
  return new OrxError(`the MCP server ${name} supports only the old HTTP+SSE transport (2024-11-05)`, {
    kind: 'network',
    code: 'mcp-old-sse',
    hints: [
      'use the Streamable HTTP URL of this server, which often ends in /mcp instead of /sse',
      `use a bridge: orx mcp add ${name} --force -- npx -y mcp-remote ${url} --transport sse-only`,
    ],
  });
}

function cannotConnect(name: string, server: McpServer, error: unknown, said: string): OrxError {
  const reason = error instanceof Error ? error.message : String(error);
  const where = server.type === 'stdio' ? server.command.join(' ') : server.url;
  return new OrxError(`cannot connect to the MCP server ${name}: ${reason}`, {
    kind: 'network',
    code: 'mcp-connect',
    hints: [
      `check its command or URL: ${where}`,
      ...(said === '' ? [] : [`see its last output: ${said.split('\n').at(-1)}`]),
      `test it: orx mcp test ${name}`,
    ],
    cause: error,
  });
}
