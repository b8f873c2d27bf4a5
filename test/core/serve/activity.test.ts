import { describe, expect, test } from 'vitest';
import { ActivityLog } from '../../../src/core/serve/activity.ts';
import { failedRequest, servedRequest } from '../../support/served-request.ts';

describe('the activity of a gateway', () => {
  test('counts requests, failures, tokens and exact costs, in all and by target', () => {
    const log = new ActivityLog(() => 1000);
    for (let index = 0; index < 3; index += 1) log.begin();
    log.end(servedRequest({ usage: { ...servedRequest().usage!, cost: '0.1' } }));
    log.end(servedRequest({ usage: { ...servedRequest().usage!, cost: '0.2' }, timeToFirstTokenMs: 900 }));
    const activity = log.activity();
    expect(activity).toMatchObject({
      startedAt: 1000,
      active: 1,
      requests: 2,
      failures: 0,
      inputTokens: 3200,
      outputTokens: 202,
    });
    expect(activity.cost.toString()).toBe('0.3');
    const target = activity.targets.get('anthropic:claude-sonnet-4-6')!;
    expect(target).toMatchObject({ requests: 2, failures: 0, firstTokens: [400, 900], outputTokens: 202, streamedMs: 1500 });
    expect(target.cost.toString()).toBe('0.3');
  });

  test('a failure counts for the requested target, one of the gateway itself for none', () => {
    const log = new ActivityLog(() => 0);
    log.end(failedRequest());
    log.end(failedRequest({ attempts: 0, model: 'made/up', failure: 'policy.budget' }));
    const { failures, targets, recent } = log.activity();
    expect(failures).toBe(2);
    expect([...targets.values()]).toMatchObject([
      { name: 'anthropic:claude-sonnet-4-6', failures: 1, lastFailure: 'provider.connection' },
    ]);
    expect(recent.map(({ failure }) => failure)).toEqual(['policy.budget', 'provider.connection']);
  });

  test('the rate covers the last ten seconds', () => {
    let now = 0;
    const log = new ActivityLog(() => now);
    log.end(servedRequest());
    now = 9000;
    log.end(servedRequest());
    expect(log.rate()).toBe(20.2);
    now = 12_000;
    expect(log.rate()).toBe(10.1);
    now = 60_000;
    expect(log.rate()).toBe(0);
  });

  test('stays bounded for any number of requests and names', () => {
    const log = new ActivityLog(() => 0);
    for (let index = 0; index < 1000; index += 1) log.end(servedRequest({ target: `x/model-${index}` }));
    const { requests, recent, targets } = log.activity();
    expect([requests, recent.length, targets.size]).toEqual([1000, 200, 100]);
  });
});
