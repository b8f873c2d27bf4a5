import type { Origin } from '../test-case.ts';
import type { ParsedDocument } from './documents.ts';
import { checkKeys } from './promptfoo-keys.ts';
import { usageReason } from './promptfoo-tests.ts';
import { objectOf, type ReadEvent, type ReadingNotes, unreadable } from './source.ts';

/** Returns the misspelled keys of a configuration, one problem each. */
export function keyProblems(
  config: Readonly<Record<string, unknown>>,
  path: string,
  { lineOfKey }: ParsedDocument,
  notes: ReadingNotes,
): ReadEvent[] {
  return Object.entries(config).flatMap(([key, value]) => {
    try {
      checkKeys({ [key]: value }, 'configuration', notes);
      return [];
    } catch (error) {
      return [unreadable({ file: path, line: lineOfKey(key) }, usageReason(error))];
    }
  });
}

/** Yields a problem if the test that all others inherit from has a misspelled key. */
export function* defaultProblems(
  { fields, file }: { fields: Readonly<Record<string, unknown>>; file: string },
  origin: Origin,
  notes: ReadingNotes,
): Generator<ReadEvent> {
  try {
    checkKeys(fields, 'test', notes);
    checkKeys(objectOf(fields['options']) ?? {}, 'options', notes);
  } catch (error) {
    yield unreadable(file === origin.file ? origin : { file }, usageReason(error));
  }
}
