import { basename } from 'node:path';
import { type LoadedConfig, loadConfig } from '../../core/gateway-config/load.ts';
import { OrxError } from '../../errors.ts';
import type { Context } from '../context.ts';

/** A delay before reading, because an editor may write a file in several steps. */
const SETTLE_MS = 100;

/** The configuration file of a gateway, in the last version read. */
export class Configuration {
  readonly #path: string;
  readonly #context: Context;
  #text = '';
  #current: LoadedConfig;
  #notes: string[];
  #apply: (config: LoadedConfig) => Promise<void> | void = () => undefined;
  #close: () => void = () => undefined;
  /** Reads are sequential. */
  #reading: Promise<void> = Promise.resolve();

  private constructor(path: string, text: string, context: Context) {
    this.#path = path;
    this.#context = context;
    this.#text = text;
    this.#current = loadConfig(basename(path), text, context.env);
    this.#notes = [...this.#current.notes];
  }

  /** Opens a file. Throws kind `usage` if it cannot be read or is not valid. */
  static async open(path: string, context: Context): Promise<Configuration> {
    return new Configuration(path, await context.files.readFileText(path), context);
  }

  get current(): LoadedConfig {
    return this.#current;
  }

  /** Returns the notes since the last call, one line each. */
  drainNotes(): readonly string[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  /** Reloads the file when it changes, and on SIGHUP. Calls `onNotes` when there may be new notes. */
  watch(apply: (config: LoadedConfig) => Promise<void> | void, onNotes: () => void): void {
    this.#apply = apply;
    const { files, lifetime, clock } = this.#context;
    const reload = (settleMs: number): void => {
      this.#reading = this.#reading
        .then(() => clock.sleep(settleMs, lifetime.interrupt))
        .then(() => this.#reload(settleMs === 0))
        .then(onNotes)
        .catch(() => undefined);
    };
    this.#close = files.watchFile(this.#path, () => reload(SETTLE_MS));
    lifetime.onHangup(() => reload(0));
  }

  close(): void {
    this.#close();
  }

  /** With `isAsked`, adds a note if nothing has changed. */
  async #reload(isAsked: boolean): Promise<void> {
    const name = basename(this.#path);
    try {
      const text = await this.#context.files.readFileText(this.#path);
      if (text === this.#text) {
        if (isAsked) this.#notes.push(`${name} has not changed`);
        return;
      }
      // Remember the text of an invalid file too, so that its error is reported once.
      this.#text = text;
      const loaded = loadConfig(name, text, this.#context.env);
      await this.#apply(loaded);
      this.#current = loaded;
      this.#notes.push(`${name} was read again and is now in effect`, ...loaded.notes);
    } catch (error) {
      if (!(error instanceof OrxError)) throw error;
      this.#notes.push(`${error.message}; the old configuration stays in effect`);
    }
  }
}
