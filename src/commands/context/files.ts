import type { Model } from '../../apis/catalogue.ts';
import type { ReadingChoices } from '../../core/evaluation/dataset/source.ts';
import type { EvaluationFile } from '../../core/evaluation/test-case.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { ImageSize } from '../../core/tokens/image-tokens.ts';
import type { LedgerEntry } from '../../storage/ledger/entry.ts';
import type { PromptServices } from './prompt-services.ts';

/** Files that the user names, and other sources of prompts. */
export interface Files {
  /** Returns the entries of a file that `orx ledger export` has written, or of standard input: cli/files/read-ledger-file.ts. */
  readLedgerFile: (path: string | undefined) => Promise<Iterable<LedgerEntry>>;
  /**
   * Yields the lines of a file, or of standard input, as they arrive; ends when the signal is aborted. Throws kind `usage` for a
   * file that cannot be read, and for what is not UTF-8.
   */
  streamLines: (path: string | undefined, signal: AbortSignal) => AsyncIterable<readonly string[]>;
  /** Returns a file's text. Throws kind `usage`, with the reason, if it is not a file, not text, or larger than 64 MB. */
  readFileText: (path: string) => Promise<string>;
  /**
   * Returns a file's bytes, or those of standard input for `-`. Throws kind `usage`, with the reason, if it is not a file or larger
   * than 128 MB.
   */
  readBytes: (path: string) => Promise<Uint8Array>;
  /** Returns width and height of an image file. Throws kind `usage`, with the reason, for anything else. */
  readImageSize: (path: string) => Promise<ImageSize>;
  /**
   * Returns the models of a saved catalog (a body of `GET /models`); undefined if the file does not exist. Throws kind `usage` if
   * it cannot be read or is not a catalog.
   */
  readCatalogueFile: (path: string) => Promise<readonly Model[] | undefined>;
  /** Calls back when a file changes or is replaced. Returns a function that stops watching. */
  watchFile: (path: string, onChange: () => void) => () => void;
  /**
   * Reads a file or folder with prompts once, and returns what it contains. Throws kind `usage` for one that cannot be read at all.
   */
  openEvaluation: (path: string, options: EvaluationOptions) => Promise<EvaluationFile>;
  /** Returns the absolute path of the project: the nearest folder upwards that is a repository, else the working folder. */
  projectFolder: (from?: string) => string;
  /** Opens the services that build prompts and store answers, with the files, network, editor and clipboard of this process. */
  openPromptServices: (settings: ConnectionSettings) => Promise<PromptServices>;
}

/** How a file with prompts is read. */
export interface EvaluationOptions extends ReadingChoices {
  /** As `TextDecoder` names it. Default: UTF-8, or UTF-16 if the file has its byte order mark. */
  encoding?: string | undefined;
  /** The folder whose files it may refer to. Default: its own. */
  below?: string | undefined;
}
