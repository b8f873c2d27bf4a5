import type { pageDiff } from './page-diff.ts';
import type { pageRows } from './page-rows.js';
import type { pageTexts } from './page-texts.ts';
import type { pageViews } from './page-view.ts';

/** The other parts of the page's script. */
export interface ScriptParts {
  views: typeof pageViews;
  differ: typeof pageDiff;
  rows: typeof pageRows;
  texts: typeof pageTexts;
}

/** Runs the page. The page contains the source of this function, so it uses nothing from outside. */
export function pageScript(parts: ScriptParts): void;
