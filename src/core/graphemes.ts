let segmenter: Intl.Segmenter | undefined;

/** The characters of a text as people see them, each with its place. Made when it is first needed: setting it up takes Node a while. */
export function graphemes(text: string): Iterable<{ segment: string; index: number }> {
  return (segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })).segment(text);
}
