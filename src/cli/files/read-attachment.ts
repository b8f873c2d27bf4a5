import { bytesText } from '../../text/bytes.ts';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { ImageSize } from '../../core/tokens/image-tokens.ts';
import { OrxError, usageError } from '../../errors.ts';
import { attachHint } from '../../hints.ts';
import { utf8Text } from '../../text/utf8.ts';
import { imageSize } from './image-size.ts';

const MEGABYTE = 1024 * 1024;
const LARGEST_TEXT = 64 * MEGABYTE;
/** More than any service accepts for one image. */
const LARGEST_IMAGE = 64 * MEGABYTE;
/** A photo may contain a preview and color tables before its size. */
const IMAGE_HEAD = MEGABYTE;

const READ_FAILURES: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'cannot be read: permission denied',
  EPERM: 'cannot be read: permission denied',
  ENOTDIR: 'does not exist',
  ELOOP: 'is a broken symbolic link',
  EISDIR: 'is a folder',
};

/**
 * Returns the text of a file. Throws kind `usage` for anything but a regular file (a folder, a device, a pipe), for files over 64
 * MB, and for files that are not text. Checks the size before it reads.
 */
export async function readFileText(path: string): Promise<string> {
  const bytes = await readFileBytes(path, LARGEST_TEXT);
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-') {
    throw usageError(
      `cannot estimate the cost of ${path}: providers price PDF files differently`,
      'extract its text, or give its size: --in TOKENS',
    );
  }
  if (imageSize(bytes) !== undefined) throw usageError(`${path} is an image, not text`, attachHint('attach it', path));
  return utf8Text({ name: path, path }, bytes);
}

/**
 * Returns the bytes of a file. Throws kind `usage` for anything but a regular file, and for files over `largest` bytes. Checks
 * the size before it reads.
 */
export function readFileBytes(path: string, largest: number): Promise<Buffer> {
  return withFile(path, largest, (file, size) => readUpTo(file, path, size, largest));
}

/**
 * Returns the width and height of an image file; reads only its head. Throws kind `usage` like readFileText, and for other files.
 */
export async function readImageSize(path: string): Promise<ImageSize> {
  const head = await withFile(path, LARGEST_IMAGE, async (file, size) => {
    const buffer = Buffer.alloc(Math.min(size, IMAGE_HEAD));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  });
  const size = imageSize(head);
  if (size === undefined) throw usageError(`${path} is not a supported image`, 'use a PNG, JPEG, WebP or GIF file');
  return size;
}

/** Opens a file without waiting for the other end of a pipe, and checks its type before reading. */
async function withFile<T>(path: string, largest: number, read: (file: FileHandle, size: number) => Promise<T>): Promise<T> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (stat.isDirectory())
      throw usageError(`${path} is a folder`, {
        shell: 'name its files one by one: -f FILE -f FILE',
        session: 'attach its files one by one: /attach FILE',
      });
    if (!stat.isFile()) throw usageError(`${path} is a device or a pipe, not a file`, 'pipe it in: orx chat - < FILE');
    if (stat.size > largest) throw tooLarge(path, largest);
    return await read(file, stat.size);
  } catch (error) {
    throw readFailure(path, error);
  } finally {
    await file?.close();
  }
}

/** The file may grow while it is read, and system files have a size of 0. */
async function readUpTo(file: FileHandle, path: string, size: number, largest: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let total = 0;
  for (;;) {
    const buffer = Buffer.allocUnsafe(Math.max(4096, Math.min(size - total + 1, largest)));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return Buffer.concat(pieces);
    total += bytesRead;
    if (total > largest) throw tooLarge(path, largest);
    pieces.push(buffer.subarray(0, bytesRead));
  }
}

function tooLarge(path: string, largest: number): OrxError {
  return usageError(`${path} is larger than ${bytesText(largest)}`, 'use a part of it, or give its size: --in TOKENS');
}

function readFailure(path: string, error: unknown): OrxError {
  if (error instanceof OrxError) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  const reason = READ_FAILURES[code] ?? `cannot be read (${code || 'unknown reason'})`;
  return new OrxError(`${path} ${reason}`, { kind: 'usage', cause: error });
}
