import type { RawMethod } from '../../apis/raw-call.ts';
import { parseField, type RawField } from '../../core/raw-api/fields.ts';
import type { ConnectionSettings, LedgerSettings } from '../../core/settings/groups.ts';
import { headerTexts, isConnectionHeader, parseHeaderLine } from '../../core/settings/headers/header-line.ts';
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
    // Typed before the name of the command, the flag is a joined text.
    headers: Object.fromEntries([options.header ?? []].flat().flatMap(headerTexts).map(parseHeader)),
    input,
    paginate,
    showsHead: include,
  };
}

function parseHeader(text: string): [string, string] {
  const header = parseHeaderLine(text);
  // The value may be a key.
  if (header === undefined) throw usageError('-H must be name: value', 'give a header: -H "X-OpenRouter-Cache: true"');
  if (isConnectionHeader(header.name))
    throw usageError(`-H cannot set ${header.name}`, 'omit it; orx sets it for the connection');
  return [header.name.toLowerCase(), header.value];
}
