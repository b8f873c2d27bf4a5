import type { CompareState } from '../../core/compare/state.ts';
import type { LaneRows } from './lane-rows.ts';
import type { RunningCost } from './lane-status.ts';
import type { CompareViewState } from './view-state.ts';

/** What the screen of a comparison shows. */
export interface CompareView {
  isSandbox: boolean;
  prompt: string;
  state: CompareState;
  view: CompareViewState;
  /** The rows of each lane's answer. */
  rows: readonly LaneRows[];
  /** The rows of a diff of the focused lane, in at most this width. */
  diff: (lane: number, width: number) => readonly string[];
  runningCost: RunningCost;
  size: { columns: number; rows: number };
  now: number;
  /** Keys come from the terminal. */
  hasKeyboard: boolean;
  isSettled: boolean;
}
