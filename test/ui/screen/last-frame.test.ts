import { expect, test } from 'vitest';
import { bundleWorker } from '../../support/bundle-worker.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';

const WHAT_IS_LEFT = {
  answer: ['The first words and the last ones.', 'the end'],
  lines: ['The whole line.', 'the end'],
  session: ['the last line', 'the end'],
};

test.each(Object.entries(WHAT_IS_LEFT))(
  'a view that ends before the next turn of React has drawn everything: %s',
  async (view, left) => {
    const worker = await bundleWorker('last-frame-worker', tempFolder());
    const terminal = openTerminal([], { program: [process.execPath, worker, view] });
    expect(await terminal.exit).toBe(0);
    expect((await terminal.everything()).filter((row) => row !== '')).toEqual(left);
    // The waiting line is above the answer only.
    expect(terminal.raw().slice(terminal.raw().indexOf(left[0]!))).not.toContain('test/model');
  },
);
