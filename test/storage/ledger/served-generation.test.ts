import { expect, test } from 'vitest';
import { testLedger } from '../../support/ledger.ts';
import { makeEntry } from '../../support/ledger-report.ts';

const NOW = Date.UTC(2026, 4, 20, 12);

test('an answer of a gateway is found only by the client that requested it', async () => {
  const ledger = await testLedger();
  const served = { command: 'serve', generationId: 'msg_1' };
  ledger.import([
    makeEntry(NOW, { ...served, cost: '1' }),
    makeEntry(NOW + 1, { ...served, cost: '2' }),
    makeEntry(NOW + 2, { ...served, clientKey: 'laptop', cost: '3' }),
    makeEntry(NOW + 3, { ...served, clientKey: 'ci', outcome: 'failed', cost: '4' }),
    makeEntry(NOW + 4, { command: 'chat', generationId: 'msg_2' }),
    makeEntry(NOW + 5, { command: 'serve', generationId: 'msg_3', clientKey: 'laptop' }),
  ]);
  expect(ledger.servedGeneration('msg_1', undefined)?.cost).toBe('2');
  expect(ledger.servedGeneration('msg_1', 'laptop')).toMatchObject({ cost: '3', clientKey: 'laptop' });
  for (const [id, client] of [
    ['msg_1', 'ci'],
    ['msg_1', 'nobody'],
    ['msg_2', undefined],
    ['msg_3', undefined],
    ['msg_4', 'laptop'],
  ] as const)
    expect(ledger.servedGeneration(id, client)).toBeUndefined();
});

test('answers to clients without a key are looked for among the latest entries', async () => {
  const ledger = await testLedger();
  const entries = Array.from({ length: 10_001 }, (_, index) =>
    makeEntry(NOW + index, { command: 'serve', generationId: `msg_${index}` }),
  );
  ledger.import(entries);
  expect([ledger.servedGeneration('msg_0', undefined), ledger.servedGeneration('msg_1', undefined)?.generationId]).toEqual([
    undefined,
    'msg_1',
  ]);
});

test('costs of vendors are not looked up', async () => {
  const ledger = await testLedger();
  const unknown = { generationId: 'id', costSource: 'unknown' } as const;
  ledger.import([
    makeEntry(NOW, { ...unknown, id: 'vendor', requestedModel: 'openai:gpt-5.4', servedModel: 'openai:gpt-5.4' }),
    makeEntry(NOW, { ...unknown, id: 'variant', requestedModel: 'a/one:free' }),
  ]);
  expect(ledger.unbilled({ since: 0, limit: 9 }).map(({ id }) => id)).toEqual(['variant']);
});
