import { usageError } from '../../errors.ts';
import { parseSince } from '../parse-day.ts';

const DAY_MS = 86_400_000;

/**
 * A moment of a past catalogue as people write it, in milliseconds since 1970: a day in UTC (its end), a moment (`2026-08-01T12:00Z`;
 * without a zone, UTC) or how long ago (`7d`). Throws a usage error.
 */
export function parseMoment(text: string, now: number): number {
  const given = text.trim();
  if (/^\d{4}-\d{2}-\d{2}$/.test(given)) return parseSince('diff', given, now) + DAY_MS - 1;
  const [, moment, zone] = /^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?$/i.exec(given) ?? [];
  const at = moment === undefined ? Number.NaN : Date.parse(`${moment.replace(' ', 'T')}${zone ?? 'Z'}`);
  if (Number.isFinite(at)) return at;
  if (/^\d+[hdwmy]$/i.test(given)) return parseSince('diff', given, now);
  throw usageError(
    `"${text}" is neither a file nor a day`,
    'give two saved catalogues, or days such as 2026-08-01, 2026-08-01T12:00Z or 7d; see: orx models diff --list',
  );
}

/** `2026-08-01 12:00`, in UTC. */
export function momentText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}
