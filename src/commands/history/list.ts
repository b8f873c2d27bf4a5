import { conversationJson, hitJson } from '../../output/history/json.ts';
import { conversationsTable, hitLines } from '../../output/history/conversations-table.ts';
import { countText } from '../../output/text/number.ts';
import { isDrawable } from '../is-drawable.ts';
import { codeOf, inProject, openHistory } from './open.ts';
import { type ListOptions, parseList, parseSearch, type SearchOptions } from './options.ts';
import type { Context } from '../context.ts';
import { showLines } from '../show-lines.ts';
import { showJson, showTable } from '../show-table.ts';

/** `orx history list` */
export const listHistory = { parse: parseList, run: runList };

async function runList({ settings, filter, limit, isJson }: ListOptions, context: Context): Promise<number> {
  const store = await openHistory(settings, context);
  const matches = store.list(inProject(filter, context), limit + 1);
  const shown = matches.slice(0, limit);
  if (isJson) {
    await showJson(context, [], shown.map(conversationJson));
    return codeOf(store);
  }
  const now = context.clock.now();
  const note =
    shown.length === 0
      ? 'no conversations; start one: orx chat'
      : matches.length > limit
        ? `the latest ${countText(limit)}; more with --limit`
        : undefined;
  await showTable(context, {
    isSandbox: settings.sandbox,
    notes: note === undefined ? [] : [{ text: note, tone: 'dim' }],
    table: (forTerminal) => conversationsTable(shown, { now, forTerminal }),
  });
  return codeOf(store);
}

/** `orx history search` */
export const searchHistory = { parse: parseSearch, run: runSearch };

async function runSearch({ settings, filter, limit, terms, isJson }: SearchOptions, context: Context): Promise<number> {
  const store = await openHistory(settings, context);
  const hits = store.search(terms, inProject(filter, context), limit);
  if (isJson) {
    await showJson(context, [], hits.map(hitJson));
    return codeOf(store);
  }
  const now = context.clock.now();
  const forTerminal = isDrawable(context);
  const notes =
    hits.length === 0 ? [{ text: 'nothing found' }] : hits.length === limit ? [{ text: `the best ${countText(limit)}` }] : [];
  await showLines(context, { isSandbox: settings.sandbox, notes, lines: () => hitLines(hits, { now, forTerminal }) });
  return codeOf(store);
}
