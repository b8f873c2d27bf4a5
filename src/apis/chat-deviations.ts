import type { RequestParameters } from './request-parameters.ts';

/** A parameter that a host of chat completions may not support. */
export type ChatParameter = keyof Pick<
  RequestParameters,
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'minP'
  | 'topA'
  | 'frequencyPenalty'
  | 'presencePenalty'
  | 'repetitionPenalty'
  | 'seed'
  | 'stop'
  | 'logitBias'
  | 'verbosity'
  | 'parallelToolCalls'
  | 'serviceTier'
  | 'metadata'
  | 'user'
>;

/** What a user message may contain besides text. */
export type AttachmentKind = 'image' | 'file' | 'audio' | 'video';

/**
 * The fields that request reasoning:
 *
 * - `effort`: `reasoning_effort`
 * - `thinking`: `thinking: {type}` and `reasoning_effort`
 * - `toggle`: `reasoning: {enabled}` and `reasoning_effort`
 * - `template`: `chat_template_kwargs: {enable_thinking}` and `reasoning_effort`
 * - `include`: `include_reasoning` and `reasoning_effort`
 * - `parsed`: `reasoning_format` and an effort of `none` or `default`
 * - `none`: not supported
 */
export type ReasoningForm = 'effort' | 'thinking' | 'toggle' | 'template' | 'include' | 'parsed' | 'none';

/** How a compatible host deviates from OpenAI's chat completions. An absent field means: like OpenAI. */
export interface ChatDeviations {
  /** Field for the limit of output tokens. Default: `max_tokens`. */
  maxTokensField?: 'max_tokens' | 'max_completion_tokens' | undefined;
  /** Names of parameters that differ from OpenRouter's. */
  fields?: Readonly<Partial<Record<ChatParameter, string>>> | undefined;
  /** The parameters that the host supports; others are not sent. Absent: all are sent, for a host of which nothing is known. */
  parameters?: readonly ChatParameter[] | undefined;
  /** Parameters from `parameters` that some models reject. */
  refuses?: readonly ChatParameter[] | undefined;
  /** Role of the system prompt. Default: `system`. */
  systemRole?: 'system' | 'developer' | undefined;
  /** Supported attachments. Default: images, files and audio. */
  attachments?: readonly AttachmentKind[] | undefined;
  /** Files are sent as `document_url`, also by URL; audio is bare base64; tool results may contain images. */
  hasMistralParts?: boolean | undefined;
  /** Supports spoken responses: accepts `modalities` and `audio`. */
  speaks?: boolean | undefined;
  /** Value of `tool_choice` that requires a call. Default: `required`. */
  requiredToolChoice?: 'required' | 'any' | undefined;
  /** `tool_choice` cannot name a tool: orx offers only that tool and requires a call. */
  hasNoNamedToolChoice?: boolean | undefined;
  /** Does not support JSON Schema for the answer: orx requests JSON and puts the schema into the system prompt. */
  hasNoJsonSchema?: boolean | undefined;
  /** Does not support `stream_options`; the last chunk contains the usage anyway. */
  hasNoStreamOptions?: boolean | undefined;
  /** Requires `prefix: true` on a last assistant message that the model is to continue. */
  marksPrefix?: boolean | undefined;
  /** Default: `effort`. */
  reasoning?: ReasoningForm | undefined;
  /** The highest supported effort; orx lowers higher efforts to it. Absent: the same efforts as OpenAI. */
  highestEffort?: 'high' | 'xhigh' | undefined;
  /** Where an earlier answer's reasoning is sent back. Absent: it is not sent. */
  replaysReasoningAs?: 'reasoning_content' | 'reasoning' | 'thinking-part' | undefined;
  /** Rejects an earlier answer with tool calls but without reasoning: orx sends an empty text when there is none. */
  demandsReasoning?: boolean | undefined;
  /** `completion_tokens` excludes the reasoning tokens, which are charged anyway. */
  completionExcludesReasoning?: boolean | undefined;
  /** `prompt_tokens` excludes the cached tokens when it is less than their number. */
  promptMayExcludeCached?: boolean | undefined;
  /** Deviations of individual models. The first pattern that matches the model's name applies. */
  models?: readonly { pattern: RegExp; deviations: Omit<ChatDeviations, 'models'> }[] | undefined;
}

const SAMPLING = ['temperature', 'topP', 'frequencyPenalty', 'presencePenalty', 'stop'] as const;
/** OpenAI's parameters, and those that servers of open-weights models add. */
const OPEN_SAMPLING = [...SAMPLING, 'topK', 'minP', 'repetitionPenalty', 'seed', 'logitBias'] as const;

/**
 * OpenAI's reasoning models. Source: the parameter table of its reasoning guide, and the error `Unsupported parameter:
 * 'max_tokens'`. GPT-5.1 and later accept sampling parameters at effort `none`: see encode-chat-parameters.ts.
 */
const OPENAI_MODELS: ChatDeviations['models'] = [
  // The ChatGPT models do not reason, although their names are similar.
  { pattern: /^gpt-5[\w.]*-chat/, deviations: { maxTokensField: 'max_completion_tokens' } },
  {
    pattern: /^(ft:)?(o\d|gpt-5|codex)/,
    deviations: {
      maxTokensField: 'max_completion_tokens',
      systemRole: 'developer',
      refuses: ['temperature', 'topP', 'frequencyPenalty', 'presencePenalty', 'logitBias', 'stop'],
    },
  },
];

/** A host of which only the URL is known. It may serve OpenAI's models. */
export const UNKNOWN_HOST: ChatDeviations = { speaks: true, models: OPENAI_MODELS };

/** By vendor name. Sources: the types of the vendors' SDKs, and their API references. */
export const CHAT_DEVIATIONS = {
  openai: {
    maxTokensField: 'max_completion_tokens',
    // OpenAI rejects `metadata` when the answer is not stored.
    parameters: [...SAMPLING, 'seed', 'logitBias', 'verbosity', 'parallelToolCalls', 'serviceTier', 'user'],
    speaks: true,
    models: OPENAI_MODELS,
  },
  mistral: {
    fields: { seed: 'random_seed' },
    parameters: [...SAMPLING, 'seed', 'parallelToolCalls', 'metadata'],
    hasMistralParts: true,
    requiredToolChoice: 'any',
    hasNoNamedToolChoice: true,
    hasNoStreamOptions: true,
    marksPrefix: true,
    highestEffort: 'xhigh',
    replaysReasoningAs: 'thinking-part',
  },
  deepseek: {
    parameters: SAMPLING,
    attachments: [],
    hasNoJsonSchema: true,
    reasoning: 'thinking',
    replaysReasoningAs: 'reasoning_content',
    demandsReasoning: true,
  },
  xai: {
    parameters: [...SAMPLING, 'seed', 'parallelToolCalls', 'user'],
    attachments: ['image'],
    completionExcludesReasoning: true,
    promptMayExcludeCached: true,
    models: [
      // The other models decide themselves how much to reason, and reject an effort.
      { pattern: /non-reasoning|^grok-(2|3(?!-mini))/, deviations: { reasoning: 'none' } },
      { pattern: /^grok-3-mini/, deviations: { refuses: ['frequencyPenalty', 'presencePenalty', 'stop'] } },
      {
        pattern: /^grok-(4($|-|\.20)|build|code)/,
        deviations: { reasoning: 'none', refuses: ['frequencyPenalty', 'presencePenalty', 'stop'] },
      },
      { pattern: /^grok-/, deviations: { refuses: ['frequencyPenalty', 'presencePenalty', 'stop'] } },
    ],
  },
  groq: {
    maxTokensField: 'max_completion_tokens',
    parameters: [...SAMPLING, 'seed', 'parallelToolCalls', 'serviceTier', 'metadata', 'user'],
    attachments: ['image'],
    hasNoStreamOptions: true,
    reasoning: 'none',
    replaysReasoningAs: 'reasoning',
    models: [
      { pattern: /gpt-oss/, deviations: { reasoning: 'include', highestEffort: 'high' } },
      { pattern: /qwen-?3|qwq|deepseek-r1/, deviations: { reasoning: 'parsed' } },
    ],
  },
  together: {
    parameters: OPEN_SAMPLING,
    attachments: ['image', 'audio', 'video'],
    reasoning: 'toggle',
  },
  fireworks: {
    parameters: [...OPEN_SAMPLING, 'parallelToolCalls', 'metadata', 'user'],
    attachments: ['image'],
  },
  cerebras: {
    maxTokensField: 'max_completion_tokens',
    parameters: [...SAMPLING, 'seed', 'logitBias', 'parallelToolCalls', 'serviceTier', 'user'],
    attachments: ['image'],
    highestEffort: 'high',
    replaysReasoningAs: 'reasoning',
  },
  lmstudio: {
    parameters: [
      'temperature',
      'topP',
      'topK',
      'frequencyPenalty',
      'presencePenalty',
      'repetitionPenalty',
      'seed',
      'stop',
      'logitBias',
    ],
    fields: { repetitionPenalty: 'repeat_penalty' },
    attachments: ['image'],
  },
  llamacpp: {
    parameters: [...OPEN_SAMPLING, 'parallelToolCalls'],
    fields: { repetitionPenalty: 'repeat_penalty' },
    attachments: ['image', 'audio'],
    reasoning: 'template',
    highestEffort: 'high',
    replaysReasoningAs: 'reasoning_content',
  },
  vllm: {
    parameters: [...OPEN_SAMPLING, 'parallelToolCalls', 'user'],
    attachments: ['image', 'audio', 'video'],
    reasoning: 'template',
    highestEffort: 'high',
    replaysReasoningAs: 'reasoning',
  },
} as const satisfies Readonly<Record<string, ChatDeviations>>;
