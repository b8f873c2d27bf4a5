import type { OpenContainer } from './container-prefix.ts';
import type { BlockWidth } from './piece.ts';

/** The room for rows on the screen. */
export interface ContainerRoom {
  /** Width of the screen in columns. */
  width: number;
  /** Maximum width of prose in columns, even if the screen is wider. */
  prose: number;
  containers: OpenContainer[];
}

/** Minimum width of a nested block in columns, if the screen is wide enough. */
const LEAST_CONTENT = 10;

/** Returns the outermost containers that leave enough room for the content. */
export function shownContainers({ containers, width }: ContainerRoom): readonly OpenContainer[] {
  let left = width;
  for (let index = 0; index < containers.length; index += 1) {
    left -= containers[index]!.width;
    if (left < LEAST_CONTENT) return containers.slice(0, index);
  }
  return containers;
}

function prefixWidth(room: ContainerRoom): number {
  let total = 0;
  for (const { width } of shownContainers(room)) total += width;
  return total;
}

/** Returns the columns that the open containers leave. */
export function contentWidth(room: ContainerRoom): number {
  return room.width - prefixWidth(room);
}

/** Returns the columns that remain, and how many of them prose uses. */
export function blockWidth(room: ContainerRoom): BlockWidth {
  const used = room.containers.length === 0 ? 0 : prefixWidth(room);
  const all = room.width - used;
  return { all, prose: Math.min(all, Math.max(LEAST_CONTENT, room.prose - used)) };
}
