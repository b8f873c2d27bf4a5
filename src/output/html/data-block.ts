import { jsonLine } from '../text/json.ts';

/**
 * Returns data as a block that a page reads from `textContent`. A browser never runs it, and no text in it can end it: the signs of
 * markup, and all invisible characters, are JSON escapes.
 */
export function dataBlock(name: string, value: unknown): string {
  const json = jsonLine(value)
    .trimEnd()
    .replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  return `<script type="application/json" class="${name}">${json}</script>\n`;
}
