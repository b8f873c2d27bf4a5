/** From a place in a text to the place behind it, in UTF-16 units. */
export type DraftSpan = readonly [start: number, end: number];

/** A message as it was written, and which parts of it no key typed. */
export interface Draft {
  text: string;
  /**
   * What came from a paste, an editor, or a list of earlier messages: ascending, without overlaps. A file that is named there is
   * attached only when the user agrees.
   */
  pasted: readonly DraftSpan[];
}

export const EMPTY_DRAFT: Draft = { text: '', pasted: [] };

export function typedDraft(text: string): Draft {
  return { text, pasted: [] };
}

export function pastedDraft(text: string): Draft {
  return { text, pasted: text === '' ? [] : [[0, text.length]] };
}

/** One draft after another. */
export function joinDrafts(...drafts: readonly Draft[]): Draft {
  const pasted: DraftSpan[] = [];
  let text = '';
  for (const draft of drafts) {
    for (const [start, end] of draft.pasted) addSpan(pasted, [text.length + start, text.length + end]);
    text += draft.text;
  }
  return { text, pasted };
}

/** Whether a part of the text between two places was not typed. */
export function isPasted({ pasted }: Draft, from: number, to: number): boolean {
  return pasted.some(([start, end]) => start < to && end > from);
}

/** Adds a span behind all others; one that continues the last becomes a part of it. */
export function addSpan(spans: DraftSpan[], [start, end]: DraftSpan): void {
  const last = spans.at(-1);
  if (last !== undefined && last[1] >= start) spans[spans.length - 1] = [last[0], end];
  else if (end > start) spans.push([start, end]);
}
