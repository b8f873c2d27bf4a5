const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar for a share from 0 to 1 of so many columns, to an eighth of one; what is more than nothing is seen. */
export function barText(share: number, columns: number): string {
  if (share <= 0) return '';
  const eighths = Math.max(1, Math.round(Math.min(1, share) * columns * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}
