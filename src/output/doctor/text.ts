import type { DoctorCheck, DoctorStatus } from '../../core/doctor/check.ts';
import { withoutKeys } from '../text/error.ts';
import { withSandboxLabel } from '../text/sandbox-label.ts';
import type { Meaning, Theme } from '../text/theme.ts';
import { visibleLine } from '../text/visible.ts';
import { wrapWords } from '../text/wrap-rows.ts';

/** How checks are shown to people. */
export interface DoctorShape {
  paint: Theme['paint'];
  /** Undefined: lines are not broken. */
  columns: number | undefined;
  /** Keys in use, which are masked everywhere. */
  secrets: readonly string[];
}

const TONES: Readonly<Record<DoctorStatus, readonly Meaning[]>> = {
  ok: ['good'],
  warning: ['warning'],
  failed: ['bad'],
  skipped: ['dim'],
};
const STATUS_WIDTH = 'skipped'.length + 2;
const NAME_WIDTH = 'clipboard'.length + 2;
const NARROWEST = 20;

/** Returns the lines of one check: status, name and message, then each fix, which is never broken so that it can be pasted. */
export function doctorCheckText(
  { name, status, message, ms, fixes }: DoctorCheck,
  { paint, columns, secrets }: DoctorShape,
): string {
  const indent = STATUS_WIDTH + NAME_WIDTH;
  const told = visibleLine(withoutKeys(ms === undefined ? message : `${message} (${millisecondsText(ms)})`, secrets));
  const room = columns === undefined ? Number.POSITIVE_INFINITY : Math.max(columns - indent, NARROWEST);
  const [first = '', ...rest] = wrapWords(told, room);
  const margin = ' '.repeat(indent);
  return [
    `${paint(TONES[status], status)}${' '.repeat(STATUS_WIDTH - status.length)}${name.padEnd(NAME_WIDTH)}${paint(toneOf(status), first)}`,
    ...rest.map((line) => `${margin}${paint(toneOf(status), line)}`),
    ...fixes.map((fix) => `${margin}fix: ${visibleLine(withoutKeys(fix, secrets))}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** Returns the last line: how many checks failed. */
export function summaryText(checks: readonly DoctorCheck[], { paint, isSandbox }: DoctorShape & { isSandbox: boolean }): string {
  const count = (status: DoctorStatus): number => checks.filter((check) => check.status === status).length;
  const [failures, warnings] = [count('failed'), count('warning')];
  const told = [
    failures === 0 ? 'nothing failed' : `${failures} failed`,
    ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`]),
  ].join(', ');
  return `\n${paint(failures > 0 ? ['bad'] : warnings > 0 ? ['warning'] : ['good'], withSandboxLabel(told, isSandbox))}\n`;
}

/** Returns all checks for `--json`. */
export function doctorJson(
  checks: readonly DoctorCheck[],
  { isSandbox, secrets }: { isSandbox: boolean; secrets: readonly string[] },
): Record<string, unknown> {
  return {
    ok: checks.every(({ status }) => status !== 'failed'),
    ...(isSandbox && { sandbox: true }),
    checks: checks.map(({ name, status, message, ms, fixes }) => ({
      name,
      status,
      message: withoutKeys(message, secrets),
      ...(ms === undefined ? {} : { milliseconds: Math.round(ms * 10) / 10 }),
      fixes: fixes.map((fix) => withoutKeys(fix, secrets)),
    })),
  };
}

function toneOf(status: DoctorStatus): readonly Meaning[] {
  return status === 'skipped' ? ['dim'] : [];
}

function millisecondsText(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}
