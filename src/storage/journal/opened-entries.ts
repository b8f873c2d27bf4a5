import { thisProcess, type Owner } from '../files/owner.ts';
import type { OpenedEntries } from '../ledger/writer/sent-entries.ts';
import { PendingFile, type PendingPlace } from './pending-file.ts';

/** A file with entries that are in the ledger is deleted, and not emptied: another process could have taken an old, empty file over. */
interface EntryFile {
  file: PendingFile;
  entries: number;
  /** The number of its last job. */
  last: number;
  createdAt: number;
}

const MOST_ENTRIES = 256;
const LONGEST_USE_MS = 60_000;

/** Creates files when they are needed. */
export function openedEntries(
  place: PendingPlace,
  { owner = thisProcess(), now }: { owner?: Owner; now: () => number },
): OpenedEntries {
  let files: EntryFile[] = [];
  const current = (): EntryFile => {
    const last = files.at(-1);
    if (last !== undefined && last.entries < MOST_ENTRIES && Math.abs(now() - last.createdAt) < LONGEST_USE_MS) return last;
    const created = { file: new PendingFile(place, owner), entries: 0, last: 0, createdAt: now() };
    files.push(created);
    return created;
  };
  return {
    note(job, number) {
      const file = current();
      file.file.appendJson(`{"kind":"ledger","job":${job}}`);
      file.entries += 1;
      file.last = number;
    },
    forget(number, isIdle) {
      // Creating a file takes longer than appending to it, so the last one is used until it is full.
      const isDone = (one: EntryFile): boolean =>
        one.last <= number && (isIdle || one !== files.at(-1) || one.entries >= MOST_ENTRIES);
      if (!files.some(isDone)) return;
      for (const one of files) if (isDone(one)) one.file.remove();
      files = files.filter((one) => !isDone(one));
    },
    close() {
      for (const { file } of files) file.leave();
      files = [];
    },
  };
}
