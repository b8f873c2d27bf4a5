// Draws the screen of a terminal as SVG text: sharp at any size, and small.

/** @typedef {import('./record-terminal.js').Cell} Cell */

const CELL = { width: 8.4, height: 18, font: 14, baseline: 13.5 };
const FRAME = { side: 16, top: 44, bottom: 16, radius: 10 };

/** The sixteen colors of a terminal, and what surrounds them. Foreground to background at least 4.5 to 1. */
const PALETTES = {
  dark: {
    background: '#0d1117',
    bar: '#161b22',
    border: '#30363d',
    title: '#8b949e',
    foreground: '#e6edf3',
    dim: '#8b949e',
    colors:
      '#484f58 #ff7b72 #3fb950 #d29922 #58a6ff #bc8cff #39c5cf #b1bac4 #6e7681 #ffa198 #56d364 #e3b341 #79c0ff #d2a8ff #56d4dd #ffffff',
  },
  light: {
    background: '#ffffff',
    bar: '#f6f8fa',
    border: '#d0d7de',
    title: '#57606a',
    foreground: '#1f2328',
    dim: '#636c76',
    colors:
      '#24292f #cf222e #116329 #7d4e00 #0969da #8250df #1b7c83 #6e7781 #57606a #a40e26 #1a7f37 #633c01 #218bff #a475f9 #3192aa #8c959f',
  },
};

/** @typedef {keyof typeof PALETTES} Variant */

/**
 * Returns the SVG of a screen.
 * @param {readonly (readonly Cell[])[]} screen
 * @param {{ title: string, description: string, variant: Variant }} options
 */
export function terminalPicture(screen, { title, description, variant }) {
  const palette = PALETTES[variant];
  const isBlank = (/** @type {readonly Cell[]} */ row) =>
    row.every(({ text, background }) => text === ' ' && background === undefined);
  const rows = screen.slice(0, screen.findLastIndex((row) => !isBlank(row)) + 1);
  const columns = rows[0]?.length ?? 0;
  const width = Math.ceil(columns * CELL.width + 2 * FRAME.side);
  const height = rows.length * CELL.height + FRAME.top + FRAME.bottom;
  const lights = ['#ff5f57', '#febc2e', '#28c840'].map(
    (color, index) => `<circle cx="${20 + index * 18}" cy="16" r="5.5" fill="${color}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="t d">`,
    `<title id="t">${escape(title)}</title>`,
    `<desc id="d">${escape(description)}</desc>`,
    `<style>text{font:${CELL.font}px ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;white-space:pre;fill:${palette.foreground}}.b{font-weight:700}.i{font-style:italic}.u{text-decoration:underline}</style>`,
    `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="${FRAME.radius}" fill="${palette.background}" stroke="${palette.border}"/>`,
    `<path d="M.5 32V${FRAME.radius}a${FRAME.radius} ${FRAME.radius} 0 0 1 ${FRAME.radius}-${FRAME.radius - 0.5}H${width - FRAME.radius}a${FRAME.radius} ${FRAME.radius} 0 0 1 ${FRAME.radius - 0.5} ${FRAME.radius}V32Z" fill="${palette.bar}"/>`,
    `<path d="M1 32H${width - 1}" stroke="${palette.border}"/>`,
    ...lights,
    `<text x="${width / 2}" y="21" text-anchor="middle" style="fill:${palette.title};font-size:12px">${escape(title)}</text>`,
    ...rows.flatMap((row, index) => drawRow(row, FRAME.top + index * CELL.height, palette)),
    '</svg>',
    '',
  ].join('\n');
}

/**
 * @param {readonly Cell[]} row
 * @param {number} top
 * @param {(typeof PALETTES)[Variant]} palette
 */
function drawRow(row, top, palette) {
  /** @type {string[]} */
  const boxes = [];
  /** @type {string[]} */
  const texts = [];
  for (const { column, cells } of runs(row)) {
    const [first] = /** @type {[Cell]} */ (cells);
    const x = round(FRAME.side + column * CELL.width);
    const width = round(cells.length * CELL.width);
    const background = paint(first.background, palette);
    if (background !== undefined)
      boxes.push(`<rect x="${x}" y="${top}" width="${width}" height="${CELL.height}" fill="${background}"/>`);
    const text = cells.map((cell) => (cell.width === 0 ? '' : cell.text)).join('');
    if (text.trim() === '') continue;
    const blocks = drawBlocks(text, x, top, paint(first.color, palette) ?? (first.isDim ? palette.dim : palette.foreground));
    if (blocks !== undefined) {
      boxes.push(...blocks);
      continue;
    }
    const classes = [first.isBold && 'b', first.isItalic && 'i', first.isUnderlined && 'u'].filter((name) => name !== false);
    const color = paint(first.color, palette) ?? (first.isDim ? palette.dim : undefined);
    const style = [
      classes.length > 0 && ` class="${classes.join(' ')}"`,
      color !== undefined && ` style="fill:${color}"`,
      first.color !== undefined && first.isDim && ' opacity=".7"',
    ].filter((part) => part !== false);
    // Whatever the width of the font's letters, a run ends where the next begins.
    texts.push(
      `<text x="${x}" y="${top + CELL.baseline}" textLength="${width}" lengthAdjust="spacingAndGlyphs"${style.join('')}>${escape(text)}</text>`,
    );
  }
  return [...boxes, ...texts];
}

/**
 * Bars and lines as shapes, because fonts leave gaps between them; undefined for text.
 * @param {string} text
 * @param {number} x
 * @param {number} top
 * @param {string} color
 */
function drawBlocks(text, x, top, color) {
  const characters = [...text];
  if (!/[█▁▂▃▄▅▆▇▏▎▍▌▋▊▉─]/.test(text) || !characters.every((one) => one === ' ' || BLOCKS.has(one))) return undefined;
  return characters.flatMap((one, index) => {
    const [left = 0, up = 0, wide = 0, high = 0] = BLOCKS.get(one) ?? [];
    if (wide === 0) return [];
    const at = [x + (index + left) * CELL.width, top + up * CELL.height, wide * CELL.width, high * CELL.height].map(round);
    return `<rect x="${at[0]}" y="${at[1]}" width="${at[2]}" height="${at[3]}" fill="${color}" shape-rendering="crispEdges"/>`;
  });
}

/** What is filled of a cell: left, top, width and height as shares of it. @type {ReadonlyMap<string, readonly [number, number, number, number]>} */
const BLOCKS = new Map([
  ...[...'▁▂▃▄▅▆▇█'].map((one, index) => /** @type {const} */ ([one, [0, 1 - (index + 1) / 8, 1, (index + 1) / 8]])),
  ...[...'▏▎▍▌▋▊▉'].map((one, index) => /** @type {const} */ ([one, [0, 0, (index + 1) / 8, 1]])),
  /** @type {const} */ (['─', [0, 0.47, 1, 0.06]]),
]);

/**
 * Neighbors of one style.
 * @param {readonly Cell[]} row
 */
function runs(row) {
  /** @type {{ column: number, key: string, cells: Cell[] }[]} */
  const found = [];
  for (const [column, cell] of row.entries()) {
    const key = JSON.stringify([
      kindOf(cell.text),
      cell.color,
      cell.background,
      cell.isBold,
      cell.isDim,
      cell.isItalic,
      cell.isUnderlined,
    ]);
    const last = found.at(-1);
    // A blank without a background belongs to every style, so that words stay in one piece.
    const isBlank = cell.text === ' ' && cell.background === undefined && !cell.isUnderlined;
    if (last !== undefined && (last.key === key || (isBlank && last.cells[0]?.background === undefined))) last.cells.push(cell);
    else if (cell.width === 0 && last !== undefined) last.cells.push(cell);
    else found.push({ column, key, cells: [cell] });
  }
  return found.map(({ column, cells }) => ({ column, cells: trimmed(cells) }));
}

/** @param {string} text */
const kindOf = (text) => (BLOCKS.has(text) ? 'block' : 'text');

/** @param {Cell[]} cells */
function trimmed(cells) {
  const isPlain = (/** @type {Cell} */ { text, background, isUnderlined }) =>
    text === ' ' && background === undefined && !isUnderlined;
  const last = cells.findLastIndex((cell) => !isPlain(cell));
  return last === -1 ? cells.slice(0, 1) : cells.slice(0, last + 1);
}

/**
 * @param {number | string | undefined} color
 * @param {(typeof PALETTES)[Variant]} palette
 */
function paint(color, palette) {
  if (color === undefined) return undefined;
  if (color === 'foreground' || color === 'background') return palette[color];
  if (typeof color === 'string') return color;
  if (color < 16) return palette.colors.split(' ')[color];
  const gray = (/** @type {number} */ level) => level.toString(16).padStart(2, '0').repeat(3);
  if (color >= 232) return `#${gray(8 + (color - 232) * 10)}`;
  const steps = [0, 95, 135, 175, 215, 255];
  const index = color - 16;
  const parts = [Math.floor(index / 36), Math.floor(index / 6) % 6, index % 6].map((step) => steps[step] ?? 0);
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;

/** @param {string} text */
const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
