import type { McpServer } from '../../tools/mcp-server.ts';
import type { Tool } from '../../tools/tool.ts';
import { reachText } from './mcp-text.ts';
import type { Table } from '../table/table.ts';
import { visibleLine } from '../text/visible.ts';

/** A stored server. `server` is undefined if the stored data is damaged. */
export interface ServerRow {
  name: string;
  server: McpServer | undefined;
  /** Hashes of the tools that may be offered; undefined before the first use. */
  seen: Readonly<Record<string, string>> | undefined;
}

export function serversTable(rows: readonly ServerRow[]): Table {
  return {
    columns: [
      { heading: 'server', align: 'left', dropOrder: 0, cut: 'name' },
      { heading: 'tools', align: 'right', dropOrder: 1 },
      { heading: 'reached by', align: 'left', dropOrder: 0, cut: 'end' },
    ],
    rows: rows.map(({ name, server, seen }) => [
      { text: visibleLine(name), tone: 'accent' },
      { text: seen === undefined ? '–' : String(Object.keys(seen).length), tone: 'dim' },
      server === undefined ? { text: 'damaged: add it again', tone: 'warning' } : { text: reachText(server) },
    ]),
  };
}

/** Returns the servers as data, without the values of variables and headers, which may be secrets. */
export function serversJson(rows: readonly ServerRow[]): readonly Record<string, unknown>[] {
  return rows.map(({ name, server }) => {
    if (server === undefined) return { name, type: null };
    return server.type === 'http'
      ? { name, type: server.type, url: server.url, headers: Object.keys(server.headers) }
      : { name, type: server.type, command: server.command, env: Object.keys(server.env) };
  });
}

export function toolsTable(tools: readonly Tool[], changed: ReadonlySet<string>): Table {
  return {
    columns: [
      { heading: 'tool', align: 'left', dropOrder: 0, cut: 'name' },
      { heading: 'says of itself', align: 'left', dropOrder: 1 },
      { heading: 'description', align: 'left', dropOrder: 2, cut: 'end' },
    ],
    rows: tools.map(({ label, isReadOnly, description }) => [
      { text: visibleLine(label), tone: 'accent' },
      changed.has(label)
        ? { text: 'new or changed', tone: 'warning' }
        : { text: isReadOnly ? 'changes nothing' : '', tone: 'dim' },
      { text: visibleLine(description).slice(0, 200) },
    ]),
  };
}

export function toolsJson(tools: readonly Tool[], changed: ReadonlySet<string>): readonly Record<string, unknown>[] {
  return tools.map(({ label, description, parameters, isReadOnly }) => ({
    tool: label,
    description,
    parameters,
    read_only: isReadOnly,
    changed: changed.has(label),
  }));
}
