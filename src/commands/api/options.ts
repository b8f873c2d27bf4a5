import type { RawMethod } from '../../apis/raw-call.ts';
import { parseField, type RawField } from '../../core/raw-api/fields.ts';
import type { ConnectionSettings, LedgerSettings } from '../../core/settings/groups.ts';
import { usageError } from '../../errors.ts';
import type { CommandInput } from '../register.ts';
import type { RawApiFlags } from './flags.ts';

export interface RawApiOptions {
  settings: ConnectionSettings & LedgerSettings;
  path: string;
  method: RawMethod;
  fields: readonly RawField[];
  /** Whether the fields are parts of the query instead of the body. */
  hasQuery: boolean;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** A path, or `-` for standard input. */
  input: string | undefined;
  paginate: boolean;
  showsHead: boolean;
}

const HEADER = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*)$/;
/** Headers that the connection sets itself. */
const RESERVED = new Set([
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

export function parseRawApi({ words: [path = ''], options, settings }: CommandInput<RawApiFlags>): RawApiOptions {
  const { input, paginate = false, include = false } = options;
  const { rawField = [], field = [] } = options;
  const typed = [...rawField, ...field].toSorted((a, b) => a.place - b.place);
  const fields = typed.map((one) => (field.includes(one) ? parseField('-F', one.text, true) : parseField('-f', one.text, false)));
  const method = options.method ?? (fields.length > 0 || input !== undefined ? 'POST' : 'GET');
  if (paginate && method !== 'GET')
    throw usageError(
      '--paginate needs a GET request',
      'request the pages of a list: orx api keys -X GET -f include_disabled=true --paginate',
    );
  if (method === 'GET' && input !== undefined)
    throw usageError(
      'a GET request has no body',
      'choose another method: -X POST',
      'give parts of the query as fields: -f key=value',
    );
  const isStdin = ({ value }: RawField): boolean => value.type === 'file' && value.path === '-';
  if (fields.filter(isStdin).length + (input === '-' ? 1 : 0) > 1)
    throw usageError('standard input can be read only once', 'read the others from files: -F key=@FILE');
  return {
    settings,
    path,
    method,
    fields,
    hasQuery: method === 'GET' || input !== undefined,
    headers: Object.fromEntries((options.header ?? []).map(parseHeader)),
    input,
    paginate,
    showsHead: include,
  };
}

function parseHeader(text: string): [string, string] {
  const [, name, value] = HEADER.exec(text) ?? [];
  if (name === undefined || value === undefined || !isHeaderText(value))
    // The value may be a key.
    throw usageError('-H must be name: value', 'give a header: -H "X-OpenRouter-Cache: true"');
  if (RESERVED.has(name.toLowerCase()) || name.toLowerCase().startsWith('proxy-'))
    throw usageError(`-H cannot set ${name}`, 'omit it; orx sets it for the connection');
  return [name.toLowerCase(), value.trim()];
}

/** Returns whether HTTP can carry the text: printable Latin-1. */
function isHeaderText(text: string): boolean {
  return /^[\t\x20-\x7e\xa0-\xff]*$/.test(text);
}
