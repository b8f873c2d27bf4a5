import type { TextTemplate } from '../completion.ts';
import { asArray, asObject, type WireObject } from '../wire/wire-value.ts';

const OPENING = '"content":"';
/** Characters that a JSON string must escape. */
const SPECIAL = /["\\\p{Cc}]/u;
/** In UTF-16 units. For a longer chunk, a template costs more than it saves, and would stay in memory. */
const LONGEST = 64 * 1024;
/** Fields of a delta, other than its text, that carry content. */
const TELLING = [
  'reasoning',
  'reasoning_content',
  'reasoning_details',
  'refusal',
  'tool_calls',
  'function_call',
  'images',
  'annotations',
  'audio',
];

/**
 * Returns the template of a parsed chunk, or undefined when the chunk contains more than a piece of text. A chunk that begins and
 * ends like the template, with the content of one JSON string between, can only mean that text. Reading it this way takes a
 * quarter of the time of parsing the whole chunk.
 */
export function textTemplate(data: string, wire: WireObject): TextTemplate | undefined {
  const choices = asArray(wire['choices']);
  const choice = asObject(choices[0]);
  const delta = asObject(choice?.['delta']);
  if (data.length > LONGEST || choice === undefined || delta === undefined || choices.length !== 1) return undefined;
  if (isTelling(wire['usage']) || isTelling(wire['error']) || isTelling(wire['openrouter_metadata'])) return undefined;
  if (isTelling(choice['finish_reason']) || isTelling(choice['native_finish_reason']) || isTelling(choice['error']))
    return undefined;
  if (TELLING.some((field) => isTelling(delta[field]))) return undefined;

  const start = data.indexOf(OPENING) + OPENING.length;
  // The text must have exactly one possible position.
  if (start < OPENING.length || data.includes(OPENING, start)) return undefined;
  const template = { before: data.slice(0, start), after: data.slice(stringEnd(data, start)) };
  return fillOf(template, data) === delta['content'] ? template : undefined;
}

/** Returns the text of a chunk that matches the template, or undefined when the chunk must be parsed. */
export function fillOf({ before, after }: TextTemplate, data: string): string | undefined {
  if (data.length < before.length + after.length || !data.startsWith(before) || !data.endsWith(after)) return undefined;
  const raw = data.slice(before.length, data.length - after.length);
  if (!SPECIAL.test(raw)) return raw;
  try {
    const text: unknown = JSON.parse(`"${raw}"`);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns the index of the closing quote of a JSON string whose content begins at `start`. A regular expression would need a
 * stack as deep as the text is long.
 */
function stringEnd(data: string, start: number): number {
  for (let quote = data.indexOf('"', start); quote !== -1; quote = data.indexOf('"', quote + 1)) {
    let before = quote;
    while (before > start && data[before - 1] === '\\') before -= 1;
    // A quote after an odd number of backslashes is part of the text.
    if ((quote - before) % 2 === 0) return quote;
  }
  return data.length;
}

function isTelling(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}
