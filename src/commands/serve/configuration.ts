import { basename } from 'node:path';
import type { ConfigFlag } from '../../core/gateway-config/field.ts';
import { type LoadedConfig, loadConfig } from '../../core/gateway-config/load.ts';
import { OrxError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { type ConfigFiles, readConfigFiles } from './read-config-files.ts';
import type { ServerNotes } from './server-notes.ts';

/** A delay before reading, because an editor may write a file in several steps. */
export const SETTLE_MS = 100;

/** Applies a configuration to a running gateway. Returns notes, one line each. If it throws, nothing has changed. */
export type ApplyConfig = (config: LoadedConfig) => Promise<readonly string[]>;

/** The configuration file of a gateway and the files that it includes, in the last version read. */
export class Configuration {
  readonly path: string;
  readonly #flags: readonly ConfigFlag[];
  readonly #context: Context;
  readonly #notes: ServerNotes;
  /** Absolute paths of the files that were read first. */
  readonly #paths: string[] = [];
  #read: string;
  #current: LoadedConfig;
  /** What was read and is not in effect, and why. */
  #invalid: { read: string; problem: string } | undefined;
  /** The last problem in the notes; empty once a configuration is in effect again. */
  #told = '';
  #apply: ApplyConfig = async () => [];
  /** Functions that stop watching, by path. */
  readonly #watched = new Map<string, () => void>();
  #onChange: (() => void) | undefined;
  /** Reads are sequential. */
  #reading: Promise<void> = Promise.resolve();
  #isClosed = false;

  private constructor(path: string, read: ConfigFiles, flags: readonly ConfigFlag[], context: Context, notes: ServerNotes) {
    this.path = path;
    this.#flags = flags;
    this.#context = context;
    this.#notes = notes;
    this.#read = JSON.stringify(read);
    this.#current = loadConfig(read.main.name, read.main.text, context.env, flags, read.included);
    notes.add(...this.#current.notes);
  }

  /** Opens a file, whose values typed flags override. Throws kind `usage` if it cannot be read or is not valid. */
  static async open(path: string, flags: readonly ConfigFlag[], context: Context, notes: ServerNotes): Promise<Configuration> {
    const paths: string[] = [];
    const read = await readConfigFiles(path, context, (one) => paths.push(one));
    const configuration = new Configuration(path, read, flags, context, notes);
    configuration.#paths.push(...paths);
    return configuration;
  }

  get current(): LoadedConfig {
    return this.#current;
  }

  /** Reloads the files when one of them changes, and on SIGHUP. */
  watch(apply: ApplyConfig): void {
    this.#apply = apply;
    const { lifetime, clock } = this.#context;
    const reload = (settleMs: number): void => {
      this.#reading = this.#reading
        .then(() => clock.sleep(settleMs, lifetime.interrupt))
        .then(() => this.#reload(settleMs === 0))
        .catch(() => undefined);
    };
    this.#onChange = () => reload(SETTLE_MS);
    for (const path of this.#paths) this.#watch(path);
    lifetime.onHangup(() => reload(0));
  }

  /** Stops watching. A reading in progress has no effect any more. */
  close(): void {
    this.#isClosed = true;
    for (const stop of this.#watched.values()) stop();
    this.#watched.clear();
  }

  #watch(path: string): void {
    const { files } = this.#context;
    if (!this.#isClosed && !this.#watched.has(path))
      this.#watched.set(
        path,
        files.watchFile(path, () => this.#onChange?.()),
      );
  }

  /** With `isAsked`, adds a note if nothing has changed. */
  async #reload(isAsked: boolean): Promise<void> {
    const name = basename(this.path);
    let read: string | undefined;
    try {
      const found = await readConfigFiles(this.path, this.#context, (path) => this.#watch(path));
      if (this.#isClosed) return;
      read = JSON.stringify(found);
      if (read === this.#read) {
        if (isAsked) this.#notes.add(this.#invalid?.read === read ? this.#invalid.problem : `${name} has not changed`);
        return;
      }
      // Remember the text of an invalid file too, so that its error is reported once.
      this.#read = read;
      const loaded = loadConfig(name, found.main.text, this.#context.env, this.#flags, found.included);
      const notes = await this.#apply(loaded);
      this.#current = loaded;
      this.#told = '';
      this.#notes.add(`${name} was read again and is now in effect`, ...loaded.notes, ...notes);
    } catch (error) {
      if (!(error instanceof OrxError)) throw error;
      if (this.#isClosed) return;
      const problem = `${error.message}; the old configuration stays in effect`;
      if (read === undefined) this.#read = '';
      else this.#invalid = { read, problem };
      if (isAsked || problem !== this.#told) this.#notes.add(problem);
      this.#told = problem;
    }
  }
}
