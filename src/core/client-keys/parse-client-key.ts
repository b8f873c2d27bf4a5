import { usageError } from '../../errors.ts';
import { parseBudgetWindow } from '../../budget-window.ts';
import type { Budget, NamedPeriod } from '../../storage/ledger/budgets/budget.ts';
import type { ClientKeyRights } from '../../storage/client-keys.ts';
import { budgetsFrom } from '../settings/budget.ts';
import { parseSpan, parseTime } from '../time/parse-time.ts';

/** The arguments of `orx serve keys add`, as text. */
export interface ClientKeyWords {
  models?: string | undefined;
  rpm?: string | undefined;
  tpm?: string | undefined;
  parallel?: string | undefined;
  budget?: string | undefined;
  expires?: string | undefined;
  tags?: string | undefined;
}

const NAME = /^[a-z0-9][\w.@-]{0,63}$/i;
const PERIODS = ['request', 'day', 'week', 'month', 'total'] as const satisfies readonly NamedPeriod[];
const MOST = 1_000_000_000;
const MOST_TAGS = 16;
const LONGEST_TAG = 128;

/** Parses the name of a new client key. Throws a usage error for a name that would need quotes in a shell or a file. */
export function parseClientKeyName(text: string): string {
  if (NAME.test(text)) return text;
  throw usageError(
    `invalid name "${text}" for a client key`,
    'use up to 64 letters, digits, dots, @, _ and -, such as laptop or ci-team.a',
  );
}

/** Parses the rights of a new client key. Throws a usage error that names the flag. */
export function parseClientKeyRights(words: ClientKeyWords, now: number): ClientKeyRights {
  const rights: ClientKeyRights = {
    models: words.models === undefined ? undefined : parseList('--models', words.models, 'anthropic/*,openai/gpt-4o'),
    requestsPerMinute: parseCount('--rpm', words.rpm),
    tokensPerMinute: parseCount('--tpm', words.tpm),
    parallelRequests: parseCount('--parallel', words.parallel),
    expiresAt: words.expires === undefined ? undefined : parseExpiry(words.expires, now),
    tags: words.tags === undefined ? undefined : parseTags(words.tags),
  };
  return Object.fromEntries(Object.entries(rights).filter(([, value]) => value !== undefined));
}

/** Parses the budgets of a client key: `5/day,20/month`. */
export function parseClientKeyBudgets(text: string, clientKey: string): Omit<Budget, 'id'>[] {
  return parseList('--budget', text, '5/day').flatMap((part) => {
    const [amount = '', period = '', ...more] = part.split('/').map((word) => word.trim());
    const known = PERIODS.find((one) => one === period.toLowerCase());
    const isWindow = parseBudgetWindow(period) !== undefined;
    if ((known === undefined && !isWindow) || more.length > 0)
      throw usageError(
        `--budget must be an amount and a period, such as 5/day, not "${part}"`,
        `use one of these periods: ${PERIODS.join(', ')}, or a duration such as 5h, 14d or 2mo`,
      );
    try {
      return budgetsFrom({ ...(known === undefined ? { every: period, limit: amount } : { [known]: amount }), key: clientKey });
    } catch {
      throw usageError(`--budget must be an amount in USD up to 1000000, such as 5/day or 0.5/day, not "${part}"`);
    }
  });
}

/** Parses a comma-separated list of tags and returns the distinct ones, sorted. */
function parseTags(text: string): readonly string[] {
  const tags = [...new Set(parseList('--tags', text, 'team-a,ci'))].sort();
  if (tags.length > MOST_TAGS) throw usageError(`--tags accepts up to ${MOST_TAGS} tags, not ${tags.length}`);
  const long = tags.find((tag) => tag.length > LONGEST_TAG);
  if (long !== undefined) throw usageError(`--tags accepts tags of up to ${LONGEST_TAG} characters, not "${long}"`);
  return tags;
}

function parseList(flag: string, text: string, example: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.length > 0 && items.every((item) => item !== '')) return items;
  throw usageError(`${flag} must be a comma-separated list such as ${example}, not "${text}"`);
}

function parseCount(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text.trim());
  if (/^\d+$/.test(text.trim()) && count >= 1 && count <= MOST) return count;
  throw usageError(`${flag} must be a whole number from 1, not "${text}"`);
}

/** Parses the end of a key: a span from now, or a time in the future. Throws a usage error that names `--expires`. */
export function parseExpiry(text: string, now: number): number {
  const isSpan = /^\d+[hdwmy]$/i.test(text.trim());
  const expiresAt = isSpan ? now + parseSpan('--expires', text) : parseTime('--expires', text, now).end;
  if (expiresAt === undefined || expiresAt <= now)
    throw usageError(
      `--expires must be a time in the future, not "${text}"`,
      'use a duration such as 30d, or a date such as 2027-01-31',
    );
  return expiresAt;
}
