import { ageText, countText } from '../text/number.ts';
import type { Cell } from '../table/table.ts';

/** Older figures than these are no longer those of the moment: how long a copy is taken without asking, with some time to spare. */
const OLD_MS = 15 * 60 * 1000;

/** What to say about facts of endpoints that are missing or old; nothing when all is as it should be. */
export function endpointNotes(missing: number, total: number, oldestMs: number): Cell[] {
  const notes: Cell[] = [];
  if (missing > 0) {
    const text = `! the endpoints of ${countText(missing)} of ${countText(total)} models could not be read: what they would tell is not known`;
    notes.push({ text, tone: 'warning' });
  }
  if (oldestMs > OLD_MS) notes.push({ text: `! from stored copies: endpoints up to ${ageText(oldestMs)} old`, tone: 'warning' });
  return notes;
}
