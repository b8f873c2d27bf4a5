import type { ConnectionSettings, ToolSettings } from '../../core/settings/groups.ts';
import { parseServerName, serverFromFlags } from '../../core/tools/mcp-entry.ts';
import type { McpServer } from '../../tools/mcp-server.ts';
import type { CommandInput } from '../register.ts';
import type { JsonFlags } from '../with-json.ts';
import type { AddFlags, TestFlags } from './mcp-flags.ts';

export interface AddOptions {
  settings: ConnectionSettings;
  name: string;
  server: McpServer;
  /** Replaces an existing server of that name. */
  force: boolean;
}

export interface ListOptions {
  settings: ConnectionSettings;
  isJson: boolean;
}

export interface RemoveOptions {
  settings: ConnectionSettings;
  name: string;
}

export interface TestOptions {
  settings: ConnectionSettings & ToolSettings;
  name: string;
  isJson: boolean;
  /** Accept its tools in their current form. */
  agrees: boolean;
}

export function parseAdd({ words: [word = '', ...command], options, settings }: CommandInput<AddFlags>): AddOptions {
  const { url, env = [], header: headers = [], force } = options;
  const name = parseServerName(word);
  return { settings, name, server: serverFromFlags({ command, url, env, headers }), force: force === true };
}

export function parseList({ options, settings }: CommandInput<JsonFlags>): ListOptions {
  return { settings, isJson: options.json === true };
}

export function parseRemove({ words: [name = ''], settings }: CommandInput): RemoveOptions {
  return { settings, name };
}

export function parseTest({ words: [name = ''], options, settings }: CommandInput<TestFlags & JsonFlags>): TestOptions {
  return { settings, name, isJson: options.json === true, agrees: options.agree === true };
}
