import type { LiveKey } from '../../live-key.ts';
import { reduceBrowser } from './browser.ts';
import type { BrowserAction, HistoryBrowser } from './state.ts';

/** Keys and their action, for the browser and for its help. */
interface Binding {
  /** Keys that work whether letters go to the query or not. */
  keys?: readonly string[];
  /** Letters that work while letters do not go to the query. */
  letters?: readonly string[];
  shown: string;
  does: string;
  /** Undefined: the key affects the screen, not the browser. */
  action?: BrowserAction;
}

export const BROWSER_BINDINGS: readonly Binding[] = [
  { keys: ['tab'], shown: 'tab', does: 'letter keys on or off', action: { type: 'focus' } },
  { keys: ['up'], letters: ['k'], shown: '↑ k', does: 'up', action: { type: 'move', by: -1 } },
  { keys: ['down'], letters: ['j'], shown: '↓ j', does: 'down', action: { type: 'move', by: 1 } },
  { keys: ['pageup'], shown: 'pgup', does: 'a screen up', action: { type: 'page', by: -1 } },
  { keys: ['pagedown'], shown: 'pgdn', does: 'a screen down', action: { type: 'page', by: 1 } },
  { keys: ['home'], shown: 'home', does: 'first conversation', action: { type: 'top' } },
  { keys: ['end'], shown: 'end', does: 'last conversation', action: { type: 'bottom' } },
  { keys: ['right'], letters: ['l'], shown: '→ l', does: 'scroll the preview down', action: { type: 'preview', by: 5 } },
  { keys: ['left'], letters: ['h'], shown: '← h', does: 'scroll the preview up', action: { type: 'preview', by: -5 } },
  { keys: ['return'], shown: '↵', does: 'resume the conversation', action: { type: 'resume' } },
  { keys: ['ctrl-d'], letters: ['d'], shown: 'd ^d', does: 'delete (asks first)', action: { type: 'delete' } },
  { keys: ['ctrl-r'], letters: ['r'], shown: 'r ^r', does: 'rename', action: { type: 'rename' } },
  { keys: ['ctrl-e'], letters: ['e'], shown: 'e ^e', does: 'export as a Markdown file', action: { type: 'export' } },
  { keys: ['ctrl-y'], letters: ['y'], shown: 'y ^y', does: 'copy the id', action: { type: 'copy' } },
  { keys: ['ctrl-p'], letters: ['p'], shown: 'p ^p', does: 'this project only, or all', action: { type: 'project' } },
  { keys: ['ctrl-u'], shown: '^u', does: 'clear the search', action: { type: 'clear' } },
  { letters: ['?'], shown: '?', does: 'show all keys', action: { type: 'help' } },
  { keys: ['escape'], shown: 'esc', does: 'back, then quit', action: { type: 'back' } },
  { letters: ['q'], shown: 'q', does: 'quit', action: { type: 'leave' } },
  { shown: '^l ^z', does: 'redraw, suspend' },
  { keys: ['ctrl-c'], shown: '^c', does: 'stop', action: { type: 'stop' } },
];

const ALWAYS = new Map(BROWSER_BINDINGS.flatMap(({ keys = [], action }) => keys.map((key) => [key, action] as const)));
const LETTERS = new Map(BROWSER_BINDINGS.flatMap(({ letters = [], action }) => letters.map((key) => [key, action] as const)));
const WHILE_RENAMING = new Set<BrowserAction['type']>(['type', 'erase', 'clear', 'resume', 'back', 'stop']);
const MOVES = new Set<BrowserAction['type']>(['move', 'page', 'top', 'bottom']);

/** Returns the browser after a key press. Pure. */
export function pressBrowserKey(browser: HistoryBrowser, key: LiveKey): HistoryBrowser {
  if (browser.outcome !== undefined) return browser;
  const { pane } = browser;
  const action = actionOf(browser, key);
  if (action?.type === 'stop') return reduceBrowser(browser, action);
  if (pane === 'delete') {
    // Only y confirms the deletion.
    return key.text?.toLowerCase() === 'y' ? reduceBrowser(browser, { type: 'delete' }) : { ...browser, pane: 'list' };
  }
  if (pane === 'rename')
    return action !== undefined && WHILE_RENAMING.has(action.type) ? reduceBrowser(browser, action) : browser;
  if (pane === 'help') return inHelp(browser, action);
  if (action === undefined) return browser.note === undefined ? browser : { ...browser, note: undefined };
  return reduceBrowser(browser, action);
}

function actionOf({ pane, focus, query }: HistoryBrowser, { name, text }: LiveKey): BrowserAction | undefined {
  const always = ALWAYS.get(name);
  if (always !== undefined) return always;
  if (name === 'backspace') return { type: 'erase' };
  if (text === undefined) return undefined;
  if (pane === 'rename') return { type: 'type', text };
  if (focus === 'query') return text === '?' && query === '' ? { type: 'help' } : { type: 'type', text };
  return text === '/' ? { type: 'focus' } : LETTERS.get(text);
}

/** Handles keys while the help is open: movement keys scroll it, and any other key closes it. */
function inHelp(browser: HistoryBrowser, action: BrowserAction | undefined): HistoryBrowser {
  if (action === undefined || !MOVES.has(action.type)) return { ...browser, pane: 'list' };
  const tops: Partial<Record<BrowserAction['type'], number>> = { top: 0, bottom: BROWSER_BINDINGS.length };
  const by = 'by' in action ? action.by * (action.type === 'page' ? browser.height : 1) : 0;
  const helpTop = Math.max(0, Math.min(BROWSER_BINDINGS.length, tops[action.type] ?? browser.helpTop + by));
  return { ...browser, helpTop };
}
