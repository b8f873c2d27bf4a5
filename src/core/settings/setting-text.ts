/** Returns a setting as text that its parser accepts: what `orx config set` takes and `orx config get` prints. */
export function settingText(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  if (isPricePair(value)) return `${String(value.prompt)},${String(value.completion)}`;
  if (isObject(value))
    return Object.entries(value)
      .map(([name, text]) => `${name}=${String(text)}`)
      .join(',');
  return String(value);
}

/** Returns whether the value is a pair of prices. Aliases may have the same names, but their values are not numbers. */
function isPricePair(value: unknown): value is { prompt: unknown; completion: unknown } {
  return isObject(value) && [value['prompt'], value['completion']].every((price) => /^[\d.]+$/.test(String(price)));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
