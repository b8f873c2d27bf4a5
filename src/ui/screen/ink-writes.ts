import { drawing } from '../../output/text/terminal-border.ts';

/**
 * Ink's output before it redraws a frame: it moves down from the cursor to the row behind the last one, then up, and erases each
 * row.
 */
export interface InkErase {
  /** The output hides the cursor first. */
  hides: boolean;
  /** The remaining output: a frame, or nothing. */
  rest: string;
}

export const HIDE_CURSOR = '\u001b[?25l';
export const SHOW_CURSOR = '\u001b[?25h';
// oxlint-disable-next-line no-control-regex -- what Ink writes are control sequences
const ERASE = /^(\u001b\[\?25l)?(?:\u001b\[\d*B)?(?:\u001b\[\d*G)?(?:\u001b\[2K(?:\u001b\[1?A)?)+\u001b\[1?G/;

/**
 * Returns the parts of an output of Ink that starts with an erase, or undefined for another output. Ink erases as many rows as it
 * has written. After a resize, the terminal may have moved rows, broken them in two, or dropped those below the cursor, so
 * callers that know where the frame starts replace the erase.
 */
export function inkErase(written: string): InkErase | undefined {
  const match = ERASE.exec(written);
  return match === null ? undefined : { hides: match[1] !== undefined, rest: written.slice(match[0].length) };
}

/** Returns the output for terminals that show what belongs together at once. Ink writes its frames in the same way. */
export function synchronized(written: string): string {
  return `\u001b[?2026h${written}\u001b[?2026l`;
}

/**
 * Returns the terminal for Ink: it may draw, and the number of rows is infinite. Ink clears the screen and the scrollback when
 * its output is as high as the terminal, and a terminal that becomes smaller can reach that state even if the view is careful.
 * `rewrite` returns what to write instead of Ink's output.
 */
export function endlessRows(stdout: NodeJS.WriteStream, rewrite?: (written: string) => string): NodeJS.WriteStream {
  return new Proxy(drawing(stdout), {
    get(target, key) {
      if (key === 'rows') return Number.POSITIVE_INFINITY;
      const value: unknown = Reflect.get(target, key);
      if (key === 'write' && rewrite !== undefined) {
        return (written: string | Uint8Array, ...rest: [never?, never?]) => target.write(rewrite(String(written)), ...rest);
      }
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
