/** A function that a model may ask to have called here, and what is needed to judge a call of it. Every text in it is untrusted. */
export interface Tool {
  /** What people call it: `server:tool`, or the plain name of a local command. Printable ASCII without spaces. */
  label: string;
  description: string;
  /** JSON Schema of the arguments. */
  parameters: Readonly<Record<string, unknown>>;
  /** It says of itself that it changes nothing. Nobody has checked that. */
  isReadOnly: boolean;
  /** What a call would start on this machine, where that is more than the tool's name says. Throws what `call` would throw. */
  preview?: ((values: ToolArguments) => Promise<string>) | undefined;
  /**
   * Calls it. A failure of the tool is a result; thrown are only the signal's reason and what prevented the call.
   */
  call: (values: ToolArguments, options: CallOptions) => Promise<ToolResult>;
}

/** Numbers that a double cannot hold are ExactNumber. They fit the tool's schema. */
export type ToolArguments = Readonly<Record<string, unknown>>;

export interface CallOptions {
  signal: AbortSignal;
  /** Longest time for the call, in milliseconds. */
  timeoutMs: number;
  /** No more of an output than this reaches the model: cut-result.ts tells it so. */
  maxBytes: number;
}

export interface ToolResult {
  text: string;
  isError: boolean;
}
