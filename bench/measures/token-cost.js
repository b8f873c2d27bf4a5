// Measures the CPU time per 1,000 streamed tokens, from the network to standard output, compared with programs that do the same
// with client libraries common among OpenRouter's users: with many events per write, and with one.
import { fileURLToPath } from 'node:url';
import { answerTokens } from '../support/answer.js';
import { withResourceUsage } from '../support/resource-usage.js';
import { runInPipe } from '../support/run-in-pipe.js';
import { inTurn } from '../support/statistics.js';
import { CHAT } from '../support/setup.js';

const ROUNDS = 6;
const AIM = { limit: 0.3 };
const TOKENS = 10_000;

/**
 * As fast as the client reads; the events of one write arrive together.
 * @type {readonly { what: string, eventsPerWrite: number, target?: import('../support/targets.js').TargetName }[]}
 */
const PLANS = [
  { what: '1,000 tokens, 50 events a write', eventsPerWrite: 50 },
  { what: '1,000 tokens, one event a write', eventsPerWrite: 1, target: 'token-cost' },
];

const PROGRAMS = {
  orx: CHAT,
  openai: [fileURLToPath(new URL('../openai-client.js', import.meta.url))],
  openrouter: [fileURLToPath(new URL('../openrouter-client.js', import.meta.url))],
};

/**
 * @param {import('../support/setup.js').Setup} setup
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measureTokenCost(setup) {
  /** @type {import('../support/figures.js').Figure[]} */
  const figures = [];
  for (const { what, eventsPerWrite, target } of PLANS) {
    const { orx, openai, openrouter } = await costPerThousand(setup, eventsPerWrite);
    figures.push(
      {
        what,
        figure: orx,
        unit: 'ms',
        against: { name: 'openai', figure: openai },
        ...(target === undefined ? { aim: AIM } : { target }),
      },
      { what, figure: orx, unit: 'ms', against: { name: '@openrouter/sdk', figure: openrouter } },
    );
  }
  return figures;
}

/**
 * @param {import('../support/setup.js').Setup} setup
 * @param {number} eventsPerWrite
 */
async function costPerThousand({ folder, environment }, eventsPerWrite) {
  /** @param {readonly string[]} program @param {number} tokens */
  const time = (program, tokens) => async () => {
    const options = { cwd: folder, env: environment({ tokens, eventsPerWrite, pauseUs: 0 }) };
    const { output, processorMs } = await withResourceUsage(runInPipe, program, options);
    if (output.trim() !== answerTokens(tokens).join('').trim())
      throw new Error(`${program[0]} did not read the answer that was sent`);
    return processorMs;
  };
  const { orx, orxStart, openai, openaiStart, openrouter, openrouterStart } = await inTurn(ROUNDS, {
    orx: time(PROGRAMS.orx, TOKENS),
    orxStart: time(PROGRAMS.orx, 1),
    openai: time(PROGRAMS.openai, TOKENS),
    openaiStart: time(PROGRAMS.openai, 1),
    openrouter: time(PROGRAMS.openrouter, TOKENS),
    openrouterStart: time(PROGRAMS.openrouter, 1),
  });
  const thousands = TOKENS / 1000;
  return {
    orx: (orx - orxStart) / thousands,
    openai: (openai - openaiStart) / thousands,
    openrouter: (openrouter - openrouterStart) / thousands,
  };
}
