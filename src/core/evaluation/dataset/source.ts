import { usageError } from '../../../errors.ts';
import type { FileLane, NotRun, Origin, TestCase, UnreadableRow } from '../test-case.ts';

/** The files that an evaluation may read: the one that the user named, and what is below its folder. */
export interface EvaluationSource {
  /** Returns what a path is; undefined if there is nothing. Throws kind `usage` for a path outside of the folder. */
  kindOf: (path: string) => Promise<'file' | 'folder' | undefined>;
  /** Returns the text of a file. Throws kind `usage` with the reason: outside of the folder, missing, too large, not text. */
  readText: (path: string) => Promise<string>;
  /** Yields the text of a file in pieces, for files of any size. Throws like `readText`. */
  readPieces: (path: string) => AsyncIterable<string>;
  /** Returns the paths of the files below a folder that match a glob pattern, sorted. */
  glob: (folder: string, pattern: string) => Promise<readonly string[]>;
}

/** How an evaluation is read. */
export interface ReadingChoices {
  /** Column for `prompt`, `expected`, `id`, `label` or `system`, instead of the one that is found. */
  map?: Readonly<Record<string, string>> | undefined;
  /** Templates that replace the prompts of the file. */
  prompts?: readonly string[] | undefined;
  /** The type of the expectation that an expected text becomes. Default: by format and length. */
  expect?: string | undefined;
}

/** What a reader finds, in the order of the file. A test comes before its cases. */
export type ReadEvent = { kind: 'test' } | { kind: 'case'; testCase: TestCase } | { kind: 'unreadable'; row: UnreadableRow };

/** One format. */
export interface FormatReader {
  format: string;
  prompts: readonly string[];
  lanes?: readonly FileLane[] | undefined;
  /** Reads from the start, as often as it is called. */
  read: (notes: ReadingNotes) => AsyncIterable<ReadEvent>;
}

/** Facts about a file, without its cases. */
export class ReadingNotes {
  readonly #notRun = new Map<string, NotRun>();
  readonly #warnings = new Set<string>();
  readonly #summary: string[] = [];

  /** Notes something that is not run. With `of`, it is in `count` cases or tests; without, no single case is about it. */
  addNotRun(what: NotRun['what'], reference: string, reason: string, of?: NotRun['of'], count = 1): void {
    const key = `${what} ${reference}`;
    const known = this.#notRun.get(key) ?? { what, reference, reason, of, count: 0 };
    this.#notRun.set(key, known);
    known.of ??= of;
    if (of !== undefined) known.count += count;
  }

  /** Adds what one test does not run. It is counted once in each case of the test, however often it occurs there. */
  addNotRunOf(test: ReadingNotes, cases: number): void {
    for (const { what, reference, reason } of test.notRun) this.addNotRun(what, reference, reason, 'case', cases);
  }

  /** Each text is said once. */
  warn(text: string): void {
    this.#warnings.add(text);
  }

  say(text: string): void {
    if (!this.#summary.includes(text)) this.#summary.push(text);
  }

  get notRun(): readonly NotRun[] {
    return [...this.#notRun.values()];
  }

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  get summary(): readonly string[] {
    return this.#summary;
  }
}

export function unreadable(origin: Origin, reason: string): ReadEvent {
  // A reason may begin with the place, which is shown beside every reason.
  const place = `${placeText(origin)}: `;
  return { kind: 'unreadable', row: { origin, reason: reason.startsWith(place) ? reason.slice(place.length) : reason } };
}

/** Returns a place as text for errors. */
export function placeText({ file, line }: Origin): string {
  return line === undefined ? file : `${file}, line ${line}`;
}

/** Returns a value as an object with string keys, or undefined. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** Returns a list as it is, nothing as an empty list, and anything else as a list of itself. */
export function itemsIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** Returns text, numbers and booleans as text; undefined for anything else. */
export function scalarIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : undefined;
}

/** Returns a field that is a number, or undefined without one. Throws kind `usage` for anything else, because ignoring it would change what passes. */
export function numberField(fields: Readonly<Record<string, unknown>>, name: string, place: string): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  const number = numberIn(value);
  if (number === undefined || !Number.isFinite(number))
    throw usageError(`${place}: ${name} is not a number: ${shownValue(value)}`);
  return number;
}

function shownValue(value: unknown): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
