/** A request header. */
export interface HeaderLine {
  name: string;
  /** Empty: the header is not sent. */
  value: string;
}

const LINE = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*)$/;
/** Printable Latin-1, which is what HTTP can carry. */
const VALUE = /^[\t\x20-\x7e\xa0-\xff]*$/;

/** Headers that the connection sets itself. */
const OF_CONNECTION = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Parses `name: value`. Returns undefined for anything else, also for a line break, with which a value could add other headers. */
export function parseHeaderLine(text: string): HeaderLine | undefined {
  const [, name, value] = LINE.exec(text) ?? [];
  return name === undefined || value === undefined || !VALUE.test(value) ? undefined : { name, value: value.trim() };
}

/** Returns whether the connection sets the header itself, or a proxy would read it. */
export function isConnectionHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return OF_CONNECTION.has(lower) || lower.startsWith('proxy-');
}

/** Returns the lines of a flag that may have been joined: one line, or a JSON list of lines. No line begins as a list does. */
export function headerTexts(text: string): readonly string[] {
  if (!text.startsWith('[')) return [text];
  const lines = parseJson(text);
  return Array.isArray(lines) && lines.every((line) => typeof line === 'string') ? lines : [text];
}

/** Joins the lines of several flags into one text. */
export function joinHeaders(before: string, text: string): string {
  return JSON.stringify([...headerTexts(before), ...headerTexts(text)]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
