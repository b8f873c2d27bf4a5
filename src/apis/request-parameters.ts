/** How much a model reasons before it answers. `effort` and `maxTokens` exclude each other. */
export interface ReasoningParameters {
  /** `none minimal low medium high xhigh max`, and values that the API adds. */
  effort?: string | undefined;
  /** Maximum number of reasoning tokens. */
  maxTokens?: number | undefined;
  /** Reason, but do not return the reasoning. */
  exclude?: boolean | undefined;
  enabled?: boolean | undefined;
}

/** A function that the model may request to call. */
export interface FunctionTool {
  type: 'function';
  name: string;
  description?: string | undefined;
  /** JSON Schema of its arguments. */
  parameters?: Readonly<Record<string, unknown>> | undefined;
  strict?: boolean | undefined;
}

/** A tool that the API itself runs, such as `openrouter:web_search`. */
export interface ServerTool {
  type: `openrouter:${string}`;
  parameters?: Readonly<Record<string, unknown>> | undefined;
  /** An API without this tool may answer without it. Default: false. Not part of the wire format. */
  isOptional?: boolean | undefined;
}

export type ToolDefinition = FunctionTool | ServerTool;

/** Whether a tool must be called, or which one. */
export type ToolChoice = 'none' | 'auto' | 'required' | { name: string };

/** The required form of the answer. */
export type ResponseFormat =
  | { type: 'json_object' }
  | {
      type: 'json_schema';
      name: string;
      description?: string | undefined;
      schema: Readonly<Record<string, unknown>>;
      strict: boolean;
    };

/** Parameters of how a request is answered. All optional: an absent one is not sent, and the provider's default applies. */
export interface RequestParameters {
  temperature?: number | undefined;
  /** Maximum number of output tokens, including reasoning. */
  maxTokens?: number | undefined;
  topP?: number | undefined;
  topK?: number | undefined;
  minP?: number | undefined;
  topA?: number | undefined;
  frequencyPenalty?: number | undefined;
  presencePenalty?: number | undefined;
  repetitionPenalty?: number | undefined;
  seed?: number | undefined;
  /** The answer ends before any of these; at most four. */
  stop?: readonly string[] | undefined;
  /** Token id to a value from -100 to 100. */
  logitBias?: Readonly<Record<string, number>> | undefined;
  reasoning?: ReasoningParameters | undefined;
  /** `low medium high xhigh max`, and values that the API adds. */
  verbosity?: string | undefined;
  /** Output types of the answer: `text`, `image`, `audio`. */
  modalities?: readonly string[] | undefined;
  /** Image options with the API's names, such as `aspect_ratio`. */
  imageConfig?: Readonly<Record<string, unknown>> | undefined;
  /** Voice and format of a spoken response. */
  audio?: { voice: string; format: string } | undefined;
  responseFormat?: ResponseFormat | undefined;
  tools?: readonly ToolDefinition[] | undefined;
  toolChoice?: ToolChoice | undefined;
  parallelToolCalls?: boolean | undefined;
  /** Maximum number of calls of the API's own tools. */
  maxToolCalls?: number | undefined;
  /** The wire's items, each with its `id`. */
  plugins?: readonly Readonly<Record<string, unknown>>[] | undefined;
  /**
   * Constant for a conversation: the API sends its requests to the same provider, which has cached the prompt. At most 256
   * characters.
   */
  sessionId?: string | undefined;
  /** Let the provider place its cache marker itself. */
  cacheControl?: CacheControl | undefined;
  /** `auto default flex priority scale`, and values that the API adds. */
  serviceTier?: string | undefined;
  transforms?: readonly string[] | undefined;
  metadata?: Readonly<Record<string, string>> | undefined;
  /** Identifies one of your users to the provider, hashed by the API. */
  user?: string | undefined;
}
export interface CacheControl {
  type: 'ephemeral';
  ttl?: '5m' | '1h' | undefined;
}
