import { expect, test } from 'vitest';
import { testLedger } from '../../../support/ledger.ts';
import { makeEntry } from '../../../support/ledger-report.ts';

const NOW = Date.UTC(2026, 4, 20, 12);
const LIMITED = { requestedModel: 'b/two', fallbackFrom: 'a/one', fallbackReason: 'a/one: rate-limit 429' };

test('answers of other models and providers are counted by their reason, failed attempts are not', async () => {
  const ledger = await testLedger();
  ledger.import([
    makeEntry(NOW, { servedModel: 'a/one', cost: '1' }),
    makeEntry(NOW, { servedModel: 'a/one', requestedModel: 'a/one', fallbackReason: 'Slow 503', cost: '0.5' }),
    makeEntry(NOW + 1, { ...LIMITED, servedModel: 'b/two', cost: '0.0000000000001' }),
    makeEntry(NOW + 2, { ...LIMITED, servedModel: 'b/two', outcome: 'stopped', project: '/other', cost: '0.2' }),
    makeEntry(NOW + 3, { ...LIMITED, servedModel: 'b/two', outcome: 'failed' }),
    makeEntry(NOW + 4, { requestedModel: 'c/three', servedModel: 'c/three', fallbackFrom: 'a/one', cost: '0.1' }),
  ]);
  const limited = { requestedModel: 'a/one', servedModel: 'b/two', fallbackReason: 'a/one: rate-limit 429' };
  expect(ledger.fallbackUses({})).toEqual([
    { ...limited, requests: 2, cost: '0.2000000000001' },
    { requestedModel: 'a/one', servedModel: 'a/one', fallbackReason: 'Slow 503', requests: 1, cost: '0.5' },
    { requestedModel: 'a/one', servedModel: 'c/three', fallbackReason: undefined, requests: 1, cost: '0.1' },
  ]);
  expect(ledger.fallbackUses({ since: NOW + 2, until: NOW + 4 })).toEqual([{ ...limited, requests: 1, cost: '0.2' }]);
  expect(ledger.fallbackUses({ project: '/other', model: 'b/*' })).toMatchObject([{ requests: 1 }]);
  for (const unknown of ['model', 'tag', 'project', 'provider', 'vendor', 'command', 'profile', 'clientKey'])
    expect(ledger.fallbackUses({ [unknown]: 'unknown' })).toEqual([]);
});
