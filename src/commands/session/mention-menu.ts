import type { Completion } from '../../core/session/suggestions.ts';
import { openMention } from '../../core/session/mentions.ts';
import { pathCandidates, splitPath } from '../../core/session/path-candidates.ts';
import { isAddress } from './mentions.ts';
import type { TalkSession } from './session.ts';

/** Each frame asks, and looking through a large project takes a while. */
const FRESH_MS = 1000;
/** Paths that lead out of the working folder. */
const ELSEWHERE = /^(?:~|\/|\.{1,2}[/\\]|[a-z]:[/\\])/i;

/** What may be meant by an `@` at the end of what is typed. */
export function completeMention(talk: TalkSession, before: string): Completion | undefined {
  const open = openMention(before);
  if (open === undefined || isAddress(open.typed)) return undefined;
  const now = talk.context.clock.monotonic();
  if (talk.offered?.typed !== open.typed || now - talk.offered.at >= FRESH_MS) {
    talk.offered = { typed: open.typed, at: now, candidates: pathCandidates(open.typed, pathsFor(talk, open.typed)) };
  }
  const { candidates } = talk.offered;
  return candidates.length === 0 ? undefined : { start: open.start, candidates };
}

function pathsFor(talk: TalkSession, typed: string): readonly string[] {
  const { folder } = splitPath(typed);
  if (ELSEWHERE.test(typed)) return talk.desk.listFolder(folder);
  const known = talk.desk.projectFiles.paths(() => {
    talk.offered = undefined;
    talk.screen.redraw('now');
  });
  if (folder === '' || known.some((path) => path.startsWith(folder))) return known;
  // A folder that is ignored, and was typed all the same.
  const listed = talk.desk.listFolder(folder);
  return listed.length > 0 ? listed : known;
}
