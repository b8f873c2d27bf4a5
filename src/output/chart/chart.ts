const LEVELS = ' ▁▂▃▄▅▆▇█';
const PARTS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const STEPS = 8;
/** Shown for zero, so that it is not mistaken for a small value. */
const NOTHING = '.';

/**
 * Returns a column chart of block characters, one line per row, top row first. One row is a sparkline. Every value above zero is
 * visible, and the highest fills the height. Each column is `width` characters wide, including a space if `width` is at least 2.
 */
export function columnChart(values: readonly number[], height = 1, width = 1): string[] {
  const highest = values.reduce((most, value) => Math.max(most, value), 0);
  const levels = values.map((value) => (value > 0 ? Math.max(1, Math.round((value / highest) * height * STEPS)) : 0));
  const pad = width > 1 ? ' ' : '';
  return Array.from({ length: height }, (_, row) => {
    const below = (height - 1 - row) * STEPS;
    return levels
      .map((level) => {
        const mark = level === 0 && below === 0 ? NOTHING : LEVELS[Math.min(STEPS, Math.max(0, level - below))]!;
        return mark.repeat(Math.max(1, width - 1)) + pad;
      })
      .join('')
      .trimEnd();
  });
}

/** Returns a share (0 to 1) as a bar of at most `width` characters. Every share above zero is visible. */
export function barText(share: number, width: number): string {
  const steps = share > 0 ? Math.max(1, Math.round(Math.min(1, share) * width * STEPS)) : 0;
  return '█'.repeat(Math.floor(steps / STEPS)) + PARTS[steps % STEPS]!;
}

/** Returns a block character as high as a share (0 to 1). It is never empty. */
export function levelText(share: number): string {
  return LEVELS[1 + Math.round(share * (STEPS - 1))]!;
}

/** Returns a bar from 0 to `middle`, continued by a line to `end`; both 0 to 1. */
export function rangeText(middle: number, end: number, width: number): string {
  const bar = barText(middle, width);
  return bar + '─'.repeat(Math.max(0, Math.round(Math.min(1, end) * width) - bar.length));
}
