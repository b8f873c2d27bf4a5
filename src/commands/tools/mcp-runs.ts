import { toolsFingerprint } from '../../core/tools/fingerprint.ts';
import { parseServerName, serverFromFlags, storedServer } from '../../core/tools/mcp-entry.ts';
import { usageError } from '../../errors.ts';
import { serversJson, serversTable } from '../../output/tools/mcp-table.ts';
import type { Run } from '../register.ts';
import { showJson, showTable } from '../show-table.ts';

export const addServer: Run = async ({ words, options, flags }, context) => {
  const [word = '', ...command] = words;
  const name = parseServerName(word);
  const server = serverFromFlags({
    command,
    url: options['url'] as string | undefined,
    env: (options['env'] as readonly string[] | undefined) ?? [],
    headers: (options['header'] as readonly string[] | undefined) ?? [],
  });
  const { servers } = await context.tools.open(context.stores.resolveSettings(flags).values);
  await servers.update(name, (stored) => {
    if (stored !== undefined && options['force'] !== true) {
      throw usageError(`there is an MCP server ${name} already`, 'replace it with --force, or choose another name');
    }
    return { server, agreed: toolsFingerprint(server) };
  });
  context.terminal.streams.stderr.write(`${name} is kept in ${servers.path}; try it: orx mcp test ${name}\n`);
  return 0;
};

export const listServers: Run = async ({ options, flags }, context) => {
  const { servers } = await context.tools.open(context.stores.resolveSettings(flags).values);
  const rows = [...servers.list()].map(([name, { server, seen }]) => ({ name, server: storedServer(server), seen }));
  if (options['json'] === true) await showJson(context, [], serversJson(rows));
  else if (rows.length === 0) context.terminal.streams.stderr.write('no MCP server yet; add one: orx mcp add --help\n');
  else await showTable(context, { notes: [], table: () => serversTable(rows) });
  return 0;
};

export const removeServer: Run = async ({ words, flags }, context) => {
  const [name = ''] = words;
  const { servers } = await context.tools.open(context.stores.resolveSettings(flags).values);
  await servers.update(name, (stored) => {
    if (stored === undefined) throw usageError(`there is no MCP server ${name}`, 'see: orx mcp list');
    return undefined;
  });
  context.terminal.streams.stderr.write(`${name} is forgotten\n`);
  return 0;
};
