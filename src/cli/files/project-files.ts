import { type Dir, opendirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ProjectFiles } from '../../commands/context/session-services.ts';
import { projectFolder } from '../../storage/project-folder.ts';
import { type IgnoreRules, isIgnored, outerRules, withRulesOf } from './ignore-rules.ts';

/** An unnoticeable delay for a key press: a small project is read completely in this time. */
const FIRST_MS = 30;
/** The rest is read in slices of this length between key presses. */
const SLICE_MS = 8;
const PAUSE_MS = 4;
/** Further paths of a larger tree are not offered. */
const MOST_PATHS = 50_000;
const LONGEST_MS = 5000;
/** The paths are read again after this time, or after ten times the duration of the reading. */
const FRESH_MS = 3000;
const FRESH_TIMES = 10;
const NEVER = new Set(['.git', 'node_modules']);

interface Walk {
  paths: string[];
  /** Works for that many milliseconds. Returns true when it is done. */
  go: (ms: number) => boolean;
  spentMs: number;
}

/**
 * Lists the paths below a folder that no ignore file excludes. Reads in slices, so that a large tree does not delay key presses.
 */
export function openProjectFiles(folder: string): ProjectFiles {
  let known: readonly string[] = [];
  let walk: Walk | undefined;
  let freshUntil = 0;

  const finish = ({ paths, spentMs }: Walk): void => {
    known = paths;
    walk = undefined;
    freshUntil = performance.now() + Math.max(FRESH_MS, FRESH_TIMES * spentMs);
  };
  const later = (one: Walk, onMore: () => void): void => {
    const timer = setTimeout(() => {
      if (one.go(SLICE_MS)) {
        finish(one);
        onMore();
      } else later(one, onMore);
    }, PAUSE_MS);
    // Only the conversation keeps the process alive.
    timer.unref();
  };
  return {
    paths(onMore) {
      if (walk === undefined && performance.now() >= freshUntil) {
        walk = startWalk(folder);
        if (walk.go(FIRST_MS)) finish(walk);
        else later(walk, onMore);
      }
      // Before the first walk has ended, return what it has found so far.
      return known.length === 0 && walk !== undefined ? walk.paths : known;
    },
  };
}

/** Walks the folders breadth-first: in a large tree, near files come first. */
function startWalk(root: string): Walk {
  const waiting: { path: string; rules: IgnoreRules }[] = [{ path: '', rules: outerRules(root, projectFolder(root)) }];
  const isHome = root === homedir();
  let open: { dir: Dir; path: string; rules: IgnoreRules } | undefined;

  const openNext = (): boolean => {
    const next = waiting.shift();
    if (next === undefined) return false;
    const absolute = join(root, next.path);
    try {
      open = { dir: opendirSync(absolute), path: next.path, rules: withRulesOf(absolute, next.rules) };
    } catch {
      // The folder is unreadable, or gone.
    }
    return true;
  };
  const takeOne = ({ dir, path, rules }: NonNullable<typeof open>): void => {
    let entry: ReturnType<Dir['readSync']>;
    try {
      entry = dir.readSync();
      if (entry === null) dir.closeSync();
    } catch {
      entry = null;
    }
    if (entry === null) {
      open = undefined;
      return;
    }
    const isFolder = entry.isDirectory();
    if (NEVER.has(entry.name) || !(isFolder || entry.isFile() || entry.isSymbolicLink())) return;
    // Hidden entries of a home directory belong to programs, not to a project.
    if (isHome && path === '' && isFolder && entry.name.startsWith('.')) return;
    const match = path + entry.name;
    if (isIgnored(join(root, match), isFolder, rules)) return;
    walk.paths.push(isFolder ? `${match}/` : match);
    if (isFolder) waiting.push({ path: `${match}/`, rules });
  };
  const walk: Walk = {
    paths: [],
    spentMs: 0,
    go(ms) {
      const start = performance.now();
      const isOver = (): boolean => walk.paths.length >= MOST_PATHS || walk.spentMs + performance.now() - start >= LONGEST_MS;
      let isDone = false;
      while (!isDone && performance.now() - start < ms) {
        if (open !== undefined) takeOne(open);
        else if (!openNext()) isDone = true;
        isDone ||= isOver();
      }
      walk.spentMs += performance.now() - start;
      if (isDone) closeQuietly(open?.dir);
      return isDone;
    },
  };
  return walk;
}

function closeQuietly(dir: Dir | undefined): void {
  try {
    dir?.closeSync();
  } catch {
    // Already closed.
  }
}
