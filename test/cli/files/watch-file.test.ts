import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { watchFile } from '../../../src/cli/files/watch-file.ts';
import { tempFolder } from '../../support/temp-home.ts';

test('a watched file is also looked at once after the start, so that no change before the first look is missed', async () => {
  const path = join(tempFolder(), 'file');
  writeFileSync(path, 'first');
  let calls = 0;
  const stop = watchFile(path, () => void (calls += 1));
  onTestFinished(stop);
  await expect.poll(() => calls).toBe(1);
  writeFileSync(`${path}.new`, 'second');
  renameSync(`${path}.new`, path);
  await expect.poll(() => calls).toBe(2);
});
