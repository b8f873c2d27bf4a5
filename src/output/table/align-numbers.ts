const POINT = /^([^\d]?\d+)(\.\d+)?$/;

/**
 * Returns the texts padded so that decimal points are aligned in a right-aligned column. Words end where two decimals would end.
 */
export function alignNumbers(texts: readonly string[]): string[] {
  const fractions = texts.map((text) => POINT.exec(text)?.[2]?.length ?? 0);
  const longest = fractions.reduce((most, length) => Math.max(most, length), 0);
  return texts.map((text, index) => {
    const used = POINT.test(text) ? fractions[index]! : Math.min(3, longest);
    return text + ' '.repeat(longest - used);
  });
}
