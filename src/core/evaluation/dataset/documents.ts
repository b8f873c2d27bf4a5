import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { OrxError, usageError } from '../../../errors.ts';

/** A parsed file, with the lines of its parts. */
export interface ParsedDocument {
  value: unknown;
  /** Returns the first line of a part, if the format has lines. */
  lineOf: (path: readonly (string | number)[]) => number | undefined;
  /** Returns the line of a key of the outermost object. */
  lineOfKey: (key: string) => number | undefined;
}

/** Parses JSON or YAML: by name, because YAML also reads most JSON. Throws kind `usage` with the line. */
export function parseDataDocument(path: string, text: string): ParsedDocument {
  return /\.json$/i.test(path) ? jsonDocument(path, text) : yamlDocument(path, text);
}

function jsonDocument(path: string, text: string): ParsedDocument {
  try {
    const value: unknown = JSON.parse(text);
    let withLines: ParsedDocument | undefined;
    const withLinesOf = (): ParsedDocument => (withLines ??= yamlOrNothing(path, text));
    return {
      value,
      lineOf: (place) => {
        if (text.length > LONGEST_WITH_LINES) return undefined;
        return withLinesOf().lineOf(place);
      },
      lineOfKey: (key) => (text.length > LONGEST_WITH_LINES ? undefined : withLinesOf().lineOfKey(key)),
    };
  } catch (error) {
    throw usageError(`${path} is not valid JSON: ${(error as Error).message}`);
  }
}

/** The YAML parser reports the lines of values. It also reads JSON, but slowly. */
const LONGEST_WITH_LINES = 1024 * 1024;

function yamlOrNothing(path: string, text: string): ParsedDocument {
  try {
    return yamlDocument(path, text);
  } catch (error) {
    if (error instanceof OrxError) return { value: undefined, lineOf: () => undefined, lineOfKey: () => undefined };
    throw error;
  }
}

/** The parser takes quadratic time for nested brackets. Real files have about ten levels. */
const MOST_BRACKETS = 2000;

function yamlDocument(path: string, text: string): ParsedDocument {
  if (openBrackets(text) > MOST_BRACKETS) throw usageError(`${path} is not usable YAML: it is nested too deeply`);
  try {
    return yamlWithLines(path, text);
  } catch (error) {
    // A small file with nested aliases could expand until it fills the memory.
    if (error instanceof ReferenceError) throw usageError(`${path} is not usable YAML: ${error.message}`);
    if (error instanceof RangeError) throw usageError(`${path} is not usable YAML: it is nested too deeply`);
    throw error;
  }
}

/** Returns how many brackets are open at once at most, those in texts included. */
function openBrackets(text: string): number {
  let open = 0;
  let most = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    most = Math.max(most, open);
  }
  return most;
}

function yamlWithLines(path: string, text: string): ParsedDocument {
  const lines = new LineCounter();
  // Anchors with << are common in these files.
  const document = parseDocument(text, { lineCounter: lines, merge: true, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined)
    throw usageError(`${path} is not valid YAML (line ${error.linePos?.[0].line ?? '?'}): ${error.message.split('\n')[0]}`);
  const lineAt = (node: unknown): number | undefined => {
    const start = isNode(node) ? node.range?.[0] : undefined;
    return start === undefined ? undefined : lines.linePos(start).line;
  };
  return {
    value: document.toJS() as unknown,
    lineOf: (place) => {
      let node: unknown = document.contents;
      for (const step of place) node = isMap(node) || isSeq(node) ? node.get(step, true) : undefined;
      return lineAt(node);
    },
    lineOfKey: (key) => {
      const { contents } = document;
      const pair = isMap(contents)
        ? contents.items.find(({ key: written }) => isScalar(written) && String(written.value) === key)
        : undefined;
      return lineAt(pair?.key);
    },
  };
}
