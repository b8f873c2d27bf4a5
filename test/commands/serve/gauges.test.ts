import { join } from 'node:path';
import { expect, test } from 'vitest';
import { targetState } from '../../../src/commands/serve/gauges.ts';
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
