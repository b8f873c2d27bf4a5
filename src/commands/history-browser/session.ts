import { reduceBrowser, startBrowser } from '../../core/conversation/browser/browser.ts';
import { pressBrowserKey } from '../../core/conversation/browser/keys.ts';
import type { BrowserAction, BrowserTask, HistoryBrowser } from '../../core/conversation/browser/state.ts';
import { searchTerms } from '../../core/conversation/search-terms.ts';
import type { Conversation, ConversationFilter, Conversations } from '../../storage/conversations/conversations.ts';
import type { BrowserSession } from '../../ui/history/app.ts';

/** Delay after the last key before messages are searched, so that the search never delays a key. */
const SEARCH_AFTER_MS = 60;
const FRAME_MS = 20;

export interface BrowserOptions {
  store: Conversations;
  filter: ConversationFilter;
  /** The absolute path of the user's project. */
  project: string;
  now: () => number;
  /** Does the work of these keys. Resolves to a message for the user. */
  exportFile: (id: string) => Promise<string>;
  copyId: (id: string) => Promise<string>;
  /** Returns the message for a failure. */
  reasonOf: (error: unknown) => string;
}

/** Creates the state of the browser. Keys, search results and finished work change it. */
export function createBrowserSession(options: BrowserOptions): BrowserSession & { browser: () => HistoryBrowser } {
  const { store, filter, now, reasonOf } = options;
  let browser = startBrowser(store.titles(filter), options.project);
  let searched = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const known = new Map<string, Conversation>();
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (finish = resolve));

  const change = (next: HistoryBrowser): void => {
    if (next === browser) return;
    const { task } = browser;
    browser = next;
    if (browser.outcome !== undefined) {
      clearTimeout(timer);
      finish();
    } else {
      if (browser.query !== searched) searchLater();
      // The screen first shows the work that is about to start.
      const next = browser.task;
      if (next !== undefined && next !== task) setTimeout(() => void perform(next), FRAME_MS);
    }
    tell();
  };
  const dispatch = (action: BrowserAction): void => change(reduceBrowser(browser, action));
  const searchLater = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      searched = browser.query;
      try {
        dispatch({ type: 'matches', query: searched, ids: store.matching(searchTerms(searched), filter) });
      } catch (error) {
        dispatch({ type: 'note', note: `! ${reasonOf(error)}` });
      }
      tell();
    }, SEARCH_AFTER_MS);
  };
  const perform = async (task: BrowserTask): Promise<void> => {
    try {
      switch (task.type) {
        case 'delete':
          store.remove([task.id]);
          return dispatch({ type: 'deleted', id: task.id });
        case 'rename':
          store.rename(task.id, task.title);
          known.delete(task.id);
          return dispatch({ type: 'renamed', id: task.id, title: task.title });
        case 'export':
          return dispatch({ type: 'note', note: await options.exportFile(task.id) });
        case 'copy':
          return dispatch({ type: 'note', note: await options.copyId(task.id) });
      }
    } catch (error) {
      dispatch({ type: 'note', note: `! ${reasonOf(error)}` });
    }
  };
  return {
    browser: () => browser,
    view: () => ({ browser, isSearching: browser.query !== searched }),
    press: (key) => change(pressBrowserKey(browser, key)),
    resize(rows) {
      // Does not notify listeners, because the renderer itself calls this.
      if (rows !== browser.height) browser = reduceBrowser(browser, { type: 'height', rows });
    },
    facts(ids) {
      const missing = ids.filter((id) => !known.has(id));
      for (const one of store.get(missing)) known.set(one.id, one);
      return known;
    },
    messages: store.messages,
    now,
    tell,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ended,
    stop: () => dispatch({ type: 'stop' }),
  };
}
