/** Three input tokens for one output token, as in most comparisons of models. */
export const DEFAULT_BLEND = '3:1';

const BLEND = /^\s*(\d{1,6}(?:\.\d{1,4})?)\s*:\s*(\d{1,6}(?:\.\d{1,4})?)\s*$/;

/** Returns the two parts of a blend such as `3:1`, `1:0` or `0.7:0.3`, as decimal text; undefined if the text is not a blend. */
export function blendParts(text: string): { input: string; output: string } | undefined {
  const [, input, output] = BLEND.exec(text) ?? [];
  if (input === undefined || output === undefined || Number(input) + Number(output) === 0) return undefined;
  return { input, output };
}
