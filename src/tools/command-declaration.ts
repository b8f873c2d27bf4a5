/** A local command as a tool, as a file declares it. */
export interface CommandDeclaration {
  name: string;
  description: string;
  /** JSON Schema of the arguments, an object. */
  parameters: Readonly<Record<string, unknown>>;
  /** The program and its arguments; an element `{{name}}` stands for the value of that parameter, nothing else is replaced. */
  command: readonly [string, ...string[]];
  /** Absolute. */
  folder: string;
  /** Less than the run's limits, or undefined for those. */
  timeoutMs?: number | undefined;
  maxBytes?: number | undefined;
  /** Names of environment variables that the command is given. */
  env: readonly string[];
  isReadOnly: boolean;
}

/** The parameter that an element of a command stands for. */
export function placeholderOf(element: string): string | undefined {
  return /^\{\{\s*([\w-]+)\s*\}\}$/.exec(element)?.[1];
}
