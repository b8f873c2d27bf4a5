// Measures a conversation: the latency of a typed letter, when idle and while an answer streams at a rate that few models reach;
// and how much memory a long answer uses.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openKeyTimer } from '../support/key-timer.js';
import { median } from '../support/statistics.js';
import { ORX } from '../support/setup.js';

const SESSION = [ORX, 'chat', '-m', 'bench/model', '-q'];
/** A screen shows sixty frames per second. */
const ONE_FRAME = { limit: 16.7 };
const TOKENS_PER_SECOND = 500;
/** Faster than any typing. */
const PAUSE_MS = 60;
const WORD = 'abcdefghij';
const WORDS = 4;
const BACKSPACE = '\u007f';
const ESCAPE = '\u001b';
const CTRL_D = '\u0004';

const LONG = 100_000;
const HOOK = new URL('../report-memory.js', import.meta.url).href;

/**
 * @param {import('../support/setup.js').Setup} setup
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measureSession({ folder, environment }) {
  const streaming = environment({ tokens: 60_000, eventsPerWrite: 1, pauseUs: 1_000_000 / TOKENS_PER_SECOND });
  const { timeOf, leaveWith } = openKeyTimer(SESSION, { cwd: folder, env: streaming }, PAUSE_MS);
  /** @param {string} key @param {string} text */
  const letter = (key, text) => timeOf(key, (shown) => shown.includes(`› ${text}`) && shown.includes('so far'));
  const letters = async () => {
    const times = [];
    for (let word = 0; word < WORDS; word += 1) {
      for (let length = 1; length <= WORD.length; length += 1) {
        times.push(await letter(WORD.slice(length - 1, length), WORD.slice(0, length)));
      }
      for (let length = WORD.length - 1; length >= 0; length -= 1) times.push(await letter(BACKSPACE, WORD.slice(0, length)));
    }
    return median(times);
  };
  await timeOf('', (shown) => shown.includes('/ commands'));
  const idle = await letters();
  await timeOf('go\r', (shown) => shown.includes('the sky is blue'));
  const busy = await letters();
  await timeOf(ESCAPE, (shown) => shown.includes('/ commands'));
  await leaveWith(CTRL_D);
  const short = await memoryOf(1, { folder, environment });
  const long = await memoryOf(LONG, { folder, environment });
  const pace = `${TOKENS_PER_SECOND} tokens/s stream`;
  return [
    { what: 'conversation: a letter to its frame', figure: idle, unit: 'ms', aim: ONE_FRAME },
    {
      what: `the same while ${pace}`,
      figure: busy,
      unit: 'ms',
      against: { name: 'while nothing does', figure: idle },
    },
    {
      what: `conversation: objects after ${LONG.toLocaleString('en-US')} tokens`,
      figure: long.left,
      unit: 'KB',
      against: { name: 'after one token', figure: short.left },
    },
    {
      what: 'the same: the most memory of the process',
      figure: long.peak,
      unit: 'KB',
      against: { name: 'with one token', figure: short.peak },
    },
  ];
}

/**
 * Returns the memory, in KB, of a conversation with one answer.
 * @param {number} tokens
 * @param {Pick<import('../support/setup.js').Setup, 'folder' | 'environment'>} setup
 * @returns {Promise<{ peak: number, left: number }>}
 */
async function memoryOf(tokens, { folder, environment }) {
  const file = join(folder, 'memory');
  await rm(file, { force: true });
  const env = { ...environment({ tokens, eventsPerWrite: 20, pauseUs: 0 }), BENCH_MEMORY_FILE: file };
  const { timeOf, leaveWith } = openKeyTimer(['--import', HOOK, ...SESSION], { cwd: folder, env }, PAUSE_MS);
  await timeOf('', (shown) => shown.includes('/ commands'));
  await timeOf('go\r', (shown) => shown.endsWith('ctrl-d quit') && shown.includes('$0.000412 so far'));
  await leaveWith(CTRL_D);
  return JSON.parse(await readFile(file, 'utf8'));
}
