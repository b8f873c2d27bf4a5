import { CHAT_DEVIATIONS, type ChatDeviations } from './chat-deviations.ts';

/** How a vendor is spoken to. Each has a folder of its name in apis/. */
export type DialectName = 'chat-completions' | 'responses' | 'anthropic' | 'gemini' | 'cohere' | 'ollama';

export const DIALECT_NAMES = [
  'chat-completions',
  'responses',
  'anthropic',
  'gemini',
  'cohere',
  'ollama',
] as const satisfies readonly DialectName[];

/** Somebody who answers with a key of the user's own, beside OpenRouter. */
export interface Vendor {
  /** Before the colon of a model id. */
  name: string;
  /** Other names of the same vendor in ids. */
  aliases?: readonly string[] | undefined;
  label: string;
  /** The vendor of the table that this one is another account or host of. */
  like?: string | undefined;
  dialect: DialectName;
  /**
   * Models that are spoken to in another way, by the vendor's own name of the model: of the patterns that match, the first one counts. Only at
   * the vendor's own address: what stands at another one may not know that way.
   */
  dialectFor?: readonly { pattern: RegExp; dialect: DialectName }[] | undefined;
  /** Address of the API with its path, without a slash at the end. */
  baseUrl: string;
  /** End of `baseUrl` that an address given by the user may leave out, as the vendor's own SDK does. */
  apiPath?: string | undefined;
  /** Variables that hold another address: those of the vendor's own SDK. */
  baseUrlVariables: readonly string[];
  /** Variables that hold the key, the first one that is set counts. */
  keyVariables: readonly string[];
  /** It answers without a key. */
  isKeyOptional?: boolean | undefined;
  /** A server on the user's own machine: it costs nothing. */
  isLocal?: boolean | undefined;
  /** The author of this vendor's models in OpenRouter's catalogue. Absent: it hosts models of others. */
  author?: string | undefined;
  /** Asked when the user names no model. Absent: the first that the vendor lists. */
  defaultModel?: string | undefined;
  /** Of a host that speaks chat completions. Absent: nothing is known of it. */
  deviations?: ChatDeviations | undefined;
}

/** The vendors that orx knows, in the order in which one is picked where the user names no model. */
export const VENDORS = [
  {
    name: 'openai',
    label: 'OpenAI',
    dialect: 'chat-completions',
    // These reason. Summaries of their reasoning come through the Responses API alone, and only there it is kept from a call of a tool to its
    // result. Some of them, such as o3-pro, are nowhere else. The chat variants do not reason.
    dialectFor: [{ pattern: /^(ft:)?(o\d|gpt-([5-9]|\d\d)|codex)(?!.*-chat)/i, dialect: 'responses' }],
    baseUrl: 'https://api.openai.com/v1',
    baseUrlVariables: ['OPENAI_BASE_URL'],
    keyVariables: ['OPENAI_API_KEY'],
    author: 'openai',
    defaultModel: 'gpt-5.4-mini',
    deviations: CHAT_DEVIATIONS.openai,
  },
  {
    name: 'anthropic',
    label: 'Anthropic',
    dialect: 'anthropic',
    baseUrl: 'https://api.anthropic.com/v1',
    apiPath: '/v1',
    baseUrlVariables: ['ANTHROPIC_BASE_URL'],
    keyVariables: ['ANTHROPIC_API_KEY'],
    author: 'anthropic',
    defaultModel: 'claude-sonnet-4-6',
  },
  {
    name: 'google',
    aliases: ['gemini'],
    label: 'Google',
    dialect: 'gemini',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    apiPath: '/v1beta',
    baseUrlVariables: ['GOOGLE_GEMINI_BASE_URL'],
    keyVariables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    author: 'google',
    defaultModel: 'gemini-2.5-flash',
  },
  {
    name: 'mistral',
    label: 'Mistral',
    dialect: 'chat-completions',
    baseUrl: 'https://api.mistral.ai/v1',
    baseUrlVariables: [],
    keyVariables: ['MISTRAL_API_KEY'],
    author: 'mistralai',
    defaultModel: 'mistral-small-latest',
    deviations: CHAT_DEVIATIONS.mistral,
  },
  {
    name: 'deepseek',
    label: 'DeepSeek',
    dialect: 'chat-completions',
    baseUrl: 'https://api.deepseek.com',
    baseUrlVariables: [],
    keyVariables: ['DEEPSEEK_API_KEY'],
    author: 'deepseek',
    defaultModel: 'deepseek-v4-flash',
    deviations: CHAT_DEVIATIONS.deepseek,
  },
  {
    name: 'xai',
    label: 'xAI',
    dialect: 'chat-completions',
    // From Grok 4 on reasoning is told and kept through the Responses API alone, which also states the cost. Grok 3 tells it in chat completions.
    dialectFor: [{ pattern: /^grok-[4-9]/i, dialect: 'responses' }],
    baseUrl: 'https://api.x.ai/v1',
    baseUrlVariables: [],
    keyVariables: ['XAI_API_KEY'],
    author: 'x-ai',
    defaultModel: 'grok-4.3',
    deviations: CHAT_DEVIATIONS.xai,
  },
  {
    name: 'groq',
    label: 'Groq',
    dialect: 'chat-completions',
    baseUrl: 'https://api.groq.com/openai/v1',
    apiPath: '/openai/v1',
    baseUrlVariables: ['GROQ_BASE_URL'],
    keyVariables: ['GROQ_API_KEY'],
    defaultModel: 'llama-3.3-70b-versatile',
    deviations: CHAT_DEVIATIONS.groq,
  },
  {
    name: 'together',
    label: 'Together',
    dialect: 'chat-completions',
    baseUrl: 'https://api.together.xyz/v1',
    baseUrlVariables: ['TOGETHER_BASE_URL'],
    keyVariables: ['TOGETHER_API_KEY'],
    defaultModel: 'meta-llama/Llama-3.3-70B-Instruct-Turbo',
    deviations: CHAT_DEVIATIONS.together,
  },
  {
    name: 'fireworks',
    label: 'Fireworks',
    dialect: 'chat-completions',
    baseUrl: 'https://api.fireworks.ai/inference/v1',
    apiPath: '/inference/v1',
    baseUrlVariables: [],
    keyVariables: ['FIREWORKS_API_KEY'],
    defaultModel: 'accounts/fireworks/models/deepseek-v4-flash-0731',
    deviations: CHAT_DEVIATIONS.fireworks,
  },
  {
    name: 'cerebras',
    label: 'Cerebras',
    dialect: 'chat-completions',
    baseUrl: 'https://api.cerebras.ai/v1',
    apiPath: '/v1',
    baseUrlVariables: ['CEREBRAS_BASE_URL'],
    keyVariables: ['CEREBRAS_API_KEY'],
    defaultModel: 'gpt-oss-120b',
    deviations: CHAT_DEVIATIONS.cerebras,
  },
  {
    name: 'cohere',
    label: 'Cohere',
    dialect: 'cohere',
    baseUrl: 'https://api.cohere.com/v2',
    apiPath: '/v2',
    baseUrlVariables: ['CO_API_URL'],
    keyVariables: ['COHERE_API_KEY', 'CO_API_KEY'],
    author: 'cohere',
    defaultModel: 'command-a-03-2025',
  },
  {
    name: 'ollama',
    label: 'Ollama',
    dialect: 'ollama',
    baseUrl: 'http://localhost:11434/api',
    apiPath: '/api',
    baseUrlVariables: ['OLLAMA_HOST'],
    keyVariables: ['OLLAMA_API_KEY'],
    isKeyOptional: true,
    isLocal: true,
  },
  {
    name: 'lmstudio',
    label: 'LM Studio',
    dialect: 'chat-completions',
    baseUrl: 'http://localhost:1234/v1',
    apiPath: '/v1',
    baseUrlVariables: [],
    keyVariables: [],
    isKeyOptional: true,
    isLocal: true,
    deviations: CHAT_DEVIATIONS.lmstudio,
  },
  {
    name: 'llamacpp',
    label: 'llama.cpp',
    dialect: 'chat-completions',
    baseUrl: 'http://localhost:8080/v1',
    apiPath: '/v1',
    baseUrlVariables: [],
    keyVariables: ['LLAMA_API_KEY'],
    isKeyOptional: true,
    isLocal: true,
    deviations: CHAT_DEVIATIONS.llamacpp,
  },
  {
    name: 'vllm',
    label: 'vLLM',
    dialect: 'chat-completions',
    baseUrl: 'http://localhost:8000/v1',
    apiPath: '/v1',
    baseUrlVariables: [],
    keyVariables: ['VLLM_API_KEY'],
    isKeyOptional: true,
    isLocal: true,
    deviations: CHAT_DEVIATIONS.vllm,
  },
] as const satisfies readonly Vendor[];

/** The row of a vendor, by its name or an alias. Capitals make no difference. */
export function findVendor(name: string): Vendor | undefined {
  const wanted = name.toLowerCase();
  return (VENDORS as readonly Vendor[]).find((vendor) => vendor.name === wanted || vendor.aliases?.includes(wanted) === true);
}

export function findVendorName(name: string): string | undefined {
  return findVendor(name)?.name;
}
