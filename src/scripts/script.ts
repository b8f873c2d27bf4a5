/** JavaScript from a user's file, with what it may see. It sees nothing else: no files, no network, no process. */
export interface Script {
  code: string;
  /** The answer, as text or as the JSON value that a transform made of it. */
  output: unknown;
  /** JSON data: `context.vars` and others. */
  context: Readonly<Record<string, unknown>>;
}

export type ScriptOutcome = { state: 'returned'; value: unknown } | { state: 'failed'; reason: string };

/** Runs a script. Never rejects because of what the script does. */
export type RunScript = (script: Script) => Promise<ScriptOutcome>;
