/** A local command declared as a tool in a file. */
export interface CommandDeclaration {
  name: string;
  description: string;
  /** JSON Schema of the arguments; its type is `object`. */
  parameters: Readonly<Record<string, unknown>>;
  /**
   * The program and its arguments. An element `{{name}}` is replaced by the value of that parameter; nothing else is replaced.
   */
  command: readonly [string, ...string[]];
  /** Absolute path. */
  folder: string;
  /** Limits below those of the orx command; undefined: the command's own limits apply. */
  timeoutMs?: number | undefined;
  maxBytes?: number | undefined;
  /** Names of environment variables that the command receives. */
  env: readonly string[];
  isReadOnly: boolean;
}

/** Returns the name of the parameter that an element of a command stands for, or undefined. */
export function placeholderOf(element: string): string | undefined {
  return /^\{\{\s*([\w-]+)\s*\}\}$/.exec(element)?.[1];
}
