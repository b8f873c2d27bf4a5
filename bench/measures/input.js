// Measures how much later the first byte comes if a program first reads 1 MB from a pipe, compared with a short text.
import { answerTokens } from '../support/answer.js';
import { installedPeers } from '../support/peers.js';
import { runInPipe } from '../support/run-in-pipe.js';
import { CHAT } from '../support/setup.js';
import { median, runsInTurn } from '../support/statistics.js';

const BYTES = 1024 * 1024;
const SHORT = 'A short text.\n';
const LONG = answerTokens(BYTES / 4)
  .join('')
  .slice(0, BYTES);

/**
 * @param {import('../support/setup.js').Setup} setup
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measureInput(setup) {
  const { peers } = await installedPeers(setup);
  const programs = [{ name: 'orx chat', program: process.execPath, args: CHAT, env: setup.environment() }, ...peers];
  /** @param {typeof programs[number]} program @param {string} input */
  const firstByte =
    ({ name, program, args, env }, input) =>
    async () => {
      const { firstByteMs, output } = await runInPipe(args, { cwd: setup.folder, env, program, input });
      if (output.trim() !== 'the') throw new Error(`${name} answered ${JSON.stringify(output)}`);
      return firstByteMs;
    };
  const taken = await runsInTurn(
    setup.rounds,
    Object.fromEntries(
      programs.flatMap((program) => [
        [`${program.name} short`, firstByte(program, SHORT)],
        [`${program.name} long`, firstByte(program, LONG)],
      ]),
    ),
  );
  return programs.map(({ name }) => {
    const [short, long] = [taken[`${name} short`] ?? [], taken[`${name} long`] ?? []];
    return {
      what: `${name}, first byte with 1 MB on standard input, more than with a short text`,
      figure: median(long) - median(short),
      least: Math.min(...long) - Math.min(...short),
      unit: 'ms',
      ...(name === 'orx chat' && { target: /** @type {const} */ ('input') }),
    };
  });
}
