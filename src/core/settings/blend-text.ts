/** Three tokens in for one out, as most comparisons of models do it. */
export const DEFAULT_BLEND = '3:1';

const BLEND = /^\s*(\d{1,6}(?:\.\d{1,4})?)\s*:\s*(\d{1,6}(?:\.\d{1,4})?)\s*$/;

/** The two parts of a blend such as `3:1`, `1:0` or `0.7:0.3`, as decimal texts; undefined for what is none. */
export function blendParts(text: string): { input: string; output: string } | undefined {
  const [, input, output] = BLEND.exec(text) ?? [];
  if (input === undefined || output === undefined || Number(input) + Number(output) === 0) return undefined;
  return { input, output };
}
