/** The stored configuration of a server. Secrets appear only as names of environment variables. */
export type McpServer =
  /** A program to start. `env`: variables for the program; null takes the user's own value. */
  | { type: 'stdio'; command: readonly [string, ...string[]]; env: Readonly<Record<string, string | null>> }
  /** A URL. In the values of `headers`, `${NAME}` stands for an environment variable. */
  | { type: 'http'; url: string; headers: Readonly<Record<string, string>> };
