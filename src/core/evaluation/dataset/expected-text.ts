import { usageError } from '../../../errors.ts';
import { isKnownType, isOneOf, TEXT_TYPES } from '../expectations/types.ts';
import type { Expectation } from '../test-case.ts';
import type { ReadingNotes } from './source.ts';

/** A model will not repeat a longer text literally, so only a judge can compare it. */
const LONGEST_EXPECTED = 100;

/** How expected texts are used unless the user chooses a type: `reference` is only shown to a judge. */
export type ExpectedUse = 'by length' | 'reference' | 'contains-any' | 'choice';

/**
 * Returns the expectation of an expected text, and the reference for a judge. Without a chosen type, a short text must occur in the answer as a word,
 * and a long one is only a reference. Several texts: any of them.
 */
export function expectedUse(
  texts: readonly string[],
  use: ExpectedUse,
  chosen: string | undefined,
  column: string,
  notes: ReadingNotes,
): { expectations: Expectation[]; reference: string | undefined } {
  const given = texts.filter((text) => text.trim() !== '');
  if (given.length === 0) return { expectations: [], reference: undefined };
  const reference = given.join('\n');
  const isShort = given.every((text) => text.length <= LONGEST_EXPECTED && !text.includes('\n'));
  const byDefault =
    use === 'by length' && isShort ? 'contains-word' : use === 'by length' || use === 'reference' ? undefined : use;
  const type = chosen ?? byDefault;
  notes.say(`${column} → ${meaningOf(type)}`);
  if (type === undefined) return { expectations: [], reference };
  return {
    expectations: [{ type, isNegated: false, value: given.length === 1 && !type.endsWith('-any') ? given[0] : given, weight: 1 }],
    reference,
  };
}

/** Throws kind `usage` for a type that cannot compare an expected text. */
export function checkChosenType(type: string): void {
  const isUsable =
    (isOneOf(TEXT_TYPES, type) && !type.endsWith('-length')) || ['factuality', 'similar', 'is-json'].includes(type);
  if (isUsable) return;
  const usable = TEXT_TYPES.filter((one) => !one.endsWith('-length'));
  throw usageError(
    isKnownType(type) ? `${type} cannot compare an expected text` : `unknown expectation "${type}"`,
    `use one of these: ${[...usable, 'factuality', 'similar'].join(', ')}`,
  );
}

function meaningOf(type: string | undefined): string {
  switch (type) {
    case undefined:
      return 'reference for a judge';
    case 'contains-word':
      return 'expected: the answer contains it as a word, in any case';
    case 'contains-any':
      return 'expected: the answer contains one of the texts';
    case 'choice':
      return 'expected: the letter of the chosen answer';
    default:
      return `expected (${type})`;
  }
}
