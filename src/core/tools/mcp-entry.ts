import { usageError } from '../../errors.ts';
import type { McpServer } from '../../tools/mcp-server.ts';

const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/i;

/** Parses a server's name, which precedes the colon in its tools' labels. Throws a usage error. */
export function parseServerName(name: string): string {
  if (NAME.test(name)) return name;
  throw usageError(
    `a server name must have at most 32 letters, digits, - and _, not "${name}"`,
    'choose a short name: orx mcp add NAME -- COMMAND',
  );
}

/** The arguments of `orx mcp add`. */
export interface McpFlags {
  command: readonly string[];
  url?: string | undefined;
  /** `NAME` or `NAME=value`. */
  env: readonly string[];
  /** `Name: value`. */
  headers: readonly string[];
}

/** Returns the server that the flags describe: either a command or a URL. Throws a usage error. */
export function serverFromFlags({ command, url, env, headers }: McpFlags): McpServer {
  const [program, ...args] = command;
  if ((program === undefined) === (url === undefined)) {
    throw usageError(
      'an MCP server needs a command or a URL',
      'add a command: orx mcp add NAME -- COMMAND',
      'add a URL: orx mcp add NAME --url URL',
    );
  }
  if (program !== undefined) {
    if (headers.length > 0) throw usageError('--header needs --url', 'pass secrets to a command: --env NAME');
    return { type: 'stdio', command: [program, ...args], env: Object.fromEntries(env.map(parseVariable)) };
  }
  if (env.length > 0)
    throw usageError('--env needs a command', "use a variable in a header: --header 'Authorization: Bearer ${TOKEN}'");
  return { type: 'http', url: parseUrl(url!), headers: Object.fromEntries(headers.map(parseHeader)) };
}

/** Parses a stored server; undefined if the file was edited and the entry is invalid. */
export function storedServer(value: unknown): McpServer | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, command, env = {}, url, headers = {} } = value as Record<string, unknown>;
  if (type === 'stdio' && isTexts(command) && command.length > 0 && isTable(env, true)) {
    return { type, command: command as unknown as [string, ...string[]], env };
  }
  if (type === 'http' && typeof url === 'string' && /^https?:\/\//.test(url) && URL.canParse(url) && isTable(headers, false)) {
    return { type, url, headers: headers as Record<string, string> };
  }
  return undefined;
}

function parseVariable(word: string): [string, string | null] {
  const [, name, value] = /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(word) ?? [];
  if (name === undefined) throw usageError(`--env must be NAME or NAME=value, not "${word}"`);
  return [name, value ?? null];
}

function parseHeader(word: string): [string, string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*([^\r\n\0]*)$/.exec(word) ?? [];
  if (name === undefined || value === undefined) throw usageError(`--header must be 'Name: value', not "${word}"`);
  return [name, value];
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw usageError(`--url must be an http or https URL, not "${text}"`);
  }
  if (url.username !== '' || url.password !== '') {
    throw usageError('a URL with a password is not stored', "use a variable instead: --header 'Authorization: Bearer ${TOKEN}'");
  }
  return url.href;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isTable(value: unknown, mayBeNull: boolean): value is Record<string, string | null> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((one) => typeof one === 'string' || (mayBeNull && one === null))
  );
}
