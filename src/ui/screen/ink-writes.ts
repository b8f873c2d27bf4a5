import { drawing } from '../../output/text/terminal-border.ts';

/** What Ink writes before it writes a frame again: down from the cursor to the row behind the last one, then up, each row erased. */
export interface InkErase {
  /** It hides the cursor first. */
  hides: boolean;
  /** What follows: a frame, or nothing. */
  rest: string;
}

export const HIDE_CURSOR = '\u001b[?25l';
// oxlint-disable-next-line no-control-regex -- what Ink writes are control sequences
const ERASE = /^(\u001b\[\?25l)?(?:\u001b\[\d*B)?(?:\u001b\[\d*G)?(?:\u001b\[2K(?:\u001b\[1?A)?)+\u001b\[1?G/;

/**
 * Ink counts the rows that it has written, and takes them off by that count. A window that has another size since has moved rows, broken them in
 * two, or taken away those below the cursor: whoever knows better where the frame begins replaces this.
 */
export function inkErase(written: string): InkErase | undefined {
  const match = ERASE.exec(written);
  return match === null ? undefined : { hides: match[1] !== undefined, rest: written.slice(match[0].length) };
}

/**
 * The terminal as Ink should see it: open for what draws, and without a last row. Ink clears the screen and the scrollback once what it draws is as high as the
 * terminal, and a terminal that is made smaller gets there however careful the view is. `rewrite` gives what is written in place of what Ink writes.
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
