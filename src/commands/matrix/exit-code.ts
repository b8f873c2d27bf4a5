import { type MatrixReport, passShare } from '../../core/matrix/report.ts';
import { type ErrorKind, OrxError } from '../../errors.ts';
import { EXPECTATIONS_FAILED } from './expectations-failed.ts';

/** What decides the exit code besides the results. */
interface ExitRules {
  /** Share of the cells with expectations that must pass. */
  minPass: number;
  exitsZero: boolean;
}

/**
 * Returns the exit code of a run: 0 if enough cells passed and all others have an answer, 10 if expectations failed. Throws why the
 * run was stopped, or why an answer is missing if nothing else explains the code: answers that never came never pass.
 */
export async function matrixExitCode(
  report: MatrixReport,
  { minPass, exitsZero }: ExitRules,
  stopped: OrxError | undefined,
): Promise<number> {
  if (stopped !== undefined) throw stopped;
  const { passed, expecting } = passShare(report.lanes);
  const isEnough = expecting > 0 && passed / expecting >= minPass - 1e-9;
  // Reading thousands of cells takes time.
  if (isEnough && report.lanes.every(({ cells }) => cells.empty + cells.failed + cells['not-asked'] === 0)) return 0;
  let missing: { kind: string; code?: string | undefined; message: string } | undefined;
  for await (const { cell, state, outcome, error } of report.cells()) {
    const isExpecting = cell.testCase.expectations.length > 0;
    if (isExpecting && isEnough) continue;
    if (state !== 'answered') missing ??= error ?? { kind: 'provider', message: 'no answer' };
    else if (isExpecting && outcome !== undefined && outcome.verdict !== 'pass') return exitsZero ? 0 : EXPECTATIONS_FAILED;
  }
  if (missing === undefined) return 0;
  throw new OrxError('some answers are missing', {
    kind: isErrorKind(missing.kind) ? missing.kind : 'provider',
    code: missing.code,
    why: missing.message,
    hints: ['request the missing ones: repeat the command with --resume'],
  });
}

const KINDS: readonly ErrorKind[] = [
  'usage',
  'authentication',
  'credits',
  'rate-limit',
  'no-endpoint',
  'provider',
  'network',
  'interrupted',
];

/** The kind comes from a file. */
function isErrorKind(kind: string): kind is ErrorKind {
  return KINDS.some((known) => known === kind);
}
