import { expect, test } from 'vitest';
import { createKeyRunner } from '../../../src/cli/services/run-key-program.ts';

const env = { PATH: process.env['PATH'] };

test('a program that does not end is stopped, with its output open in another process', () => {
  const run = createKeyRunner(env, [], 200);
  expect(() => run('sh -c "sleep 600 & wait"')).toThrow(
    expect.objectContaining({ kind: 'authentication', why: 'it did not end within 0.2 seconds' }),
  );
});

test('a command runs once, and its output is a secret', () => {
  const secrets: string[] = [];
  const run = createKeyRunner(env, secrets);
  // The output is the process id of the shell.
  const key = run('sh -c "echo key-$$"');
  expect(run('sh -c "echo key-$$"')).toBe(key);
  expect(secrets).toEqual([key]);
});
