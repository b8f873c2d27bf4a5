// Measures the peak memory of a piped chat with a long answer, compared with that of an answer of one token, and of Node alone.
import { answerTokens } from '../support/answer.js';
import { withResourceUsage } from '../support/resource-usage.js';
import { runInPipe } from '../support/run-in-pipe.js';
import { CHAT } from '../support/setup.js';
import { inTurn } from '../support/statistics.js';

const ROUNDS = 3;
const TOKENS = 100_000;
const KB_PER_MB = 1024;

/**
 * @param {import('../support/setup.js').Setup} setup
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measureMemory({ folder, environment }) {
  /** @param {number} tokens @param {number} eventsPerWrite */
  const chat = (tokens, eventsPerWrite) => async () => {
    const env = environment({ tokens, eventsPerWrite, pauseUs: 0 });
    const { output, peakKb } = await withResourceUsage(runInPipe, CHAT, { cwd: folder, env });
    if (output.trim() !== answerTokens(tokens).join('').trim()) throw new Error('orx did not print the answer that was sent');
    return peakKb / KB_PER_MB;
  };
  const taken = await inTurn(ROUNDS, {
    node: async () => (await withResourceUsage(runInPipe, ['-e', '0'], { cwd: folder, env: environment() })).peakKb / KB_PER_MB,
    short: chat(1, 1),
    together: chat(TOKENS, 20),
    separate: chat(TOKENS, 1),
  });
  const against = { name: 'node -e 0', figure: taken.node };
  const unit = /** @type {const} */ ('MB');
  const what = `peak memory of a piped chat of ${TOKENS.toLocaleString('en')} tokens`;
  // The target is an amount, so these figures are compared with no other.
  return [
    { what: 'peak memory of a piped chat of one token', figure: taken.short, unit, against },
    { what: `${what}, 20 events a write`, figure: taken.together, unit, target: 'memory' },
    { what: `${what}, one event a write`, figure: taken.separate, unit, target: 'memory' },
  ];
}
