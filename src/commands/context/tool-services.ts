import type { TrustedFiles } from '../../storage/files/trusted-files.ts';
import type { McpFile } from '../../storage/mcp-file.ts';
import type { McpConnection } from '../../tools/mcp-connection.ts';
import type { McpServer } from '../../tools/mcp-server.ts';
import type { Tool } from '../../tools/tool.ts';

/** Where tools come from, and how to ask the user about them. */
export interface ToolServices {
  servers: McpFile;
  trusted: TrustedFiles;
  /** The path of the user's own file of commands, next to the settings. It may not exist. */
  ownFile: string;
  /** Reads a file of commands. Throws a usage error with the reason if it is invalid. */
  readFile: (path: string) => Promise<ToolFile>;
  /** Connects to a server and lists its tools; `timeoutMs` applies to each of the two. Throws errors that the user can act on. */
  connect: (name: string, server: McpServer, timeoutMs: number, signal?: AbortSignal) => Promise<McpConnection>;
  /** Whether both standard input and standard error are a terminal with a user. */
  canAsk: boolean;
  /**
   * Asks on standard error and waits for one of the keys. Ignores keys typed before the question was shown. Undefined: Ctrl-C,
   * Ctrl-D or Esc.
   */
  askKey: (question: string, keys: string) => Promise<string | undefined>;
  /** Asks on standard error for a line, which may be empty. Undefined: Ctrl-C or Ctrl-D. */
  askWords: (question: string) => Promise<string | undefined>;
}

export interface ToolFile {
  /** A hash of the file's content and path. */
  hash: string;
  /** The file is ToolServices.ownFile. */
  isOwn: boolean;
  /** The commands that a model could start. Untrusted. */
  commands: readonly { name: string; command: readonly string[] }[];
  tools: readonly Tool[];
}
