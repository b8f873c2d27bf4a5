import { basename } from 'node:path';
import type { ConfigFlag } from '../../core/gateway-config/field.ts';
import { type LoadedConfig, loadConfig } from '../../core/gateway-config/load.ts';
import { OrxError } from '../../errors.ts';
import type { Context } from '../context.ts';
import type { ServerNotes } from './server-notes.ts';

/** A delay before reading, because an editor may write a file in several steps. */
export const SETTLE_MS = 100;

/** Applies a configuration to a running gateway. Returns notes, one line each. If it throws, nothing has changed. */
export type ApplyConfig = (config: LoadedConfig) => Promise<readonly string[]>;

/** The configuration file of a gateway, in the last version read. */
export class Configuration {
  readonly path: string;
  readonly #flags: readonly ConfigFlag[];
  readonly #context: Context;
  readonly #notes: ServerNotes;
  #text = '';
  #current: LoadedConfig;
  /** A text that is not in effect, and why. */
  #invalid: { text: string; problem: string } | undefined;
  #apply: ApplyConfig = async () => [];
  #close: () => void = () => undefined;
  /** Reads are sequential. */
  #reading: Promise<void> = Promise.resolve();

  private constructor(path: string, text: string, flags: readonly ConfigFlag[], context: Context, notes: ServerNotes) {
    this.path = path;
    this.#flags = flags;
    this.#context = context;
    this.#notes = notes;
    this.#text = text;
    this.#current = loadConfig(basename(path), text, context.env, flags);
    notes.add(...this.#current.notes);
  }

  /** Opens a file, whose values typed flags override. Throws kind `usage` if it cannot be read or is not valid. */
  static async open(path: string, flags: readonly ConfigFlag[], context: Context, notes: ServerNotes): Promise<Configuration> {
    return new Configuration(path, await context.files.readFileText(path), flags, context, notes);
  }

  get current(): LoadedConfig {
    return this.#current;
  }

  /** Reloads the file when it changes, and on SIGHUP. */
  watch(apply: ApplyConfig): void {
    this.#apply = apply;
    const { files, lifetime, clock } = this.#context;
    const reload = (settleMs: number): void => {
      this.#reading = this.#reading
        .then(() => clock.sleep(settleMs, lifetime.interrupt))
        .then(() => this.#reload(settleMs === 0))
        .catch(() => undefined);
    };
    this.#close = files.watchFile(this.path, () => reload(SETTLE_MS));
    lifetime.onHangup(() => reload(0));
  }

  close(): void {
    this.#close();
  }

  /** With `isAsked`, adds a note if nothing has changed. */
  async #reload(isAsked: boolean): Promise<void> {
    const name = basename(this.path);
    let text: string | undefined;
    try {
      text = await this.#context.files.readFileText(this.path);
      if (text === this.#text) {
        if (isAsked) this.#notes.add(this.#invalid?.text === text ? this.#invalid.problem : `${name} has not changed`);
        return;
      }
      // Remember the text of an invalid file too, so that its error is reported once.
      this.#text = text;
      const loaded = loadConfig(name, text, this.#context.env, this.#flags);
      const notes = await this.#apply(loaded);
      this.#current = loaded;
      this.#notes.add(`${name} was read again and is now in effect`, ...loaded.notes, ...notes);
    } catch (error) {
      if (!(error instanceof OrxError)) throw error;
      const problem = `${error.message}; the old configuration stays in effect`;
      if (text !== undefined) this.#invalid = { text, problem };
      this.#notes.add(problem);
    }
  }
}
