import { drawing } from '../output/terminal-border.ts';

/**
 * The terminal as Ink should see it: open for what draws, and without a last row. Ink clears the screen and the scrollback once what it draws is as high as the
 * terminal, and a terminal that is made smaller gets there however careful the view is. `onWrite` sees what Ink writes, before it is out.
 */
export function endlessRows(stdout: NodeJS.WriteStream, onWrite?: (written: string) => void): NodeJS.WriteStream {
  return new Proxy(drawing(stdout), {
    get(target, key) {
      if (key === 'rows') return Number.POSITIVE_INFINITY;
      const value: unknown = Reflect.get(target, key);
      if (key === 'write' && onWrite !== undefined) {
        return (...given: Parameters<NodeJS.WriteStream['write']>) => {
          onWrite(String(given[0]));
          return target.write(...given);
        };
      }
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
