import type { NamedText } from '../../core/request/fenced-text.ts';

/** Bytes and the name of their source. */
export interface NamedBytes {
  name: string;
  bytes: Buffer;
}

export interface SourceOptions {
  /** Allow URLs of private networks. */
  allowPrivate: boolean;
  maxBytes?: number;
}

/**
 * Reads the parts of a prompt and stores what an answer contains. All functions throw kind `usage` or `network`, with the reason.
 */
export interface PromptServices {
  /** Reads a source of `-f`: a file, a folder (its listing), a glob pattern, or an http(s) URL. */
  readTexts: (source: string, options: SourceOptions) => Promise<readonly NamedText[]>;
  /** Reads a source of `-a`: a file, `-` for standard input, or an http(s) URL. */
  readBytes: (source: string, options: SourceOptions) => Promise<NamedBytes>;
  /** Opens the user's editor, which receives no API key. Resolves to the edited text. */
  editText: (text: string) => Promise<string>;
  /** Like editText, for an existing file. */
  editFile: (path: string) => Promise<void>;
  /** Copies a text to the clipboard. Resolves to the method, for a notice. */
  copyText: (text: string) => Promise<string>;
  /** Writes a new file in a folder and never overwrites one: adds a number to a name that exists. Resolves to its path. */
  saveNew: (folder: string, stem: string, extension: string, bytes: Uint8Array) => Promise<string>;
}
