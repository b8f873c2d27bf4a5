import { bytesText } from '../../text/bytes.ts';
import { isUtf8 } from 'node:buffer';
import { fstatSync } from 'node:fs';
import { OrxError, usageError } from '../../errors.ts';
import { STANDARD_INPUT, withoutMark } from '../../text/utf8.ts';

/**
 * How long to wait for silent input when there is a prompt without it: programs that start orx often pass an input that nobody
 * writes to or closes. A shell pipe usually has a slow writer, a socket usually has none.
 */
const PIPE_SILENCE_MS = 30_000;
const SOCKET_SILENCE_MS = 2000;
/** Delay of the notice that orx waits for input. */
const NOTICE_MS = 2000;
const MAX_BYTES = 64 * 1024 * 1024;

export interface StdinOptions {
  words: readonly string[];
  isQuiet: boolean;
  /** How long to wait for silent input, without a notice. Default: as above. */
  silenceMs?: number | undefined;
  signal: AbortSignal;
  stdin: NodeJS.ReadStream;
  stderr: NodeJS.WriteStream;
}

/** See Context.readStdin. */
export async function readStdin(options: StdinOptions): Promise<string | undefined> {
  const bytes = await readStdinBytes(options);
  return bytes === undefined ? undefined : textOf(bytes);
}

/** Like readStdin, for any bytes. */
export async function readStdinBytes(options: StdinOptions): Promise<Buffer | undefined> {
  const isDemanded = options.words.includes('-');
  const kind = inputKind(options);
  if (kind === 'directory') throw usageError('standard input is a folder', 'pipe in text, or a file: orx chat - < FILE');
  if (kind === 'none' && !isDemanded) return undefined;
  const print = (text: string): void =>
    void (options.isQuiet || options.silenceMs !== undefined || options.stderr.write(`note: ${text}\n`));
  const mayBeIdle = !isDemanded && options.words.length > 0 && kind !== 'file';
  const silenceMs = mayBeIdle ? silenceOf(kind, options) : 0;
  const pieces: Buffer[] = [];
  let size = 0;
  const isRead = await new Promise<boolean>((resolve, reject) => {
    const { stdin, signal } = options;
    const timer = mayBeIdle ? setTimeout(() => settle(() => resolve(false)), silenceMs) : undefined;
    const notice =
      mayBeIdle && silenceMs > NOTICE_MS
        ? setTimeout(() => print('waiting for standard input; to send none, add < /dev/null'), NOTICE_MS)
        : undefined;
    const onAbort = (): void => settle(() => reject(signal.reason as Error));
    const onData = (piece: Buffer): void => {
      clearTimeout(timer);
      clearTimeout(notice);
      size += piece.length;
      pieces.push(piece);
      if (size > MAX_BYTES) settle(() => reject(usageError(`standard input is larger than ${bytesText(MAX_BYTES)}`)));
    };
    const onEnd = (): void => settle(() => resolve(true));
    const onError = (error: Error): void =>
      settle(() => reject(new OrxError('cannot read standard input', { kind: 'unexpected', cause: error })));
    function settle(finish: () => void): void {
      clearTimeout(timer);
      clearTimeout(notice);
      signal.removeEventListener('abort', onAbort);
      stdin.off('data', onData).off('end', onEnd).off('error', onError);
      stdin.pause();
      finish();
    }
    stdin.on('data', onData).on('end', onEnd).on('error', onError);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  if (!isRead) {
    options.stdin.destroy();
    print(
      `standard input sent nothing for ${Math.round(silenceMs / 1000)} s and is left out; to wait for it, add the argument -`,
    );
    return undefined;
  }
  return Buffer.concat(pieces);
}

/** The writer may be slow on a busy machine, so the limit grows with the load; the limit for pipes is long enough already. */
function silenceOf(kind: InputKind, { silenceMs }: StdinOptions): number {
  if (silenceMs !== undefined) return patientMs(silenceMs);
  return kind === 'socket' ? patientMs(SOCKET_SILENCE_MS) : PIPE_SILENCE_MS;
}

type InputKind = 'file' | 'pipe' | 'socket' | 'directory' | 'none';

/**
 * Terminals are for interactive use, and other devices such as /dev/null are empty; files, pipes and sockets may contain a prompt. Does not open the
 * stream, which takes time, where the system says what it is.
 */
function inputKind(options: Pick<StdinOptions, 'stdin'>): InputKind {
  if (process.platform === 'win32' && options.stdin.isTTY) return 'none';
  try {
    const stat = fstatSync(0);
    if (stat.isFile()) return 'file';
    if (stat.isFIFO()) return 'pipe';
    if (stat.isDirectory()) return 'directory';
    return stat.isSocket() ? 'socket' : 'none';
  } catch {
    // Standard input is closed.
    return 'none';
  }
}

/** Returns plain text as it is. For other data, throws an error that names its type. */
async function textOf(bytes: Buffer): Promise<string | undefined> {
  const isPlain = isUtf8(bytes) && !bytes.includes(0) && bytes.subarray(0, 5).toString('latin1') !== '%PDF-';
  const text = isPlain
    ? withoutMark(bytes.toString('utf8'))
    : (await import('../prompt/readable-text.ts')).readableText({ name: STANDARD_INPUT }, bytes);
  return text.trim() === '' ? undefined : text;
}

/** Maximum factor by which patientMs extends a wait. */
const MOST_TIMES = 15;

/**
 * Extends a wait for another process on this machine by the load of the machine, when more processes want to run than there are
 * CPUs. Unchanged where the system does not report its load.
 */
function patientMs(ms: number): number {
  const { availableParallelism, loadavg } = process.getBuiltinModule('node:os');
  const [load = 0] = loadavg();
  return Math.round(ms * Math.min(MOST_TIMES, Math.max(1, load / availableParallelism())));
}
