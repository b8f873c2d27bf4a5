import { catalogueNote } from '../../output/models/catalogue-note.ts';
import { write } from '../../output/text/write-stream.ts';
import { VERSION } from '../../version.ts';
import type { MarketModels } from '../catalogue/market-models.ts';
import type { Context } from '../context.ts';
import { isDrawable } from '../is-drawable.ts';
import { printNotes } from '../print-notes.ts';
import type { ModelsOptions } from './options.ts';

/** Models of the catalogue were created in these years, and a list shows days of the user's zone. */
const ZONE_YEARS = [2023, 2024, 2025, 2026, 2027];

/** Prints the usual list in a pipe from its kept text. Returns false without a kept text, and for any other list. */
export async function printKeptList(options: ModelsOptions, context: Context): Promise<boolean> {
  if (!isUsual(options, context) || options.refresh || options.offline) return false;
  const list = await context.apis.for(options.settings).readKeptList(makerOf());
  if (list === undefined) return false;
  const { text, count, total, ageMs } = list;
  const { sandbox, 'base-url': baseUrl } = options.settings;
  const source = sandbox ? 'the sandbox' : new URL(baseUrl).host;
  printNotes(context, [{ text: catalogueNote(count, total, ageMs, source) }], sandbox);
  await write(context.terminal.streams.stdout, text);
  return true;
}

/** Keeps the text of the usual list of a stored copy, so that later commands need not make it. */
export function keepList(text: string, { models, reading }: MarketModels, options: ModelsOptions, context: Context): void {
  const { fetchedAt, catalogue } = reading;
  if (fetchedAt === undefined || !isUsual(options, context)) return;
  context.apis
    .for(options.settings)
    .keepList(makerOf(), fetchedAt, { text, count: models.length, total: catalogue.models.length });
}

/** Returns whether the list is the one without any choice of the user, in a pipe. */
function isUsual({ filter, sort, reverse, limit, format, columns, policy }: ModelsOptions, context: Context): boolean {
  const isAll = Object.values(filter).every((condition) => condition === undefined || condition === false || condition === '');
  const isPlain = sort === 'name' && !reverse && limit === undefined && format === 'table' && columns === undefined;
  return isAll && isPlain && policy === undefined && !isDrawable(context);
}

/** What the text depends on besides the catalogue: the program, and the zone of its days. */
function makerOf(): string {
  const offsets = ZONE_YEARS.flatMap((year) => [0, 6].map((month) => new Date(year, month).getTimezoneOffset()));
  return `${VERSION} ${offsets.join(' ')}`;
}
