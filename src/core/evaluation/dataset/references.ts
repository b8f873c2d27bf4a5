import { dirname, join } from 'node:path';
import { usageError } from '../../../errors.ts';
import { parseDataDocument, type ParsedDocument } from './documents.ts';
import type { EvaluationSource } from './source.ts';

const CODE = /\.(?:[cm]?[jt]sx?|py|rb|go|java|sh)(?::[\w$.]+)?$/i;
const DATA = /\.(?:txt|md|markdown|jsonl?|ndjson|ya?ml|csv|tsv|j2|prompt)$/i;
const GLOB = /[*?[\]{}]/;
/** Parts of files that are read once for all cases. */
const MOST_STORED = 500;

/** Returns whether a reference names code, which orx never loads. */
export function isCodeReference(text: string): boolean {
  return /^(?:exec|python|golang|ruby|package|webhook|javascript|node):/.test(text) || CODE.test(withoutScheme(text));
}

/** Returns whether a text names a file with data: `file://…`, or one line with a known ending. */
export function isFileReference(text: string): boolean {
  return text.startsWith('file://') || (DATA.test(text) && !/[\n{}]/.test(text) && text.length < 1000);
}

export function withoutScheme(text: string): string {
  return text.replace(/^file:\/\//, '');
}

/** Reads what a file refers to, relative to the file. */
export class References {
  readonly #source: EvaluationSource;
  readonly #texts = new Map<string, Promise<string>>();
  readonly #documents = new Map<string, Promise<ParsedDocument>>();

  constructor(source: EvaluationSource) {
    this.#source = source;
  }

  /** Returns the paths that a reference stands for: one, or those that match a glob. Throws kind `usage` if there is none. */
  async paths(reference: string, from: string): Promise<readonly string[]> {
    const path = withoutScheme(reference);
    const folder = dirname(from);
    if (!GLOB.test(path)) return [join(folder, path)];
    // The part without a pattern names the folder to search, which may be above this one.
    const steps = path.split('/');
    const first = steps.findIndex((step) => GLOB.test(step));
    const found = await this.#source.glob(join(folder, ...steps.slice(0, first)), steps.slice(first).join('/'));
    if (found.length === 0) throw usageError(`no file matches ${reference}`, `orx searches below ${folder}`);
    return found;
  }

  async kindOf(path: string): Promise<'file' | 'folder' | undefined> {
    return this.#source.kindOf(path);
  }

  readPieces(path: string): AsyncIterable<string> {
    return this.#source.readPieces(path);
  }

  /** Returns a file's text. Files are read once: variables of many tests may name the same one. */
  async text(path: string): Promise<string> {
    return stored(this.#texts, path, () => this.#source.readText(path));
  }

  async document(path: string): Promise<ParsedDocument> {
    return stored(this.#documents, path, async () => parseDataDocument(path, await this.#source.readText(path)));
  }

  /** Returns the content of a file: parsed JSON or YAML, otherwise text without the line break at its end. */
  async content(path: string): Promise<unknown> {
    if (/\.(?:json|ya?ml)$/i.test(path)) return (await this.document(path)).value;
    return (await this.text(path)).trim();
  }
}

async function stored<T>(map: Map<string, Promise<T>>, path: string, read: () => Promise<T>): Promise<T> {
  const known = map.get(path);
  if (known !== undefined) return known;
  if (map.size >= MOST_STORED) map.clear();
  const reading = read();
  map.set(path, reading);
  return reading;
}
