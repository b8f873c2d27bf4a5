import { realpath } from 'node:fs/promises';
import { usageError } from '../../errors.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { MatrixJournal } from '../../storage/matrix/journal.ts';
import type { RunRecord } from '../../storage/matrix/record.ts';
import { VERSION } from '../../version.ts';
import type { Context } from '../context.ts';
import type { MatrixOptions } from './options.ts';

/** The journal of a run, and the id that labels its requests in the ledger. */
export interface OpenRun {
  id: string;
  journal: MatrixJournal;
  /** The journal is removed when the command ends, because orx stores no conversations. */
  isTemporary: boolean;
  /** Closes the journal. A new run without any answer is removed. */
  close: () => void;
}

type RunFacts = Pick<RunRecord, 'lanes' | 'cells'>;

/**
 * Opens the journal of the run to continue: the latest of this file, or the named one; undefined for a new run. Throws kind `usage`
 * if there is none, or another process works on it.
 */
export async function openEarlierRun(options: MatrixOptions, context: Context): Promise<OpenRun | undefined> {
  const { settings, resume, path } = options;
  if (resume === false) return undefined;
  const runs = await context.stores.for(settings).openMatrixRuns();
  const id = resume === true ? runs.latest(await realpath(path)) : resume;
  if (id === undefined)
    throw usageError(`no stored run of ${visibleLine(path)}`, 'start one: omit --resume', 'list all runs: orx compare --runs');
  const journal = runs.open(id);
  return { id, journal, isTemporary: false, close: () => journal.close() };
}

/** Records that a run continues. */
export function noteResume({ journal }: OpenRun, facts: RunFacts, { clock }: Context): void {
  journal.append({ type: 'resume', at: clock.now(), orx: VERSION, ...facts });
}

/** Creates the journal of a new run. */
export async function createRun({ settings, path }: MatrixOptions, facts: RunFacts, context: Context): Promise<OpenRun> {
  const runs = await context.stores.for(settings).openMatrixRuns();
  const id = context.stores.newId();
  const isTemporary = !settings.history;
  const source = await realpath(path);
  const journal = runs.create({ id, at: context.clock.now(), source, orx: VERSION, ...facts }, { isTemporary });
  const close = (): void => {
    const { answered, failed } = journal.totals();
    journal.close();
    // Otherwise --resume would continue this one instead of the run before it.
    if (answered + failed === 0 && !isTemporary) runs.remove(id);
  };
  return { id, journal, isTemporary, close };
}
