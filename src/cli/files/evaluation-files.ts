import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { EvaluationSource } from '../../core/evaluation/dataset/source.ts';
import { OrxError, usageError, withFacts } from '../../errors.ts';
import { wideEncoding } from '../../text/likely-encoding.ts';
import { notUtf8 } from '../../text/utf8.ts';
import { readFailure } from '../../text/file-failure.ts';

/** A file that is not read in rows is in memory as a whole, several times while it is parsed. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_FILES = 10_000;
const NEWLINE = 0x0a;

export interface EvaluationFilesOptions {
  /** What the user named: it may be read wherever it is. */
  path: string;
  /** The folder whose files it may refer to. Default: the folder itself, or the folder of the file. */
  below?: string | undefined;
  /** The encoding of all files, as `TextDecoder` names it. Default: UTF-8, or UTF-16 if the file has its byte order mark. */
  encoding?: string | undefined;
}

/**
 * Opens the files of an evaluation. A file from elsewhere must not make orx read, and send to a model, what the user did not name: links are followed
 * first, and what is outside of the folder is refused. Throws kind `usage` for an unknown encoding.
 */
export async function openEvaluationFiles({ path, below, encoding }: EvaluationFilesOptions): Promise<EvaluationSource> {
  if (encoding !== undefined) decoderFor(encoding);
  const named = await realOr(path);
  const isFolder = named !== undefined && (await stat(named)).isDirectory();
  const root = below === undefined ? (isFolder ? named : await realOr(dirname(path))) : await realOr(below);
  if (below !== undefined && root === undefined) throw usageError(`${below} does not exist`, 'check the path');
  const check = async (wanted: string): Promise<string | undefined> => {
    const real = await realOr(wanted);
    if (real === undefined || real === named || isBelow(root, real)) return real;
    throw usageError(
      `${wanted} is outside of ${root}`,
      'name a folder that contains all files of the evaluation: --files-below DIR',
    );
  };
  const readable = async (wanted: string): Promise<string> => {
    const real = await check(wanted);
    if (real === undefined) throw usageError(`${wanted} does not exist`, 'check the name in the file that refers to it');
    const found = await stat(real);
    if (found.isFile()) return real;
    throw usageError(`${wanted} is ${found.isDirectory() ? 'a folder' : 'not a file'}`);
  };
  const source: EvaluationSource = {
    async kindOf(wanted) {
      const real = await check(wanted);
      if (real === undefined) return undefined;
      return (await stat(real)).isDirectory() ? 'folder' : 'file';
    },
    async readText(wanted) {
      const real = await readable(wanted);
      const { size } = await stat(real);
      if (size > MOST_BYTES)
        throw usageError(`${wanted} is larger than 64 MB`, 'use a format with one row per line: JSONL or CSV');
      let text = '';
      for await (const piece of decoded(wanted, real, encoding)) text += piece;
      return text;
    },
    async *readPieces(wanted) {
      yield* decoded(wanted, await readable(wanted), encoding);
    },
    async glob(folder, pattern) {
      const real = await check(folder);
      if (real === undefined) return [];
      const { glob } = await import('tinyglobby');
      const found = await glob(pattern, {
        cwd: real,
        onlyFiles: true,
        dot: false,
        followSymbolicLinks: false,
        expandDirectories: false,
      });
      if (found.length > MOST_FILES)
        throw usageError(`${pattern} matches more than ${MOST_FILES} files`, 'use a narrower pattern');
      return found.toSorted((a, b) => (a < b ? -1 : 1)).map((name) => join(folder, name));
    },
  };
  return source;
}

/** Yields the text of a file without a byte order mark. Bytes that are not text in the encoding are an error with their line. */
async function* decoded(name: string, path: string, encoding: string | undefined): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let lines = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    decoder ??= decoderFor(encoding ?? wideLabel(chunk) ?? 'utf-8');
    try {
      yield decoder.decode(chunk, { stream: true });
    } catch (error) {
      throw undecodable(error, { name, encoding, chunk, lines });
    }
    if (decoder.encoding === 'utf-8' && chunk.includes(0)) throw undecodable(undefined, { name, encoding, chunk, lines });
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) lines += 1;
  }
  try {
    const rest = decoder?.decode() ?? '';
    if (rest !== '') yield rest;
  } catch (error) {
    throw undecodable(error, { name, encoding, chunk: Buffer.of(0xff), lines });
  }
}

interface BadPlace {
  name: string;
  encoding: string | undefined;
  chunk: Buffer;
  lines: number;
}

function undecodable(error: unknown, { name, encoding, chunk, lines }: BadPlace): unknown {
  if (error !== undefined && !(error instanceof TypeError)) return error;
  if (encoding !== undefined)
    return usageError(`${name} is not ${encoding} text (after line ${lines})`, 'name its encoding: --encoding windows-1252');
  const plain = notUtf8({ name, path: name }, chunk, lines);
  const label = /looks like ([\w-]+)/.exec(plain.message)?.[1]?.toLowerCase();
  return withFacts(plain, { hints: [`name its encoding: --encoding ${label ?? 'ENCODING'}`, ...plain.hints] });
}

function wideLabel(bytes: Buffer): string | undefined {
  switch (wideEncoding(bytes)?.name) {
    case 'UTF-16':
      return bytes[0] === 0xfe ? 'utf-16be' : 'utf-16le';
    case 'UTF-16LE':
      return 'utf-16le';
    case 'UTF-16BE':
      return 'utf-16be';
    default:
      return undefined;
  }
}

function decoderFor(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw usageError(`unknown encoding "${label}"`, 'use a name such as utf-8, utf-16le, windows-1252 or shift_jis');
  }
}

/** Returns the path without links, or undefined if there is nothing. Throws kind `usage` for what cannot be reached. */
async function realOr(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new OrxError(`cannot read ${path} (${readFailure(error)})`, {
      kind: 'usage',
      hints: ['check its name and permissions'],
    });
  }
}

function isBelow(root: string | undefined, real: string): boolean {
  if (root === undefined) return false;
  const way = relative(root, real);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !/^(?:[A-Za-z]:)?[\\/]/.test(way));
}
