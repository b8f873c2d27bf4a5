import { exactJson } from '../../text/exact-json.ts';
import { asObject, asText, type WireObject } from '../wire/wire-value.ts';

type Key = string | number;
type Container = Record<string, unknown> | unknown[];

/** One step of a JSON path: a name behind a dot, a place in an array, or a name in brackets and quotes. */
const STEP = /\.([^.[\]]+)|\[(\d{1,9})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;
const DEEPEST = 64;
/** Places of an array that a piece may leave empty before its own. */
const WIDEST_GAP = 64;

/** The arguments of a call that come in pieces, each with the JSON path of its place. Text may come in several pieces of the same place. */
export class PartialArguments {
  readonly #root: Record<string, unknown>;
  /** The path whose text goes on. */
  #open: string | undefined;

  /** `start`: what has come as a whole. */
  constructor(start: WireObject = {}) {
    this.#root = plainObject(start);
  }

  /** Adds a piece. False: it cannot be understood, so that the arguments are not what the model wrote. */
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

  /** As JSON text. */
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

/** An object in which every name is only a name. */
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

/** False where the place does not exist: a name in an array, or far behind its end. */
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
