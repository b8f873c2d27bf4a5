import { usageError } from '../../../errors.ts';
import { type CheckFinding, expectedText } from './check-text.ts';
import { isDeepEqual } from './deep-equal.ts';

/** `$.a.b[0] >= 3`; without a comparison, the path must exist. */
const FORM =
  /^\s*\$((?:\.[\p{L}_$][\p{L}\p{N}_$-]*|\[\d+\]|\["(?:[^"\\]|\\.)*"\]|\['[^']*'\])*)\s*(?:(==?|!=|<=|>=|<|>|contains\b)\s*([\s\S]*?))?\s*$/u;
const STEP = /\.([\p{L}_$][\p{L}\p{N}_$-]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\['([^']*)'\]/gu;

interface PathCheck {
  steps: readonly string[];
  operator: string | undefined;
  wanted: unknown;
}

/** Returns whether a JSON value fits a path with a comparison, such as `$.category = billing`. Throws kind `usage` for text that is none. */
export function checkPath(json: unknown, text: string): CheckFinding {
  const { steps, operator, wanted } = parsePathCheck(text);
  let value = json;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
      return { isMet: false, reason: `${text.trim()}: there is no ${step}` };
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return { isMet: operator === undefined || compare(value, operator, wanted), reason: `${text.trim()} (it is ${shown(value)})` };
}

/** Throws kind `usage` for text that is no path with a comparison. */
export function parsePathCheck(text: string): PathCheck {
  const [whole, path = '', operator, wanted = ''] = FORM.exec(text) ?? [];
  if (whole === undefined)
    throw usageError(
      `"${text}" is not a check of JSON`,
      'write a path and a value: $.category = billing, or $.items[0].price < 10',
    );
  const steps = [...path.matchAll(STEP)].map(([, name, index, double, single]) =>
    double === undefined ? (name ?? index ?? single!) : (JSON.parse(`"${double}"`) as string),
  );
  return { steps, operator, wanted: operator === undefined ? undefined : valueOf(wanted) };
}

/** JSON if it is JSON, otherwise text. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function compare(value: unknown, operator: string, wanted: unknown): boolean {
  switch (operator) {
    case '=':
    case '==':
      return isSame(value, wanted);
    case '!=':
      return !isSame(value, wanted);
    case 'contains':
      return Array.isArray(value)
        ? value.some((item) => isSame(item, wanted))
        : expectedText(value).includes(expectedText(wanted));
    default: {
      const [a, b] = [Number(value), Number(wanted)];
      return operator === '<' ? a < b : operator === '>' ? a > b : operator === '<=' ? a <= b : a >= b;
    }
  }
}

/** A model may write `"5"` for 5. */
function isSame(value: unknown, wanted: unknown): boolean {
  return (
    isDeepEqual(value, wanted) || (typeof value !== 'object' && typeof wanted !== 'object' && String(value) === String(wanted))
  );
}

function shown(value: unknown): string {
  const text = expectedText(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
