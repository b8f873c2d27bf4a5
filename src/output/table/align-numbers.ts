const POINT = /^([^\d]?\d+)(\.\d+)?$/;

/**
 * Numbers of different length, padded so that their points stand under each other in a right-aligned column; words end where
 * two digits after the point would end.
 */
export function alignNumbers(texts: readonly string[]): string[] {
  const fractions = texts.map((text) => POINT.exec(text)?.[2]?.length ?? 0);
  const longest = fractions.reduce((most, length) => Math.max(most, length), 0);
  return texts.map((text, index) => {
    const used = POINT.test(text) ? fractions[index]! : Math.min(3, longest);
    return text + ' '.repeat(longest - used);
  });
}
