// Measures the cost of drawing four answers side by side with Ink while they arrive: the CPU share and whether the screen was ever
// cleared.
import { withResourceUsage } from '../support/resource-usage.js';
import { runInTerminal } from '../support/run-in-terminal.js';
import { CHAT } from '../support/setup.js';

const LANES = 4;
const TOKENS_PER_SECOND = 100;
const PLAN = { tokens: 2000, eventsPerWrite: 1, pauseUs: 1_000_000 / TOKENS_PER_SECOND };
const MODELS = Array.from({ length: LANES }, (_, lane) => `bench/lane-${lane + 1}`).join(',');
const COMPARE = [CHAT[0] ?? '', 'compare', 'Why is the sky blue?', '-m', MODELS];

const CLEAR = /(?:\u001b\[[23]J)+|\u001bc/g;

/**
 * @param {import('../support/setup.js').Setup} setup
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measureCompare({ folder, environment }) {
  const short = await withResourceUsage(runInTerminal, COMPARE, { cwd: folder, env: environment({ ...PLAN, tokens: 1 }) });
  const long = await withResourceUsage(runInTerminal, COMPARE, { cwd: folder, env: environment(PLAN) });
  const streamMs = long.wholeMs - short.wholeMs;
  // The actual rate: a busy machine may not reach the requested one.
  const pace = `${LANES} lanes at ${Math.round((PLAN.tokens / streamMs) * 1000)} tokens/s`;
  return [
    {
      what: `${pace}, share of a core`,
      figure: ((long.processorMs - short.processorMs) / streamMs) * 100,
      unit: '%',
      aim: { limit: 12, isStrict: true },
    },
    { what: `${pace}, screen clears`, figure: long.output.match(CLEAR)?.length ?? 0, unit: '', aim: { limit: 0 } },
  ];
}
