import { bytesText } from '../../text/bytes.ts';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedText } from '../../core/request/fenced-text.ts';
import { usageError } from '../../errors.ts';
import type { FetchedFile } from '../../http/fetch-file.ts';
import { readFileBytes } from '../files/read-attachment.ts';
import { readableText } from './readable-text.ts';
import { readFailure } from '../../text/file-failure.ts';

const LARGEST_TEXT = 16 * 1024 * 1024;
const MOST_FILES = 500;
/** Maximum lines of a listing, which states how many more there are. */
const MOST_LISTED = 2000;
/** Folders that patterns and listings leave out. */
const LEFT_OUT = ['.git', 'node_modules'];

export type FetchBytes = (address: string, maxBytes: number) => Promise<FetchedFile>;

/** See PromptServices.readTexts. */
export async function readTextSources(source: string, fetchBytes: FetchBytes): Promise<readonly NamedText[]> {
  if (isAddress(source)) {
    const { bytes, charset } = await fetchBytes(source, LARGEST_TEXT);
    return [{ name: source, text: readableText({ name: source }, bytes, charset) }];
  }
  const match = await stat(source).catch(() => undefined);
  if (match?.isDirectory() === true) return [{ name: source, text: await folderListing(source) }];
  if (match === undefined && /[*?[\]{}!]/.test(source)) return readMatches(source);
  return [await readOne(source)];
}

/** Returns whether a source is a URL rather than a path. */
export function isAddress(source: string): boolean {
  return /^https?:\/\//i.test(source);
}

async function readOne(path: string): Promise<NamedText> {
  return { name: path, text: readableText({ name: path, path }, await readFileBytes(path, LARGEST_TEXT)) };
}

async function readMatches(pattern: string): Promise<readonly NamedText[]> {
  const { glob } = await import('tinyglobby');
  const ignore = LEFT_OUT.map((name) => `**/${name}/**`);
  const paths = (
    await glob(pattern, { ignore, onlyFiles: true, followSymbolicLinks: false, expandDirectories: false })
  ).toSorted();
  if (paths.length === 0)
    throw usageError(`no files match ${pattern}`, 'quote the pattern, so that orx expands it instead of the shell');
  if (paths.length > MOST_FILES) throw usageError(`${paths.length} files match ${pattern}; the maximum is ${MOST_FILES}`);
  const texts: NamedText[] = [];
  let size = 0;
  for (const path of paths) {
    const one = await readOne(path);
    size += one.text.length;
    if (size > LARGEST_TEXT)
      throw usageError(`the files that match ${pattern} are larger than ${bytesText(LARGEST_TEXT)} in total`);
    texts.push(one);
  }
  return texts;
}

/** Lists the paths below a folder, except hidden ones. Folders end with a slash. */
async function folderListing(folder: string): Promise<string> {
  const lines: string[] = [];
  let more = 0;
  const walk = async (path: string, prefix: string): Promise<void> => {
    const entries = await readdir(path, { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || LEFT_OUT.includes(entry.name)) continue;
      const line = `${prefix}${entry.name}${entry.isDirectory() ? '/' : ''}`;
      if (lines.length < MOST_LISTED) lines.push(line.replace(/\p{Cc}/gu, ' '));
      else more += 1;
      // When the listing is full, do not descend further.
      if (entry.isDirectory() && more === 0) await walk(join(path, entry.name), line);
    }
  };
  try {
    await walk(folder, '');
  } catch (error) {
    throw usageError(`cannot list ${folder} (${readFailure(error)})`);
  }
  if (more > 0) lines.push(`… and more: only the first ${MOST_LISTED} are listed`);
  return lines.length === 0 ? '(empty)\n' : `${lines.join('\n')}\n`;
}
