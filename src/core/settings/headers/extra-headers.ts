import { usageError } from '../../../errors.ts';
import { type HeaderLine, headerTexts, isConnectionHeader, joinHeaders, parseHeaderLine } from './header-line.ts';
import { spec } from '../spec.ts';

/** A header that the user adds to requests to one server. */
export interface ExtraHeader extends HeaderLine {
  /** Scheme, host and port that get it. Undefined: the value has not been bound yet (header-layers.ts). */
  origin?: string | undefined;
}

const EXAMPLE = 'give it as a name and a value: --header "X-Team: search"';
/** What is shown instead of a value, which may be a secret. */
export const HIDDEN = '(hidden)';

/** Headers that orx sets, and why the user cannot. */
const RESERVED: Readonly<Record<string, string>> = {
  authorization: 'it holds the API key, which orx auth login stores',
  'http-referer': 'set it with app-url',
  'x-title': 'set it with app-title',
  'x-openrouter-title': 'set it with app-title',
  'x-openrouter-categories': 'set it with app-categories',
};
const OF_REQUEST = new Set([
  'accept',
  'accept-encoding',
  'content-encoding',
  'content-type',
  'if-modified-since',
  'if-none-match',
  'range',
  'user-agent',
  'x-openrouter-metadata',
]);

/** The row of SETTINGS. */
export const HEADERS = spec<readonly ExtraHeader[]>({
  flags: '--header <name:value>',
  env: ['ORX_HEADERS'],
  description: 'header for requests to the base URL (repeatable)',
  parse: (text) => headerTexts(text).map(parseExtraHeader),
  decode: decodeStoredHeaders,
  join: joinHeaders,
});

/** Parses one header. Throws a usage error, which never quotes the value, for one that orx or the connection sets. */
export function parseExtraHeader(text: string): ExtraHeader {
  const header = parseHeaderLine(text);
  if (header === undefined)
    throw usageError(
      /[\r\n\0]/.test(text) ? 'a header must not contain a line break or a zero byte' : 'a header must be name: value',
      EXAMPLE,
    );
  const reason = reservedBecause(header.name);
  if (reason !== undefined) throw usageError(`the header ${header.name} cannot be set: ${reason}`);
  return header;
}

function reservedBecause(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (lower.startsWith('proxy-')) return 'it is for proxies; put user name and password in the proxy URL';
  if (isConnectionHeader(lower)) return 'orx sets it for the connection';
  if (OF_REQUEST.has(lower)) return 'orx sets it for each request';
  return Object.hasOwn(RESERVED, lower) ? RESERVED[lower] : undefined;
}

/** Parses what the settings file contains: for each server an object of names and values. */
function decodeStoredHeaders(stored: unknown): readonly ExtraHeader[] {
  if (!isObject(stored)) throw badStored();
  return Object.entries(stored).flatMap(([server, headers]) => {
    const url = URL.canParse(server) ? new URL(server) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol) || !isObject(headers)) throw badStored();
    return Object.entries(headers).map(([name, value]): ExtraHeader => {
      if (typeof value !== 'string') throw badStored();
      return { ...parseExtraHeader(`${name}: ${value}`), origin: url.origin };
    });
  });
}

/** Returns what the settings file contains after the headers of one server were stored. Those of other servers stay. */
export function storedWith(stored: unknown, headers: readonly ExtraHeader[], origin: string): Record<string, unknown> {
  const others = isObject(stored) ? stored : {};
  return { ...others, [origin]: Object.fromEntries(headers.map(({ name, value }) => [name, value])) };
}

/** Returns the headers for the base URL, with names in lower case. The sandbox gets none. */
export function headersFor(settings: {
  sandbox: boolean;
  'base-url': string;
  headers: readonly ExtraHeader[] | undefined;
}): Readonly<Record<string, string>> {
  const { headers = [] } = settings;
  if (settings.sandbox || headers.length === 0) return {};
  const { origin } = new URL(settings['base-url']);
  const sent = headers.filter((header) => header.value !== '' && header.origin === origin);
  return Object.fromEntries(sent.map(({ name, value }) => [name.toLowerCase(), value]));
}

/** Says that no header is for the base URL, if there are headers. Returns undefined otherwise. */
export function unsentHeaders(settings: Parameters<typeof headersFor>[0]): string | undefined {
  const { headers = [] } = settings;
  const { origin } = new URL(settings['base-url']);
  if (settings.sandbox || headers.length === 0 || headers.some((header) => header.origin === origin)) return undefined;
  return `the headers for ${[...new Set(headers.map((header) => header.origin))].join(', ')} are not sent to ${origin}`;
}

/** Returns a header for display, without its value. */
export function hiddenHeaderText({ name, value, origin }: ExtraHeader): string {
  return `${name}: ${value === '' ? '(not sent)' : HIDDEN}${origin === undefined ? '' : ` for ${origin}`}`;
}

function badStored(): Error {
  return usageError(
    'headers must name a server, then names and values',
    'store them again: orx config set headers "NAME: VALUE"',
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
