import { CHAT_DEVIATIONS, type ChatDeviations } from './chat-deviations.ts';

/** The API that a vendor speaks. Each dialect has a folder of its name in apis/. */
export type DialectName = 'chat-completions' | 'responses' | 'anthropic' | 'gemini' | 'cohere' | 'ollama';

export const DIALECT_NAMES = [
  'chat-completions',
  'responses',
  'anthropic',
  'gemini',
  'cohere',
  'ollama',
] as const satisfies readonly DialectName[];

/** A service besides OpenRouter that orx can use with the user's own key. */
export interface Vendor {
  /** The prefix before the colon of a model id. */
  name: string;
  /** Other names of the same vendor in ids. */
  aliases?: readonly string[] | undefined;
  label: string;
  /** The built-in vendor of which this is another account or host. */
  like?: string | undefined;
  dialect: DialectName;
  /**
   * Models with another dialect, by the vendor's name of the model; the first match applies. Only at the vendor's own URL,
   * because another host may not support that dialect.
   */
  dialectFor?: readonly { pattern: RegExp; dialect: DialectName }[] | undefined;
  /** URL of the API including its path, without a slash at the end. */
  baseUrl: string;
  /** End of `baseUrl` that a URL from the user may omit, as in the vendor's own SDK. */
  apiPath?: string | undefined;
  /** Environment variables with another URL: those of the vendor's own SDK. */
  baseUrlVariables: readonly string[];
  /** Environment variables with the key; the first one that is set applies. */
  keyVariables: readonly string[];
  /** Works without a key. */
  isKeyOptional?: boolean | undefined;
  /** A server on the user's own machine, which costs nothing. */
  isLocal?: boolean | undefined;
  /** The author of this vendor's models in OpenRouter's catalogue. Absent for a host of other authors' models. */
  author?: string | undefined;
  /** Used when the user names no model. Absent: the first model of the vendor's list. */
  defaultModel?: string | undefined;
  /** Deviations of a chat completions host. Absent: nothing is known about it. */
  deviations?: ChatDeviations | undefined;
}

/** The built-in vendors, in the order in which one is chosen when the user names no model. */
export const VENDORS = [
  {
    name: 'openai',
    label: 'OpenAI',
    dialect: 'chat-completions',
    // These models reason. Only the Responses API returns reasoning summaries and keeps the reasoning between a tool call and its
    // result. Some of them, such as o3-pro, are available only there. The chat variants do not reason.
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
    // From Grok 4 on, only the Responses API returns and keeps reasoning; it also states the cost. Grok 3 returns it in chat
    // completions.
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

/** Finds a built-in vendor by its name or an alias. Ignores case. */
export function findVendor(name: string): Vendor | undefined {
  const wanted = name.toLowerCase();
  return (VENDORS as readonly Vendor[]).find((vendor) => vendor.name === wanted || vendor.aliases?.includes(wanted) === true);
}

/** Returns the vendor's own name for a name or an alias; undefined for an unknown one. */
export function findVendorName(name: string): string | undefined {
  return findVendor(name)?.name;
}
