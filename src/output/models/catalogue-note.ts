import { OrxError } from '../../errors.ts';
import { withoutKeys } from '../text/error.ts';
import { ageText, countText } from '../text/number.ts';
import type { Cell } from '../table/table.ts';
import { visibleLine } from '../text/visible.ts';

/** Figures older than this are not current: the time for which a stored copy is used without a request, plus a margin. */
const OLD_MS = 15 * 60 * 1000;

/** Returns the size and the age of the catalogue: `457 models, 38 s old`, `12 of 457 models from openrouter.ai, just fetched`. */
export function catalogueNote(shown: number, total: number, ageMs: number, source?: string): string {
  const count = shown === total ? countText(total) : `${countText(shown)} of ${countText(total)}`;
  const from = source === undefined ? '' : ` from ${visibleLine(source)}`;
  return `${count} ${total === 1 ? 'model' : 'models'}${from}, ${catalogueAge(ageMs)}`;
}

/** Returns an age: `38 s old`. */
export function catalogueAge(ageMs: number): string {
  return ageMs < 1000 ? 'just fetched' : `${ageText(ageMs)} old`;
}

/** Returns a warning if the API sent no catalogue and the stored copy is used; otherwise nothing. */
export function staleNotes({ ageMs, staleBecause: reason }: { ageMs: number; staleBecause?: unknown }): Cell[] {
  if (reason === undefined) return [];
  const failure = reason instanceof OrxError && reason.kind !== 'network' ? 'the API sent no catalog' : 'could not reach the API';
  const message = withoutKeys(visibleLine(reason instanceof Error ? reason.message : String(reason)));
  return [{ text: `warning: ${failure} (${message}): showing the stored copy, ${ageText(ageMs)} old`, tone: 'warning' }];
}

/** Returns warnings if endpoint data is missing or old; otherwise nothing. */
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
