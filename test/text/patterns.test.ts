import fc from 'fast-check';
import { expect, test } from 'vitest';
import { patternMatcher } from '../../src/text/patterns.ts';

const letters = fc.string({ unit: fc.constantFrom('a', 'B', '*', '.', '/'), maxLength: 10 });

test('a pattern matches like the same expression with `.*`', () => {
  fc.assert(
    fc.property(letters, letters, fc.boolean(), (pattern, draft, isMade) => {
      // Half of the texts are made to match.
      const text = isMade ? pattern.replaceAll('*', draft) : draft;
      const expression = pattern
        .split('*')
        .map((part) => part.replaceAll(/[./]/g, '\\$&'))
        .join('.*');
      expect(patternMatcher(pattern)(text)).toBe(new RegExp(`^${expression}$`, 'i').test(text));
    }),
    { numRuns: 2000 },
  );
});
