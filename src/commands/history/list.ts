import { searchTerms } from '../../core/conversation/search-terms.ts';
import { usageError } from '../../errors.ts';
import { conversationJson, hitJson } from '../../output/history/json.ts';
import { conversationsTable, hitLines } from '../../output/history/conversations-table.ts';
import { countText } from '../../output/text/number.ts';
import { isDrawable } from '../is-drawable.ts';
import { codeOf, historyFilter, openHistory } from './open.ts';
import type { Run } from '../register.ts';
import { showLines } from '../show-lines.ts';
import { showJson, showTable } from '../show-table.ts';

/** `orx history list` */
export const listHistory: Run = async (input, context) => {
  const { filter, limit } = historyFilter(input, context);
  const store = await openHistory(input, context);
  const matches = store.list(filter, limit + 1);
  const shown = matches.slice(0, limit);
  if (input.options['json'] === true) {
    await showJson(context, [], shown.map(conversationJson));
    return codeOf(store);
  }
  const now = context.clock.now();
  const note =
    shown.length === 0
      ? 'no conversations; they begin with: orx chat'
      : matches.length > limit
        ? `the latest ${countText(limit)}; more with --limit`
        : undefined;
  await showTable(context, {
    notes: note === undefined ? [] : [{ text: note, tone: 'dim' }],
    table: (forTerminal) => conversationsTable(shown, { now, forTerminal }),
  });
  return codeOf(store);
};

/** `orx history search` */
export const searchHistory: Run = async (input, context) => {
  const { filter, limit } = historyFilter(input, context);
  // A word of the shell that has blanks was in quotes there.
  const terms = searchTerms(input.words.map((word) => (/\s/.test(word) && !word.includes('"') ? `"${word}"` : word)).join(' '));
  if (terms.length === 0) throw usageError('there is nothing to look for', 'such as: orx history search timeout');
  const store = await openHistory(input, context);
  const hits = store.search(terms, filter, limit);
  if (input.options['json'] === true) {
    await showJson(context, [], hits.map(hitJson));
    return codeOf(store);
  }
  const now = context.clock.now();
  const forTerminal = isDrawable(context);
  const notes =
    hits.length === 0 ? [{ text: 'nothing found' }] : hits.length === limit ? [{ text: `the best ${countText(limit)}` }] : [];
  await showLines(context, { notes, lines: () => hitLines(hits, { now, forTerminal }) });
  return codeOf(store);
};
