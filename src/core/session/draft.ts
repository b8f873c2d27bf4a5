/** A range of a text in UTF-16 units; the end is exclusive. */
export type DraftSpan = readonly [start: number, end: number];

/** A message as the user wrote it, and the parts of it that were not typed. */
export interface Draft {
  text: string;
  /**
   * Ranges that came from a paste, an editor, or a list of earlier messages: ascending, without overlaps. A file that one of them names is
   * attached only if the user agrees.
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

/** Concatenates drafts. */
export function joinDrafts(...drafts: readonly Draft[]): Draft {
  const pasted: DraftSpan[] = [];
  let text = '';
  for (const draft of drafts) {
    for (const [start, end] of draft.pasted) addSpan(pasted, [text.length + start, text.length + end]);
    text += draft.text;
  }
  return { text, pasted };
}

/** Returns whether any part of the range was not typed. */
export function isPasted({ pasted }: Draft, from: number, to: number): boolean {
  return pasted.some(([start, end]) => start < to && end > from);
}

/** Appends a range after all others; a range that continues the last one is merged with it. */
export function addSpan(spans: DraftSpan[], [start, end]: DraftSpan): void {
  const last = spans.at(-1);
  if (last !== undefined && last[1] >= start) spans[spans.length - 1] = [last[0], end];
  else if (end > start) spans.push([start, end]);
}
