import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { pid } from 'node:process';
import { processScope } from './files/file-lock.ts';
import { isRunning } from './files/owner.ts';
import { makePrivateFolder } from './files/private-mode.ts';

/** What a process derives from a log: the same in every process that has applied the same lines. */
export interface LogReplica {
  /** Ignores a line that it cannot read: it may be damaged. */
  apply: (line: string) => void;
  /** Returns the state as one line of text. */
  snapshot: () => string;
  /** Replaces the state. */
  restore: (snapshot: string) => void;
}

/** A log of lines that several processes write and read at once, all in the same order. */
export interface SharedLog {
  /** Names this process in lines. Without spaces. */
  owner: string;
  /** Appends a line and applies all lines that are new, in the order of the log, up to this one or later. The line must not repeat. */
  append: (line: string) => void;
  /** Appends a line that is applied later. */
  tell: (line: string) => void;
  /** Returns whether the process with this name has certainly ended. */
  isGone: (owner: string) => boolean;
  close: () => void;
}

export interface SharedLogOptions {
  folder: string;
  /** In milliseconds. Default: the clock of the process. */
  monotonic?: (() => number) | undefined;
  /** The size after which a new file begins. Default: 4 MB. */
  longestBytes?: number | undefined;
}

const LONGEST_BYTES = 4 * 1024 * 1024;
const BUFFER_BYTES = 64 * 1024;
/** How often to check whether the file was deleted, and when to try again after a failure. */
const CHECK_MS = 1000;
const SEAL = 'seal';
/** Ends each line: a line that was written only in part, because the disk was full, does not count. */
const END = ';';
const SNAPSHOT = 'snapshot ';
const FILE = /^(\d{1,12})\.log$/;
const MOST_TRIES = 5;
const { O_APPEND, O_CREAT, O_RDWR } = constants;
const EXISTING = O_APPEND | O_RDWR;
const CREATED = EXISTING | O_CREAT;

/**
 * Opens a log in a folder. Appending to a file is atomic, so its lines have one order, and no process waits for another. A full file is ended by a
 * seal; lines after a seal do not count, and their process appends them to the next file, which begins with a snapshot. If the files cannot be
 * used, the lines apply to this process alone. Never throws.
 */
export function openSharedLog(replica: LogReplica, options: SharedLogOptions): SharedLog {
  return new FileLog(replica, options);
}

class FileLog implements SharedLog {
  readonly owner: string;
  readonly #replica: LogReplica;
  readonly #folder: string;
  readonly #monotonic: () => number;
  readonly #longestBytes: number;
  readonly #scope: string;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  /** Own lines that were appended and not yet read. */
  readonly #pending = new Set<string>();
  /** The own line that was read last. */
  #applied: string | undefined;
  #file: { descriptor: number; number: number } | undefined;
  #offset = 0;
  /** The start of a line that was not read completely. */
  #rest = '';
  /** From this size on, the file ends. */
  #sealAt = 0;
  #checkAt = 0;
  #failedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(
    replica: LogReplica,
    { folder, monotonic = () => performance.now(), longestBytes = LONGEST_BYTES }: SharedLogOptions,
  ) {
    this.#replica = replica;
    this.#folder = folder;
    this.#monotonic = monotonic;
    this.#longestBytes = longestBytes;
    this.#scope = createHash('sha256').update(processScope()).digest('hex').slice(0, 12);
    this.owner = `${pid}-${this.#scope}-${randomBytes(4).toString('hex')}`;
    this.#tried(undefined, () => this.#read());
  }

  append(line: string): void {
    this.#tried(line, () => {
      this.#write(line);
      for (let tries = 0; this.#pending.has(line); tries += 1) {
        if (tries === MOST_TRIES) throw new Error('the line is not in the log');
        this.#read();
      }
    });
  }

  tell(line: string): void {
    this.#tried(line, () => this.#write(line));
    // A line after a seal counts only when its process has read the seal, and this process may write no other line.
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#pending.size > 0) this.#tried(undefined, () => this.#read());
    }, CHECK_MS).unref();
  }

  isGone(owner: string): boolean {
    const [id = '', scope] = owner.split('-');
    return scope === this.#scope && !isRunning(Number(id));
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#closeFile();
  }

  /** If the files cannot be used, applies the line, and those that were not read yet, to this process alone. */
  #tried(line: string | undefined, work: () => void): void {
    if (!this.#isClosed && this.#monotonic() - this.#failedAt >= CHECK_MS) {
      try {
        this.#open();
        return work();
      } catch {
        this.#failedAt = this.#monotonic();
        this.#closeFile();
      }
    }
    if (line !== undefined && line !== this.#applied) this.#pending.add(line);
    for (const one of this.#pending) this.#replica.apply(one);
    this.#pending.clear();
  }

  #closeFile(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) closeSync(file.descriptor);
  }

  #write(line: string): void {
    this.#pending.add(line);
    this.#put(line);
  }

  #put(line: string): void {
    // The first line break ends a line that another process wrote only in part.
    writeSync(this.#file!.descriptor, `\n${line}${END}\n`, null, 'latin1');
  }

  /** Opens the latest file, unless it is open and still exists. */
  #open(): void {
    if (this.#file !== undefined && this.#monotonic() < this.#checkAt) return;
    this.#checkAt = this.#monotonic() + CHECK_MS;
    if (this.#file !== undefined && fstatSync(this.#file.descriptor).nlink > 0) return;
    makePrivateFolder(this.#folder);
    this.#useLatest();
  }

  #useLatest(): void {
    for (let tries = 1; ; tries += 1) {
      const number = this.#latest();
      try {
        // A file that was deleted since the folder was listed must not be created again.
        return this.#use(Math.max(0, number), number < 0 ? CREATED : EXISTING);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === MOST_TRIES) throw error;
      }
    }
  }

  #use(number: number, flags: number): void {
    const descriptor = openSync(this.#path(number), flags, 0o600);
    this.#closeFile();
    this.#file = { descriptor, number };
    this.#offset = 0;
    this.#rest = '';
    this.#sealAt = this.#longestBytes;
    if (number === 0) this.#replica.restore('');
  }

  #read(): void {
    for (;;) {
      const bytes = readSync(this.#file!.descriptor, this.#buffer, 0, BUFFER_BYTES, this.#offset);
      if (bytes === 0) break;
      this.#offset += bytes;
      const lines = (this.#rest + this.#buffer.toString('latin1', 0, bytes)).split('\n');
      this.#rest = lines.pop() ?? '';
      if (this.#apply(lines)) this.#advance();
    }
    if (this.#offset <= this.#sealAt) return;
    this.#put(SEAL);
    this.#read();
  }

  /** Returns whether there is a seal; lines after it do not count. */
  #apply(lines: readonly string[]): boolean {
    for (const written of lines) {
      if (!written.endsWith(END)) continue;
      const line = written.slice(0, -END.length);
      if (line === SEAL) return true;
      if (line.startsWith(SNAPSHOT)) {
        this.#sealAt = this.#longestBytes + line.length;
        this.#replica.restore(line.slice(SNAPSHOT.length));
      } else {
        if (this.#pending.delete(line)) this.#applied = line;
        this.#replica.apply(line);
      }
    }
    return false;
  }

  /** Begins the next file, if no other process has, and appends the own lines that did not count. */
  #advance(): void {
    const { number } = this.#file!;
    if (this.#latest() <= number) {
      const path = this.#path(number + 1);
      const beside = `${path}.${this.owner}.tmp`;
      writeFileSync(beside, `${SNAPSHOT}${this.#replica.snapshot()}${END}\n`, { mode: 0o600 });
      try {
        linkSync(beside, path);
      } catch (error) {
        // Another process was faster. Its snapshot is the same.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      } finally {
        rmSync(beside, { force: true });
      }
      // Processes that still read this file find the next one. Older files, and one that a slow process has created again, are of no use.
      for (const old of this.#numbers()) if (old < number) rmSync(this.#path(old), { force: true });
    }
    this.#useLatest();
    for (const line of this.#pending) this.#put(line);
  }

  #path(number: number): string {
    return join(this.#folder, `${number}.log`);
  }

  /** Returns the number of the latest file, or -1. */
  #latest(): number {
    return Math.max(-1, ...this.#numbers());
  }

  #numbers(): readonly number[] {
    return readdirSync(this.#folder)
      .flatMap((name) => FILE.exec(name)?.[1] ?? [])
      .map(Number);
  }
}
