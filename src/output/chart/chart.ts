const LEVELS = ' ▁▂▃▄▅▆▇█';
const PARTS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const STEPS = 8;
/** What stands where there is nothing at all: not to be mistaken for little. */
const NOTHING = '.';

/**
 * Values as columns of block characters, a line for each row, the top one first; one row is a sparkline. Anything above zero shows, the
 * highest fills the height. Each column is `width` wide, with a space in it from two on.
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

/** A share (0 to 1) as a bar at most `width` long; anything above zero shows. */
export function barText(share: number, width: number): string {
  const steps = share > 0 ? Math.max(1, Math.round(Math.min(1, share) * width * STEPS)) : 0;
  return '█'.repeat(Math.floor(steps / STEPS)) + PARTS[steps % STEPS]!;
}

/** One column of block characters as high as a share (0 to 1) says: never nothing. */
export function levelText(share: number): string {
  return LEVELS[1 + Math.round(share * (STEPS - 1))]!;
}

/** From nothing to `middle` as a bar, on to `end` as a line; both 0 to 1. */
export function rangeText(middle: number, end: number, width: number): string {
  const bar = barText(middle, width);
  return bar + '─'.repeat(Math.max(0, Math.round(Math.min(1, end) * width) - bar.length));
}
