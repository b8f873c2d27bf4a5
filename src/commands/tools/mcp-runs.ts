import { toolsFingerprint } from '../../core/tools/fingerprint.ts';
import { storedServer } from '../../core/tools/mcp-entry.ts';
import { usageError } from '../../errors.ts';
import { serversJson, serversTable } from '../../output/tools/mcp-table.ts';
import type { Context } from '../context.ts';
import { type AddOptions, type ListOptions, parseAdd, parseList, parseRemove, type RemoveOptions } from './mcp-options.ts';
import { showJson, showTable } from '../show-table.ts';

/** `orx mcp add` */
export const addServer = { parse: parseAdd, run: runAdd };

async function runAdd({ settings, name, server, force }: AddOptions, context: Context): Promise<number> {
  const { servers } = await context.tools.open(settings);
  await servers.update(name, (stored) => {
    if (stored !== undefined && !force) {
      throw usageError(`the MCP server ${name} already exists`, 'choose another name, or replace it: --force');
    }
    return { server, agreed: toolsFingerprint(server) };
  });
  context.terminal.streams.stderr.write(`${name} is stored in ${servers.path}; try it: orx mcp test ${name}\n`);
  return 0;
}

/** `orx mcp list` */
export const listServers = { parse: parseList, run: runList };

async function runList({ settings, isJson }: ListOptions, context: Context): Promise<number> {
  const { servers } = await context.tools.open(settings);
  const rows = [...servers.list()].map(([name, { server, seen }]) => ({ name, server: storedServer(server), seen }));
  if (isJson) await showJson(context, [], serversJson(rows));
  else if (rows.length === 0) context.terminal.streams.stderr.write('no MCP servers; add one: orx mcp add --help\n');
  else await showTable(context, { isSandbox: false, notes: [], table: () => serversTable(rows) });
  return 0;
}

/** `orx mcp remove` */
export const removeServer = { parse: parseRemove, run: runRemove };

async function runRemove({ settings, name }: RemoveOptions, context: Context): Promise<number> {
  const { servers } = await context.tools.open(settings);
  await servers.update(name, (stored) => {
    if (stored === undefined) throw usageError(`unknown MCP server ${name}`, 'list the servers: orx mcp list');
    return undefined;
  });
  context.terminal.streams.stderr.write(`removed ${name}\n`);
  return 0;
}
