// Runs orx in a real pseudo-terminal and gives the cells of its screen, for the pictures of the README.
import { StringDecoder } from 'node:string_decoder';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

const ORX = fileURLToPath(new URL('../bin/orx.js', import.meta.url));
/** A screen is whole when nothing has been written for so long, in milliseconds. */
const REST_MS = 300;
const LONGEST_MS = 60_000;

/**
 * @typedef {object} Cell
 * @property {string} text
 * @property {number} width in columns; 0 is the second half of a wide character
 * @property {number | string | undefined} color index of the palette, #rrggbb, or undefined for the terminal's own
 * @property {number | string | undefined} background
 * @property {boolean} isBold
 * @property {boolean} isDim
 * @property {boolean} isItalic
 * @property {boolean} isUnderlined
 */

/**
 * @typedef {object} Scene
 * @property {readonly string[]} args
 * @property {number} columns
 * @property {number} rows
 * @property {readonly (readonly [waitsFor: RegExp, types: string])[]} steps each waits for text on the screen, then types
 * @property {RegExp} until what the picture shows at last
 * @property {boolean} [isMoving] whether it is taken at that moment, while an answer streams
 */

/**
 * Runs a scene to its end and returns the rows of the screen. Rejects with the screen when what it waits for does not come.
 * @param {Scene} scene
 * @param {{ folder: string, env: Record<string, string> }} project
 * @param {string} command what the first row shows as typed
 * @returns {Promise<Cell[][]>}
 */
export async function recordScene({ args, columns, rows, steps, until, isMoving }, { folder, env }, command) {
  const emulator = new xterm.Terminal({ cols: columns, rows, scrollback: 1000, allowProposedApi: true });
  await write(emulator, `\u001b[2m$\u001b[22m ${command}\r\n`);
  const pty = spawn(process.execPath, [ORX, ...args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd: folder,
    env,
    encoding: null,
  });
  const decoder = new StringDecoder('utf8');
  let written = 0;
  /** @type {Cell[][] | undefined} */
  let moment;
  pty.onData((data) => {
    const text = decoder.write(Buffer.from(data));
    written += text.length;
    // Looked at after every piece, or a busy machine would miss the moment.
    emulator.write(text, () => {
      if (isMoving === true && until.test(textOf(emulator))) moment ??= cellsOf(emulator);
    });
  });
  emulator.onData((data) => pty.write(data));
  const ended = new Promise((resolve) => pty.onExit(resolve));
  const whole = async () => {
    for (let before = -1; before !== written;) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
    await write(emulator, '');
  };
  const reach = async (/** @type {RegExp} */ pattern) => {
    for (const end = Date.now() + LONGEST_MS; ;) {
      await write(emulator, '');
      if (moment !== undefined || pattern.test(textOf(emulator))) return;
      if (Date.now() > end) throw new Error(`not on the screen: ${pattern}\n${textOf(emulator)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  try {
    for (const [pattern, text] of steps) {
      await reach(pattern);
      pty.write(text);
    }
    await reach(until);
    if (moment !== undefined) return moment;
    await whole();
    return cellsOf(emulator);
  } finally {
    pty.kill('SIGKILL');
    await ended;
    emulator.dispose();
  }
}

/**
 * @param {import('@xterm/headless').Terminal} emulator
 * @param {string} text
 * @returns {Promise<void>}
 */
function write(emulator, text) {
  return new Promise((resolve) => emulator.write(text, resolve));
}

/** @param {import('@xterm/headless').Terminal} emulator */
function textOf(emulator) {
  const { active } = emulator.buffer;
  return Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '').join('\n');
}

/**
 * @param {import('@xterm/headless').Terminal} emulator
 * @returns {Cell[][]}
 */
function cellsOf(emulator) {
  const { active } = emulator.buffer;
  return Array.from({ length: emulator.rows }, (_, row) => {
    const line = active.getLine(active.baseY + row);
    return Array.from({ length: emulator.cols }, (_, column) => cellOf(line?.getCell(column)));
  });
}

/**
 * @param {import('@xterm/headless').IBufferCell | undefined} cell
 * @returns {Cell}
 */
function cellOf(cell) {
  const blank = { text: ' ', width: 1, color: undefined, background: undefined };
  const style = { isBold: false, isDim: false, isItalic: false, isUnderlined: false };
  if (cell === undefined) return { ...blank, ...style };
  const color = colorOf(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor());
  const background = colorOf(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor());
  const isInverse = cell.isInverse() !== 0;
  return {
    text: cell.getChars() === '' ? ' ' : cell.getChars(),
    width: cell.getWidth(),
    color: isInverse ? (background ?? 'background') : color,
    background: isInverse ? (color ?? 'foreground') : background,
    isBold: cell.isBold() !== 0,
    isDim: cell.isDim() !== 0,
    isItalic: cell.isItalic() !== 0,
    isUnderlined: cell.isUnderline() !== 0,
  };
}

/**
 * @param {boolean} isDefault
 * @param {boolean} isRgb
 * @param {number} value
 */
function colorOf(isDefault, isRgb, value) {
  if (isDefault) return undefined;
  return isRgb ? `#${value.toString(16).padStart(6, '0')}` : value;
}

/**
 * The text of the rows, without trailing blanks.
 * @param {readonly (readonly Cell[])[]} rows
 */
export function rowsText(rows) {
  return rows.map((row) =>
    row
      .map(({ text, width }) => (width === 0 ? '' : text))
      .join('')
      .trimEnd(),
  );
}
