import { decimalText, parseDecimal } from '../../decimal.ts';
import type { ScalarField, Secret } from './field.ts';
import { HIGHEST_COST } from '../../paid-cost.ts';
import { anyText } from '../../text/any-text.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const VARIABLE = /^(?:env:|os\.environ\/)([A-Za-z_][A-Za-z0-9_]*)$/;
/** A smaller amount of money would be a long row of zeros. */
const SMALLEST_EXPONENT = -12;
const DAY_MS = 24 * 3_600_000;

/** A value, or the reason why it is invalid. */
export type Read<T> = { value: T } | { problem: string };

/** Returns the text with `env:NAME`, `os.environ/NAME` and `${NAME}` replaced by the values of the environment. */
export function fromEnvironment(text: string, env: Environment): Read<string> {
  const [, whole] = VARIABLE.exec(text) ?? [];
  const missing: string[] = [];
  const look = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === '') missing.push(name);
    return value ?? '';
  };
  const value =
    whole === undefined ? text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => look(name)) : look(whole);
  return missing.length === 0 ? { value } : { problem: `refers to the environment variable ${missing[0]}, which is not set` };
}

/** Reads a key. A reference stays one, so that a missing variable affects only the vendor that needs it. */
export function readSecret(text: string, env: Environment): Read<Secret> {
  const [, variable] = VARIABLE.exec(text) ?? /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(text) ?? [];
  if (variable !== undefined) return { value: { variable } };
  if (text.startsWith('command:')) {
    const command = text.slice('command:'.length).trim();
    return command === '' ? { problem: 'has no command after command:' } : { value: { command } };
  }
  const read = fromEnvironment(text, env);
  return 'problem' in read ? read : { value: { text: read.value } };
}

/** Parses `500ms`, `30s`, `2m`, `1h`, `7d`, `2w`, or a number of seconds, up to `longestMs`. Returns milliseconds. */
export function readDuration(value: unknown, longestMs: number = DAY_MS): Read<number> {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)?$/.exec(anyText(value).trim()) ?? [];
  if (digits === undefined) return { problem: 'must be a duration such as 500ms, 30s or 2m' };
  const ms = Number(digits) * UNITS[unit]!;
  return ms > 0 && ms <= longestMs ? { value: ms } : { problem: `must be a duration from 1ms to ${durationText(longestMs)}` };
}

export function durationText(ms: number): string {
  const unit = ['h', 'm', 's'].find((name) => ms % (UNITS[name] ?? 1) === 0) ?? 'ms';
  return `${ms / UNITS[unit]!}${unit}`;
}

/** Converts a scalar of the file to the type of its field. */
export function readScalar(field: ScalarField, given: unknown, env: Environment): Read<unknown> {
  if (field.kind === 'secret') return typeof given === 'string' ? readSecret(given, env) : { problem: 'must be text' };
  const read = typeof given === 'string' ? fromEnvironment(given, env) : { value: given };
  if ('problem' in read) return read;
  const { value } = read;
  switch (field.kind) {
    case 'text':
      return typeof value === 'string' && value.trim() !== '' ? { value } : { problem: 'must be text' };
    case 'url':
      return typeof value === 'string' && isHttpUrl(value)
        ? { value: value.replace(/\/+$/, '') }
        : { problem: 'must be an http(s) URL' };
    case 'flag':
      if (value === true || value === 'true') return { value: true };
      return value === false || value === 'false' ? { value: false } : { problem: 'must be true or false' };
    case 'duration':
      return readDuration(value, field.max);
    case 'price': {
      const price = parseDecimal(value);
      return price === undefined || price.lt(0)
        ? { problem: 'must be a price in USD per million tokens' }
        : { value: decimalText(price) };
    }
    case 'amount': {
      const amount = parseDecimal(anyText(value).trim().replace(/^\$/, ''));
      return amount === undefined || amount.lt(0) || amount.gt(HIGHEST_COST) || amount.e < SMALLEST_EXPONENT
        ? { problem: 'must be an amount in USD up to 1000000, such as 20 or 0.05' }
        : { value: decimalText(amount) };
    }
    case 'count':
    case 'number':
      return readNumber(field, value);
  }
}

function readNumber({ kind, min = 0, max = Number.MAX_SAFE_INTEGER }: ScalarField, given: unknown): Read<number> {
  const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  const isOne = typeof value === 'number' && (kind === 'count' ? Number.isSafeInteger(value) : Number.isFinite(value));
  const what = kind === 'count' ? 'a whole number' : 'a number';
  if (!isOne) return { problem: `must be ${what}` };
  if (value >= min && value <= max) return { value };
  return { problem: max === Number.MAX_SAFE_INTEGER ? `must be ${what} from ${min}` : `must be ${what} from ${min} to ${max}` };
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
