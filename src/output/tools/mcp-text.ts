import type { McpServer } from '../../tools/mcp-server.ts';
import type { Tool } from '../../tools/tool.ts';
import { jsonText } from '../text/json.ts';
import { shellWord } from '../../text/shell-word.ts';
import { visibleLine, visibleText } from '../text/visible.ts';

/** Returns how to reach a server, on one line. Values of variables and headers are hidden. */
export function reachText(server: McpServer): string {
  if (server.type === 'http') {
    const headers = Object.keys(server.headers);
    return visibleLine(headers.length === 0 ? server.url : `${server.url} (${headers.join(', ')})`);
  }
  const names = Object.entries(server.env).map(([name, value]) => (value === null ? name : `${name}=…`));
  return visibleLine([commandText(server.command), ...(names.length === 0 ? [] : [`(${names.join(', ')})`])].join(' '));
}

/** Returns a command whose arguments can be told apart: those with spaces and quotes are quoted. */
function commandText(command: readonly string[]): string {
  return command.map((word) => (/^[^\s'"]+$/.test(word) ? word : shellWord(word))).join(' ');
}

/** Returns everything that a model gets to know about a tool. */
export function toolCard({ label, description, parameters, isReadOnly }: Tool): string {
  const text = visibleText(description).trim() || '(no description)';
  return [
    `? ${visibleLine(label)}${isReadOnly ? ' (declares itself read-only)' : ''}`,
    ...`${text}\n${visibleText(jsonText(parameters)).trimEnd()}`.split('\n').map((line) => `  ${line}`),
  ].join('\n');
}

export function serverQuestion(name: string, server: McpServer): string {
  return `? the MCP server ${visibleLine(name)} has a different command or URL than you agreed to\n  ${reachText(server)}\n  y use it · n skip it › `;
}

export function commandsQuestion(path: string, commands: readonly { name: string; command: readonly string[] }[]): string {
  const lines = commands.map(({ name, command }) => `  ${visibleLine(name)}: ${visibleLine(commandText(command))}`);
  return [`? ${visibleLine(path)} lets a model run these commands`, ...lines, '  y trust this content · n skip it › '].join('\n');
}
