import { OrxError } from '../errors.ts';
import { countOf } from '../output/text/count-of.ts';

/** How long running requests may take after Ctrl-C, because they are paid for. After other signals, the process ends in ten seconds. */
const GRACE_MS = 8_000;
const SHORT_GRACE_MS = 3_000;

/** Returns whether Ctrl-C was pressed. `reason`: of the signal that the interrupt aborts. */
export function isCtrlC(reason: unknown): boolean {
  return reason instanceof OrxError && reason.code === 'SIGINT';
}

/** Returns how many milliseconds running requests get after an interrupt. */
export function graceMs(reason: unknown): number {
  return isCtrlC(reason) ? GRACE_MS : SHORT_GRACE_MS;
}

/** Returns the line that tells the user to wait for them. */
export function stoppingLine(running: number, reason: unknown): string {
  const again = isCtrlC(reason) ? '; Ctrl-C again ends at once' : '';
  return `note: stopping; waiting for ${countOf(running, 'running request')}${again}\n`;
}
