import type { DialectName } from '../../../src/apis/vendors.ts';
import { anthropicWire } from './anthropic.ts';
import { chatWire } from './chat-completions.ts';
import { cohereWire } from './cohere.ts';
import { geminiWire } from './gemini.ts';
import { ollamaWire } from './ollama.ts';
import { responsesWire } from './responses.ts';
import type { Wire } from './spoken.ts';

/** A model behind the gateway, with the fake vendor that serves it. */
export interface ServedModel {
  model: string;
  wire: () => Wire;
  /** Set if the vendor is reached at a different URL, where it uses a different dialect. */
  dialect?: DialectName;
  readsNoImages?: boolean;
}

/** One vendor of each dialect, with reasoning models, and OpenRouter. */
export const SERVED_MODELS: readonly ServedModel[] = [
  { model: 'anthropic:claude-sonnet-4-6', wire: () => anthropicWire('direct') },
  { model: 'google:gemini-3-pro-preview', wire: () => geminiWire('google') },
  { model: 'openai:gpt-5-mini', wire: () => responsesWire('openai'), dialect: 'responses' },
  {
    model: 'deepseek:deepseek-chat',
    wire: () => chatWire('deepseek', { reasoning: 'reasoning_content', demandsReasoning: true }),
    readsNoImages: true,
  },
  {
    model: 'mistral:magistral-medium-latest',
    wire: () => chatWire('mistral', { reasoning: 'thinking', ids: /^[A-Za-z0-9]{9}$/ }),
  },
  { model: 'cohere:command-a-reasoning-08-2025', wire: () => cohereWire('cohere') },
  { model: 'ollama:llama3.2:3b', wire: () => ollamaWire() },
  { model: 'anthropic/claude-sonnet-4.5', wire: () => chatWire('routed', { reasoning: 'details' }) },
];
