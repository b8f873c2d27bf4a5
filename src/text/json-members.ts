import { endOfString } from './exact-json.ts';

const QUOTE = 34;
const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

interface Member {
  name: string;
  /** Index where the name begins; `valueStart` is the index of the value. */
  start: number;
  valueStart: number;
  end: number;
}

/**
 * Returns a JSON object with some members replaced, and all others as they were written. Values are JSON text; undefined removes
 * the member. A new member is added at the end; of a duplicate member one remains. The text must be a valid object.
 */
export function withMembers(
  json: string,
  changes: Readonly<Record<string, string | undefined>> | ReadonlyMap<string, string | undefined>,
): string {
  const names = changes instanceof Map ? [...changes.keys()] : Object.keys(changes);
  const values = changes instanceof Map ? [...changes.values()] : Object.values(changes as Record<string, string | undefined>);
  const isWritten: boolean[] = [];
  const { members, open, close } = scanObject(json);
  let isChanged = false;
  let made = '';
  /** The members that stay are copied together: those since this index. */
  let from = -1;
  let to = -1;
  for (const { name, start, valueStart, end } of members) {
    const index = names.indexOf(name);
    if (index === -1) {
      if (from === -1) from = start;
      to = end;
      continue;
    }
    if (from !== -1) made = withItem(made, json.slice(from, to));
    from = -1;
    const value = isWritten[index] === true ? undefined : values[index];
    isWritten[index] = true;
    isChanged ||= value !== json.slice(valueStart, end);
    if (value !== undefined) made = withItem(made, json.slice(start, valueStart) + value);
  }
  if (from !== -1) made = withItem(made, json.slice(from, to));
  for (const [index, value] of values.entries()) {
    if (value === undefined || isWritten[index] === true) continue;
    isChanged = true;
    made = withItem(made, `${JSON.stringify(names[index])}:${value}`);
  }
  return isChanged ? json.slice(0, open + 1) + made + json.slice(close) : json;
}

function withItem(list: string, item: string): string {
  return list === '' ? item : `${list},${item}`;
}

/**
 * Returns the JSON text of an object's member, or undefined when it has no member of this name. The text must be a valid object.
 */
export function memberText(json: string, wanted: string): string | undefined {
  const member = scanObject(json).members.findLast(({ name }) => name === wanted);
  return member === undefined ? undefined : json.slice(member.valueStart, member.end);
}

/**
 * Returns the JSON text of each item of a list, or undefined for another value. The text must be valid JSON.
 */
export function itemTexts(json: string): readonly string[] | undefined {
  let at = afterSpace(json, 0);
  if (json.charCodeAt(at) !== OPEN_LIST) return undefined;
  const items: string[] = [];
  at = afterSpace(json, at + 1);
  while (at < json.length && json.charCodeAt(at) !== CLOSE_LIST) {
    const end = endOfValue(json, at);
    items.push(json.slice(at, end));
    at = afterSpace(json, end);
    if (json.charCodeAt(at) === COMMA) at = afterSpace(json, at + 1);
  }
  return items;
}

/** Returns the content of a JSON string. */
function textOf(json: string): string {
  return json.includes('\\') ? (JSON.parse(json) as string) : json.slice(1, -1);
}

function scanObject(json: string): { members: Member[]; open: number; close: number } {
  const members: Member[] = [];
  const open = afterSpace(json, 0);
  let at = afterSpace(json, open + 1);
  while (json.charCodeAt(at) === QUOTE) {
    const start = at;
    const nameEnd = endOfString(json, at + 1);
    const valueStart = afterSpace(json, afterSpace(json, nameEnd) + 1);
    const end = endOfValue(json, valueStart);
    members.push({ name: textOf(json.slice(start, nameEnd)), start, valueStart, end });
    at = afterSpace(json, end);
    if (json.charCodeAt(at) !== COMMA) break;
    at = afterSpace(json, at + 1);
  }
  return { members, open, close: at };
}

function afterSpace(json: string, start: number): number {
  let at = start;
  while (at < json.length && json.charCodeAt(at) <= 32) at += 1;
  return at;
}

/** Returns the index after a value. */
function endOfValue(json: string, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length;) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(json, at + 1);
      if (depth === 0) return at;
      continue;
    }
    if (code === OPEN_OBJECT || code === OPEN_LIST) depth += 1;
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (code === COMMA || code <= 32)) return at;
    at += 1;
  }
  return json.length;
}
