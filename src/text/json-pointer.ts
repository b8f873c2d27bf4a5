/** Returns the value at a JSON pointer such as `/properties/name`, or undefined. Decodes percent-encoded steps. */
export function valueAtPointer(root: unknown, pointer: string): unknown {
  let value = root;
  for (const step of pointer.split('/').slice(1)) {
    const name = unescapePointer(percentDecoded(step));
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

/** Returns steps of a JSON pointer with the names as they are written in the document. */
export function unescapePointer(steps: string): string {
  return steps.replaceAll('~1', '/').replaceAll('~0', '~');
}

function percentDecoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
