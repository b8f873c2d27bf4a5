import { usageError } from '../../errors.ts';
import type { McpServer } from '../../tools/mcp-server.ts';

const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/i;

/** A server's name, which stands before the colon of its tools' labels. Throws a usage error. */
export function parseServerName(name: string): string {
  if (NAME.test(name)) return name;
  throw usageError(
    `a server's name is made of letters, digits, - and _, 32 at most, not "${name}"`,
    'such as: orx mcp add weather -- …',
  );
}

/** What `orx mcp add` was given. */
export interface McpFlags {
  command: readonly string[];
  url?: string | undefined;
  /** `NAME` or `NAME=value`. */
  env: readonly string[];
  /** `Name: value`. */
  headers: readonly string[];
}

/** The server that the flags describe: a command or an address, not both. Throws a usage error. */
export function serverFromFlags({ command, url, env, headers }: McpFlags): McpServer {
  const [program, ...args] = command;
  if ((program === undefined) === (url === undefined)) {
    throw usageError(
      'a server is a command or an address',
      'orx mcp add NAME -- command arguments…, or orx mcp add NAME --url https://…',
    );
  }
  if (program !== undefined) {
    if (headers.length > 0) throw usageError('--header goes with --url', 'give a command its secrets with --env NAME');
    return { type: 'stdio', command: [program, ...args], env: Object.fromEntries(env.map(parseVariable)) };
  }
  if (env.length > 0)
    throw usageError('--env goes with a command', "name a variable in a header: --header 'Authorization: Bearer ${TOKEN}'");
  return { type: 'http', url: parseUrl(url!), headers: Object.fromEntries(headers.map(parseHeader)) };
}

/** A stored server; undefined when the file was changed into something that is none. */
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
  if (name === undefined) throw usageError(`--env takes NAME or NAME=value, not "${word}"`);
  return [name, value ?? null];
}

function parseHeader(word: string): [string, string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*([^\r\n\0]*)$/.exec(word) ?? [];
  if (name === undefined || value === undefined) throw usageError(`--header takes 'Name: value', not "${word}"`);
  return [name, value];
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw usageError(`--url takes an http or https address, not "${text}"`);
  }
  if (url.username !== '' || url.password !== '') {
    throw usageError(
      'an address with a password in it is not stored',
      "name a variable instead: --header 'Authorization: Bearer ${TOKEN}'",
    );
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
