import type { KeyChanges, NewKey } from '../../apis/managed-keys.ts';
import { usageError } from '../../errors.ts';
import { parseExpiry } from '../client-keys/parse-client-key.ts';
import { usdAmount } from '../settings/parsers.ts';

/** Flags of `orx keys add` and `orx keys set`, as typed. */
export interface KeyWords {
  name?: string | undefined;
  limit?: string | undefined;
  reset?: string | undefined;
  byokInLimit?: boolean | undefined;
  expires?: string | undefined;
  disable?: boolean | undefined;
  enable?: boolean | undefined;
}

const NONE = 'none';

/** Parses a new key. Throws a usage error for an invalid name or value. */
export function parseNewKey(name: string, words: KeyWords, now: number): NewKey {
  const { limit, limitReset, includesByok } = parseLimits(words);
  if (typeof limitReset === 'string' && typeof limit !== 'string')
    throw usageError(
      '--reset needs --limit',
      `set a limit: orx keys add ${/^[\w-]+$/.test(name) ? name : 'NAME'} --limit 5 --reset daily`,
    );
  return {
    name: parseName(name),
    limit: limit ?? undefined,
    limitReset: limitReset ?? undefined,
    includesByok,
    expiresAt: words.expires === undefined ? undefined : isoSecond(parseExpiry(words.expires, now)),
  };
}

/** Parses changes of a key. Throws a usage error for an invalid value, and if nothing changes. */
export function parseKeyChanges(words: KeyWords): KeyChanges {
  if (words.disable === true && words.enable === true)
    throw usageError('--disable and --enable cannot be combined', 'omit one of them');
  const changes: KeyChanges = {
    name: words.name === undefined ? undefined : parseName(words.name),
    isDisabled: words.disable === true ? true : words.enable === true ? false : undefined,
    ...parseLimits(words),
  };
  if (Object.values(changes).every((value) => value === undefined))
    throw usageError(
      'no change given',
      'set a limit: orx keys set KEY --limit 5 --reset daily',
      'disable the key: orx keys set KEY --disable',
    );
  return changes;
}

function parseLimits({ limit, reset, byokInLimit }: KeyWords): Pick<KeyChanges, 'limit' | 'limitReset' | 'includesByok'> {
  return {
    limit: limit === undefined ? undefined : limit === NONE ? null : usdAmount('--limit')(limit),
    limitReset: reset === undefined ? undefined : reset === NONE ? null : reset,
    includesByok: byokInLimit,
  };
}

function parseName(text: string): string {
  const name = text.trim();
  if (name === '') throw usageError('the name of the key is empty', 'name it: orx keys add ci');
  return name;
}

/** The API accepts no other zone than UTC. */
function isoSecond(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}
