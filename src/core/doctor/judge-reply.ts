import { CHECK_BASE_URL } from '../../hints.ts';
import { type DoctorCheck, failedCheck, okCheck, skippedCheck, warningCheck } from './check.ts';

/** The head of the first reply of a server. */
export interface FirstReply {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** From the sent request to the reply's headers, in milliseconds. */
  firstByteMs: number;
  /** The middle of that time, in milliseconds since 1970. */
  at: number;
}

/** Returns whether a server answered like an API. */
export function replyCheck({ status, headers, firstByteMs }: FirstReply, host: string): DoctorCheck {
  const type = headers['content-type'] ?? '';
  const isPage = (status >= 300 && status < 400) || type.includes('html');
  if (status >= 500)
    return failedCheck('reply', `${host} answered with the error ${status}`, 'wait a minute, then check again: orx doctor');
  if (isPage)
    return failedCheck(
      'reply',
      `${host} answered with a web page or a redirect, not as an API (status ${status})`,
      CHECK_BASE_URL,
      'if the network has a login page, log in with a browser, then check again: orx doctor',
    );
  if (status === 404) return warningCheck('reply', `${host} has no path for keys (status 404)`, CHECK_BASE_URL);
  return okCheck('reply', 'first byte after the request was sent', firstByteMs);
}

/** Larger differences can only be the clock: the header has whole seconds. */
const PRECISE_MS = 10_000;
/** Certificates and the times of the ledger suffer from more. */
const USABLE_MS = 5 * 60_000;

/** Compares the clock of this machine with the `Date` of a reply. */
export function clockCheck({ headers, at }: FirstReply, platform: NodeJS.Platform): DoctorCheck {
  const stated = Date.parse(headers['date'] ?? '');
  if (Number.isNaN(stated)) return skippedCheck('clock', 'the server stated no time');
  // The header leaves out the fraction of a second: on average, half of one.
  const ahead = at - (stated + 500);
  const off = Math.abs(ahead);
  if (off <= PRECISE_MS) return okCheck('clock', 'agrees with the server');
  const difference = `${spanText(off)} ${ahead > 0 ? 'ahead of' : 'behind'} the server`;
  const report = off > USABLE_MS ? failedCheck : warningCheck;
  return report('clock', difference, `set the clock: ${CLOCK_COMMANDS[platform] ?? 'sudo timedatectl set-ntp true'}`);
}

const CLOCK_COMMANDS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'sudo sntp -sS time.apple.com',
  win32: 'w32tm /resync',
};

/** Returns a time span in its largest unit. */
function spanText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}
