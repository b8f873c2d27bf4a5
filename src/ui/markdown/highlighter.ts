import type { StreamParser, StringStream } from '@codemirror/streamparser';
import { NO_MEANING } from '../../markdown/block.ts';
import type { Meaning } from '../../output/text/theme.ts';
import { languageOf, loadLanguage } from './languages.ts';
import { type Piece, plainPiece } from './piece.ts';

/** Colors one block of code, line by line. */
export interface CodeColors {
  line: (text: string) => Piece[];
  /** The same, as if it were never called. */
  preview: (text: string) => Piece[];
}

/** Knows languages; those that were not asked for are not loaded. */
export interface Highlighter {
  /** Resolves when a fence with these words behind it can be colored. Undefined: nothing is to be waited for. */
  load: (info: string) => Promise<void> | undefined;
  /** For a new block of code. What is not known or not loaded is plain. */
  colors: (info: string) => CodeColors;
}

type Mode = StreamParser<unknown>;
type Stream = new (text: string, tabSize: number, indentUnit: number) => StringStream;

const PLAIN: CodeColors = { line: (text) => [plainPiece(text)], preview: (text) => [plainPiece(text)] };
const INDENT = 2;
const TAB = 4;
/** Nobody reads a line of this length for its colors, and a mode may scan it again for each of its tokens. */
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

/** For screens without color: nothing is loaded. */
export const NO_HIGHLIGHTER: Highlighter = { load: () => undefined, colors: () => PLAIN };

export function createHighlighter(): Highlighter {
  const modes = new Map<string, Mode | undefined>();
  let stream: Stream | undefined;
  const loadInto = async (name: string): Promise<void> => {
    try {
      const [mode, parser] = await Promise.all([loadLanguage(name), import('@codemirror/streamparser')]);
      stream = parser.StringStream;
      modes.set(name, mode);
    } catch {
      // An answer is shown without colors rather than not at all.
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
      // The language may still be on its way when the fence opens; not so when its first line is read.
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
      // What is on the screen is the model's text; a mode may stumble over it, and then this block goes on without colors.
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

/** As the interface of modes defines it: a shallow copy, with the arrays at the top copied as well. */
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
    // A mode may change its state without reading, but not for ever.
    for (let tries = 0; line.pos === line.start && tries < 10; tries += 1) style = mode.token(line, state);
    if (line.pos === line.start) line.pos += 1;
    pieces.push({ text: line.string.slice(line.start, line.pos), meanings: meaningsOf(style) });
  }
  return pieces;
}

function meaningsOf(style: string | null): readonly Meaning[] {
  if (style === null || style === '') return NO_MEANING;
  const match = MEANINGS.find(([pattern]) => pattern.test(style));
  return match === undefined ? NO_MEANING : [match[1]];
}
