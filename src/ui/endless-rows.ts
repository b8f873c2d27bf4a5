/**
 * The terminal as Ink should see it: without a last row. Ink clears the screen and the scrollback once what it draws is as high as the
 * terminal, and a terminal that is made smaller gets there however careful the view is.
 */
export function endlessRows(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  return new Proxy(stdout, {
    get(target, key) {
      if (key === 'rows') return Number.POSITIVE_INFINITY;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
