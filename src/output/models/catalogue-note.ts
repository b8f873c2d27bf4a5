import { OrxError } from '../../errors.ts';
import { withoutKeys } from '../text/error.ts';
import { ageText, countText } from '../text/number.ts';
import type { Cell } from '../table/table.ts';
import { visibleLine } from '../text/visible.ts';

/** Older figures than these are no longer those of the moment: how long a copy is taken without asking, with some time to spare. */
const OLD_MS = 15 * 60 * 1000;

/** `457 models, 38 s old`, `12 of 457 models from openrouter.ai, just fetched`. */
export function catalogueNote(shown: number, total: number, ageMs: number, source?: string): string {
  const count = shown === total ? countText(total) : `${countText(shown)} of ${countText(total)}`;
  const from = source === undefined ? '' : ` from ${visibleLine(source)}`;
  return `${count} ${total === 1 ? 'model' : 'models'}${from}, ${catalogueAge(ageMs)}`;
}

/** `38 s old` */
export function catalogueAge(ageMs: number): string {
  return ageMs < 1000 ? 'just fetched' : `${ageText(ageMs)} old`;
}

/** What to say when the API gave no catalogue and the stored copy stands in for it; nothing when it did. */
export function staleNotes({ ageMs, staleBecause: reason }: { ageMs: number; staleBecause?: unknown }): Cell[] {
  if (reason === undefined) return [];
  const failure = reason instanceof OrxError && reason.kind !== 'network' ? 'the API sent no catalog' : 'could not reach the API';
  const message = withoutKeys(visibleLine(reason instanceof Error ? reason.message : String(reason)));
  return [{ text: `warning: ${failure} (${message}): showing the stored copy, ${ageText(ageMs)} old`, tone: 'warning' }];
}

/** What to say about facts of endpoints that are missing or old; nothing when all is as it should be. */
export function endpointNotes(missing: number, total: number, oldestMs: number): Cell[] {
  const notes: Cell[] = [];
  if (missing > 0) {
    const text = `warning: the endpoints of ${countText(missing)} of ${countText(total)} models could not be read; their data is missing`;
    notes.push({ text, tone: 'warning' });
  }
  if (oldestMs > OLD_MS)
    notes.push({ text: `warning: from stored copies: endpoints up to ${ageText(oldestMs)} old`, tone: 'warning' });
  return notes;
}
