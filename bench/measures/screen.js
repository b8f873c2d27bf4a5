// Measures the cost of drawing an answer with Ink while it arrives, at a rate that few models reach: the CPU share, the bytes
// written, and whether the screen was ever cleared (which also clears the scrollback, and flickers).
import { withResourceUsage } from '../support/resource-usage.js';
import { answerTokens } from '../support/answer.js';
import { everythingShown, runInTerminal } from '../support/run-in-terminal.js';
import { CHAT } from '../support/setup.js';

const TOKENS_PER_SECOND = 500;
const PLAN = { tokens: 10_000, eventsPerWrite: 1, pauseUs: 1_000_000 / TOKENS_PER_SECOND };

const CLEAR = /(?:\u001b\[[23]J)+|\u001bc|\u001b\[(?:1;1)?H\u001b\[0?J/g;

/**
 * @param {import('../support/setup.js').Setup} setup
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measureScreen({ folder, environment }) {
  const short = await withResourceUsage(runInTerminal, CHAT, { cwd: folder, env: environment({ ...PLAN, tokens: 1 }) });
  const long = await withResourceUsage(runInTerminal, CHAT, { cwd: folder, env: environment(PLAN) });
  const sent = answerTokens(PLAN.tokens).join('');
  if (!squeezed(await everythingShown(long.output)).includes(squeezed(sent))) {
    throw new Error('what stands on the terminal is not the answer that was sent');
  }
  const streamMs = long.wholeMs - short.wholeMs;
  // The actual rate: a busy machine may not reach the requested one.
  const pace = `${Math.round((PLAN.tokens / streamMs) * 1000)} tokens/s`;
  return [
    {
      what: `Ink at ${pace}, share of a core`,
      figure: ((long.processorMs - short.processorMs) / streamMs) * 100,
      unit: '%',
      target: 'ink-share',
    },
    {
      what: `Ink at ${pace}, written`,
      figure: Buffer.byteLength(long.output) / 1024,
      unit: 'KB',
      against: { name: 'the answer', figure: Buffer.byteLength(sent) / 1024 },
    },
    { what: `Ink at ${pace}, screen clears`, figure: long.output.match(CLEAR)?.length ?? 0, unit: '', aim: { limit: 0 } },
  ];
}

/** @param {string} text */
function squeezed(text) {
  return text.replaceAll(/\s/g, '');
}
