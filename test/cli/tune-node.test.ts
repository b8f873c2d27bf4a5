import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { bundleWorker } from '../support/bundle-worker.ts';
import { tempFolder } from '../support/temp-home.ts';

test('the flags of V8 are the same after few or many answers and after a long answer, and differ only meanwhile', async () => {
  const worker = await bundleWorker('flags-worker', tempFolder());
  const isTuned = Number.parseInt(process.versions.node, 10) < 22;
  for (const [count, areFew] of [
    [1000, true],
    [100_000, false],
  ] as const) {
    const { answers, longAnswer, memory } = JSON.parse(
      execFileSync(process.execPath, [worker, String(count)], { encoding: 'utf8' }),
    ) as Record<string, string[]>;
    expect(answers![1] !== answers![0]).toBe(isTuned && areFew);
    expect(answers![2]).toBe(answers![0]);
    for (const [before, meanwhile, after] of [longAnswer!, memory!]) {
      expect(meanwhile !== before).toBe(isTuned);
      expect(after).toBe(before);
    }
  }
});
