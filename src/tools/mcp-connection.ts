import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { FetchLike, Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolResultSchema, ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { OrxError, usageError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { cutResult } from './cut-result.ts';
import { resultText } from './mcp-result.ts';
import type { McpServer } from './mcp-server.ts';
import { minimalEnvironment } from './minimal-environment.ts';
import { ProcessTransport } from './process-transport.ts';
import type { CallOptions, Tool, ToolArguments, ToolResult } from './tool.ts';

export interface McpConnection {
  /** What the server calls itself. Untrusted. */
  title: string;
  tools: readonly Tool[];
  /** Names of tools that cannot be offered, because they could pass for others on a screen. Untrusted. */
  unusable: readonly string[];
  /** False once the server is gone. */
  isOpen: () => boolean;
  close: () => Promise<void>;
}

export interface ConnectOptions {
  env: Readonly<Record<string, string | undefined>>;
  fetch: FetchLike;
  signal: AbortSignal;
  /** For the greeting and the list of tools together, each. */
  timeoutMs: number;
}

/** More pages than any list of tools needs: a server that never ends it is not followed. */
const MOST_PAGES = 100;
const MOST_TOOLS = 1000;
/** Letters that look like nothing else, and none that orx gives a meaning to. */
const USABLE_NAME = /^[\w./-]{1,128}$/;

/** Connects to a server and lists its tools. Throws what the user can do something about; nothing of the server is left then. */
export async function connectMcp(name: string, server: McpServer, options: ConnectOptions): Promise<McpConnection> {
  const { signal, timeoutMs } = options;
  signal.throwIfAborted();
  const transport = openTransport(name, server, options);
  // Results are shown to a model, not read by a program: nobody needs them checked against the server's own schema.
  const jsonSchemaValidator = {
    getValidator: () => (input: unknown) => ({ valid: true as const, data: input as never, errorMessage: undefined }),
  };
  const client = new Client({ name: 'orx', version: VERSION }, { jsonSchemaValidator });
  let isOpen = true;
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the client has this one place, and is nothing that events are listened to
  client.onclose = () => (isOpen = false);
  try {
    // The library's types and exactOptionalPropertyTypes do not agree about a field that may be undefined.
    await client.connect(transport as Transport, { signal, timeout: timeoutMs });
    const listed = await listTools(client, { signal, timeout: timeoutMs });
    const usable = listed.filter((tool) => USABLE_NAME.test(tool.name));
    return {
      title: client.getServerVersion()?.name ?? name,
      tools: usable.map((tool) => ({
        label: `${name}:${tool.name}`,
        description: tool.description ?? '',
        parameters: tool.inputSchema,
        isReadOnly: tool.annotations?.readOnlyHint === true,
        call: (values, call) => callTool(client, tool.name, values, call),
      })),
      unusable: listed.filter((tool) => !USABLE_NAME.test(tool.name)).map((tool) => tool.name),
      isOpen: () => isOpen,
      close: () => client.close(),
    };
  } catch (error) {
    const said = transport instanceof ProcessTransport ? transport.errors : '';
    await transport.close();
    signal.throwIfAborted();
    throw error instanceof OrxError ? error : cannotConnect(name, server, error, said);
  }
}

async function listTools(client: Client, options: { signal: AbortSignal; timeout: number }): Promise<readonly Listed[]> {
  const tools: Listed[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES && tools.length < MOST_TOOLS; page += 1) {
    const reply = await client.request(
      { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
      ListToolsResultSchema,
      options,
    );
    tools.push(...reply.tools);
    cursor = reply.nextCursor;
    if (cursor === undefined || cursor === '') break;
  }
  return tools.slice(0, MOST_TOOLS);
}

type Listed = ReturnType<typeof ListToolsResultSchema.parse>['tools'][number];

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
  const headers = Object.entries(server.headers).map(([header, value]) => [header, filled(name, value, env)]);
  return new StreamableHTTPClientTransport(new URL(server.url), {
    fetch,
    requestInit: { headers: Object.fromEntries(headers) as Record<string, string> },
  });
}

function filled(name: string, value: string, env: ConnectOptions['env']): string {
  return value.replaceAll(/\$\{([A-Za-z_]\w*)\}/g, (_, variable: string) => {
    const found = env[variable];
    if (found === undefined) throw missingVariable(name, variable);
    return found;
  });
}

function missingVariable(name: string, variable: string): OrxError {
  return usageError(
    `the MCP server ${name} needs the environment variable ${variable}, which is not set`,
    `set it: export ${variable}=…`,
  );
}

function cannotConnect(name: string, server: McpServer, error: unknown, said: string): OrxError {
  const reason = error instanceof Error ? error.message : String(error);
  const where = server.type === 'stdio' ? server.command.join(' ') : server.url;
  return new OrxError(`the MCP server ${name} does not answer: ${reason}`, {
    kind: 'network',
    code: 'mcp-connect',
    hints: [
      `it is reached by ${where}`,
      ...(said === '' ? [] : [`it said: ${said.split('\n').at(-1)}`]),
      `try: orx mcp test ${name}`,
    ],
    cause: error,
  });
}
