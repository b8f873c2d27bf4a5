import { createHash } from 'node:crypto';
import { OrxError } from '../../errors.ts';
import type { MatrixJournal } from '../../storage/matrix/journal.ts';
import type { Judge, Judgment } from '../judge/ask-judge.ts';
import { NOTHING_SPENT } from '../judge/spending.ts';

export interface StoredJudgeOptions {
  model: string;
  /** The address of its API: another server may have another model of this name. */
  address: string;
  journal: Pick<MatrixJournal, 'readOutcome'>;
  /** Asks what is not stored, and where that is stored. Undefined: only reads. */
  asked?: { judge: Judge; journal: Pick<MatrixJournal, 'append'> } | undefined;
}

type StoredJudgment = { state: 'decided'; value: unknown; reason: string } | { state: 'unreadable'; why: string };

/**
 * Returns a judge whose decisions are in the journal of a run: each question is asked once. What has no decision there is `failed`
 * if it only reads. A failed request is not stored. Throws only if the journal cannot be written.
 */
export function storedJudge({ model, address, journal, asked: asking }: StoredJudgeOptions): Judge {
  return {
    model,
    async ask<Value>(...[task, messages]: Parameters<Judge['ask']>): Promise<Judgment<Value>> {
      const asked = { model, address, task: task.name, messages: messages('') };
      const key = createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 32);
      const stored = journal.readOutcome(key) as StoredJudgment | undefined;
      if (stored !== undefined) return { ...(stored as Judgment<Value>), spending: NOTHING_SPENT };
      if (asking === undefined) return { state: 'failed', error: NOT_JUDGED, spending: NOTHING_SPENT };
      const judgment = (await asking.judge.ask(task, messages).catch(failedJudgment)) as Judgment<Value>;
      const { spending: _, ...data } = judgment;
      if (data.state !== 'failed') asking.journal.append({ type: 'outcome', key, data });
      return judgment;
    },
  };
}

const NOT_JUDGED = new OrxError('the run was stopped before', { kind: 'interrupted' });

/** Whatever stops a judge stops no run, whose answers are paid for. A journal that cannot be written does. */
function failedJudgment(error: unknown): Judgment<never> {
  if (!(error instanceof OrxError) || error.code === 'journal-unwritable') throw error;
  return { state: 'failed', error, spending: NOTHING_SPENT };
}
