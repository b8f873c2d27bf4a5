import { isNamed } from '../core/tools/allow-patterns.ts';
import { fingerprint } from '../core/tools/fingerprint.ts';
import { storedServer } from '../core/tools/mcp-entry.ts';
import { changedTools, withSeen } from '../core/tools/seen-tools.ts';
import { usageError } from '../errors.ts';
import { commandsQuestion, serverQuestion, toolCard } from '../output/mcp-text.ts';
import { visibleLine } from '../output/visible-text.ts';
import type { McpConnection } from '../tools/mcp-connection.ts';
import type { Tool } from '../tools/tool.ts';
import type { ToolDesk, ToolFile } from './context.ts';
import type { ToolOptions } from './tool-options.ts';

/** What finding tools needs besides the flags. */
export interface Finding {
  desk: ToolDesk;
  /** For a server to answer, in milliseconds. */
  patienceMs: number;
  say: (text: string) => void;
}

/** The tools that the flags offer. Throws a usage error for what is not there, and for a file that the user has not agreed to. */
export async function findTools(options: ToolOptions, finding: Finding): Promise<readonly Tool[]> {
  const { desk, say } = finding;
  const found: Tool[] = [];
  for (const path of options.files) {
    const file = await desk.readFile(path);
    await agreeToFile(path, file, options.trustsFiles, desk);
    found.push(...file.tools);
  }
  const [ofServers, own] = partition(options.tools, (pattern) => pattern.includes(':'));
  if (own.length > 0) found.push(...named((await desk.readFile(desk.ownFile)).tools, own));
  const picked = [...new Set(ofServers.map((pattern) => pattern.slice(0, pattern.indexOf(':'))))];
  for (const server of new Set([...options.servers, ...picked])) {
    const tools = await serverTools(server, finding);
    const patterns = ofServers.filter((pattern) => pattern.startsWith(`${server}:`));
    found.push(...(options.servers.includes(server) ? tools : named(tools, patterns)));
  }
  const usable = options.isReadOnly ? found.filter(({ isReadOnly }) => isReadOnly) : found;
  if (usable.length < found.length)
    say(`${found.length - usable.length} tools do not say that they change nothing and are left out`);
  return [...new Map(usable.map((tool) => [tool.label, tool])).values()];
}

async function serverTools(name: string, { desk, patienceMs, say }: Finding): Promise<readonly Tool[]> {
  const { connection, seen } = await connectAgreed(name, desk, patienceMs);
  for (const unusable of connection.unusable)
    say(`${name}: the tool "${visibleLine(unusable)}" is left out: its name is not plain`);
  const changed = changedTools(connection.tools, seen);
  const refused = new Set<Tool>();
  for (const tool of changed) {
    if (
      desk.canAsk &&
      (await desk.askKey(`${toolCard(tool)}\n  it is new or has changed: y offer it · n leave it out › `, 'yn')) === 'y'
    )
      continue;
    refused.add(tool);
    say(`${tool.label} is new or has changed and is left out; look at it, and agree: orx mcp test ${name} --agree`);
  }
  const offered = connection.tools.filter((tool) => !refused.has(tool));
  if (seen === undefined || changed.length > refused.size) {
    await desk.servers.update(name, (entry) => entry && { ...entry, seen: withSeen(entry.seen, offered) });
  }
  return offered;
}

/** Connects to a stored server. When the way to it is not the one that the user agreed to, that is asked again before anything is started. */
export async function connectAgreed(
  name: string,
  desk: ToolDesk,
  patienceMs: number,
): Promise<{ connection: McpConnection; seen: Readonly<Record<string, string>> | undefined }> {
  const entry = desk.servers.list().get(name);
  if (entry === undefined) throw usageError(`there is no MCP server ${name}`, 'see: orx mcp list — or add it: orx mcp add');
  const server = storedServer(entry.server);
  if (server === undefined)
    throw usageError(`what is stored of the MCP server ${name} is damaged`, `add it again: orx mcp add ${name} --force …`);
  const hash = fingerprint(server);
  if (entry.agreed !== hash) {
    const isAgreed = desk.canAsk && (await desk.askKey(serverQuestion(name, server), 'yn')) === 'y';
    if (!isAgreed) {
      throw usageError(
        `how the MCP server ${name} is reached was changed in ${desk.servers.path}`,
        `look at it: orx mcp list — and add it again: orx mcp add ${name} --force …`,
      );
    }
    await desk.servers.update(name, (stored) => stored && { ...stored, agreed: hash });
  }
  return { connection: await desk.connect(name, server, patienceMs), seen: entry.seen };
}

async function agreeToFile(path: string, file: ToolFile, isTrusted: boolean, desk: ToolDesk): Promise<void> {
  if (file.isOwn || isTrusted || desk.trusted.isTrusted(file.hash)) return;
  const isAgreed = desk.canAsk && (await desk.askKey(commandsQuestion(path, file.commands), 'yn')) === 'y';
  if (!isAgreed) {
    throw usageError(
      `${path} would let a model run commands, and you have not agreed to it as it is`,
      'look at it, then agree once at a terminal, or give --trust-tools for this run',
    );
  }
  await desk.trusted.trust(file.hash, path);
}

function named(tools: readonly Tool[], patterns: readonly string[]): readonly Tool[] {
  for (const pattern of patterns) {
    if (tools.some(({ label }) => isNamed(label, [pattern]))) continue;
    throw usageError(`there is no tool ${pattern}`, `there are: ${tools.map(({ label }) => label).join(', ') || 'none'}`);
  }
  return tools.filter(({ label }) => isNamed(label, patterns));
}

function partition<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}
