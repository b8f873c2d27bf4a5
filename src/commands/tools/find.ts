import { isToolNamed } from '../../core/tools/allow-patterns.ts';
import { changedTools, withSeen } from '../../core/tools/seen-tools.ts';
import { usageError } from '../../errors.ts';
import { toolCard } from '../../output/tools/mcp-text.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { SkippedTool } from '../../tools/mcp-tool.ts';
import type { Tool } from '../../tools/tool.ts';
import { agreeToFile, connectAgreed } from './agree.ts';
import type { ToolServices } from '../context/tool-services.ts';
import type { ToolOptions } from './options.ts';

/** The most skipped tools that one line names. */
const MOST_NAMED = 5;

/** What finding tools needs in addition to the flags. */
export interface Finding {
  services: ToolServices;
  /** The timeout for a server's response, in milliseconds. */
  patienceMs: number;
  print: (text: string) => void;
  /** Prints warnings about what is lost, in as few lines as possible, even if `print` prints nothing. */
  warn: (text: string) => void;
  isQuiet: boolean;
}

/**
 * Returns the tools that the flags offer. Throws a usage error for a tool that does not exist, and for a file that the user has
 * not agreed to.
 */
export async function findTools(options: ToolOptions, finding: Finding): Promise<readonly Tool[]> {
  const { services, print } = finding;
  const matches: Tool[] = [];
  for (const path of options.files) {
    const file = await services.readFile(path);
    await agreeToFile(path, file, options.trustsFiles, services);
    matches.push(...file.tools);
  }
  const [ofServers, own] = partition(options.tools, (pattern) => pattern.includes(':'));
  if (own.length > 0) matches.push(...named((await services.readFile(services.ownFile)).tools, own));
  const picked = [...new Set(ofServers.map((pattern) => pattern.slice(0, pattern.indexOf(':'))))];
  for (const server of new Set([...options.servers, ...picked])) {
    const tools = await serverTools(server, finding);
    const patterns = ofServers.filter((pattern) => pattern.startsWith(`${server}:`));
    matches.push(...(options.servers.includes(server) ? tools : named(tools, patterns)));
  }
  const usable = options.isReadOnly ? matches.filter(({ isReadOnly }) => isReadOnly) : matches;
  if (usable.length < matches.length)
    print(`${matches.length - usable.length} tools do not declare themselves read-only and are left out`);
  return [...new Map(usable.map((tool) => [tool.label, tool])).values()];
}

async function serverTools(name: string, finding: Finding): Promise<readonly Tool[]> {
  const { services, patienceMs, print, warn } = finding;
  const { connection, seen } = await connectAgreed(name, services, patienceMs);
  reportSkipped(name, connection.skipped, finding);
  for (const note of connection.notes) print(visibleLine(`${name}: ${note}`));
  const changed = changedTools(connection.tools, seen);
  const refused = new Set<Tool>();
  for (const tool of changed) {
    if (
      services.canAsk &&
      (await services.askKey(`${toolCard(tool)}\n  it is new or has changed: y offer it · n leave it out › `, 'yn')) === 'y'
    )
      continue;
    refused.add(tool);
    warn(`${tool.label} is new or has changed and is left out; to review and accept it: orx mcp test ${name} --agree`);
  }
  const offered = connection.tools.filter((tool) => !refused.has(tool));
  if (seen === undefined || changed.length > refused.size) {
    await services.servers.update(name, (entry) => entry && { ...entry, seen: withSeen(entry.seen, offered) });
  }
  return offered;
}

function reportSkipped(name: string, skipped: readonly SkippedTool[], { isQuiet, print, warn }: Finding): void {
  if (!isQuiet) {
    for (const { name: tool, reason } of skipped) print(visibleLine(`${name}: the tool "${tool}" is skipped: ${reason}`));
    return;
  }
  if (skipped.length === 0) return;
  const first = skipped.slice(0, MOST_NAMED).map(({ name: tool }) => tool);
  const rest = skipped.length > first.length ? `, and ${skipped.length - first.length} more` : '';
  warn(visibleLine(`${name}: tools skipped: ${first.join(', ')}${rest} (reasons: orx mcp test ${name})`));
}

function named(tools: readonly Tool[], patterns: readonly string[]): readonly Tool[] {
  for (const pattern of patterns) {
    if (tools.some(({ label }) => isToolNamed(label, [pattern]))) continue;
    throw usageError(`unknown tool ${pattern}`, `use one of these: ${tools.map(({ label }) => label).join(', ') || 'none'}`);
  }
  return tools.filter(({ label }) => isToolNamed(label, patterns));
}

function partition<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}
