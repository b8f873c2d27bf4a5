import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from './files/replace-file.ts';
import { shortHash } from '../text/short-hash.ts';

/** The usual list of a catalogue as text, which takes longer to make than to print. */
export interface KeptList {
  text: string;
  /** How many models it has, and the catalogue. */
  count: number;
  total: number;
}

/** What a kept list was made from. */
export interface ListOrigin {
  /** The API of the catalogue. */
  source: string;
  /** When the stored copy of the catalogue was fetched, which identifies it. */
  fetchedAt: number;
  /** Everything else that the text depends on. */
  maker: string;
}

type Facts = Partial<ListOrigin> & { count?: unknown; total?: unknown; length?: unknown };

const LARGEST = 4 * 1024 * 1024;

/** Returns the kept list, if it was made from exactly this origin. Undefined for a missing, damaged or incomplete file. */
export function readKeptList(folder: string, origin: ListOrigin): KeptList | undefined {
  try {
    const content = readFileSync(pathOf(folder, origin), 'utf8');
    if (content.length > LARGEST) return undefined;
    const end = content.indexOf('\n');
    const text = content.slice(end + 1);
    const { count, total, length, ...made } = JSON.parse(content.slice(0, end)) as Facts;
    const isThis = made.source === origin.source && made.fetchedAt === origin.fetchedAt && made.maker === origin.maker;
    if (!isThis || length !== text.length || typeof count !== 'number' || typeof total !== 'number') return undefined;
    return { text, count, total };
  } catch {
    return undefined;
  }
}

/** Keeps a list in place of the previous one of the same API. An error is ignored: the list is then made again. */
export function writeKeptList(folder: string, { source, fetchedAt, maker }: ListOrigin, { text, count, total }: KeptList): void {
  try {
    const facts = JSON.stringify({ source, fetchedAt, maker, count, total, length: text.length });
    replaceFile(pathOf(folder, { source }), `${facts}\n${text}`);
  } catch {
    // See above.
  }
}

function pathOf(folder: string, { source }: Pick<ListOrigin, 'source'>): string {
  return join(folder, `list-${shortHash(source)}`);
}
