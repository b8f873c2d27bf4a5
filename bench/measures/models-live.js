// Measures the key latency of the live table, from the byte that the terminal sends to the frame that shows the result.
import { openKeyTimer } from '../support/key-timer.js';
import { runInPipe } from '../support/run-in-pipe.js';
import { median } from '../support/statistics.js';
import { ORX } from '../support/setup.js';

const REFRESH = [ORX, 'models', '--static', '--refresh'];
const LIVE = [ORX, 'models'];
/** A screen shows sixty frames per second. */
const ONE_FRAME = { limit: 16.7 };
/** Typed and deleted repeatedly. */
const WORD = 'sonnet';
const WORDS = 6;
const MOVES = 40;
/** Faster than any typing; no frame waits for the previous one. */
const PAUSE_MS = 60;
const DOWN = '\u001b[B';
const BACKSPACE = '\u007f';

/**
 * @param {import('../support/setup.js').Setup} setup
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measureModels({ folder, environment }) {
  /** @param {number} count */
  const storedIn = async (count) => {
    const options = { cwd: folder, env: environment({ tokens: count, eventsPerWrite: 1, pauseUs: 0 }) };
    const { output } = await runInPipe(REFRESH, options);
    if (output.trimEnd().split('\n').length !== count + 1) throw new Error(`orx models did not list ${count} models`);
    return options;
  };
  const usual = await storedIn(500);
  const large = await storedIn(5000);
  const few = await keyTimes(usual, 500);
  const many = await keyTimes(large, 5000);
  return [
    { what: 'live table of 500: a letter to its frame', figure: few.letter, unit: 'ms', aim: ONE_FRAME },
    { what: 'live table of 500: a move to its frame', figure: few.move, unit: 'ms', aim: ONE_FRAME },
    { what: 'live table of 5,000: a letter to its frame', figure: many.letter, unit: 'ms', aim: ONE_FRAME },
    { what: 'live table of 5,000: a move to its frame', figure: many.move, unit: 'ms', aim: ONE_FRAME },
  ];
}

/**
 * Returns medians, in milliseconds, of one run.
 * @param {{ cwd: string, env: Record<string, string> }} options
 * @param {number} count
 */
async function keyTimes(options, count) {
  const { timeOf, leaveWith } = openKeyTimer(LIVE, options, PAUSE_MS);
  // The first frame is complete when its last line is there; later ones, each one write, have only the rows that have changed.
  const total = count.toLocaleString('en-US');
  await timeOf('', (shown) => shown.includes(`${total} models`) && shown.includes('all keys'));
  const letters = [];
  for (let round = 0; round < WORDS; round += 1) {
    for (let length = 1; length <= WORD.length; length += 1) {
      const query = `› ${WORD.slice(0, length)}▏`;
      letters.push(await timeOf(WORD.slice(length - 1, length), (shown) => shown.includes(query)));
    }
    for (let length = WORD.length - 1; length >= 0; length -= 1) {
      const query = `› ${WORD.slice(0, length)}▏`;
      letters.push(await timeOf(BACKSPACE, (shown) => shown.includes(query)));
    }
  }
  const moves = [];
  for (let move = 0; move < MOVES; move += 1) {
    moves.push(await timeOf(DOWN, (shown) => shown.includes('▸')));
  }
  await leaveWith('\u0003');
  return { letter: median(letters), move: median(moves) };
}
