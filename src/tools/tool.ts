/** A function that a model may call through orx, with what is needed to judge a call. All texts are untrusted. */
export interface Tool {
  /** The display name: `server:tool`, or the plain name of a local command. Printable ASCII without spaces. */
  label: string;
  description: string;
  /** JSON Schema of the arguments. */
  parameters: Readonly<Record<string, unknown>>;
  /** The tool declares that it changes nothing. orx does not verify it. */
  isReadOnly: boolean;
  /**
   * Returns what a call would start on this machine, when that is more than the tool's name says. Throws what `call` would throw.
   */
  preview?: ((values: ToolArguments) => Promise<string>) | undefined;
  /** Calls the tool. A failure of the tool is a result; throws only the signal's reason, and errors that prevent the call. */
  call: (values: ToolArguments, options: CallOptions) => Promise<ToolResult>;
}

/** Valid for the tool's schema. Numbers that a double cannot represent are ExactNumber. */
export type ToolArguments = Readonly<Record<string, unknown>>;

export interface CallOptions {
  signal: AbortSignal;
  /** Time limit of the call, in milliseconds. */
  timeoutMs: number;
  /** Maximum size of the output that the model receives; cut-result.ts adds a note for the model. */
  maxBytes: number;
}

export interface ToolResult {
  text: string;
  isError: boolean;
}
