import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasTarget, targetState } from '../../../src/commands/serve/gauges.ts';
import { OrxError } from '../../../src/errors.ts';
import { openSharedLimits } from '../../../src/storage/limits/shared-limits.ts';
import { answerOf, group, question, scriptedTargets, tableOf } from '../../support/scripted-targets.ts';
import { tempFolder } from '../../support/temp-home.ts';

const A = 'openai:a';

test('the state of a target is limited while another process has used up its limit', async () => {
  const folder = join(tempFolder(), 'limits');
  const limitsOf = (model: string, now: () => number) =>
    openSharedLimits({ folder, now: () => 1_800_000_000_000 + now() }).of('account')(model);
  const { ask, clock, router } = scriptedTargets(tableOf([group('fast', [A])]), { [A]: [answerOf(A)] }, { limitsOf });
  const stateOf = targetState(router);
  await ask(question('fast'));
  expect([stateOf(A), stateOf('other')]).toEqual(['ok', undefined]);
  await limitsOf(A, clock.monotonic).refuse({ ageMs: 0, retryAfterMs: 5000, rate: undefined });
  clock.now += 300;
  expect(stateOf(A)).toBe('limited');
  clock.now += 5000;
  expect(stateOf(A)).toBe('ok');
});

test('a gateway is ready unless all its targets pause; names that no API knows do not count, unless they are configured', async () => {
  const unknown = new OrxError('no such model', { kind: 'no-endpoint', status: 404 });
  const broken = new OrxError('down', { kind: 'authentication', status: 401 });
  const scripts = { [A]: [answerOf(A)], 'openai:typo': [[unknown]], 'openai:broken': [[broken]] };
  const open = scriptedTargets(tableOf([]), scripts);
  const isReady = hasTarget(open.router);
  expect(isReady()).toBe(true);
  await open.ask(question('openai:typo'));
  expect(open.router.statuses().map(({ state }) => state)).toEqual(['open']);
  expect(isReady()).toBe(true);
  await open.ask(question('openai:broken'));
  expect(isReady()).toBe(false);
  await open.ask(question(A));
  expect(isReady()).toBe(true);
  const configured = scriptedTargets(tableOf([group('fast', ['openai:typo'])]), scripts);
  await configured.ask(question('fast'));
  expect(hasTarget(configured.router)()).toBe(false);
});
