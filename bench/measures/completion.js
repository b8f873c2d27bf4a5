// Measures how long the Tab key takes: from the start of the process that the shell's script runs to its last candidate, compared
// with the minimum of Node.
import { runInPipe } from '../support/run-in-pipe.js';
import { inTurn } from '../support/statistics.js';
import { ORX } from '../support/setup.js';

const ROUNDS = 20;
const LIMIT = 1.5;
const BREAKS = ' \t\n"\'@><=;|&(:';

/**
 * @param {import('../support/setup.js').Setup} setup
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measureCompletion({ folder, environment }) {
  const options = { cwd: folder, env: { ...environment(), ORX_SANDBOX: '1' } };
  await runInPipe([ORX, 'models', '--static'], options);
  await runInPipe([ORX, 'budget', 'add', '--month', '20'], options);
  await runInPipe([ORX, 'chat', 'hello'], options);
  const [{ id }] = JSON.parse((await runInPipe([ORX, 'history', '--json'], options)).output);
  /** @param {string} line @param {string} expected */
  const complete = (line, expected) => async () => {
    const { wholeMs, output } = await runInPipe([ORX, '--complete', 'bash', BREAKS, line], options);
    if (!output.split('\n').includes(expected)) throw new Error(`${line} was completed with ${JSON.stringify(output)}`);
    return wholeMs;
  };
  const taken = await inTurn(ROUNDS, {
    node: async () => (await runInPipe(['-e', '0'], options)).wholeMs,
    flags: complete('orx chat --', '--model'),
    models: complete('orx chat -m ', 'deepseek/deepseek-chat'),
    budgets: complete('orx budget remove ', '1'),
    conversations: complete('orx chat --session ', id),
  });
  const against = { name: 'node -e 0', figure: taken.node };
  return /** @type {const} */ (['flags', 'models', 'budgets', 'conversations']).map((name) => ({
    what: `completion of ${name}, to the last candidate`,
    figure: taken[name],
    unit: /** @type {const} */ ('ms'),
    against,
    aim: { limit: LIMIT, isStrict: true },
  }));
}
