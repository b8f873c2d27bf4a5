import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amountParts, paidAmountParts, paidUnits, toParts, toUnits } from '../../../src/storage/ledger/cost-units.ts';

const numbers = ({ nano, rest }: { nano: bigint; rest: bigint }) => ({ nano: Number(nano), rest: Number(rest) });

const amount = fc.option(
  fc.oneof(
    fc.stringMatching(/^\d{1,6}(\.\d{1,18})?$/),
    fc.stringMatching(/^\d{1,9}(\.\d{1,24})?$/),
    fc.stringMatching(/^\d(\.9{1,18})?$/),
    fc.constantFrom('', 'free', '1e-7', '1000000', '999999.999999999999999999', '0.0000000005', '.5', '5.'),
  ),
  { nil: undefined },
);

test('the parts of amounts are the same as numbers and as bigints', () => {
  fc.assert(
    fc.property(amount, amount, (cost, upstreamCost) => {
      expect(amountParts(cost)).toEqual(numbers(toParts(toUnits(cost))));
      expect(paidAmountParts({ cost, upstreamCost })).toEqual(numbers(toParts(paidUnits({ cost, upstreamCost }))));
    }),
  );
});

test.each<[string, number, number]>([
  ['1', 1_000_000_000, 0],
  ['0.000203', 203_000, 0],
  ['2.000000001000000002', 2_000_000_001, 2],
  ['1e-18', 0, 1],
])('%s USD is %i billionths and %i of those', (text, nano, rest) => {
  expect(amountParts(text)).toEqual({ nano, rest });
});

test('billionths are carried', () => {
  const half = { cost: '0.0000000005', upstreamCost: '0.0000000005' };
  expect(paidAmountParts(half)).toEqual({ nano: 1, rest: 0 });
});
