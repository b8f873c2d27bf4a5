import { Script } from 'node:vm';
import { expect, test } from 'vitest';
import { tuneForDrawing, tuneForManyAnswers } from '../../src/cli/tune-node.ts';

/** The hash of V8's flags, which V8 writes into compiled code. */
function flagHash(): string {
  return new Script('0').createCachedData().subarray(12, 16).toString('hex');
}

test.each([1000, 100_000])('the flags of V8 are the same after %i answers, and differ only during few of them', (answers) => {
  const before = flagHash();
  const restore = tuneForManyAnswers(process.versions.node, answers);
  const meanwhile = flagHash();
  restore();
  expect(meanwhile !== before).toBe(answers <= 2000 && Number.parseInt(process.versions.node, 10) < 22);
  expect(flagHash()).toBe(before);
});

test('the flags of V8 are the same after an answer was drawn', () => {
  const before = flagHash();
  const restore = tuneForDrawing(process.versions.node);
  const meanwhile = flagHash();
  restore();
  expect(meanwhile !== before).toBe(Number.parseInt(process.versions.node, 10) < 22);
  expect(flagHash()).toBe(before);
});
