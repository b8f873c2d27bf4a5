import { serverTools } from '../../core/tools/server-tools.ts';
import type { ToolFlags } from './flags.ts';
import type { ServerTool } from '../../apis/request-parameters.ts';

/** The tools that a chat command offers, and those that run without asking. */
export interface ToolOptions {
  servers: readonly string[];
  files: readonly string[];
  /** Labels and patterns of single tools. */
  tools: readonly string[];
  allowed: readonly string[];
  isReadOnly: boolean;
  trustsFiles: boolean;
  /** Tools that the API runs itself. */
  serverTools: readonly ServerTool[];
}

/** The options without any tool flag. */
export const NO_TOOLS: ToolOptions = {
  servers: [],
  files: [],
  tools: [],
  allowed: [],
  isReadOnly: false,
  trustsFiles: false,
  serverTools: [],
};

/** Parses the flags; undefined if they offer no tools. */
export function parseToolOptions(options: ToolFlags): ToolOptions | undefined {
  const parsed: ToolOptions = {
    servers: options.mcp ?? [],
    files: options.tools ?? [],
    tools: options.tool ?? [],
    allowed: options.allowTool ?? [],
    isReadOnly: options.readOnly === true,
    trustsFiles: options.trustTools === true,
    serverTools: serverTools({
      web: options.web === true,
      webResults: options.webResults,
      serverTools: options.serverTool ?? [],
    }),
  };
  const { servers, files, tools, allowed } = parsed;
  const isAsked = servers.length + files.length + tools.length + allowed.length + parsed.serverTools.length > 0;
  return isAsked ? parsed : undefined;
}
