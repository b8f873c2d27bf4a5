import type { Lane } from '../../core/compare/state.ts';

/** Returns the number that selects the lane, marked if it is selected; nothing for a single lane. */
export function laneNumber(lane: number, isFocused: boolean, lanes: readonly Lane[]): string {
  return lanes.length === 1 ? '' : `${isFocused ? '▸' : ' '}${String(lane + 1).padStart(numberWidth(lanes) - 2)} `;
}

/** Returns the columns of that number; 0 for a single lane. */
export function numberWidth(lanes: readonly Lane[]): number {
  return lanes.length === 1 ? 0 : String(lanes.length).length + 2;
}
