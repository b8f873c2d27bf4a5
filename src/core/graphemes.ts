let segmenter: Intl.Segmenter | undefined;

/** Returns the graphemes of a text, each with its index. Creates the segmenter on first use: creating it takes Node a while. */
export function graphemes(text: string): Iterable<{ segment: string; index: number }> {
  return (segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })).segment(text);
}
