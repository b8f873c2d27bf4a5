import { exactJson } from '../text/exact-json.ts';

/** What one piece adds to a call. `slot` numbers the calls of an answer from 0, in the order in which they start. */
export interface CallPiece {
  slot: number;
  /** Present once it is known. */
  id?: string | undefined;
  /** The complete name so far, if this piece changed it. */
  name?: string | undefined;
  /** To be appended to the earlier arguments. */
  arguments: string;
}

interface Call {
  slot: number;
  index: number | undefined;
  id: string | undefined;
  name: string;
  arguments: string;
  /** The last non-space character of the arguments. Searching all the arguments for it with every piece would take too long. */
  end: string;
}

/** A parsed piece. */
interface Piece {
  index: number | undefined;
  id: string | undefined;
  name: string | undefined;
  text: string;
}

/** The legacy field has one call without an index. No provider sends this one. */
const LEGACY_INDEX = -1;

/**
 * Assigns each piece of a tool call to its call. Providers agree on little here: indexes may be missing, start anywhere, have
 * gaps or be the same for all calls; ids come once, always, late, never, twice, or new with each piece; names come whole,
 * repeated or in pieces. The rules: a new id or another name starts a call, and so does the same name after complete arguments;
 * an index keeps its call; a piece without a name continues the previous call. `offered` contains the possible names, which
 * distinguishes a piece of a name from another name.
 */
export class ToolCallPieces {
  readonly #calls: Call[] = [];
  readonly #atIndex = new Map<number, Call>();
  readonly #offered: readonly string[];
  #last: Call | undefined;
  /** By index: the start of a call without arguments, which may still turn out to repeat the previous call. */
  readonly #heads = new Map<number | undefined, Piece>();

  constructor(offered: readonly string[] = []) {
    this.#offered = offered;
  }

  /** Adds the pieces of one chunk: `tool_calls` and `function_call` of its delta. */
  add(items: readonly unknown[]): readonly CallPiece[] {
    return items.flatMap((item) => this.#addPiece(readPiece(item)) ?? []);
  }

  /** Adds the calls of a whole message, one per item. A message that repeats streamed calls adds nothing. */
  addWhole(items: readonly unknown[]): readonly CallPiece[] {
    this.#heads.clear();
    const before = [...this.#calls];
    return items.flatMap((item) => {
      const piece = readPiece(item);
      const known = before.findIndex((call) => isSame(call, piece) && (call.id ?? piece.id) === (piece.id ?? call.id));
      if (known === -1) return this.#open(piece);
      before.splice(known, 1);
      return [];
    });
  }

  #addPiece(read: Piece): CallPiece | undefined {
    const piece = this.#withHead(read);
    const call = this.#callOf(piece);
    if (call !== undefined && !this.#begins(call, piece)) return this.#continue(call, piece);
    // Only an id, or the name of the previous call again: the next piece decides whether it starts a call.
    if (piece.text === '' && (piece.name === undefined || piece.name === call?.name)) {
      this.#heads.set(piece.index, piece);
      return undefined;
    }
    // The complete call again.
    if (call !== undefined && piece.id !== undefined && piece.id === call.id && isSame(call, piece)) return undefined;
    return this.#open(piece);
  }

  /** Returns a piece with the facts of its head, if that came separately. */
  #withHead(piece: Piece): Piece {
    const key = this.#heads.has(piece.index)
      ? piece.index
      : piece.index === undefined
        ? [...this.#heads.keys()].at(-1)
        : undefined;
    const head = this.#heads.get(key);
    if (head === undefined) return piece;
    this.#heads.delete(key);
    if (piece.id !== undefined && head.id !== undefined && piece.id !== head.id) return piece;
    const isJoined = piece.name !== undefined && head.name !== undefined && this.#canBe(head.name + piece.name);
    const name = isJoined ? `${head.name}${piece.name}` : (piece.name ?? head.name);
    return { index: piece.index ?? head.index, id: piece.id ?? head.id, name, text: piece.text };
  }

  /** Returns the call that a piece may belong to, or undefined when it certainly starts another one. */
  #callOf({ index, id, name, text }: Piece): Call | undefined {
    const numbered = index === undefined ? undefined : this.#atIndex.get(index);
    if (id === undefined) {
      if (numbered !== undefined) return numbered;
      // Some providers count pieces instead of calls.
      const isCounted = index !== undefined && name === undefined && text !== '' && this.#last !== undefined;
      if (index !== undefined) return isCounted && !isComplete(this.#last!) ? this.#last : undefined;
      return (name === undefined ? undefined : this.#underWay(name)) ?? this.#last;
    }
    if (numbered?.id === id) return numbered;
    const isThere = (call: Call): boolean => name === undefined || index === undefined || (call.index ?? index) === index;
    const known = this.#calls.findLast((call) => call.id === id && isThere(call));
    if (known !== undefined) return known;
    const near = numbered ?? (index === undefined ? this.#last : undefined);
    if (near === undefined || isComplete(near)) return undefined;
    const isLate = near.id === undefined && (name === undefined || name === near.name);
    // Some providers give every piece a new id.
    const isAnew = near.name !== '' && name === undefined && text !== '';
    return isLate || isAnew ? near : undefined;
  }

  /** Returns the call with this name whose arguments have started and are incomplete. */
  #underWay(name: string): Call | undefined {
    return this.#calls.findLast((call) => call.name === name && call.end !== '' && !isComplete(call));
  }

  /** Returns whether a piece with a name starts another call instead of continuing `call`. */
  #begins(call: Call, piece: Piece): boolean {
    const { id, name, text } = piece;
    if (name === undefined || call.name === '') return false;
    if (name === call.name) return isComplete(call) && (text === '' ? id === undefined : text.trim() !== '');
    if (call.arguments !== '') return true;
    if (this.#canBe(call.name + name)) return false;
    return this.#offered.includes(name) || !isSaid(piece);
  }

  /** Returns whether this is an offered name, or the start of one. */
  #canBe(start: string): boolean {
    return this.#offered.some((name) => name.startsWith(start));
  }

  #open(piece: Piece): CallPiece {
    const { index, id, name = '', text } = piece;
    const call: Call = { slot: this.#calls.length, index, id, name, arguments: text, end: endOf(text) };
    this.#calls.push(call);
    this.#touch(call, index);
    return { slot: call.slot, id, name: piece.name, arguments: text };
  }

  #continue(call: Call, { index, id, name, text }: Piece): CallPiece | undefined {
    this.#touch(call, index);
    const [idBefore, nameBefore] = [call.id, call.name];
    call.id ??= id;
    const isRepeated = name === call.name && (this.#offered.includes(name) || !this.#canBe(call.name + name));
    if (name !== undefined && !isRepeated) call.name += name;
    call.arguments += text;
    call.end = endOf(text) || call.end;
    if (text === '' && call.id === idBefore && call.name === nameBefore) return undefined;
    return {
      slot: call.slot,
      id: call.id === idBefore ? undefined : call.id,
      name: call.name === nameBefore ? undefined : call.name,
      arguments: text,
    };
  }

  #touch(call: Call, index: number | undefined): void {
    this.#last = call;
    if (index !== undefined) this.#atIndex.set(index, call);
  }
}

/** Returns the calls of a delta or message, from the current or the legacy field. */
export function callItems(delta: Readonly<Record<string, unknown>>): readonly unknown[] {
  const { tool_calls: calls, function_call: legacy } = delta;
  if (Array.isArray(calls) && calls.length > 0) return calls.filter(isObject);
  return isObject(legacy) ? [{ index: LEGACY_INDEX, function: legacy }] : [];
}

/**
 * Returns whether arguments came as an object instead of text: JSON.parse has rounded their numbers, so parse the chunk with
 * parseExact.
 */
export function hasObjectArguments(items: readonly unknown[]): boolean {
  return items.some((item) => isObject(item) && isObject(item['function']) && isObject(item['function']['arguments']));
}

function readPiece(item: unknown): Piece {
  const { index, id, function: given } = isObject(item) ? item : {};
  const called = isObject(given) ? given : {};
  return {
    index: indexOf(index),
    id: typeof id === 'number' ? String(id) : textOf(id),
    name: textOf(called['name']),
    text: argumentsText(called['arguments']),
  };
}

function indexOf(value: unknown): number | undefined {
  const index = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof index === 'number' && Number.isSafeInteger(index) && index >= LEGACY_INDEX ? index : undefined;
}

/** Returns arguments as JSON text. Some upstreams send the object itself. */
function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? exactJson(value) : '';
}

/** Returns whether a piece identifies its call by more than the name. */
function isSaid({ index, id }: Piece): boolean {
  return index !== undefined || id !== undefined;
}

function isSame(call: Call, { name = '', text }: Piece): boolean {
  return call.name === name && call.arguments === text;
}

function isComplete(call: Call): boolean {
  if (call.end !== '}') return false;
  try {
    JSON.parse(call.arguments);
    return true;
  } catch {
    return false;
  }
}

function endOf(text: string): string {
  return text.trimEnd().slice(-1);
}

/** The API uses null, a missing field and "" with the same meaning. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
