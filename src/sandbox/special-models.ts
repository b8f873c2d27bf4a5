import { type ModelFacts, MODEL_PARAMETERS, TEXT } from './model-facts.ts';

/** The behavior of each special model, by the second half of its id. */
export const SPECIAL_MODELS = {
  'rate-limit': 'Refuses every request with 429 and asks to wait one second.',
  'no-credits': 'Refuses every request with 402: not enough credits.',
  'fails-once': 'Fails with 503 the first time it sees a prompt, then answers.',
  'always-down': 'Fails every request with 502.',
  moderated: 'Refuses every request with 403: flagged by moderation.',
  silence: 'Accepts the request, sends one keep-alive comment, and then nothing until the client disconnects.',
  'slow-start': 'Sends keep-alive comments for five seconds before its answer begins.',
  cut: 'Closes the connection mid-stream.',
  'error-midstream': 'Sends an error mid-stream.',
  'malformed-chunk': 'Sends a chunk that is not JSON mid-stream.',
  hostile: 'Answers with escape sequences, direction overrides and other attacks on a terminal.',
  substitute: 'Another model answers in its place.',
} as const;

export type SpecialName = keyof typeof SPECIAL_MODELS;

const AUTHOR = 'sandbox/';

/** Returns the special behavior of a model, if it has one. */
export function specialName(id: string): SpecialName | undefined {
  const name = id.startsWith(AUTHOR) ? id.slice(AUTHOR.length) : '';
  return Object.hasOwn(SPECIAL_MODELS, name) ? (name as SpecialName) : undefined;
}

export const SPECIAL_FACTS: readonly ModelFacts[] = Object.entries(SPECIAL_MODELS).map(([name, about]) => ({
  id: AUTHOR + name,
  canonicalSlug: AUTHOR + name,
  name: `Sandbox: ${name}`,
  about,
  // Older than every real model, so that special models are listed last.
  created: 1672531200,
  contextLength: 131072,
  maxOutput: 16384,
  input: TEXT,
  tokenizer: 'Other',
  parameters: MODEL_PARAMETERS.open,
  prices: { prompt: '0.000001', completion: '0.000002' },
  endpoints: [{ provider: 'Sandbox', uptime: name === 'always-down' ? 0 : 99.9, latencyMs: 300, throughput: 120 }],
}));

/** The model that answers for `sandbox/substitute`. */
export const SUBSTITUTE = 'openai/gpt-4o-mini';
