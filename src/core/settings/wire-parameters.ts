import { usageError } from '../../errors.ts';

const MOST_STOPS = 4;

/** Checks the value of `stop` and returns it unchanged; stopSequences parses it. */
export function stopText(text: string): string {
  stopSequences(text);
  return text;
}

/** Joins several flags into one text. stopText checks their number. */
export function joinStops(before: string, text: string): string {
  return JSON.stringify([...readStops(before), ...readStops(text)]);
}

/** Parses stop sequences: a single one as plain text, or several as a JSON list. Throws a usage error for an invalid list. */
export function stopSequences(text: string): readonly string[] {
  const stops = readStops(text);
  if (stops.length === 0 || stops.length > MOST_STOPS)
    throw usageError(`stop accepts one to ${MOST_STOPS} strings, not ${stops.length}`);
  return stops;
}

function readStops(text: string): readonly string[] {
  if (!text.startsWith('[')) {
    if (text === '') throw usageError('stop is empty');
    return [text];
  }
  const stops = parseJson(text);
  if (!Array.isArray(stops) || !stops.every((stop): stop is string => typeof stop === 'string' && stop !== '')) {
    throw usageError(`stop must be a string, or a JSON list of strings such as ["END","\\n\\n"], not ${text}`);
  }
  return stops;
}

/** Parses pairs of a token id and a value. */
export function logitBias(text: string): readonly string[] {
  const pairs = text.split(',').map((pair) => pair.trim());
  for (const pair of pairs) {
    const [, value] = /^\d+\s*=\s*([+-]?\d+(?:\.\d+)?)$/.exec(pair) ?? [];
    if (value === undefined || Math.abs(Number(value)) > 100) {
      throw usageError(`logit-bias must be token ids with values from -100 to 100, such as 50256=-100,198=5, not "${text}"`);
    }
  }
  return pairs;
}

/** Returns the pairs as the API expects them. */
export function biasByToken(pairs: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    pairs.map((pair) => pair.split('=').map((side) => side.trim())).map(([id, value]) => [id, Number(value)]),
  );
}

/** Returns undefined if the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
