import type { StreamParser, StringStream } from '@codemirror/streamparser';
import { NO_MEANING } from '../../markdown/block.ts';
import type { Meaning } from '../../output/text/theme.ts';
import { languageOf, loadLanguage } from './languages.ts';
import { type Piece, plainPiece } from './piece.ts';

/** Colors one code block, line by line. */
export interface CodeColors {
  line: (text: string) => Piece[];
  /** Returns the same pieces as `line` without changing the state. */
  preview: (text: string) => Piece[];
}

/** Colors code blocks. Loads a language only when it is needed. */
export interface Highlighter {
  /** Loads the language of a fence's info string. Resolves when it is ready. Returns undefined if there is nothing to load. */
  load: (info: string) => Promise<void> | undefined;
  /** Returns the colors of a new code block. An unknown language, or one that is not loaded, has no colors. */
  colors: (info: string) => CodeColors;
}

type Mode = StreamParser<unknown>;
type Stream = new (text: string, tabSize: number, indentUnit: number) => StringStream;

const PLAIN: CodeColors = { line: (text) => [plainPiece(text)], preview: (text) => [plainPiece(text)] };
const INDENT = 2;
const TAB = 4;
/** In UTF-16 units. Longer lines are not colored, because a mode may scan the line again for each token. */
const LONGEST_LINE = 2000;

const MEANINGS: readonly (readonly [RegExp, Meaning])[] = [
  [/^comment|^quote/, 'comment'],
  [/^string|^regexp|^character/, 'string'],
  [/^number|^atom|^bool|^null|^unit|^color|^constant/, 'number'],
  [/^keyword|^controlKeyword|^operatorKeyword|^modifier|^self|^builtin|^tag|^meta|^processingInstruction/, 'keyword'],
  [/^inserted|^positive/, 'good'],
  [/^deleted|^negative|^error|^invalid/, 'bad'],
  [/^def|definition|^type|^className|^attribute|^property|^heading|function|^labelName/, 'name'],
];

/** By the names of styles, of which the modes have some hundred. */
const knownMeanings = new Map<string, readonly Meaning[]>();

/** For output without color: loads nothing. */
export const NO_HIGHLIGHTER: Highlighter = { load: () => undefined, colors: () => PLAIN };

/** Creates a highlighter that loads each language when it is first used. */
export function createHighlighter(): Highlighter {
  const modes = new Map<string, Mode | undefined>();
  let stream: Stream | undefined;
  const loadInto = async (name: string): Promise<void> => {
    try {
      const [mode, parser] = await Promise.all([loadLanguage(name), import('@codemirror/streamparser')]);
      stream = parser.StringStream;
      modes.set(name, mode);
    } catch {
      // Without the language, show the code without colors.
      modes.set(name, undefined);
    }
  };
  return {
    load(info) {
      const name = languageOf(info);
      if (name === undefined || modes.has(name)) return undefined;
      return loadInto(name);
    },
    colors(info) {
      // The language may still be loading when the fence opens, but it is loaded when the first line is read.
      let colors: CodeColors | undefined;
      const loaded = (): CodeColors | undefined => {
        const mode = modes.get(languageOf(info) ?? '');
        return mode === undefined || stream === undefined ? undefined : createColors(mode, stream);
      };
      return {
        line: (text) => (colors ??= loaded() ?? PLAIN).line(text),
        preview: (text) => (colors ?? loaded() ?? PLAIN).preview(text),
      };
    },
  };
}

function createColors(mode: Mode, stream: Stream): CodeColors {
  const state: unknown = mode.startState?.(INDENT) ?? {};
  let hasFailed = false;
  const colored = (text: string, at: unknown): Piece[] => {
    if (text === '') mode.blankLine?.(at, INDENT);
    return hasFailed || text === '' || text.length > LONGEST_LINE
      ? [plainPiece(text)]
      : tokens(mode, new stream(text, TAB, INDENT), at);
  };
  const attempt = (text: string, at: unknown): Piece[] => {
    try {
      return colored(text, at);
    } catch {
      // The text comes from the model, and a mode may fail on it. The rest of this block is then shown without colors.
      hasFailed = true;
      return [plainPiece(text)];
    }
  };
  return {
    line: (text) => attempt(text, state),
    preview(text) {
      const failed = hasFailed;
      const pieces = attempt(text, copyState(mode, state));
      hasFailed = failed;
      return pieces;
    },
  };
}

/** Copies the state as the interface of modes defines it: a shallow copy whose top-level arrays are copied too. */
function copyState(mode: Mode, state: unknown): unknown {
  if (mode.copyState !== undefined) return mode.copyState(state);
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(state as Record<string, unknown>)) {
    copy[key] = Array.isArray(value) ? (value.slice() as unknown[]) : value;
  }
  return copy;
}

function tokens(mode: Mode, line: StringStream, state: unknown): Piece[] {
  const pieces: Piece[] = [];
  while (!line.eol()) {
    line.start = line.pos;
    let style: string | null = null;
    // A mode may change its state without reading, but not endlessly.
    for (let tries = 0; line.pos === line.start && tries < 10; tries += 1) style = mode.token(line, state);
    if (line.pos === line.start) line.pos += 1;
    pieces.push({ text: line.string.slice(line.start, line.pos), meanings: meaningsOf(style) });
  }
  return pieces;
}

function meaningsOf(style: string | null): readonly Meaning[] {
  if (style === null || style === '') return NO_MEANING;
  let meanings = knownMeanings.get(style);
  if (meanings === undefined) {
    const match = MEANINGS.find(([pattern]) => pattern.test(style));
    meanings = match === undefined ? NO_MEANING : [match[1]];
    knownMeanings.set(style, meanings);
  }
  return meanings;
}
