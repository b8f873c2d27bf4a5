import type { Socket } from 'node:net';
import { monotonicMs } from '../monotonic.ts';

/** The part of a socket's handle with which Node itself stops and continues to read. */
interface Handle {
  reading: boolean;
  readStart: () => void;
  readStop: () => void;
}

/** So much in one interval is not text that is being written: reading on is faster. */
const MOST_BYTES = 32 * 1024;

/**
 * Reads the sockets of a client at intervals while a reply arrives that is only drawn. Waking the process for each token costs more
 * than everything that is done with it. Between two moments nothing is read from any socket: what arrives waits in the system's
 * buffers, and all of it is read at once. Sockets are only stopped after data has arrived, so the first piece after a silence is
 * read immediately.
 */
export class ReadRhythm {
  readonly #sockets = new Set<Socket>();
  #stopped: readonly Socket[] = [];
  #bytes = 0;
  #soon: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Adds an open socket, until it closes. */
  add(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => void this.#sockets.delete(socket));
  }

  /** Data has arrived: reads the next data at the next multiple of `ms`. */
  arrived(bytes: number, ms: number): void {
    this.#bytes += bytes;
    if (this.#timer !== undefined) return;
    // What other sockets have received by now is read before.
    this.#soon ??= setImmediate(() => this.#pause(ms));
  }

  /** Reads on at once. */
  resume(): void {
    clearImmediate(this.#soon);
    clearTimeout(this.#timer);
    [this.#soon, this.#timer] = [undefined, undefined];
    for (const socket of this.#stopped) setReading(socket, true);
    this.#stopped = [];
  }

  #pause(ms: number): void {
    this.#soon = undefined;
    const isMuch = this.#bytes > MOST_BYTES;
    this.#bytes = 0;
    if (isMuch) return;
    this.#stopped = [...this.#sockets].filter((socket) => setReading(socket, false));
    this.#timer = setTimeout(() => this.resume(), ms - (monotonicMs() % ms));
  }
}

/**
 * Starts or stops reading, as Node does in `socket.pause` for sockets with their own buffer. Returns false if nothing changed. With
 * a version of Node that has other handles, each piece is read when it arrives.
 */
function setReading(socket: Socket, isReading: boolean): boolean {
  const { _handle: handle } = socket as Socket & { _handle?: Partial<Handle> | null };
  if (handle?.readStart === undefined || handle.readStop === undefined || handle.reading !== !isReading) return false;
  handle.reading = isReading;
  if (isReading) handle.readStart();
  else handle.readStop();
  return true;
}
