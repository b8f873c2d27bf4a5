import type { Command } from 'commander';
import { serverTools } from '../../core/tools/server-tools.ts';
import type { ServerTool } from '../../apis/request-parameters.ts';

/** Which tools one run of chat offers, and which of them run unasked. */
export interface ToolOptions {
  servers: readonly string[];
  files: readonly string[];
  /** Labels and patterns of single tools. */
  tools: readonly string[];
  allowed: readonly string[];
  isReadOnly: boolean;
  trustsFiles: boolean;
  /** Run by the API itself. */
  serverTools: readonly ServerTool[];
}

/** What a run offers without any flag. */
export const NO_TOOLS: ToolOptions = {
  servers: [],
  files: [],
  tools: [],
  allowed: [],
  isReadOnly: false,
  trustsFiles: false,
  serverTools: [],
};

export const TOOL_GROUP = 'Tools (none is offered without these):';

export function addToolOptions(command: Command): Command {
  const flags: readonly [string, string][] = [
    ['--mcp <name>', 'offer the tools of this server: orx mcp list (repeatable)'],
    ['--tools <file>', 'offer the local commands that this file declares (repeatable)'],
    ['--tool <name>', 'offer one of your own commands, or server:tool; * stands for anything (repeatable)'],
    ['--allow-tool <name>', 'run this tool unasked: a name, server:tool, or server:* (repeatable)'],
    ['--server-tool <name[=json]>', 'a tool that the API runs, such as datetime, with its parameters (repeatable)'],
  ];
  for (const [declared, description] of flags) {
    command.addOption(command.createOption(declared, description).argParser(append).helpGroup(TOOL_GROUP));
  }
  const add = (declared: string, description: string): void => {
    command.addOption(command.createOption(declared, description).helpGroup(TOOL_GROUP));
  };
  add('--read-only', 'only tools that say they change nothing');
  add('--trust-tools', 'use the files of --tools without asking about what they would run');
  add('--web', 'let the model search the web: the API does it and bills it');
  add('--web-results <count>', 'web search with so many results a search');
  return command;
}

/** Undefined when the flags offer nothing. */
export function toolOptions(options: Readonly<Record<string, unknown>>): ToolOptions | undefined {
  const list = (name: string): readonly string[] => (options[name] as readonly string[] | undefined) ?? [];
  const parsed: ToolOptions = {
    servers: list('mcp'),
    files: list('tools'),
    tools: list('tool'),
    allowed: list('allowTool'),
    isReadOnly: options['readOnly'] === true,
    trustsFiles: options['trustTools'] === true,
    serverTools: serverTools({
      web: options['web'] === true,
      webResults: options['webResults'] as string | undefined,
      serverTools: list('serverTool'),
    }),
  };
  const { servers, files, tools, allowed } = parsed;
  const isAsked = servers.length + files.length + tools.length + allowed.length + parsed.serverTools.length > 0;
  return isAsked ? parsed : undefined;
}

function append(word: string, words: readonly string[] = []): readonly string[] {
  return [...words, word];
}
