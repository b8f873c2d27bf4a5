// The million entries for measuring ledgers: a year of work with models of the sandbox, the same in every run.

/** @typedef {import('../../src/storage/ledger/entry.ts').LedgerEntry} LedgerEntry */

export const ENTRIES = 1_000_000;
export const DAY = 24 * 60 * 60 * 1000;
export const NOW = Date.UTC(2026, 4, 20, 12);
export const START = NOW - 365 * DAY;
const TURNS = 8;
/** All but one are in the sandbox's catalogue, so that prices and advice exist for them. */
export const MODELS = [
  'amazon/nova-pro-v1',
  'anthropic/claude-haiku-4.5',
  'anthropic/claude-opus-4.6',
  'anthropic/claude-sonnet-4.5',
  'deepseek/deepseek-chat',
  'deepseek/deepseek-v3.2',
  'google/gemini-2.5-flash',
  'google/gemini-2.5-pro',
  'google/gemma-3-27b-it',
  'meta-llama/llama-3.3-70b-instruct',
  'minimax/minimax-m2.1',
  'mistralai/mistral-large-2512',
  'moonshotai/kimi-k2.6',
  'no-longer/listed',
  'openai/gpt-4o',
  'openai/gpt-4o-mini',
  'openai/gpt-5',
  'openai/gpt-5-mini',
  'openai/gpt-oss-20b:free',
  'openai/o4-mini',
  'perplexity/sonar',
  'qwen/qwen3-coder',
  'x-ai/grok-4.3',
  'z-ai/glm-4.6',
];

/** @returns {Generator<LedgerEntry>} */
export function* manyEntries() {
  const step = (NOW - START) / ENTRIES;
  for (let index = 0; index < ENTRIES; index += 1) yield entryAt(index, Math.floor(START + index * step));
}

/**
 * @param {number} index
 * @param {number} openedAt
 * @returns {LedgerEntry}
 */
export function entryAt(index, openedAt) {
  // Spread without a pattern, but the same in every run.
  const drawn = Math.imul(index + 1, 2_654_435_761) >>> 0;
  const conversation = Math.floor(index / TURNS);
  // A conversation mostly uses one model, and its prompts grow.
  const place = Math.imul(conversation + 1, 2_654_435_761) >>> 0;
  const model = ((place >>> 3) + (drawn % 5 === 0 ? 1 : 0)) % MODELS.length;
  const promptTokens = (drawn % 97 === 0 ? 190_000 : 210) + (index % TURNS) * 1000 + ((drawn >>> 7) % 1000);
  const isComplete = drawn % 50 !== 0;
  return {
    id: `${openedAt.toString(36)}-${index}`,
    openedAt,
    command: ['chat', 'compare', 'run'][(drawn >>> 5) % 3] ?? '',
    conversation: `conversation-${conversation}`,
    profile: drawn % 10 === 0 ? 'work' : 'default',
    project: `/srv/ada/project-${(drawn >>> 9) % 12}`,
    api: 'https://api.example/v1',
    requestedModel: /** @type {string} */ (MODELS[model]),
    family: `family-${model % 6}`,
    vendor: 'openrouter',
    template: drawn % 40 === 1 ? 'review' : undefined,
    estimatedPromptTokens: promptTokens - 10,
    state: 'settled',
    outcome: isComplete ? 'complete' : 'failed',
    servedModel: /** @type {string} */ (MODELS[model]),
    provider: `Provider ${(drawn >>> 11) % 15}`,
    generationId: `gen-${drawn.toString(16)}-${index}`,
    promptTokens,
    cachedTokens: (drawn >>> 13) % 100,
    completionTokens: 20 + ((drawn >>> 4) % 900),
    reasoningTokens: (drawn >>> 6) % 50,
    cost: `0.00${String(drawn % 1_000_000).padStart(6, '0')}27`,
    costSource: drawn % 30 === 0 ? 'estimated' : 'billed',
    timeToFirstTokenMs: 150 + ((drawn >>> 8) % 2000),
    durationMs: 900 + ((drawn >>> 2) % 20_000),
    throughput: 20 + ((drawn >>> 10) % 100),
    finishReason: 'stop',
    attempts: 1,
  };
}
