/** How a server is reached, as it is stored. Secrets stand in it by the name of an environment variable. */
export type McpServer =
  /** A program that is started. `env`: variables it is given, each with its value, or null for the user's own value. */
  | { type: 'stdio'; command: readonly [string, ...string[]]; env: Readonly<Record<string, string | null>> }
  /** An address that is asked. In the values of `headers` `${NAME}` stands for an environment variable. */
  | { type: 'http'; url: string; headers: Readonly<Record<string, string>> };
