import { OrxError, shellHint } from '../../errors.ts';

/** `skipped`: not checked, because it does not apply or because an earlier check failed. */
export type DoctorStatus = 'ok' | 'warning' | 'failed' | 'skipped';

export type DoctorCheckName =
  | 'orx'
  | 'node'
  | 'files'
  | 'settings'
  | 'proxy'
  | 'dns'
  | 'tcp'
  | 'tls'
  | 'reply'
  | 'clock'
  | 'key'
  | 'catalog'
  | 'ledger'
  | 'colors'
  | 'width'
  | 'unicode'
  | 'images'
  | 'clipboard';

/** One result of `orx doctor`. Its texts are untrusted: they may contain paths and text of a server. */
export interface DoctorCheck {
  name: DoctorCheckName;
  status: DoctorStatus;
  message: string;
  /** How long it took, in milliseconds, if that says something about the network. */
  ms?: number | undefined;
  /** What to do, in the form of a hint: an imperative, then a command. */
  fixes: readonly string[];
}

const MOST_FIXES = 2;

export function okCheck(name: DoctorCheckName, message: string, ms?: number): DoctorCheck {
  return { name, status: 'ok', message, ms, fixes: [] };
}

export function skippedCheck(name: DoctorCheckName, message: string): DoctorCheck {
  return { name, status: 'skipped', message, fixes: [] };
}

export function warningCheck(name: DoctorCheckName, message: string, ...fixes: string[]): DoctorCheck {
  return { name, status: 'warning', message, fixes };
}

export function failedCheck(name: DoctorCheckName, message: string, ...fixes: string[]): DoctorCheck {
  return { name, status: 'failed', message, fixes: fixes.slice(0, MOST_FIXES) };
}

/** Returns the failed check for an error. `fixes` come before the hints of the error. */
export function checkOfError(name: DoctorCheckName, error: unknown, ...fixes: string[]): DoctorCheck {
  if (error instanceof OrxError) return failedCheck(name, error.message, ...fixes, ...error.hints.map(shellHint));
  return failedCheck(name, error instanceof Error ? error.message : String(error), ...fixes);
}
