import type { TrustedFiles } from '../storage/files/trusted-files.ts';
import type { McpFile } from '../storage/mcp-file.ts';
import type { McpConnection } from '../tools/mcp-connection.ts';
import type { McpServer } from '../tools/mcp-server.ts';
import type { Tool } from '../tools/tool.ts';

/** Where tools come from, and whom to ask about them. */
export interface ToolServices {
  servers: McpFile;
  trusted: TrustedFiles;
  /** The user's own file of commands, beside the settings. It may be missing. */
  ownFile: string;
  /** Reads a file of commands. Throws a usage error that says what is wrong with it. */
  readFile: (path: string) => Promise<ToolFile>;
  /** Connects to a server and lists its tools; `timeoutMs` for each of the two. Throws what the user can do something about. */
  connect: (name: string, server: McpServer, timeoutMs: number, signal?: AbortSignal) => Promise<McpConnection>;
  /** Whether a person sits in front of both the keyboard and standard error. */
  canAsk: boolean;
  /**
   * Asks on standard error and waits for one of the keys. What was typed before the question stood there is no answer. Undefined: Ctrl-C,
   * Ctrl-D or Esc.
   */
  askKey: (question: string, keys: string) => Promise<string | undefined>;
  /** Asks on standard error for a line, which may be empty. Undefined: Ctrl-C or Ctrl-D. */
  askWords: (question: string) => Promise<string | undefined>;
}

export interface ToolFile {
  /** Of what it says and where it stands. */
  hash: string;
  /** It is ToolServices.ownFile. */
  isOwn: boolean;
  /** What it would let a model start. Untrusted. */
  commands: readonly { name: string; command: readonly string[] }[];
  tools: readonly Tool[];
}
