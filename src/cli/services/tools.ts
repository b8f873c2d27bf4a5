import { dirname, join, resolve } from 'node:path';
import type { ToolServices } from '../../commands/context/tool-services.ts';
import { toolsFingerprint } from '../../core/tools/fingerprint.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { usageError } from '../../errors.ts';
import { createHttpClient } from '../../http/client.ts';
import { createFetch } from '../../http/fetch.ts';
import { isLoopback } from '../../http/proxy.ts';
import { openMcpFile } from '../../storage/mcp-file.ts';
import { openTrustedFiles } from '../../storage/files/trusted-files.ts';
import { commandTools } from '../../tools/command-tools.ts';
import type { McpConnection } from '../../tools/mcp-connection.ts';
import { readTlsFiles } from './tls-files.ts';
import { askKey, askWords } from '../terminal/ask-terminal.ts';
import type { Keyboard } from '../terminal/keyboard.ts';
import { readFileText } from '../files/read-attachment.ts';

interface ToolServicesOptions {
  /** The settings folder. */
  folder: string;
  env: Readonly<Record<string, string | undefined>>;
  streams: { stdin: NodeJS.ReadStream; stderr: NodeJS.WriteStream };
  keyboard: () => Promise<Keyboard>;
  signal: AbortSignal;
}

const MINUTE_MS = 60_000;

/** See ToolServices. Also closes its connections. */
export function createToolServices(
  settings: ConnectionSettings,
  { folder, env, streams, keyboard, signal }: ToolServicesOptions,
): { services: ToolServices; close: () => Promise<void> } {
  const connections = new Map<string, McpConnection>();
  let http: ReturnType<typeof createHttpClient> | undefined;
  const terminal = { input: streams.stdin, output: streams.stderr, signal };
  // A server may be silent for the duration of the command; each call has its own time limit.
  const openHttp = (): ReturnType<typeof createHttpClient> =>
    (http ??= createHttpClient({
      limits: { connectMs: settings['connect-timeout'] * 1000, firstByteMs: 60 * MINUTE_MS, idleMs: 24 * 60 * MINUTE_MS },
      proxy: settings.proxy,
      tls: readTlsFiles(settings, env),
      env,
    }));
  const ownFile = join(folder, 'tools.yaml');
  const services: ToolServices = {
    servers: openMcpFile(folder),
    trusted: openTrustedFiles(folder),
    ownFile,
    async readFile(path) {
      const text = await readFileText(path);
      const { parseDeclarations } = await import('../../tools/parse-declarations.ts');
      const declarations = parseDeclarations(text, path, dirname(resolve(path)));
      return {
        // Includes the path, because relative folders in the file depend on it.
        hash: toolsFingerprint({ path: resolve(path), text }),
        isOwn: resolve(path) === resolve(ownFile),
        commands: declarations.map(({ name, command }) => ({ name, command })),
        tools: commandTools(declarations, env),
      };
    },
    async connect(name, server, timeoutMs, until = signal) {
      if (server.type === 'http') refuseReadable(server.url, settings);
      // A conversation uses its tools repeatedly: reuse the connection to a server while it is open.
      const key = `${name} ${toolsFingerprint(server)}`;
      const known = connections.get(key);
      if (known?.isOpen() === true) return known;
      const { connectMcp } = await import('../../tools/mcp-connection.ts');
      const connection = await connectMcp(name, server, {
        env,
        fetch: (url, init) => createFetch(openHttp())(url, init),
        signal: until,
        timeoutMs,
      });
      connections.set(key, connection);
      return connection;
    },
    canAsk: streams.stdin.isTTY && streams.stderr.isTTY,
    askKey: async (question, keys) => (await keyboard()).withoutHold(() => askKey(question, keys, terminal)),
    askWords: async (question) => (await keyboard()).withoutHold(() => askWords(question, terminal)),
  };
  return {
    services,
    async close() {
      await Promise.all([...connections.values()].map((connection) => connection.close().catch(() => undefined)));
      await http?.close();
    },
  };
}

function refuseReadable(url: string, settings: ConnectionSettings): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || settings['allow-http'] || isLoopback(hostname)) return;
  throw usageError(
    `${url} does not use TLS: data would be sent unencrypted`,
    'use https, or allow plain HTTP on a network that you trust: --allow-http',
  );
}
