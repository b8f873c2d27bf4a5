import type { Suggestions } from '../../../core/session/suggestions.ts';
import { openMention } from '../../../core/session/mentions.ts';
import { pathCandidates, splitPath } from '../../../core/session/path-candidates.ts';
import { isWebAddress } from './mentions.ts';
import type { Session } from '../session.ts';

/** How long candidates are cached: each frame reads them, and searching a large project takes time. */
const FRESH_MS = 1000;
/** Paths outside the working folder. */
const ELSEWHERE = /^(?:~|\/|\.{1,2}[/\\]|[a-z]:[/\\])/i;

/** Returns suggestions for an `@` at the end of the typed text. */
export function completeMention(session: Session, before: string): Suggestions | undefined {
  const open = openMention(before);
  if (open === undefined || isWebAddress(open.typed)) return undefined;
  const now = session.context.clock.monotonic();
  if (session.offered?.typed !== open.typed || now - session.offered.at >= FRESH_MS) {
    session.offered = { typed: open.typed, at: now, candidates: pathCandidates(open.typed, pathsFor(session, open.typed)) };
  }
  const { candidates } = session.offered;
  return candidates.length === 0 ? undefined : { start: open.start, candidates };
}

function pathsFor(session: Session, typed: string): readonly string[] {
  const { folder } = splitPath(typed);
  if (ELSEWHERE.test(typed)) return session.services.listFolder(folder);
  const known = session.services.projectFiles.paths(() => {
    session.offered = undefined;
    session.screen.redraw('now');
  });
  if (folder === '' || known.some((path) => path.startsWith(folder))) return known;
  // The user typed a folder that is ignored.
  const listed = session.services.listFolder(folder);
  return listed.length > 0 ? listed : known;
}
