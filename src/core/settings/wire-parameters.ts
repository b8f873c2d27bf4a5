import { usageError } from '../../errors.ts';

const MOST_STOPS = 4;

/** Checks what `stop` holds; stopSequences reads it. */
export function stopText(text: string): string {
  stopSequences(text);
  return text;
}

/** Several flags as one text. How many there are is checked by stopText. */
export function joinStops(before: string, text: string): string {
  return JSON.stringify([...readStops(before), ...readStops(text)]);
}

/** The texts that end an answer: one as it is, or several as a JSON list. Throws a usage error for a list that is none. */
export function stopSequences(text: string): readonly string[] {
  const stops = readStops(text);
  if (stops.length === 0 || stops.length > MOST_STOPS)
    throw usageError(`stop takes one to ${MOST_STOPS} texts, not ${stops.length}`);
  return stops;
}

function readStops(text: string): readonly string[] {
  if (!text.startsWith('[')) {
    if (text === '') throw usageError('stop is empty');
    return [text];
  }
  const stops = parseJson(text);
  if (!Array.isArray(stops) || !stops.every((stop): stop is string => typeof stop === 'string' && stop !== '')) {
    throw usageError(`stop takes a text, or a JSON list of texts such as ["END","\\n\\n"], not ${text}`);
  }
  return stops;
}

/** Pairs of a token id and a value. */
export function logitBias(text: string): readonly string[] {
  const pairs = text.split(',').map((pair) => pair.trim());
  for (const pair of pairs) {
    const [, value] = /^\d+\s*=\s*([+-]?\d+(?:\.\d+)?)$/.exec(pair) ?? [];
    if (value === undefined || Math.abs(Number(value)) > 100) {
      throw usageError(`logit-bias takes token ids with values from -100 to 100, such as 50256=-100,198=5, not "${text}"`);
    }
  }
  return pairs;
}

/** The pairs as the API takes them. */
export function biasByToken(pairs: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    pairs.map((pair) => pair.split('=').map((side) => side.trim())).map(([id, value]) => [id, Number(value)]),
  );
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
