/** A piece of a diff. `removed` is only in the text before, `added` only in the text after. */
export interface DiffPiece {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** Longer texts are compared by lines only, because to find their words takes long. In UTF-16 units, of both texts together. */
const LONGEST_BY_WORDS = 100_000;
/** Most insertions and deletions that are searched for: the time grows with their square, and a diff with more of them cannot be read. */
const MOST_EDITS = 2000;

/**
 * Returns the words that differ between two texts. Words are those of Unicode, so that text without blanks has some as well. Texts that are long
 * or differ in too many words are compared by lines, and those that differ in too many lines are replaced as a whole. The pieces without the
 * added ones are the text before; those without the removed ones are the text after.
 */
export async function wordDiff(before: string, after: string): Promise<DiffPiece[]> {
  const { diffArrays } = await import('diff');
  const ways = before.length + after.length > LONGEST_BY_WORDS ? [linesOf] : [wordsOf, linesOf];
  for (const piecesOf of ways) {
    const changes = diffArrays(piecesOf(before), piecesOf(after), { maxEditLength: MOST_EDITS });
    if (changes === undefined) continue;
    return joined(
      changes.map(({ added, removed, value }) => ({
        kind: added ? 'added' : removed ? 'removed' : 'same',
        text: value.join(''),
      })),
    );
  }
  return [
    { kind: 'removed' as const, text: before },
    { kind: 'added' as const, text: after },
  ].filter(({ text }) => text !== '');
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
