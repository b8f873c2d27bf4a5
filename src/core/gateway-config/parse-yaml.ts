import { type Document, isMap, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { OrxError } from '../../errors.ts';
import type { ConfigProblem } from './field.ts';

/** Most problems that one error reports. */
const MOST_PROBLEMS = 20;
const MOST_ALIASES = 1000;
/** A file with one of these sections is LiteLLM's. */
const LITELLM_SECTIONS = ['model_list', 'litellm_settings', 'router_settings', 'include'];

/** A parsed configuration file. */
export interface ParsedFile {
  document: Document.Parsed<YAMLMap.Parsed>;
  lines: LineCounter;
}

/** Parses a file. Throws kind `usage` for invalid YAML, and for anything but a map. */
export function parseYamlFile(name: string, text: string): ParsedFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const [fault] = document.errors;
  if (fault !== undefined) throw badConfig(name, [{ path: '', line: lines.linePos(fault.pos[0]).line, message: fault.message }]);
  if (document.contents === null) throw badConfig(name, [{ path: '', message: 'is empty' }]);
  if (!isMap(document.contents)) throw badConfig(name, [{ path: '', line: 1, message: 'must be a map of names to values' }]);
  return { document: document as Document.Parsed<YAMLMap.Parsed>, lines };
}

export function isLiteLlmFile({ document }: ParsedFile): boolean {
  return !document.has('models') && LITELLM_SECTIONS.some((section) => document.has(section));
}

/** Returns the values of a file without their places. */
export function plainValues({ document }: ParsedFile): unknown {
  return document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown;
}

/** Returns the error for a file with problems: the first one, and a hint for each other one. */
export function badConfig(name: string, problems: readonly ConfigProblem[]): OrxError {
  const [first, ...others] = problems.map(({ path, line, message }) => {
    const place = line === undefined ? name : `${name}:${line}`;
    return path === '' ? `${place} ${message}` : `${place}: ${path} ${message}`;
  });
  const more = others.slice(0, MOST_PROBLEMS);
  return new OrxError(first!, {
    kind: 'usage',
    code: 'bad-config',
    hints: [...more, 'check the file (keys: docs/gateway-config.md): orx serve --config FILE --check-config'],
  });
}
