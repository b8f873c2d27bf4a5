import type { RequestParameters } from './request-parameters.ts';

/** A parameter that a host of chat completions may not know. */
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

/** What a user message may hold besides text. */
export type AttachmentKind = 'image' | 'file' | 'audio' | 'video';

/**
 * How reasoning is asked for.
 * `effort`: `reasoning_effort`. `thinking`: `thinking: {type}` and `reasoning_effort`. `toggle`: `reasoning: {enabled}` and `reasoning_effort`.
 * `template`: `chat_template_kwargs: {enable_thinking}` and `reasoning_effort`. `include`: `include_reasoning` and `reasoning_effort`.
 * `parsed`: `reasoning_format` and an effort of `none` or `default`. `none`: not at all.
 */
export type ReasoningForm = 'effort' | 'thinking' | 'toggle' | 'template' | 'include' | 'parsed' | 'none';

/** How a host that speaks chat completions departs from OpenAI's. Each field that is absent: as OpenAI does it. */
export interface ChatDeviations {
  /** Field of the limit of output tokens. Default `max_tokens`. */
  maxTokensField?: 'max_tokens' | 'max_completion_tokens' | undefined;
  /** Names of parameters where they are not those of OpenRouter. */
  fields?: Readonly<Partial<Record<ChatParameter, string>>> | undefined;
  /** The parameters that it takes: others are left out. Absent: all are sent, for a host of which nothing is known. */
  parameters?: readonly ChatParameter[] | undefined;
  /** Parameters that it refuses although `parameters` has them: of some models. */
  refuses?: readonly ChatParameter[] | undefined;
  /** Role of the system prompt. Default `system`. */
  systemRole?: 'system' | 'developer' | undefined;
  /** The attachments that it reads. Default: images, files and audio. */
  attachments?: readonly AttachmentKind[] | undefined;
  /** Files go as `document_url`, also by their address; audio is bare base64; results of tools may hold images. */
  hasMistralParts?: boolean | undefined;
  /** Gives spoken answers: takes `modalities` and `audio`. */
  speaks?: boolean | undefined;
  /** Value of `tool_choice` that demands a call. Default `required`. */
  requiredToolChoice?: 'required' | 'any' | undefined;
  /** A named tool cannot be demanded: that tool alone is offered, and a call demanded. */
  hasNoNamedToolChoice?: boolean | undefined;
  /** Takes no JSON Schema for the answer: it is asked for JSON, and the schema stands in the system prompt. */
  hasNoJsonSchema?: boolean | undefined;
  /** Does not know `stream_options`; usage comes with the last chunk all the same. */
  hasNoStreamOptions?: boolean | undefined;
  /** An assistant message at the end, to be continued, says so with `prefix: true`. */
  marksPrefix?: boolean | undefined;
  /** Default `effort`. */
  reasoning?: ReasoningForm | undefined;
  /** The highest effort that it takes; more than that becomes this. Absent: what OpenAI takes. */
  highestEffort?: 'high' | 'xhigh' | undefined;
  /** Where an earlier answer's reasoning goes back. Absent: it does not. */
  replaysReasoningAs?: 'reasoning_content' | 'reasoning' | 'thinking-part' | undefined;
  /** Refuses an answer with tool calls that comes back without its reasoning: where there is none, an empty text stands for it. */
  demandsReasoning?: boolean | undefined;
  /** `completion_tokens` leaves out the reasoning tokens, which are billed all the same. */
  completionExcludesReasoning?: boolean | undefined;
  /** `prompt_tokens` may leave out the cached tokens: where there are more of these. */
  promptMayExcludeCached?: boolean | undefined;
  /** What some models do otherwise: of the patterns that match the model's name, the first one counts. */
  models?: readonly { pattern: RegExp; deviations: Omit<ChatDeviations, 'models'> }[] | undefined;
}

const SAMPLING = ['temperature', 'topP', 'frequencyPenalty', 'presencePenalty', 'stop'] as const;
/** What the open-weights servers add to OpenAI's. */
const OPEN_SAMPLING = [...SAMPLING, 'topK', 'minP', 'repetitionPenalty', 'seed', 'logitBias'] as const;

/**
 * OpenAI's reasoning models. Source: the parameter table of its reasoning guide, and the error `Unsupported parameter: 'max_tokens'`. From
 * GPT-5.1 on sampling is accepted at effort `none`: see encode-parameters.ts.
 */
const OPENAI_MODELS: ChatDeviations['models'] = [
  // The models of ChatGPT do not reason, though they are named alike.
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

/** A host of which nothing is known but its address. It may stand in front of OpenAI's models. */
export const UNKNOWN_HOST: ChatDeviations = { speaks: true, models: OPENAI_MODELS };

/** By the name of the vendor. Sources: the types of the vendors' own SDKs, and their API references. */
export const CHAT_DEVIATIONS = {
  openai: {
    maxTokensField: 'max_completion_tokens',
    // `metadata` is refused where the answer is not stored.
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
      // The others reason as they do, and refuse to be told how hard.
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
