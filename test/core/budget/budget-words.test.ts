import { expect, test } from 'vitest';
import { decimal } from '../../../src/decimal.ts';
import { budgetError } from '../../../src/core/budget/budget-error.ts';
import { ALL_TIME, type BudgetStanding } from '../../../src/storage/ledger/budgets/budget.ts';

const standing = (period: 'month' | 'total' | '5h'): BudgetStanding => ({
  budget: { id: 1, period, limit: '20', warnAt: 0.8 },
  span: period === 'total' ? ALL_TIME : { start: 0, end: 1000 },
  spent: '19',
  reserved: '0',
  reservedByOthers: '0',
  reservations: 0,
  left: '1',
});

test.each([
  ['month', '--month', 'the budget of $20 a month', '1970-01-01T00:00:01.000Z'],
  ['total', '--total', 'the budget of $20 in total', null],
  ['5h', '--every 5h --limit', 'the budget of $20 every 5 hours', '1970-01-01T00:00:01.000Z'],
] as const)('an error about a budget of a %s names it, and when it starts again', (period, flags, name, resets) => {
  const error = budgetError([standing(period)], {
    most: decimal('2'),
    fitting: 0,
    request: { model: 'a/one', messages: [], stream: true },
  });
  expect(error.what).toBe(`${name} does not allow this request`);
  expect(error.hints).toContain(`raise the budget: orx budget add ${flags} 40`);
  expect(error.wire).toMatchObject({
    message: expect.stringContaining(`and ${name} has $1 left`),
    metadata: { resets_at: resets },
  });
});
