import type { ConversationTitle } from '../../../storage/conversations/conversations.ts';
import type { BrowserAction, HistoryBrowser } from './state.ts';

const LONGEST_TEXT = 200;

/** Returns the initial browser; it has one row until its height is set. */
export function startBrowser(all: readonly ConversationTitle[], project: string): HistoryBrowser {
  const start: HistoryBrowser = {
    all,
    rows: all,
    query: '',
    matches: undefined,
    project,
    isProjectOnly: false,
    focus: 'query',
    cursor: 0,
    top: 0,
    height: 1,
    previewBy: 0,
    pane: 'list',
    helpTop: 0,
    draft: '',
    note: undefined,
    task: undefined,
    outcome: undefined,
  };
  return filtered(start, undefined);
}

/** Returns the conversation under the cursor. */
export function currentConversation({ rows, cursor }: HistoryBrowser): ConversationTitle | undefined {
  return rows[cursor];
}

/** Returns the browser after an action. Pure. Once it has an outcome, it does not change. */
export function reduceBrowser(browser: HistoryBrowser, action: BrowserAction): HistoryBrowser {
  if (browser.outcome !== undefined) return browser;
  switch (action.type) {
    case 'height':
      return moveTo({ ...browser, height: Math.max(1, Math.floor(action.rows)) }, browser.cursor, browser.previewBy);
    case 'matches':
      if (action.query !== browser.query) return browser;
      return filtered({ ...browser, matches: action.ids }, currentConversation(browser)?.id);
    case 'deleted': {
      const next = browser.rows[browser.cursor + 1] ?? browser.rows[browser.cursor - 1];
      const all = browser.all.filter(({ id }) => id !== action.id);
      return { ...filtered({ ...browser, all }, next?.id), task: undefined, note: 'deleted' };
    }
    case 'renamed': {
      const all = browser.all.map((one) => (one.id === action.id ? { ...one, title: action.title } : one));
      return { ...filtered({ ...browser, all }, action.id), task: undefined };
    }
    case 'note':
      return { ...browser, note: action.note, task: undefined };
    default:
      return afterKey({ ...browser, note: undefined, task: undefined }, action);
  }
}

function afterKey(browser: HistoryBrowser, action: BrowserAction): HistoryBrowser {
  switch (action.type) {
    case 'type':
      return typed(browser, textOf(browser) + action.text);
    case 'erase':
      return typed(browser, [...textOf(browser)].slice(0, -1).join(''));
    case 'clear':
      return typed(browser, '');
    case 'move':
      return moveTo(browser, browser.cursor + action.by);
    case 'page':
      return moveTo(browser, browser.cursor + action.by * Math.max(1, browser.height - 1));
    case 'top':
      return moveTo(browser, 0);
    case 'bottom':
      return moveTo(browser, browser.rows.length - 1);
    case 'preview':
      return { ...browser, previewBy: browser.previewBy + action.by };
    case 'focus':
      return { ...browser, focus: browser.focus === 'query' ? 'keys' : 'query' };
    case 'project':
      return filtered({ ...browser, isProjectOnly: !browser.isProjectOnly }, currentConversation(browser)?.id);
    case 'help':
      return { ...browser, pane: browser.pane === 'help' ? 'list' : 'help', helpTop: 0 };
    case 'back':
      if (browser.pane !== 'list') return { ...browser, pane: 'list' };
      return browser.query === '' ? { ...browser, outcome: { type: 'leave' } } : typed(browser, '');
    case 'leave':
    case 'stop':
      return { ...browser, outcome: { type: action.type } };
    case 'resume':
    case 'delete':
    case 'rename':
    case 'export':
    case 'copy':
      return withCurrent(browser, action.type);
    default:
      return browser;
  }
}

/** Starts an action on the current conversation. Deleting asks for confirmation, renaming for a title. */
function withCurrent(browser: HistoryBrowser, type: 'resume' | 'delete' | 'rename' | 'export' | 'copy'): HistoryBrowser {
  const current = currentConversation(browser);
  if (current === undefined) return { ...browser, note: 'there is no conversation to choose' };
  const { id, title } = current;
  switch (type) {
    case 'resume':
      if (browser.pane !== 'rename') return { ...browser, outcome: { type, id } };
      if (browser.draft.trim() === '') return { ...browser, note: 'a title has to say something' };
      return { ...browser, pane: 'list', task: { type: 'rename', id, title: browser.draft.replaceAll(/\s+/g, ' ').trim() } };
    case 'delete':
      if (browser.pane !== 'delete') return { ...browser, pane: 'delete' };
      return { ...browser, pane: 'list', note: 'deleting …', task: { type, id } };
    case 'rename':
      return { ...browser, pane: 'rename', draft: title };
    default:
      return { ...browser, task: { type, id } };
  }
}

/** Returns the text that is being typed: a title or the query. */
function textOf({ pane, draft, query }: HistoryBrowser): string {
  return pane === 'rename' ? draft : query;
}

function typed(browser: HistoryBrowser, text: string): HistoryBrowser {
  const short = [...text].slice(0, LONGEST_TEXT).join('');
  if (browser.pane === 'rename') return { ...browser, draft: short };
  if (short === browser.query) return browser;
  // A longer query cannot match more, so the matches of the shorter one stay until the new search ends.
  const isNarrower = short.startsWith(browser.query);
  return filtered({ ...browser, query: short, matches: isNarrower ? browser.matches : undefined }, undefined);
}

/** Updates the rows. The cursor moves to this conversation if it is among them, otherwise to the first row. */
function filtered(browser: HistoryBrowser, id: string | undefined): HistoryBrowser {
  const { all, matches, query, project, isProjectOnly } = browser;
  const words = wordsOf(query);
  const rows = all.filter(
    (one) =>
      (!isProjectOnly || one.project === project) &&
      (words.length === 0 || matches?.has(one.id) === true || hasWords(one, words)),
  );
  const place =
    id === undefined
      ? 0
      : Math.max(
          0,
          rows.findIndex((one) => one.id === id),
        );
  return moveTo({ ...browser, rows }, place);
}

/** The searchable text of each conversation, cached because every key press searches all of them. */
const searched = new WeakMap<ConversationTitle, string>();

function hasWords(one: ConversationTitle, words: readonly string[]): boolean {
  const { id, title, model } = one;
  const text = searched.get(one) ?? plain(`${title} ${model}`);
  searched.set(one, text);
  return words.every((word) => text.includes(word) || id.startsWith(word));
}

/** Returns the words of a query in the form in which they are compared: without case, accents and the quotes of an exact search. */
export function wordsOf(query: string): string[] {
  return plain(query.replaceAll('"', ' '))
    .split(/\s+/)
    .filter((word) => word !== '');
}

const ACCENTS = /\p{M}+/gu;

function plain(text: string): string {
  return text.normalize('NFD').replaceAll(ACCENTS, '').toLowerCase();
}

/** Moves the cursor to this row, or to the nearest existing one, and scrolls only as far as needed to show it. */
function moveTo(browser: HistoryBrowser, row: number, previewBy = 0): HistoryBrowser {
  const { rows, height } = browser;
  const cursor = Math.max(0, Math.min(rows.length - 1, row));
  const lowestTop = Math.max(0, rows.length - height);
  const top = Math.min(lowestTop, Math.max(cursor - height + 1, Math.min(cursor, browser.top)));
  return { ...browser, cursor, top, previewBy };
}
