import { isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml';
import { OrxError, usageError } from '../../../errors.ts';

/** A parsed file, with the lines of its parts. */
export interface ParsedDocument {
  value: unknown;
  /** Returns the first line of a part, if the format has lines. */
  lineOf: (path: readonly (string | number)[]) => number | undefined;
}

/** Parses JSON or YAML: by name, because YAML also reads most JSON. Throws kind `usage` with the line. */
export function parseDataDocument(path: string, text: string): ParsedDocument {
  return /\.json$/i.test(path) ? jsonDocument(path, text) : yamlDocument(path, text);
}

function jsonDocument(path: string, text: string): ParsedDocument {
  try {
    const value: unknown = JSON.parse(text);
    let withLines: ParsedDocument | undefined;
    return {
      value,
      lineOf: (place) => {
        if (text.length > LONGEST_WITH_LINES) return undefined;
        withLines ??= yamlOrNothing(path, text);
        return withLines.lineOf(place);
      },
    };
  } catch (error) {
    throw usageError(`${path} is not valid JSON: ${(error as Error).message}`);
  }
}

/** The parser of YAML knows where values stand, and reads JSON, but slowly. */
const LONGEST_WITH_LINES = 1024 * 1024;

function yamlOrNothing(path: string, text: string): ParsedDocument {
  try {
    return yamlDocument(path, text);
  } catch (error) {
    if (error instanceof OrxError) return { value: undefined, lineOf: () => undefined };
    throw error;
  }
}

function yamlDocument(path: string, text: string): ParsedDocument {
  const lines = new LineCounter();
  // Anchors with << are common in these files.
  const document = parseDocument(text, { lineCounter: lines, merge: true, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined)
    throw usageError(`${path} is not valid YAML (line ${error.linePos?.[0].line ?? '?'}): ${error.message.split('\n')[0]}`);
  try {
    return {
      value: document.toJS() as unknown,
      lineOf: (place) => {
        let node: unknown = document.contents;
        for (const step of place) node = isMap(node) || isSeq(node) ? node.get(step, true) : undefined;
        const start = isNode(node) ? node.range?.[0] : undefined;
        return start === undefined ? undefined : lines.linePos(start).line;
      },
    };
  } catch (error) {
    // Aliases of aliases of aliases: a small file that would fill the memory.
    if (error instanceof ReferenceError) throw usageError(`${path} is not usable YAML: ${error.message}`);
    throw error;
  }
}
