import { exactJson } from '../../text/exact-json.ts';
import { asObject, asText, type WireObject } from '../wire/wire-value.ts';

type Key = string | number;
type Container = Record<string, unknown> | unknown[];

/** One step of a JSON path: a name after a dot, an array index, or a quoted name in brackets. */
const STEP = /\.([^.[\]]+)|\[(\d{1,9})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;
const DEEPEST = 64;
/** Maximum number of array elements that a piece may skip. */
const WIDEST_GAP = 64;

/**
 * The arguments of a call that arrive in pieces, each with its JSON path. A text may arrive in several pieces with the same path.
 */
export class PartialArguments {
  readonly #root: Record<string, unknown>;
  /** The path whose text continues. */
  #open: string | undefined;

  /** `start`: the part that arrived complete. */
  constructor(start: WireObject = {}) {
    this.#root = plainObject(start);
  }

  /** Adds a piece. Returns false when it cannot be interpreted, so that the arguments are not what the model wrote. */
  add(item: unknown): boolean {
    const piece = asObject(item);
    const path = asText(piece?.['jsonPath']);
    const value = piece === undefined ? undefined : valueOf(piece);
    if (path === undefined || value === undefined) return false;
    const keys = keysOf(path);
    if (keys === undefined) return false;
    const place = this.#containerOf(keys);
    if (place === undefined) return false;
    const key = keys.at(-1)!;
    const before = read(place, key);
    const isMore = this.#open === path && typeof before === 'string' && typeof value === 'string';
    this.#open = piece?.['willContinue'] === true ? path : undefined;
    return write(place, key, isMore ? before + value : value);
  }

  /** Returns the arguments as JSON text. */
  text(): string {
    return exactJson(this.#root);
  }

  #containerOf(keys: readonly Key[]): Container | undefined {
    let container: Container = this.#root;
    for (const [index, key] of keys.slice(0, -1).entries()) {
      let inner = read(container, key);
      if (inner === undefined || inner === null) {
        inner = typeof keys[index + 1] === 'number' ? [] : plainObject();
        if (!write(container, key, inner)) return undefined;
      }
      if (typeof inner !== 'object' || inner === null) return undefined;
      container = inner as Container;
    }
    return container;
  }
}

/** Returns an object without a prototype, in which no name has a special meaning. */
function plainObject(fields: WireObject = {}): Record<string, unknown> {
  return Object.assign(Object.create(null) as Record<string, unknown>, fields);
}

function valueOf(piece: WireObject): unknown {
  if (typeof piece['stringValue'] === 'string') return piece['stringValue'];
  if (piece['numberValue'] !== undefined) return piece['numberValue'];
  if (piece['boolValue'] !== undefined) return piece['boolValue'];
  return 'nullValue' in piece ? null : undefined;
}

function keysOf(path: string): readonly Key[] | undefined {
  const keys: Key[] = [];
  STEP.lastIndex = path.startsWith('$') ? 1 : 0;
  while (STEP.lastIndex < path.length) {
    const [step, name, place, single, double] = STEP.exec(path) ?? [];
    if (step === undefined || keys.length === DEEPEST) return undefined;
    keys.push(place === undefined ? (name ?? (single ?? double ?? '').replaceAll(/\\(.)/g, '$1')) : Number(place));
  }
  return keys.length === 0 ? undefined : keys;
}

function read(container: Container, key: Key): unknown {
  if (Array.isArray(container)) return typeof key === 'number' ? container[key] : undefined;
  return Object.hasOwn(container, key) ? container[String(key)] : undefined;
}

/** Returns false when the place does not exist: a name in an array, or an index far beyond its end. */
function write(container: Container, key: Key, value: unknown): boolean {
  if (!Array.isArray(container)) {
    container[String(key)] = value;
    return true;
  }
  if (typeof key !== 'number' || key > container.length + WIDEST_GAP) return false;
  while (container.length < key) container.push(null);
  container[key] = value;
  return true;
}
