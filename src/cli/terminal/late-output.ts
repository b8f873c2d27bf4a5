import { constants, fstatSync, openSync, writeSync } from 'node:fs';

const FILES = { stdout: 1, stderr: 2 } as const;

/**
 * To a socket, which is what a program that Node starts gets for a pipe, a write may wait for its reader. So few and short texts are written this
 * way that they fit into its buffer: a small text takes up to a kilobyte of some 200.
 */
const SOCKET_LIMITS = { writes: 32, bytes: 64 * 1024 };

/** An output that can be written without Node's streams. */
interface PlainFile {
  file: number;
  limits?: { writes: number; bytes: number };
}

/**
 * Returns standard output or standard error if it is a pipe, a socket or a file, as a stream that Node opens only when something else than writing
 * needs it: loading its streams takes 4 to 5 ms of processor time, and most commands only write some lines. Undefined if it has to be opened at
 * once.
 *
 * What cannot be written immediately goes to Node's stream, with everything after it: the rest of a text if the reader is slow, and the whole text
 * if writing fails, so that Node's stream reports the error.
 */
export function openLate(name: keyof typeof FILES): NodeJS.WriteStream | undefined {
  const plain = plainFile(name);
  if (plain === undefined) return undefined;
  let opened: NodeJS.WriteStream | undefined;
  const open = (): NodeJS.WriteStream => (opened ??= process[name]);
  const write = (piece: string | Uint8Array, ...more: readonly unknown[]): boolean => {
    // Node's stream knows encodings, and tells when a text is written.
    const rest = opened !== undefined || more.length > 0 ? piece : unwritten(plain, piece);
    return rest.length === 0 && opened === undefined ? true : Reflect.apply(open().write, open(), [rest, ...more]);
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
function unwritten({ file, limits }: PlainFile, piece: string | Uint8Array): Uint8Array {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
  if (limits !== undefined) {
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
    if (facts.isFile()) return { file };
    if (facts.isSocket()) return { file, limits: { ...SOCKET_LIMITS } };
    if (!facts.isFIFO()) return undefined;
    // A pipe is opened once more, because the programs that started this one share its flags.
    return { file: openSync(`/proc/self/fd/${file}`, constants.O_WRONLY | constants.O_NONBLOCK) };
  } catch {
    return undefined;
  }
}
