import { type CompareState, isFinal } from '../../core/compare/state.ts';
import { type DiffPiece, wordDiff } from '../../core/compare/word-diff.ts';
import { diffRows } from '../../output/compare/diff.ts';
import { wholeLaneName } from '../../output/compare/lane.ts';
import type { Theme } from '../../output/text/theme.ts';
import { wrapRows } from '../../output/text/wrap-rows.ts';

/** Returns the rows of a diff of a lane's answer against the first lane; for the first lane, of the second one against it. */
export type LaneDiff = (state: CompareState, lane: number, width: number) => readonly string[];

/** Compares answers when they have ended, each pair once. Calls `onReady` when a comparison is complete. */
export function createLaneDiff(theme: Theme, onReady: () => void): LaneDiff {
  const pieces = new Map<number, readonly DiffPiece[] | 'pending'>();
  const rows = new Map<string, readonly string[]>();
  const compare = async (lane: number, before: string, after: string): Promise<void> => {
    pieces.set(lane, 'pending');
    pieces.set(lane, await wordDiff(before, after));
    onReady();
  };
  return ({ lanes }, focused, width) => {
    const lane = focused === 0 ? 1 : focused;
    const [base, other] = [lanes[0]!, lanes[lane]!];
    const title = wrapRows(`${wholeLaneName(other)} against ${wholeLaneName(base)}: [-only there-] {+only here+}`, width);
    const head = [...title.map(({ text }) => theme.paint(['dim'], text)), ''];
    if (!isFinal(base) || !isFinal(other)) return [...head, 'the diff is shown when both answers have ended'];
    const found = pieces.get(lane);
    if (found === undefined) void compare(lane, base.answer.text, other.answer.text);
    if (found === undefined || found === 'pending') return [...head, 'comparing …'];
    const key = `${lane} ${width}`;
    const known = rows.get(key) ?? diffRows(found, width, theme);
    rows.set(key, known);
    return [...head, ...known];
  };
}
