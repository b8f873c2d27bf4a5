import type { NamedText } from '../core/request/fenced-text.ts';

/** Bytes and where they come from. */
export interface NamedBytes {
  name: string;
  bytes: Buffer;
}

export interface SourceOptions {
  /** Addresses of private networks may be asked. */
  allowPrivate: boolean;
  maxBytes?: number;
}

/** Reads what a prompt is made of, and puts away what an answer brings. Everything throws kind `usage` or `network`, with the reason. */
export interface PromptServices {
  /** What `-f` names: a file, a folder (its listing), a glob pattern, or an http(s) address. */
  readTexts: (source: string, options: SourceOptions) => Promise<readonly NamedText[]>;
  /** What `-a` names: a file, `-` for standard input, or an http(s) address. */
  readBytes: (source: string, options: SourceOptions) => Promise<NamedBytes>;
  /** Lets the user write in their editor, which is given no API key. Resolves to what the file then holds. */
  editText: (text: string) => Promise<string>;
  /** As editText, for a file that stays. */
  editFile: (path: string) => Promise<void>;
  /** Puts a text on the clipboard; resolves to how, for a notice. */
  copyText: (text: string) => Promise<string>;
  /** Writes a new file in a folder, never over another: a number makes its name free. Resolves to its path. */
  saveNew: (folder: string, stem: string, extension: string, bytes: Uint8Array) => Promise<string>;
}
