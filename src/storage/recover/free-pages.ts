import type { Pages } from './pages.ts';

const FIRST_AT = 32;
const COUNT_AT = 36;
const NONE: ReadonlySet<number> = new Set();

/**
 * Pages that are not in use: what they hold was deleted. Empty when the list is damaged: rows that come back are better than rows that are lost.
 */
export function freePages({ read, size, count }: Pages, taken: ReadonlySet<number>): ReadonlySet<number> {
  const header = read(1);
  if (header === undefined) return NONE;
  const free = new Set<number>();
  const add = (page: number): boolean => {
    if (page < 2 || page > count || free.has(page) || taken.has(page)) return false;
    free.add(page);
    return true;
  };
  for (let trunk = header.readUInt32BE(FIRST_AT); trunk !== 0;) {
    const bytes = add(trunk) ? read(trunk) : undefined;
    if (bytes === undefined) return NONE;
    const leaves = bytes.readUInt32BE(4);
    if (leaves > size / 4 - 2) return NONE;
    for (let index = 0; index < leaves; index += 1) if (!add(bytes.readUInt32BE(8 + 4 * index))) return NONE;
    trunk = bytes.readUInt32BE(0);
  }
  return free.size === header.readUInt32BE(COUNT_AT) ? free : NONE;
}
