// Measures a piped question to its first byte and to its end, of orx and of other programs that are installed.
import { middleAndLeast, notMeasured } from '../support/figures.js';
import { installedPeers } from '../support/peers.js';
import { runInPipe } from '../support/run-in-pipe.js';
import { CHAT } from '../support/setup.js';
import { runsInTurn } from '../support/statistics.js';

/**
 * @param {import('../support/setup.js').Setup} setup
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measurePeers(setup) {
  const { peers, missing } = await installedPeers(setup);
  const skipped = missing.map((name) => notMeasured(`${name}: a piped question`, 'not installed'));
  if (peers.length === 0) return skipped;
  const programs = [{ name: 'orx chat', program: process.execPath, args: CHAT, env: setup.environment() }, ...peers];
  const taken = await runsInTurn(
    setup.rounds,
    Object.fromEntries(
      programs.map(({ name, program, args, env }) => [
        name,
        async () => {
          const { firstByteMs, wholeMs, output } = await runInPipe(args, { cwd: setup.folder, env, program });
          if (output.trim() !== 'the') throw new Error(`${name} answered ${JSON.stringify(output)}`);
          return { firstByteMs, wholeMs };
        },
      ]),
    ),
  );
  /** @param {string} name @param {'firstByteMs' | 'wholeMs'} time */
  const values = (name, time) => (taken[name] ?? []).map((run) => run[time]);
  const measured = peers.flatMap(({ name }) =>
    /** @type {const} */ ([
      ['first byte', 'firstByteMs'],
      ['to its end', 'wholeMs'],
    ]).map(([what, time]) => ({
      what: `${name}: a piped question, ${what}`,
      ...middleAndLeast(values(name, time), { name: 'orx chat', values: values('orx chat', time) }),
      unit: /** @type {const} */ ('ms'),
    })),
  );
  return [...measured, ...skipped];
}
