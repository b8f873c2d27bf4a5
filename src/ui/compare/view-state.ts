import type { LiveKey } from '../../core/live-key.ts';
import { columnCount, type LaneFocus } from './layout.ts';

/** What the user sees of a comparison. The lanes are numbered from 0. */
export interface CompareViewState {
  focus: LaneFocus;
  /** Where each lane is scrolled to; undefined: it follows its end. */
  scrolls: readonly (LaneScroll | undefined)[];
  /** The lanes whose reasoning is shown in full. */
  unfolded: ReadonlySet<number>;
  /** Shown instead of the lanes. */
  overlay: 'help' | 'diff' | undefined;
  /** A key was pressed, so somebody watches. */
  isAttended: boolean;
}

interface LaneScroll {
  /** The first row in view. */
  top: number;
  /** The rows that had been in view, or above it, when scrolling began. */
  seen: number;
}

/** Rows of a lane's text, as the last frame showed them. */
export interface LaneExtent {
  total: number;
  height: number;
}

/** What a key does besides changing the view. */
export type CompareCommand = { type: 'stop-lane'; lane: number } | { type: 'stop-all' } | { type: 'leave' };

/** What the keys depend on. */
export interface KeyFacts {
  columns: number;
  extents: readonly LaneExtent[];
}

export function startView(lanes: number): CompareViewState {
  return {
    focus: { lane: 0, first: 0, isEnlarged: false },
    scrolls: Array.from({ length: lanes }, () => undefined),
    unfolded: new Set(),
    overlay: undefined,
    isAttended: false,
  };
}

/** Keys of a comparison, in the order of the help. */
export const COMPARE_KEYS: readonly { shown: string; does: string }[] = [
  { shown: '← → tab', does: 'previous or next lane' },
  { shown: '1-9', does: 'lane by number' },
  { shown: '↵', does: 'enlarge the lane, and back' },
  { shown: '↑ ↓', does: 'scroll the lane by a row' },
  { shown: 'pgup pgdn', does: 'scroll by a page' },
  { shown: 'home end', does: 'first row; last row, and follow' },
  { shown: 'r', does: 'show or fold the reasoning' },
  { shown: 'd', does: 'word diff against the first lane' },
  { shown: 'x', does: 'stop the lane' },
  { shown: 'X', does: 'stop all lanes' },
  { shown: '?', does: 'show or hide these keys' },
  { shown: 'q esc', does: 'quit; the answers are printed' },
  { shown: '^L ^Z', does: 'redraw; suspend' },
];

/** Returns the view after a key, and what else the key does. Pure. */
export function pressCompareKey(
  view: CompareViewState,
  { name }: LiveKey,
  facts: KeyFacts,
): { view: CompareViewState; command?: CompareCommand | undefined } {
  const attended = { ...view, isAttended: true };
  const { focus } = view;
  const lanes = view.scrolls.length;
  switch (name) {
    case 'left':
      return { view: focusOn(attended, (focus.lane + lanes - 1) % lanes, facts) };
    case 'right':
    case 'tab':
      return { view: focusOn(attended, (focus.lane + 1) % lanes, facts) };
    case 'return':
      return { view: { ...attended, focus: { ...focus, isEnlarged: !focus.isEnlarged }, overlay: undefined } };
    case 'up':
      return { view: scrolled(attended, -1, facts) };
    case 'down':
      return { view: scrolled(attended, 1, facts) };
    case 'pageup':
      return { view: scrolled(attended, -page(view, facts), facts) };
    case 'pagedown':
    case ' ':
      return { view: scrolled(attended, page(view, facts), facts) };
    case 'home':
      return { view: scrolled(attended, Number.NEGATIVE_INFINITY, facts) };
    case 'end':
      return { view: scrolled(attended, Number.POSITIVE_INFINITY, facts) };
    case 'r':
      return { view: { ...attended, unfolded: toggled(view.unfolded, focus.lane) } };
    case 'd':
      return { view: lanes < 2 ? attended : withDiff(attended, view.overlay !== 'diff') };
    case '?':
      return { view: { ...attended, overlay: view.overlay === 'help' ? undefined : 'help' } };
    case 'x':
      return { view: attended, command: { type: 'stop-lane', lane: focus.lane } };
    case 'X':
      return { view: attended, command: { type: 'stop-all' } };
    case 'escape':
      if (view.overlay !== undefined) return { view: withDiff(attended, false) };
      if (focus.isEnlarged) return { view: { ...attended, focus: { ...focus, isEnlarged: false } } };
      return { view: attended, command: { type: 'leave' } };
    case 'q':
      return { view: attended, command: { type: 'leave' } };
    default: {
      const lane = /^[1-9]$/.test(name) ? Number(name) - 1 : lanes;
      return { view: lane < lanes ? focusOn(attended, lane, facts) : view };
    }
  }
}

function focusOn(view: CompareViewState, lane: number, { columns }: KeyFacts): CompareViewState {
  const across = columnCount(columns, view.scrolls.length);
  const { first } = view.focus;
  const moved = lane < first ? lane : lane >= first + across ? lane - across + 1 : first;
  const focused = { ...view, focus: { ...view.focus, lane, first: moved } };
  return view.overlay === 'diff' ? withDiff(focused, true) : focused;
}

/** Shows or hides the diff. It begins at its first row, the answer of a lane at its last one. */
function withDiff(view: CompareViewState, isShown: boolean): CompareViewState {
  const wasShown = view.overlay === 'diff';
  if (!isShown && !wasShown) return { ...view, overlay: undefined };
  const top = isShown ? { top: 0, seen: Number.POSITIVE_INFINITY } : undefined;
  const scrolls = view.scrolls.with(view.focus.lane, top);
  return { ...view, scrolls, overlay: isShown ? 'diff' : undefined };
}

function page({ focus }: CompareViewState, { extents }: KeyFacts): number {
  return Math.max(1, (extents[focus.lane]?.height ?? 1) - 1);
}

function scrolled(view: CompareViewState, rows: number, { extents }: KeyFacts): CompareViewState {
  const { lane } = view.focus;
  const { total, height } = extents[lane] ?? { total: 0, height: 0 };
  const last = Math.max(0, total - height);
  const before = view.scrolls[lane];
  const top = Math.max(0, Math.min(last, (before === undefined ? last : Math.min(last, before.top)) + rows));
  // At its end a lane follows its answer again.
  const next = top >= last ? undefined : { top, seen: Math.max(before?.seen ?? total, top + height) };
  return { ...view, scrolls: view.scrolls.with(lane, next) };
}

function toggled(set: ReadonlySet<number>, item: number): ReadonlySet<number> {
  return set.has(item) ? new Set([...set].filter((one) => one !== item)) : new Set([...set, item]);
}
