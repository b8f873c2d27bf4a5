// Measures the time before the first output of orx, compared with the minimum for Node to start and exit (`node -e 0`).
import { inTurn, median } from '../support/statistics.js';
import { runInPipe } from '../support/run-in-pipe.js';
import { runInTerminal, visible } from '../support/run-in-terminal.js';
import { CHAT, ORX } from '../support/setup.js';

const ROUNDS = 20;
const NOTHING = ['-e', '0'];
const VERSION = [ORX, '--version'];
const HELP = [ORX, '--help'];

/**
 * @param {import('../support/setup.js').Setup} setup
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measureStartUp({ folder, environment }) {
  const options = { cwd: folder, env: environment() };
  /** @type {number[]} */
  const wholeChats = [];
  const piped = await inTurn(ROUNDS, {
    node: async () => (await runInPipe(NOTHING, options)).wholeMs,
    version: async () => (await runInPipe(VERSION, options)).wholeMs,
    help: async () => (await runInPipe(HELP, options)).wholeMs,
    chat: async () => {
      const { firstByteMs, wholeMs, output } = await runInPipe(CHAT, options);
      if (output !== ' the\n') throw new Error(`orx chat answered ${JSON.stringify(output)}`);
      wholeChats.push(wholeMs);
      return firstByteMs;
    },
  });
  // On a terminal, starting a process costs the parent more than with pipes, so Node starts on one here too.
  /** @type {number[]} */
  const firstLines = [];
  const drawn = await inTurn(ROUNDS, {
    node: async () => (await runInTerminal(NOTHING, options)).wholeMs,
    chat: async () => {
      const { firstLineMs, firstFrameMs, output } = await runInTerminal(CHAT, options);
      firstLines.push(firstLineMs);
      if (!visible(output).includes('the')) throw new Error(`orx chat drew ${JSON.stringify(output)}`);
      return firstFrameMs;
    },
  });
  const node = { name: 'node -e 0', figure: piped.node };
  return [
    { what: 'orx --version, whole run', figure: piped.version, unit: 'ms', against: node, aim: { limit: 1 } },
    { what: 'orx --help, whole run', figure: piped.help, unit: 'ms', against: node, aim: { limit: 1.8 } },
    { what: 'orx chat in a pipe, first byte', figure: piped.chat, unit: 'ms', against: node, aim: { limit: 2.2 } },
    { what: 'orx chat in a pipe, whole run', figure: median(wholeChats.slice(1)), unit: 'ms', against: node },
    {
      what: 'orx chat on a terminal, first line',
      figure: median(firstLines.slice(1)),
      unit: 'ms',
      against: { name: 'node -e 0', figure: drawn.node },
      aim: { limit: 1.5 },
    },
    {
      what: 'orx chat on a terminal, first Ink frame',
      figure: drawn.chat,
      unit: 'ms',
      against: { name: 'node -e 0', figure: drawn.node },
      aim: { limit: 3 },
    },
  ];
}
