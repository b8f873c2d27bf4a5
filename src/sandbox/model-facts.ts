/** The date on which the prices and limits of the sandbox's catalogue were public facts. They are not updated. */
export const CATALOGUE_DATE = '2026-08-05';

/** USD per unit as exact decimal text, under the wire's names. */
export type Prices = Readonly<{ prompt: string; completion: string } & Record<string, string>>;

/**
 * Assumed handling of prompts at a provider, strictest first. Invented for the sandbox, to try routing by policy: it says nothing
 * about the real companies.
 */
export type EndpointDataPolicy = 'zero-retention' | 'brief-retention' | 'stored' | 'trains';

/** Display name to slug and assumed data policy. */
export const PROVIDERS = {
  Alibaba: { slug: 'alibaba', policy: 'stored' },
  'Amazon Bedrock': { slug: 'amazon-bedrock', policy: 'zero-retention' },
  Anthropic: { slug: 'anthropic', policy: 'brief-retention' },
  Azure: { slug: 'azure', policy: 'brief-retention' },
  Chutes: { slug: 'chutes', policy: 'trains' },
  Cohere: { slug: 'cohere', policy: 'zero-retention' },
  DeepInfra: { slug: 'deepinfra', policy: 'zero-retention' },
  DeepSeek: { slug: 'deepseek', policy: 'trains' },
  Fireworks: { slug: 'fireworks', policy: 'zero-retention' },
  Google: { slug: 'google-vertex', policy: 'zero-retention' },
  'Google AI Studio': { slug: 'google-ai-studio', policy: 'stored' },
  Groq: { slug: 'groq', policy: 'zero-retention' },
  Minimax: { slug: 'minimax', policy: 'stored' },
  Mistral: { slug: 'mistral', policy: 'brief-retention' },
  'Moonshot AI': { slug: 'moonshotai', policy: 'stored' },
  Novita: { slug: 'novita', policy: 'zero-retention' },
  OpenAI: { slug: 'openai', policy: 'brief-retention' },
  OpenInference: { slug: 'open-inference', policy: 'trains' },
  Perplexity: { slug: 'perplexity', policy: 'stored' },
  Sandbox: { slug: 'sandbox', policy: 'zero-retention' },
  Together: { slug: 'together', policy: 'zero-retention' },
  'Z.AI': { slug: 'z-ai', policy: 'stored' },
  xAI: { slug: 'xai', policy: 'brief-retention' },
} as const satisfies Record<string, { slug: string; policy: EndpointDataPolicy }>;

export type ProviderName = keyof typeof PROVIDERS;

/** A model at a provider. Absent fields have the model's values. */
export interface EndpointFacts {
  provider: ProviderName;
  /** The part of the tag after the provider's slug. Default: the quantization, if known. */
  variant?: string;
  quantization?: string;
  prices?: Prices;
  contextLength?: number;
  maxOutput?: number;
  /** Percent. */
  uptime: number;
  /** Simulated median time to first token in milliseconds, and tokens per second. */
  latencyMs: number;
  throughput: number;
}

export interface ModelFacts {
  id: string;
  canonicalSlug: string;
  name: string;
  about: string;
  /** Unix seconds. */
  created: number;
  contextLength: number;
  maxOutput: number | null;
  input: readonly string[];
  output?: readonly string[];
  tokenizer: string;
  cutoff?: string;
  parameters: readonly string[];
  prices: Prices;
  /** Of an embedding model: the length of its vectors. */
  dimensions?: number;
  /** Of a rerank model: USD for a query with up to 100 documents. */
  searchPrice?: string;
  /** Higher prices above this many prompt tokens. */
  longPrompt?: { above: number; prices: Readonly<Record<string, string>> };
  /** When the model reasons: on request, unless turned off, or always. */
  reasoning?: 'on-request' | 'by-default' | 'always';
  isModerated?: boolean;
  expirationDate?: string;
  /** Id of an alias's target. */
  aliasOf?: string;
  /** Empty for a router. */
  endpoints: readonly EndpointFacts[];
}

export const TEXT = ['text'] as const;
export const IMAGES = ['text', 'image'] as const;
export const FILES = ['text', 'image', 'file'] as const;
export const MEDIA = ['text', 'image', 'file', 'audio', 'video'] as const;

const TOOLS = ['tools', 'tool_choice'];
const FORMAT = ['response_format', 'structured_outputs'];
const REASONING = ['reasoning', 'include_reasoning'];
const SAMPLING = ['max_tokens', 'temperature', 'top_p', 'stop'];
const PENALTIES = ['frequency_penalty', 'presence_penalty'];

/** `supported_parameters` by family. */
export const MODEL_PARAMETERS = {
  plain: SAMPLING,
  gpt: [...SAMPLING, ...PENALTIES, ...TOOLS, ...FORMAT, 'seed', 'logit_bias', 'logprobs', 'top_logprobs'],
  gptReasoning: ['max_tokens', 'seed', ...TOOLS, ...FORMAT, ...REASONING, 'reasoning_effort'],
  claude: [...SAMPLING, 'top_k', ...TOOLS, ...FORMAT, ...REASONING],
  gemini: [...SAMPLING, 'seed', ...TOOLS, ...FORMAT, ...REASONING],
  open: [...SAMPLING, ...PENALTIES, 'repetition_penalty', 'top_k', 'min_p', 'seed', ...TOOLS, ...FORMAT],
  openReasoning: [...SAMPLING, ...PENALTIES, 'top_k', 'seed', ...TOOLS, ...FORMAT, ...REASONING],
} as const satisfies Record<string, readonly string[]>;
