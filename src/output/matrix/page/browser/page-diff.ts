/** A piece of a diff in the page: in both texts, only in the text before, or only in the text after. */
export type PageDiffPiece = readonly [kind: 'same' | 'removed' | 'added', text: string];

/**
 * Returns a function that compares two texts by words (Myers' algorithm). The page contains the source of this function, so it uses
 * nothing from outside: in the page any two lanes can be compared, and the file would grow with the square of their number.
 */
export function pageDiff(): (before: string, after: string) => PageDiffPiece[] {
  /** Longer texts, together, are compared by lines. In UTF-16 units. */
  const LONGEST_BY_WORDS = 100_000;
  /** Texts with more insertions and deletions are shown as replaced: memory grows with the square of this number. */
  const MOST_EDITS = 2_000;

  const words = (text: string): string[] => text.match(/[\p{L}\p{N}\p{M}_]+|\s+|[^\p{L}\p{N}\p{M}_\s]/gu) ?? [];
  const lines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

  /** Returns the furthest points that each number of edits reaches; undefined if that takes too many. */
  function furthestPoints(one: readonly string[], two: readonly string[]): Int32Array[] | undefined {
    const most = Math.min(one.length + two.length, MOST_EDITS);
    const rounds: Int32Array[] = [];
    let last = new Int32Array(1);
    for (let edits = 0; edits <= most; edits += 1) {
      // The place of diagonal k is k + edits; in the round before it is one less.
      const points = new Int32Array(2 * edits + 1);
      rounds.push(points);
      for (let k = -edits; k <= edits; k += 2) {
        const [below, above] = [last[k - 2 + edits] ?? -1, last[k + edits] ?? -1];
        let x = edits === 0 ? 0 : k === -edits || (k !== edits && below < above) ? above : below + 1;
        while (x < one.length && x - k < two.length && one[x] === two[x - k]) x += 1;
        points[k + edits] = x;
        if (x >= one.length && x - k >= two.length) return rounds;
      }
      last = points;
    }
    return undefined;
  }

  /** Walks back from the end. Returns the pieces in their order, neighbors of one kind joined. */
  function pathOf(one: readonly string[], two: readonly string[], rounds: readonly Int32Array[]): PageDiffPiece[] {
    const steps: PageDiffPiece[] = [];
    let [x, y] = [one.length, two.length];
    for (let edits = rounds.length - 1; edits > 0; edits -= 1) {
      const last = rounds[edits - 1]!;
      const k = x - y;
      const [below, above] = [last[k - 2 + edits] ?? -1, last[k + edits] ?? -1];
      const isAdded = k === -edits || (k !== edits && below < above);
      const from = isAdded ? above : below;
      const start = isAdded ? from : from + 1;
      for (; x > start; x -= 1, y -= 1) steps.push(['same', one[x - 1]!]);
      steps.push(isAdded ? ['added', two[y - 1]!] : ['removed', one[x - 1]!]);
      if (isAdded) y -= 1;
      else x -= 1;
    }
    for (; x > 0; x -= 1) steps.push(['same', one[x - 1]!]);
    return steps.toReversed();
  }

  function joined(steps: readonly PageDiffPiece[]): PageDiffPiece[] {
    const pieces: [PageDiffPiece[0], string][] = [];
    for (const [kind, text] of steps) {
      const last = pieces.at(-1);
      if (last?.[0] === kind) last[1] += text;
      else pieces.push([kind, text]);
    }
    return pieces;
  }

  return (before, after) => {
    const parts = before.length + after.length > LONGEST_BY_WORDS ? lines : words;
    const [one, two] = [parts(before), parts(after)];
    // What both begin and end with needs no search.
    const shorter = Math.min(one.length, two.length);
    let start = 0;
    while (start < shorter && one[start] === two[start]) start += 1;
    let end = 0;
    while (end < shorter - start && one[one.length - 1 - end] === two[two.length - 1 - end]) end += 1;
    const [first, second] = [one.slice(start, one.length - end), two.slice(start, two.length - end)];
    const rounds = first.length === 0 || second.length === 0 ? undefined : furthestPoints(first, second);
    const replaced = [first.map((text) => ['removed', text] as const), second.map((text) => ['added', text] as const)].flat();
    return joined([
      ...one.slice(0, start).map((text) => ['same', text] as const),
      ...(rounds === undefined ? replaced : pathOf(first, second, rounds)),
      ...one.slice(one.length - end).map((text) => ['same', text] as const),
    ]);
  };
}
