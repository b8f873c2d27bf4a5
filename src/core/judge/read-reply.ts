/** Most of a reply that is read, from its end: the verdict comes after the reasoning. */
const LONGEST = 65_536;
/** How many opening braces are tried, so that a reply full of them is read in linear time. */
const MOST_OBJECTS = 200;

/** A JSON object in a text, and its position. */
export interface FoundObject {
  value: Readonly<Record<string, unknown>>;
  start: number;
  end: number;
}

/** Returns the answer in a reply: without marked reasoning and the fences of code blocks. */
export function plainReply(text: string): string {
  const end = text.toLowerCase().lastIndexOf('</think>');
  const answer = end === -1 ? text : text.slice(end + '</think>'.length);
  const open = answer.toLowerCase().indexOf('<think>');
  // Reasoning that never ended has no answer after it.
  const read = open === -1 ? answer : answer.slice(0, open);
  return read
    .slice(-LONGEST)
    .replaceAll(/^[ \t]*(?:```|~~~)[\w-]*[ \t]*$/gm, '')
    .trim();
}

/** Returns the whole text as a JSON object; undefined if it is anything else. */
export function wholeObject(text: string): Readonly<Record<string, unknown>> | undefined {
  return text.startsWith('{') ? parseObject(text) : undefined;
}

/** Returns the last complete JSON object in a text that `isLegal` accepts. */
export function lastObject(text: string, isLegal: (value: FoundObject['value']) => boolean): FoundObject | undefined {
  let start = text.lastIndexOf('{');
  for (let tried = 0; start !== -1 && tried < MOST_OBJECTS; tried += 1) {
    const end = objectEnd(text, start);
    const value = end === undefined ? undefined : parseObject(text.slice(start, end));
    if (value !== undefined && isLegal(value)) return { value, start, end: end! };
    start = start === 0 ? -1 : text.lastIndexOf('{', start - 1);
  }
  return undefined;
}

/** Returns the position after the brace that closes the one at `start`; undefined if none does. */
function objectEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let isString = false;
  for (let index = start; index < text.length; index += 1) {
    const letter = text[index];
    if (isString) {
      if (letter === '\\') index += 1;
      else if (letter === '"') isString = false;
    } else if (letter === '"') isString = true;
    else if (letter === '{') depth += 1;
    else if (letter === '}') {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return undefined;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
