import type { Candidate } from './suggestions.ts';
import { mentionText } from './mentions.ts';
import { pathRank, type Rank } from './path-rank.ts';

/** Most candidates in a menu. */
const MOST_OFFERED = 100;

/** Splits a typed path into the folder (with its slash; empty: the working folder) and the beginning of a name in it. */
export function splitPath(typed: string): { folder: string; base: string } {
  const end = Math.max(typed.lastIndexOf('/'), typed.lastIndexOf('\\')) + 1;
  return { folder: typed.slice(0, end), base: typed.slice(end) };
}

/**
 * Returns the paths that match a typed path, best first; folders in `paths` end with a slash. After a trailing slash: the contents of that
 * folder. Hidden paths match only if the typed name starts with a dot.
 */
export function pathCandidates(typed: string, paths: readonly string[]): readonly Candidate[] {
  const { folder, base } = splitPath(typed);
  const ranked: Ranked[] = [];
  for (const path of paths) {
    if (path === typed) {
      if (base === '') continue;
    } else if (isHidden(path, typed)) continue;
    const isBelow = path.startsWith(folder);
    // Paths in the typed folder come before paths that only resemble the whole text.
    const match = isBelow ? pathRank(path.slice(folder.length), base) : later(pathRank(path, typed));
    if (match !== undefined) ranked.push({ path, rank: match, isBelow });
  }
  ranked.sort((a, b) => a.rank.kind - b.rank.kind || a.rank.depth - b.rank.depth || (a.path < b.path ? -1 : 1));
  return ranked.slice(0, MOST_OFFERED).flatMap(({ path, isBelow }): Candidate[] => {
    const mention = mentionText(path);
    if (mention === undefined) return [];
    const isFolder = path.endsWith('/');
    // The user continues typing after a folder, so it gets no closing quote.
    const insert = isFolder ? mention.replace(/"$/, '') : `${mention} `;
    const isTyped = (isFolder ? path.slice(0, -1) : path) === typed;
    return [{ insert, label: isBelow ? path.slice(folder.length) : path, detail: '', isWhole: false, isTyped }];
  });
}

interface Ranked {
  path: string;
  rank: Rank;
  isBelow: boolean;
}

/** Ranks the path after all paths in the typed folder. */
function later(rank: Rank | undefined): Rank | undefined {
  return rank === undefined || rank.kind === 0 ? rank : { ...rank, kind: rank.kind + 10 };
}

function isHidden(path: string, typed: string): boolean {
  if (!path.startsWith('.') && !path.includes('/.')) return false;
  // Inside a hidden folder that the user typed, paths that are not hidden themselves match.
  const { folder, base } = splitPath(typed);
  if (base.startsWith('.')) return false;
  const rest = path.startsWith(folder) ? path.slice(folder.length) : path;
  return rest.startsWith('.') || rest.includes('/.');
}
