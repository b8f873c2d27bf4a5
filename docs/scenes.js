// What the pictures of the README show: real runs against the sandbox.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stableOutput } from './command-blocks.js';

const QUESTION = 'Why is the sky blue?';
const MODELS = ['deepseek/deepseek-chat', 'anthropic/claude-sonnet-4.6', 'openai/gpt-4o-mini'];
const DAY_MS = 86_400_000;

/** @type {Readonly<Record<string, import('./record-terminal.js').Scene & { description: string }>>} */
export const SCENES = {
  chat: {
    description: 'A session: a question, the answer in Markdown, its receipt with provider, speed and cost, and the status line.',
    args: ['--sandbox'],
    columns: 104,
    rows: 36,
    steps: [[/for commands/, `${QUESTION}\r`]],
    // The cost may be on the next row, because the width of the speed differs.
    until: /in → \d+ out/,
  },
  compare: {
    description: 'Three models answering side by side, each with time to first token, speed and cost.',
    args: ['--sandbox', 'compare', QUESTION, '-m', MODELS.join(',')],
    columns: 120,
    rows: 34,
    steps: [],
    until: /[12] of 3 done/,
    isMoving: true,
  },
  models: {
    description: 'The live table of models: type to filter, sort by any column, prices per million tokens.',
    args: ['--sandbox', 'models'],
    columns: 120,
    rows: 14,
    steps: [[/keys/, 'claude']],
    until: /\d+ of \d+/,
  },
  usage: {
    description: 'The dashboard of spending: cost by day, then requests, speed and cost of each model.',
    args: ['--sandbox', 'usage'],
    columns: 120,
    rows: 26,
    steps: [],
    until: /cost by day/,
  },
};

/**
 * The command line of a scene, as a user types it.
 * @param {readonly string[]} args
 */
export const commandOf = (args) => `orx ${args.map((word) => (/[\s"'?]/.test(word) ? `"${word}"` : word)).join(' ')}`;

/**
 * What is the same in every run of a scene: of one that is moving, the question and the models.
 * @param {{ isMoving?: boolean }} scene
 * @param {string} text the rows of the screen
 */
export function sceneText({ isMoving = false }, text) {
  if (!isMoving) return stableOutput(text);
  const [first = '', models = ''] = text.split('\n');
  return stableOutput(`${first.replace(/ {3,}.*/, '')}\n${models}`);
}

/**
 * Fills the ledger of the sandbox with some weeks of requests, the same ones every time, counted back from now.
 * @param {{ folder: string, env: Record<string, string> }} project
 */
export function fillLedger({ folder, env }) {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const models = [
    { model: 'anthropic/claude-sonnet-4.6', provider: 'Anthropic', nanoUsd: 9_100_000, speed: 68 },
    { model: 'deepseek/deepseek-chat', provider: 'DeepInfra', nanoUsd: 410_000, speed: 83 },
    { model: 'openai/gpt-4o-mini', provider: 'OpenAI', nanoUsd: 290_000, speed: 91 },
    { model: 'google/gemini-2.5-flash', provider: 'Google', nanoUsd: 1_300_000, speed: 140 },
  ];
  const entries = Array.from({ length: 240 }, (_, index) => {
    // Steps that share no factor with what they are counted in look like days of work.
    const day = (index * 7 + ((index * index) % 11)) % 29;
    const chosen = models[(index * index + index) % 13 < 7 ? index % 2 : 2 + (index % 2)];
    const { model, provider, nanoUsd, speed } = /** @type {NonNullable<typeof chosen>} */ (chosen);
    const share = 40 + ((index * 37) % 120);
    const completionTokens = 3 * share;
    const isFailed = index % 41 === 17;
    return {
      id: `01m0000000${String(index).padStart(16, '0')}`,
      time: new Date(today - day * DAY_MS - (index % 50) * 60_000 - 3_600_000).toISOString(),
      state: 'settled',
      outcome: isFailed ? 'failed' : 'complete',
      command: 'chat',
      conversation: `01m0000000${String(index % 30).padStart(16, '0')}`,
      profile: 'default',
      project: '/work/shop',
      api: 'sandbox',
      requested_model: model,
      family: model.replace(/[-/][^/-]*$/, ''),
      model,
      provider,
      cost_source: 'billed',
      cost: isFailed ? '0' : `0.${String(Math.round((nanoUsd * share) / 60)).padStart(9, '0')}`,
      estimated_prompt_tokens: 900 + share * 11,
      estimated_extra_tokens: null,
      expected_cost: null,
      upstream_cost: null,
      byok: false,
      turn: null,
      template: null,
      generation_id: null,
      finish_reason: isFailed ? null : 'stop',
      error: isFailed ? 'provider' : null,
      cache_write_tokens: 0,
      reasoning_tokens: 0,
      client_key: null,
      tags: null,
      prompt_tokens: 900 + share * 11,
      cached_tokens: share * 4,
      completion_tokens: completionTokens,
      time_to_first_token_ms: 260 + ((index * 53) % 400),
      duration_ms: 900 + Math.round((completionTokens / speed) * 1000),
      tokens_per_second: speed + (index % 9),
      attempts: 1,
      vendor: 'openrouter',
    };
  });
  const file = join(folder, 'past.jsonl');
  writeFileSync(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  execFileSync('orx', ['ledger', 'import', file], { cwd: folder, env, stdio: 'pipe' });
}
