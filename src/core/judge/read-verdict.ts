import { lastObject, plainReply, wholeObject } from './read-reply.ts';

/** What a judge decides about the two answers that it saw: the first one, the second one, or neither. */
export type Verdict = 'A' | 'B' | 'tie';

const WORD = /^(?:(?:answer|output|response|assistant|option|model)\s*)?[([{"'*_`]*(a|b|c|tie|draw|equal)[)\]}"'*_`]*[.!]?$/i;
const MARK = /\[\[\s*([^[\]]{1,12}?)\s*\]\]/g;
const LINE = /(?:^|\n)[^\w\n]*(?:final\s+)?"?(?:verdict|winner|decision|judge?ment)"?[\s*_]*[:=]([^\n]{1,60})/gi;
const PROSE =
  /\b(?:answer|output|response|assistant|option)\s*\(?([ab])\)?(?:\s+(?:is|was|provides?|offers?|gives?))(?:\s+(?:clearly|slightly|much|overall|also|significantly|therefore|thus|a|the|an))*\s+(?:better|best|superior|preferable|preferred|stronger|winner)\b/gi;

/**
 * Returns the verdict in a judge's reply: a JSON object with `verdict`, the last mark such as `[[A]]`, or a line `verdict: A`, and
 * after those what it says in words. Later ones count, because a judge may quote others while it reasons. Undefined if there is
 * none, or if two of them contradict each other: an unreadable reply decides nothing.
 */
export function readVerdict(reply: string): Verdict | undefined {
  const text = plainReply(reply);
  const whole = wholeObject(text);
  if (whole !== undefined) return verdictOf(whole);
  if (text.length < 40) {
    const alone = verdictWord(text);
    if (alone !== undefined) return alone;
  }
  const object = lastObject(text, (value) => verdictOf(value) !== undefined);
  const rest = object === undefined ? text : text.slice(0, object.start) + '\n'.repeat(2) + text.slice(object.end);
  const found = [
    object && verdictOf(object.value),
    lastOf(rest, MARK, markVerdict),
    // Reasoning before the object may quote a line; only what follows contradicts it.
    lastOf(object === undefined ? text : text.slice(object.end), LINE, (value) => verdictWord(value)),
  ].filter((verdict) => verdict !== undefined);
  if (found.length > 0) return new Set(found).size === 1 ? found[0] : undefined;
  return lastOf(text, PROSE, (value) => verdictWord(value));
}

function verdictOf(value: Readonly<Record<string, unknown>>): Verdict | undefined {
  const { verdict } = value;
  return typeof verdict === 'string' ? verdictWord(verdict) : undefined;
}

/** Returns the verdict that a word is: whole words only, so that nothing is read out of the start of another one. */
function verdictWord(text: string): Verdict | undefined {
  const [, word] = WORD.exec(text.trim().replaceAll(/^[\s*_`"']+|[\s*_`"',;]+$/g, '')) ?? [];
  if (word === undefined) return undefined;
  const letter = word.toUpperCase();
  return letter === 'A' || letter === 'B' ? letter : 'tie';
}

/** Marks of common judge prompts: `A`, `B`, `C` for a tie, and grades from `A>>B` to `B>>A`. */
function markVerdict(mark: string): Verdict | undefined {
  const grade = /^([ab])\s*(>>?|<<?|=)\s*([ab])$/i.exec(mark);
  if (grade === null) return verdictWord(mark);
  const [, one = '', sign = '', other = ''] = grade;
  if (one.toUpperCase() === other.toUpperCase()) return undefined;
  if (sign === '=') return 'tie';
  return (sign.startsWith('>') ? one : other).toUpperCase() as Verdict;
}

function lastOf(text: string, pattern: RegExp, read: (value: string) => Verdict | undefined): Verdict | undefined {
  return [...text.matchAll(pattern)].map(([, value = '']) => read(value)).findLast((verdict) => verdict !== undefined);
}
