import { type ChildProcess, spawn } from 'node:child_process';
import { deserializeMessage, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { markNumbers, unmarkNumbers } from '../text/exact-json.ts';
import { endGroup, endWithLeader } from './process-group.ts';
import { startFailure } from './start-failure.ts';

const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
const MAX_ERROR_CHARACTERS = 2000;
const CLOSE_MS = 500;
const LINE_BREAK = 10;

/**
 * A transport to an MCP server that runs as a program, over its standard input and output. Unlike the client library's own
 * transport, it gives the program exactly the environment that the caller passes, and starts it in its own process group: Ctrl-C
 * in the terminal does not reach it, and closing the transport ends everything that the program has started.
 */
export class ProcessTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #argv: readonly [string, ...string[]];
  readonly #env: Readonly<Record<string, string>>;
  /** The start of an incomplete line. */
  #pieces: Buffer[] = [];
  #size = 0;
  #child: ChildProcess | undefined;
  #errors = '';

  constructor(argv: readonly [string, ...string[]], env: Readonly<Record<string, string>>) {
    this.#argv = argv;
    this.#env = env;
  }

  /** The end of the program's standard error. Untrusted. */
  get errors(): string {
    return this.#errors.trim();
  }

  start(): Promise<void> {
    const [program, ...args] = this.#argv;
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, { env: this.#env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
      this.#child = child;
      endWithLeader(child);
      child.on('spawn', resolve);
      child.on('error', (error) => {
        const failure = startFailure(error, program);
        reject(failure);
        this.onerror?.(failure);
      });
      child.on('close', () => {
        this.#child = undefined;
        this.onclose?.();
      });
      child.stdin.on('error', (error) => this.onerror?.(error));
      child.stdout.on('data', (piece: Buffer) => this.#read(piece));
      child.stderr.on('data', (piece: Buffer) => {
        this.#errors = (this.#errors + piece.toString()).slice(-MAX_ERROR_CHARACTERS);
      });
    });
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin;
    if (stdin === undefined || stdin === null || !stdin.writable) return Promise.reject(new Error('the server has stopped'));
    return new Promise((resolve) => {
      if (stdin.write(unmarkNumbers(serializeMessage(message)))) resolve();
      else stdin.once('drain', resolve).once('close', resolve);
    });
  }

  /** Closes the server's input, which should make it exit, and ends the server if it does not. */
  async close(): Promise<void> {
    const child = this.#child;
    this.#pieces = [];
    this.#size = 0;
    if (child === undefined || child.pid === undefined) return;
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    child.stdin?.end();
    const timer = setTimeout(() => endGroup(child), CLOSE_MS);
    await closed;
    clearTimeout(timer);
  }

  #read(piece: Buffer): void {
    let start = 0;
    for (let end = piece.indexOf(LINE_BREAK); end !== -1; end = piece.indexOf(LINE_BREAK, start)) {
      this.#pieces.push(piece.subarray(start, end));
      this.#receive(Buffer.concat(this.#pieces).toString());
      this.#pieces = [];
      this.#size = 0;
      start = end + 1;
    }
    this.#pieces.push(piece.subarray(start));
    this.#size += piece.length - start;
    if (this.#size <= MAX_MESSAGE_BYTES) return;
    this.onerror?.(new Error(`a message is longer than ${MAX_MESSAGE_BYTES} bytes`));
    if (this.#child !== undefined) endGroup(this.#child);
  }

  #receive(line: string): void {
    try {
      this.onmessage?.(deserializeMessage(markNumbers(line)));
    } catch (error) {
      // Not a message: servers print such lines by mistake.
      this.onerror?.(error as Error);
    }
  }
}
