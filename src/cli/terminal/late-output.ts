import { constants, fstatSync, openSync, readFileSync, writeSync } from 'node:fs';

const FILES = { stdout: 1, stderr: 2 } as const;

/**
 * To a socket, which is what a program that Node starts gets for a pipe, a write may wait for its reader until Node's stream is open. So few and
 * short texts are written this way before that they fit into its buffer: a small text takes up to a kilobyte of some 200.
 */
const SOCKET_LIMITS = { writes: 32, bytes: 64 * 1024 };

/** An output that can be written without Node's streams. */
interface PlainFile {
  file: number;
  /** What may be written before Node's stream is open. */
  limits?: { writes: number; bytes: number };
  /** Returns whether a write never waits for the reader while Node's stream is open. */
  neverWaits: () => boolean;
}

/**
 * Returns standard output or standard error if it is a pipe, a socket or a file, as a stream that Node opens only when something else than writing
 * needs it: loading its streams takes 4 to 5 ms of processor time, and most commands only write some lines. Undefined if it has to be opened at
 * once.
 *
 * What cannot be written immediately goes to Node's stream: the rest of a text if the reader is slow, and the whole text if writing fails, so that
 * Node's stream reports the error. What follows goes there too while something waits in it; writing past it takes half of the time.
 */
export function openLate(name: keyof typeof FILES): NodeJS.WriteStream | undefined {
  const plain = plainFile(name);
  if (plain === undefined) return undefined;
  let opened: NodeJS.WriteStream | undefined;
  const open = (): NodeJS.WriteStream => (opened ??= process[name]);
  let neverWaits: boolean | undefined;
  const isIdle = (stream: NodeJS.WriteStream): boolean =>
    stream.writableLength === 0 && !stream.destroyed && stream.writable && (neverWaits ??= plain.neverWaits());
  const write = (piece: string | Uint8Array, ...more: readonly unknown[]): boolean => {
    // Node's stream knows encodings, and tells when a text is written.
    if (more.length > 0 || (opened !== undefined && !isIdle(opened)))
      return Reflect.apply(open().write, open(), [piece, ...more]);
    const rest = unwritten(plain, piece, opened !== undefined);
    return rest.length === 0 ? true : open().write(rest);
  };
  /** What is known while nothing has been opened. */
  const early = new Map<string | symbol, unknown>([
    ['isTTY', undefined],
    ['columns', undefined],
    ['rows', undefined],
    ['destroyed', false],
    ['writable', true],
    ['writableNeedDrain', false],
  ]);
  return new Proxy({} as NodeJS.WriteStream, {
    get(_, key) {
      if (key === 'write') return write;
      if (opened === undefined && early.has(key)) return early.get(key);
      const value: unknown = Reflect.get(open(), key);
      return typeof value === 'function' ? (value.bind(open()) as unknown) : value;
    },
    set: (_, key, value) => Reflect.set(open(), key, value),
    has: (_, key) => Reflect.has(open(), key),
  });
}

/** Writes a text. Returns what could not be written now. */
function unwritten({ file, limits }: PlainFile, piece: string | Uint8Array, isOpen: boolean): Uint8Array {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
  if (limits !== undefined && !isOpen) {
    limits.writes -= 1;
    limits.bytes -= bytes.length;
    if (limits.writes < 0 || limits.bytes < 0) return bytes;
  }
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(file, bytes, written);
  } catch {
    // Node's stream tries again.
  }
  return bytes.subarray(written);
}

/** Undefined on systems other than Linux, where nothing is known about waiting writes, and if the stream of the process is not the one of Node. */
function plainFile(name: keyof typeof FILES): PlainFile | undefined {
  const file = FILES[name];
  if (process.platform !== 'linux' || Object.getOwnPropertyDescriptor(process, name)?.get === undefined) return undefined;
  try {
    const facts = fstatSync(file);
    if (facts.isFile()) return { file, neverWaits: () => false };
    if (facts.isSocket()) return { file, limits: { ...SOCKET_LIMITS }, neverWaits: () => isNonBlocking(file) };
    if (!facts.isFIFO()) return undefined;
    // A pipe is opened once more, because the programs that started this one share its flags.
    return { file: openSync(`/proc/self/fd/${file}`, constants.O_WRONLY | constants.O_NONBLOCK), neverWaits: () => true };
  } catch {
    return undefined;
  }
}

/** Node makes the socket of its stream nonblocking. */
function isNonBlocking(file: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${file}`, 'latin1'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & constants.O_NONBLOCK) !== 0;
  } catch {
    return false;
  }
}
