import type { LiveKey } from '../../live-key.ts';
import type { LiveAction, LiveTable } from './state.ts';
import { pressQuoteKey } from './quote.ts';
import { reduceLiveTable } from './table.ts';

/** Keys and their action, for the table and for the help. */
interface Binding {
  /** Keys that work whether letters go to the query or not. */
  keys?: readonly string[];
  /** Letters that work while letters do not go to the query. */
  letters?: readonly string[];
  /** The names of the keys and a description of their action, for the help. */
  shown: string;
  does: string;
  /** Undefined: the key affects the screen, not the table. */
  action?: LiveAction;
}

export const BINDINGS: readonly Binding[] = [
  { keys: ['tab'], shown: 'tab', does: 'letter keys on or off', action: { type: 'focus' } },
  { keys: ['up'], letters: ['k'], shown: '↑ k', does: 'up', action: { type: 'move', by: -1 } },
  { keys: ['down'], letters: ['j'], shown: '↓ j', does: 'down', action: { type: 'move', by: 1 } },
  { keys: ['pageup'], shown: 'pgup', does: 'a screen up', action: { type: 'page', by: -1 } },
  { keys: ['pagedown'], shown: 'pgdn', does: 'a screen down', action: { type: 'page', by: 1 } },
  { keys: ['home'], shown: 'home', does: 'first model', action: { type: 'top' } },
  { keys: ['end'], shown: 'end', does: 'last model', action: { type: 'bottom' } },
  { keys: ['right'], shown: '→', does: 'next sort', action: { type: 'sort', by: 1 } },
  { keys: ['left'], shown: '←', does: 'previous sort', action: { type: 'sort', by: -1 } },
  { keys: ['ctrl-o'], letters: ['o'], shown: 'o ^o', does: 'reverse the sort', action: { type: 'reverse' } },
  { letters: ['f'], shown: 'f', does: 'only free', action: { type: 'filter', filter: 'free' } },
  { letters: ['v'], shown: 'v', does: 'only with vision', action: { type: 'filter', filter: 'vision' } },
  { letters: ['t'], shown: 't', does: 'only with tools', action: { type: 'filter', filter: 'tools' } },
  { letters: ['e'], shown: 'e', does: 'only reasoning', action: { type: 'filter', filter: 'reasoning' } },
  { letters: ['z'], shown: 'z', does: 'only zero retention', action: { type: 'filter', filter: 'zdr' } },
  { letters: ['m'], shown: 'm', does: 'only my favorites', action: { type: 'filter', filter: 'favorites' } },
  { letters: [' ', 's'], shown: 'space s', does: 'favorite', action: { type: 'star' } },
  { keys: ['ctrl-d'], letters: ['d'], shown: 'd ^d', does: 'details', action: { type: 'detail' } },
  { keys: ['return'], shown: '↵', does: 'chat with the model', action: { type: 'chat' } },
  { keys: ['ctrl-p'], letters: ['p'], shown: 'p ^p', does: 'price of marked models', action: { type: 'price' } },
  { keys: ['ctrl-k'], letters: ['c'], shown: 'c ^k', does: 'mark for comparison', action: { type: 'mark' } },
  { keys: ['ctrl-g'], letters: ['g'], shown: 'g ^g', does: 'compare marked models', action: { type: 'compare' } },
  { keys: ['ctrl-r'], letters: ['r'], shown: 'r ^r', does: 'refresh', action: { type: 'refresh' } },
  { keys: ['ctrl-u'], shown: '^u', does: 'clear the filter', action: { type: 'clear' } },
  { keys: ['?'], shown: '?', does: 'show all keys', action: { type: 'help' } },
  { keys: ['escape'], shown: 'esc', does: 'back, then quit', action: { type: 'back' } },
  { letters: ['q'], shown: 'q', does: 'quit', action: { type: 'leave' } },
  { shown: '^l ^z', does: 'redraw, suspend' },
  { keys: ['ctrl-c'], shown: '^c', does: 'stop', action: { type: 'stop' } },
];

const ALWAYS = new Map(BINDINGS.flatMap(({ keys = [], action }) => keys.map((key) => [key, action] as const)));
const LETTERS = new Map(BINDINGS.flatMap(({ letters = [], action }) => letters.map((key) => [key, action] as const)));
const PRICE_CLOSERS = new Set(['escape', 'return', 'p', 'ctrl-p', 'q']);
const MOVES = new Set<LiveAction['type']>(['move', 'page', 'top', 'bottom']);

/** Returns the table after a key press. Pure. */
export function pressTableKey(table: LiveTable, key: LiveKey): LiveTable {
  if (table.outcome !== undefined) return table;
  const action = actionOf(table, key);
  if (table.pane === 'help' && action?.type !== 'stop') return inHelp(table, action);
  if (table.pane === 'price' && action?.type !== 'stop') return inPrice(table, key);
  if (action === undefined) return table.note === undefined ? table : { ...table, note: undefined };
  return reduceLiveTable(table, action);
}

function actionOf(table: LiveTable, { name, text }: LiveKey): LiveAction | undefined {
  const always = ALWAYS.get(name);
  if (always !== undefined) return always;
  if (name === 'backspace') return { type: 'erase' };
  if (text === undefined) return undefined;
  if (table.focus === 'query') return text === ' ' && table.query === '' ? { type: 'star' } : { type: 'type', text };
  if (text === '/') return { type: 'focus' };
  if (/^\d$/.test(text)) return { type: 'column', place: (Number(text) + 9) % 10 };
  return LETTERS.get(text);
}

/** Handles keys while the price is open: its own keys change the sizes, closing keys close it, and other keys do nothing. */
function inPrice(table: LiveTable, key: LiveKey): LiveTable {
  const quote = table.quote === undefined ? undefined : pressQuoteKey(table.quote, key);
  if (quote !== undefined) return { ...table, quote };
  return PRICE_CLOSERS.has(key.name) ? { ...table, pane: 'none' } : table;
}

/** Handles keys while the help is open: movement keys scroll it, and any other key closes it. */
function inHelp(table: LiveTable, action: LiveAction | undefined): LiveTable {
  if (action === undefined || !MOVES.has(action.type)) return { ...table, pane: 'none' };
  const rows = BINDINGS.length + table.allColumns.length;
  const tops: Partial<Record<LiveAction['type'], number>> = { top: 0, bottom: rows };
  const by = 'by' in action ? action.by * (action.type === 'page' ? table.height : 1) : 0;
  return { ...table, helpTop: Math.max(0, Math.min(rows, tops[action.type] ?? table.helpTop + by)) };
}
