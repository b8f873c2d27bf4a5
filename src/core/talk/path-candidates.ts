import type { Candidate } from './completion.ts';
import { mentionText } from './mentions.ts';

/** One name in a folder. Untrusted. */
export interface FolderEntry {
  name: string;
  isFolder: boolean;
}

/** The folder that a typed path is in (with its slash; empty: the working folder), and the beginning of a name in it. */
export function splitPath(typed: string): { folder: string; base: string } {
  const end = Math.max(typed.lastIndexOf('/'), typed.lastIndexOf('\\')) + 1;
  return { folder: typed.slice(0, end), base: typed.slice(end) };
}

/** What a typed path may be going to be: names that begin like it, then those that hold it; hidden ones only when a dot was typed. */
export function pathCandidates(typed: string, entries: readonly FolderEntry[]): readonly Candidate[] {
  const { folder, base } = splitPath(typed);
  const wanted = base.toLowerCase();
  const shown = entries.filter(({ name }) => base.startsWith('.') || !name.startsWith('.'));
  const begin = shown.filter(({ name }) => name.toLowerCase().startsWith(wanted));
  const hold = wanted === '' ? [] : shown.filter(({ name }) => name.toLowerCase().indexOf(wanted) > 0);
  return [...begin, ...hold].flatMap(({ name, isFolder }): Candidate[] => {
    const path = `${folder}${name}${isFolder ? '/' : ''}`;
    const mention = mentionText(path);
    if (mention === undefined) return [];
    // In a folder one goes on: its closing quote would be in the way.
    const insert = isFolder ? mention.replace(/"$/, '') : `${mention} `;
    return [{ insert, label: isFolder ? `${name}/` : name, detail: '', isWhole: false, isTyped: name === base }];
  });
}
