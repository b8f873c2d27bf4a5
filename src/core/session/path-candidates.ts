import type { Candidate } from './suggestions.ts';
import { mentionText } from './mentions.ts';
import { pathRank, type Rank } from './path-rank.ts';

/** More are never looked at in a menu. */
const MOST_OFFERED = 100;

/** The folder that a typed path is in (with its slash; empty: the working folder), and the beginning of a name in it. */
export function splitPath(typed: string): { folder: string; base: string } {
  const end = Math.max(typed.lastIndexOf('/'), typed.lastIndexOf('\\')) + 1;
  return { folder: typed.slice(0, end), base: typed.slice(end) };
}

/**
 * What a typed path may mean, best first, out of paths whose folders end with a slash. Behind a slash alone: what lies in that folder.
 * Hidden paths are offered only where a name with a dot was typed.
 */
export function pathCandidates(typed: string, paths: readonly string[]): readonly Candidate[] {
  const { folder, base } = splitPath(typed);
  const ranked: Ranked[] = [];
  for (const path of paths) {
    if (path === typed) {
      if (base === '') continue;
    } else if (isHidden(path, typed)) continue;
    const isBelow = path.startsWith(folder);
    // What lies in the folder that was typed comes before what only resembles all of it.
    const match = isBelow ? pathRank(path.slice(folder.length), base) : later(pathRank(path, typed));
    if (match !== undefined) ranked.push({ path, rank: match, isBelow });
  }
  ranked.sort((a, b) => a.rank.kind - b.rank.kind || a.rank.depth - b.rank.depth || (a.path < b.path ? -1 : 1));
  return ranked.slice(0, MOST_OFFERED).flatMap(({ path, isBelow }): Candidate[] => {
    const mention = mentionText(path);
    if (mention === undefined) return [];
    const isFolder = path.endsWith('/');
    // In a folder one goes on: its closing quote would be in the way.
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

/** Behind all that is found in the typed folder. */
function later(rank: Rank | undefined): Rank | undefined {
  return rank === undefined || rank.kind === 0 ? rank : { ...rank, kind: rank.kind + 10 };
}

function isHidden(path: string, typed: string): boolean {
  if (!path.startsWith('.') && !path.includes('/.')) return false;
  // Where the user has typed into a hidden folder, what is not hidden in it is offered.
  const { folder, base } = splitPath(typed);
  if (base.startsWith('.')) return false;
  const rest = path.startsWith(folder) ? path.slice(folder.length) : path;
  return rest.startsWith('.') || rest.includes('/.');
}
