/** Openings to try: text full of brackets must not take quadratic time. */
const MOST_TRIES = 200;

/** Returns the JSON value of an answer: the whole text, or the text without a code fence around it. */
export function parseAnswerJson(text: string): { value: unknown } | undefined {
  const [, fenced] = /^\s*```[\w-]*[ \t]*\n([\s\S]*?)\n?```\s*$/.exec(text) ?? [];
  return parsed(text) ?? (fenced === undefined ? undefined : parsed(fenced));
}

/** Yields the objects and lists that a text contains, from the left, none inside another. */
export function* findJson(text: string): Generator<unknown> {
  let tries = 0;
  for (let at = nextOpening(text, 0); at !== -1 && tries < MOST_TRIES; tries += 1) {
    const end = endOf(text, at);
    const found = end === -1 ? undefined : parsed(text.slice(at, end));
    if (found !== undefined) yield found.value;
    at = nextOpening(text, found === undefined ? at + 1 : end);
  }
}

function nextOpening(text: string, from: number): number {
  const rest = text.slice(from).search(/[{[]/);
  return rest === -1 ? -1 : from + rest;
}

/** Returns the position after the bracket that closes the one at `start`, or -1. */
function endOf(text: string, start: number): number {
  let depth = 0;
  let isInText = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (isInText) {
      if (char === '\\') at += 1;
      else if (char === '"') isInText = false;
    } else if (char === '"') isInText = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
