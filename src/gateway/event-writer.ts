import type { ServerResponse } from 'node:http';
import type { StreamPiece } from './dialects/served-dialect.ts';
import { headerList } from './write-reply.ts';

/** Characters that trigger a write. */
const FLUSH_AT = 16_384;

/**
 * Writes server-sent events, or the pieces of a reply in another form. Combines those of one turn of the event loop into one
 * write, because a write costs more than a token. The head is sent with the first write, and `headers` is called then.
 */
export class EventWriter {
  readonly #response: ServerResponse;
  readonly #headers: () => Readonly<Record<string, string>>;
  #buffer = '';
  #isScheduled = false;
  #hasBegun = false;
  /** A single wait for all callers, so that listeners do not accumulate. */
  #draining: Promise<void> | undefined;

  constructor(response: ServerResponse, headers: () => Readonly<Record<string, string>>) {
    this.#response = response;
    this.#headers = headers;
  }

  /** Whether the reply has begun as a stream: later failures must be reported in it. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Whether the client reads more slowly than the gateway writes: wait for `drained` before the next event. */
  get isFull(): boolean {
    return this.#response.writableNeedDrain;
  }

  write(pieces: readonly StreamPiece[]): void {
    for (let at = 0; at < pieces.length; at += 1) this.#add(pieceText(pieces[at]!));
  }

  /**
   * Resolves when the client has caught up or disconnected. Disconnects a client that reads nothing for `stallMs`, because it
   * keeps a paid answer waiting.
   */
  drained(stallMs: number): Promise<void> {
    return (this.#draining ??= new Promise((resolve) => {
      const timer = setTimeout(() => this.#response.destroy(), stallMs);
      const done = (): void => {
        clearTimeout(timer);
        this.#response.off('drain', done);
        this.#response.off('close', done);
        this.#draining = undefined;
        resolve();
      };
      this.#response.on('drain', done);
      this.#response.on('close', done);
    }));
  }

  end(): void {
    this.#writeHead();
    this.#response.end(this.#take());
  }

  /** Sends the pending data and breaks the connection off mid-reply. */
  cut(): void {
    this.#writeHead();
    this.#response.write(this.#take(), () => this.#response.destroy());
  }

  #add(text: string): void {
    this.#hasBegun = true;
    this.#buffer += text;
    if (this.#buffer.length >= FLUSH_AT) return this.#flush();
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#buffer === '' || this.#response.writableEnded || this.#response.destroyed) return;
    this.#writeHead();
    this.#response.write(this.#take());
  }

  #take(): string {
    const text = this.#buffer;
    this.#buffer = '';
    return text;
  }

  #writeHead(): void {
    if (this.#response.headersSent) return;
    this.#response.writeHead(200, headerList(this.#headers(), DEFAULTS));
  }
}

const DEFAULTS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
  'x-content-type-options': 'nosniff',
};

function pieceText(piece: StreamPiece): string {
  if ('text' in piece) return piece.text;
  return 'comment' in piece ? `: ${piece.comment}\n\n` : eventText(piece);
}

function eventText({ event, data }: Extract<StreamPiece, { data: string }>): string {
  if (event === undefined && !data.includes('\n') && !data.includes('\r')) return `data: ${data}\n\n`;
  const name = event === undefined ? '' : `event: ${event}\n`;
  // A line break inside the data would end its line.
  const lines = data.includes('\n') || data.includes('\r') ? data.replace(/\r\n?|\n/g, '\ndata: ') : data;
  return `${name}data: ${lines}\n\n`;
}
