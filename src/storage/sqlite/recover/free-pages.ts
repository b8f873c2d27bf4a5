import type { Pages } from './pages.ts';

const FIRST_AT = 32;
const COUNT_AT = 36;

/** Returns the unused pages, which contain deleted data. Undefined if the list of free pages is damaged. */
export function freePages({ read, size, count }: Pages, taken: ReadonlySet<number>): ReadonlySet<number> | undefined {
  const header = read(1);
  if (header === undefined) return undefined;
  const free = new Set<number>();
  const add = (page: number): boolean => {
    if (page < 2 || page > count || free.has(page) || taken.has(page)) return false;
    free.add(page);
    return true;
  };
  for (let trunk = header.readUInt32BE(FIRST_AT); trunk !== 0;) {
    const bytes = add(trunk) ? read(trunk) : undefined;
    if (bytes === undefined) return undefined;
    const leaves = bytes.readUInt32BE(4);
    if (leaves > size / 4 - 2) return undefined;
    for (let index = 0; index < leaves; index += 1) if (!add(bytes.readUInt32BE(8 + 4 * index))) return undefined;
    trunk = bytes.readUInt32BE(0);
  }
  return free.size === header.readUInt32BE(COUNT_AT) ? free : undefined;
}
