import { expect, test } from 'vitest';
import { OrxError } from '../../../../src/errors.ts';
import { geminiError } from '../../../../src/gateway/dialects/gemini/gemini-error.ts';

test('metadata of an error is a map of texts', () => {
  const metadata = {
    error_type: 'payment_required',
    budget: { number: 1, key: 'laptop', tag: null },
    limit_usd: 5,
    resets_at: null,
  };
  const error = new OrxError('too expensive', {
    kind: 'credits',
    code: 'budget',
    status: 402,
    wire: { message: 'too expensive', code: 402, metadata },
  });
  expect(geminiError(error)).toEqual({
    error: {
      code: 402,
      message: 'too expensive',
      status: 'FAILED_PRECONDITION',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'budget',
          domain: 'orx',
          metadata: { error_type: 'payment_required', budget_number: '1', budget_key: 'laptop', limit_usd: '5' },
        },
      ],
    },
  });
});
