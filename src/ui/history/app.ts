import { currentConversation } from '../../core/conversation/browser/browser.ts';
import type { HistoryBrowser } from '../../core/conversation/browser/state.ts';
import type { Conversation, StoredMessage } from '../../storage/conversations/conversations.ts';
import type { Line } from '../screen/line.ts';
import { type LiveSource, type LiveViewOptions, runLiveView } from '../screen/live-view.tsx';
import { historyFrame } from './frame.ts';
import { layoutHistory } from './layout.ts';
import { createPreviews } from './preview.ts';

/** The state and actions of the browser. */
export interface BrowserSession extends LiveSource {
  view: () => { browser: HistoryBrowser; isSearching: boolean };
  /** Sets how many conversations fit on the screen. */
  resize: (rows: number) => void;
  /** Returns the details of the visible conversations, such as their cost. */
  facts: (ids: readonly string[]) => ReadonlyMap<string, Conversation>;
  messages: (id: string) => readonly StoredMessage[];
  /** Requests a redraw. */
  tell: () => void;
  now: () => number;
}

export interface HistoryAppOptions extends Omit<LiveViewOptions, 'source' | 'draw'> {
  session: BrowserSession;
  isSandbox: boolean;
}

/** Shows the conversation browser until it ends. */
export async function runHistoryApp({ session, isSandbox, ...options }: HistoryAppOptions): Promise<void> {
  const { stdout, theme } = options;
  const previews = createPreviews({ messages: session.messages, theme, onReady: session.tell });
  const draw = (): readonly Line[] => {
    const layout = layoutHistory(stdout.rows, stdout.columns);
    session.resize(layout.listRows);
    const { browser, isSearching } = session.view();
    const { rows, top, height } = browser;
    const known = session.facts(rows.slice(top, top + height).map(({ id }) => id));
    const current = currentConversation(browser);
    const preview = current === undefined || layout.kind === 'list' ? undefined : previews.rows(current.id, layout.previewWidth);
    return historyFrame(
      { browser, isSearching, isSandbox, preview, facts: (id) => known.get(id), now: session.now() },
      layout,
      stdout.columns,
    );
  };
  try {
    await runLiveView({ ...options, source: session, draw });
  } finally {
    previews.stop();
  }
}
