/** A piece of a diff. `removed` is only in the text before, `added` only in the text after. */
export interface DiffPiece {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** Longer texts are compared by lines, because words would take seconds. In UTF-16 units, of both texts together. */
const LONGEST_BY_WORDS = 100_000;
/** Most insertions and deletions that are searched for; texts with more are shown as replaced. */
const MOST_EDITS = 5000;

/**
 * Returns the words that differ between two texts. Words are those of Unicode, so that text without blanks has some as well. The pieces
 * without the added ones are the text before; those without the removed ones are the text after.
 */
export async function wordDiff(before: string, after: string): Promise<DiffPiece[]> {
  const { diffArrays } = await import('diff');
  const [one, two] =
    before.length + after.length > LONGEST_BY_WORDS ? [linesOf(before), linesOf(after)] : [wordsOf(before), wordsOf(after)];
  const changes = diffArrays(one, two, { maxEditLength: MOST_EDITS });
  if (changes === undefined) {
    return [
      { kind: 'removed' as const, text: before },
      { kind: 'added' as const, text: after },
    ].filter(({ text }) => text !== '');
  }
  return joined(
    changes.map(({ added, removed, value }) => ({
      kind: added ? 'added' : removed ? 'removed' : 'same',
      text: value.join(''),
    })),
  );
}

/** Returns the pieces with neighboring changes as one change: blanks between two changed words change with them. */
function joined(pieces: readonly DiffPiece[]): DiffPiece[] {
  const result: DiffPiece[] = [];
  let removed = '';
  let added = '';
  const flush = (): void => {
    if (removed !== '') result.push({ kind: 'removed', text: removed });
    if (added !== '') result.push({ kind: 'added', text: added });
    removed = '';
    added = '';
  };
  for (const [index, { kind, text }] of pieces.entries()) {
    const isBetween = removed !== '' && added !== '' && index < pieces.length - 1 && /^ +$/.test(text);
    if (kind !== 'added' && (kind === 'removed' || isBetween)) removed += text;
    if (kind !== 'removed' && (kind === 'added' || isBetween)) added += text;
    if (kind !== 'same' || isBetween) continue;
    flush();
    result.push({ kind, text });
  }
  flush();
  return result;
}

const WORDS = new Intl.Segmenter(undefined, { granularity: 'word' });

function wordsOf(text: string): string[] {
  return [...WORDS.segment(text)].map(({ segment }) => segment);
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
