import { expect, test } from 'vitest';
import { runOrx } from '../support/run-orx.ts';

test.each([
  [['completion', 'nosuch'], "invalid value 'nosuch' for 'shell'\nhint: allowed values: bash, zsh, fish, powershell"],
  [['completion', 'zhs'], "invalid value 'zhs' for 'shell'\nhint: did you mean zsh?"],
  [['completion', "it's"], "invalid value 'it's' for 'shell'"],
  [
    ['models', '--sort', 'prise'],
    "invalid value 'prise' for '--sort <order>'\nhint: did you mean price?\nhint: allowed values: price,",
  ],
  [['models', '--sort'], "missing value for '--sort <order>'\nhint: list the flags: orx models --help"],
  [['templates', 'show'], "missing required argument 'name'"],
])('orx %j names the place and the values that it takes', async (args, message) => {
  const { code, stdout, stderr } = await runOrx(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(`error: ${message}`);
});
