/** How hard a model thinks before it answers. `effort` and `maxTokens` exclude each other. */
export interface ReasoningParameters {
  /** `none minimal low medium high xhigh max`, and what the API adds. */
  effort?: string | undefined;
  /** Upper limit of reasoning tokens. */
  maxTokens?: number | undefined;
  /** Think, but do not send the thoughts. */
  exclude?: boolean | undefined;
  enabled?: boolean | undefined;
}

/** A function that the model may ask to have called. */
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
}

export type ToolDefinition = FunctionTool | ServerTool;

/** Whether a tool has to be called, or which. */
export type ToolChoice = 'none' | 'auto' | 'required' | { name: string };

/** The form that the answer has to have. */
export type ResponseFormat =
  | { type: 'json_object' }
  | {
      type: 'json_schema';
      name: string;
      description?: string | undefined;
      schema: Readonly<Record<string, unknown>>;
      strict: boolean;
    };

/** What a request may ask of the way in which it is answered. All optional: absent is not sent, and the provider's default holds. */
export interface RequestParameters {
  temperature?: number | undefined;
  /** Upper limit of output tokens, reasoning included. */
  maxTokens?: number | undefined;
  topP?: number | undefined;
  topK?: number | undefined;
  minP?: number | undefined;
  topA?: number | undefined;
  frequencyPenalty?: number | undefined;
  presencePenalty?: number | undefined;
  repetitionPenalty?: number | undefined;
  seed?: number | undefined;
  /** The answer ends before any of these; four at most. */
  stop?: readonly string[] | undefined;
  /** Token id to a value from -100 to 100. */
  logitBias?: Readonly<Record<string, number>> | undefined;
  reasoning?: ReasoningParameters | undefined;
  /** `low medium high xhigh max`, and what the API adds. */
  verbosity?: string | undefined;
  /** What the answer may be made of: `text`, `image`, `audio`. */
  modalities?: readonly string[] | undefined;
  /** Options of the image, as the API names them, such as `aspect_ratio`. */
  imageConfig?: Readonly<Record<string, unknown>> | undefined;
  /** Voice and format of a spoken answer. */
  audio?: { voice: string; format: string } | undefined;
  responseFormat?: ResponseFormat | undefined;
  tools?: readonly ToolDefinition[] | undefined;
  toolChoice?: ToolChoice | undefined;
  parallelToolCalls?: boolean | undefined;
  /** Upper limit of calls of the API's own tools. */
  maxToolCalls?: number | undefined;
  /** The wire's items, each with its `id`. */
  plugins?: readonly Readonly<Record<string, unknown>>[] | undefined;
  /** Stable for a conversation: its requests stay at one provider, whose cache is warm. At most 256 characters. */
  sessionId?: string | undefined;
  /** Let the provider place its cache marker itself. */
  cacheControl?: CacheControl | undefined;
  /** `auto default flex priority scale`, and what the API adds. */
  serviceTier?: string | undefined;
  transforms?: readonly string[] | undefined;
  metadata?: Readonly<Record<string, string>> | undefined;
  /** Identifies a user of yours to the provider, hashed by the API. */
  user?: string | undefined;
}
export interface CacheControl {
  type: 'ephemeral';
  ttl?: '5m' | '1h' | undefined;
}
