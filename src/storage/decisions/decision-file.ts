import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { OrxError } from '../../errors.ts';
import { makePrivateFolder } from '../files/private-mode.ts';
import { writePrivateLines } from '../files/private-lines.ts';
import { parseDecision, type StoredVerdict, type StoredVote } from './records.ts';
import { readFailure, writeFailure } from '../../text/file-failure.ts';

/** Votes of people and verdicts of judges, each in a file that only this user can read: one JSON object per line. */
export interface DecisionStore {
  /** Adds a vote. Throws kind `unexpected` if it cannot be written. */
  addVote: (vote: StoredVote) => void;
  addVerdicts: (verdicts: readonly StoredVerdict[]) => void;
  votes: () => Promise<StoredDecisions<StoredVote>>;
  verdicts: () => Promise<StoredDecisions<StoredVerdict>>;
}

export interface StoredDecisions<Decision> {
  path: string;
  /** Oldest first. */
  decisions: readonly Decision[];
  /** Lines that are no decision: a line that was cut off, or one of a newer orx. */
  skipped: number;
}

/** Opens the files in a folder. Other processes may add to them at the same time. `suffix` separates the files of the sandbox. */
export function openDecisions({ folder, suffix }: { folder: string; suffix: string }): DecisionStore {
  const [votes, verdicts] = [join(folder, `votes${suffix}.jsonl`), join(folder, `verdicts${suffix}.jsonl`)];
  const add = (path: string, what: string, records: readonly (StoredVote | StoredVerdict)[]): void => {
    try {
      makePrivateFolder(folder);
      writePrivateLines(
        path,
        'a',
        records.map((record) => JSON.stringify(record)),
      );
    } catch (error) {
      throw new OrxError(`cannot store the ${what} in ${path} (${writeFailure(error)})`, {
        kind: 'unexpected',
        code: 'decisions-unwritable',
        hints: ['check the permissions of that file and the free space'],
        cause: error,
      });
    }
  };
  return {
    addVote: (vote) => add(votes, 'vote', [vote]),
    addVerdicts: (all) => add(verdicts, 'verdicts', all),
    votes: () => readDecisions(votes, (decision) => decision.type === 'vote'),
    verdicts: () => readDecisions(verdicts, (decision) => decision.type === 'verdict'),
  };
}

/** Reads a file line by line; a missing file has no decisions. */
async function readDecisions<Decision extends StoredVote | StoredVerdict>(
  path: string,
  isWanted: (decision: StoredVote | StoredVerdict) => decision is Decision,
): Promise<StoredDecisions<Decision>> {
  const decisions: Decision[] = [];
  let skipped = 0;
  const input = createReadStream(path, 'utf8');
  const failed = new Promise<never>((_, reject) => input.once('error', reject));
  const lines = (async () => {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      if (line.trim() === '') continue;
      const decision = parseDecision(line);
      if (decision !== undefined && isWanted(decision)) decisions.push(decision);
      else skipped += 1;
    }
  })();
  try {
    await Promise.race([lines, failed]);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { path, decisions: [], skipped: 0 };
    throw new OrxError(`cannot read ${path} (${readFailure(error)})`, {
      kind: 'unexpected',
      code: 'decisions-unreadable',
      hints: ['check its permissions'],
      cause: error,
    });
  }
  return { path, decisions, skipped };
}
