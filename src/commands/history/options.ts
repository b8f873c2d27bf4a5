import { searchTerms } from '../../core/conversation/search-terms.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { parseLimit } from '../../core/settings/parse-count.ts';
import { parseStart } from '../../core/time/parse-time.ts';
import { parsePeriod } from '../../core/usage/parse-period.ts';
import { usageError } from '../../errors.ts';
import type { ConversationFilter } from '../../storage/conversations/conversations.ts';
import type { CommandInput } from '../register.ts';
import type { JsonFlags } from '../with-json.ts';
import type { ReportPlace } from '../write-report.ts';
import type { ExportFlags, HistoryFilterFlags, PruneFlags, ShowFlags } from './flags.ts';

const LIMIT = '20';

/** The options of every history command. */
interface HistoryOptions {
  settings: ConnectionSettings;
  isJson: boolean;
}

export interface ListOptions extends HistoryOptions {
  /** `project` is a folder as typed. */
  filter: ConversationFilter;
  limit: number;
}

export interface SearchOptions extends ListOptions {
  terms: ReturnType<typeof searchTerms>;
}

/** One conversation, by a prefix of its id. */
export interface OneOptions extends HistoryOptions {
  prefix: string;
}

export type HistoryFormat = 'text' | 'json' | 'markdown' | 'html';

export interface ShowOptions extends Omit<OneOptions, 'isJson'> {
  format: HistoryFormat;
  /** The number of last messages to show; undefined: all. */
  last: number | undefined;
}

export interface ExportOptions extends Omit<OneOptions, 'isJson'> {
  format: HistoryFormat;
  place: ReportPlace;
}

export function parseList({ options, settings, now }: CommandInput<HistoryFilterFlags & JsonFlags>): ListOptions {
  const { since = 'all', until, model, project } = options;
  const period = parsePeriod({ since, until }, now);
  return {
    settings,
    isJson: options.json === true,
    filter: { since: period.since, before: period.until, model, project },
    limit: parseLimit('--limit', options.limit ?? LIMIT),
  };
}

export function parseSearch(input: CommandInput<HistoryFilterFlags & JsonFlags>): SearchOptions {
  const list = parseList(input);
  // A shell argument that contains blanks was quoted, so it is one phrase.
  const terms = searchTerms(input.words.map((word) => (/\s/.test(word) && !word.includes('"') ? `"${word}"` : word)).join(' '));
  if (terms.length === 0) throw usageError('no search text given', 'add what to search for: orx history search WORDS');
  return { ...list, terms };
}

export function parseOne({ words: [prefix = ''], options, settings }: CommandInput<JsonFlags>): OneOptions {
  return { settings, prefix, isJson: options.json === true };
}

export function parseShow({ words: [prefix = ''], options, settings }: CommandInput<ShowFlags>): ShowOptions {
  const { json, output, last } = options;
  return {
    settings,
    prefix,
    format: json === true ? 'json' : output,
    last: last === undefined ? undefined : parseLimit('--last', last),
  };
}

export function parseExport({ words: [prefix = ''], options, settings }: CommandInput<ExportFlags>): ExportOptions {
  const { json, output, outFile, force } = options;
  return { settings, prefix, format: json === true ? 'json' : output, place: { out: outFile, force: force === true } };
}

export interface RenameOptions extends OneOptions {
  title: string;
}

export function parseRename(input: CommandInput<JsonFlags>): RenameOptions {
  const title = input.words.slice(1).join(' ').replaceAll(/\s+/g, ' ').trim();
  if (title === '') throw usageError('the title is empty', 'add a title: orx history rename ID TITLE');
  return { ...parseOne(input), title };
}

export interface DeleteOptions extends HistoryOptions {
  prefixes: readonly string[];
}

export function parseDelete({ words, options, settings }: CommandInput<JsonFlags>): DeleteOptions {
  return { settings, prefixes: words, isJson: options.json === true };
}

export interface PruneOptions extends HistoryOptions {
  /** Milliseconds since 1970. */
  before: number;
}

export function parsePrune({ options, settings, now }: CommandInput<PruneFlags & JsonFlags>): PruneOptions {
  const before = parseStart('--before', options.before, now);
  if (before === undefined) {
    throw usageError('--before all would delete everything', 'to start over, delete the file that this prints: orx history path');
  }
  return { settings, before, isJson: options.json === true };
}

export function parsePath({ options, settings }: CommandInput<JsonFlags>): HistoryOptions {
  return { settings, isJson: options.json === true };
}
