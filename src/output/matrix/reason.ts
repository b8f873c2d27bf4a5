import { type CellResult, hasPassed } from '../../core/matrix/cell-result.ts';
import { withoutKeys } from '../text/error.ts';

/** Returns why a cell did not pass, one reason a line; undefined for one that passed or expects nothing. */
export function cellReason(result: CellResult): string | undefined {
  const { state, error, outcome } = result;
  if (state === 'not-asked') return `not asked: ${withoutKeys(error?.message ?? 'the run was stopped')}`;
  if (state !== 'answered') return withoutKeys(error?.message ?? 'no answer');
  if (outcome === undefined) return 'not checked: the run was stopped';
  if (outcome.verdict === 'none' || hasPassed(result)) return undefined;
  const missed = outcome.checks.filter(({ verdict }) => verdict !== 'pass');
  const reasons = missed.map(({ name, verdict, reason }) => {
    const what = verdict === 'not-run' ? `${name} not run` : name;
    return reason === undefined ? what : `${what}: ${reason}`;
  });
  if (reasons.length > 0) return withoutKeys(reasons.join('\n'));
  return outcome.score === undefined ? 'below the threshold' : `score ${outcome.score.toFixed(2)} is below the threshold`;
}
