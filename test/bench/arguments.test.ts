import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { nodeBinary } from '../../bench/support/node-binary.js';

const RUN = fileURLToPath(new URL('../../bench/run.js', import.meta.url));

test('--node takes a path or a version, and needs no other Node for the version that runs', () => {
  expect(nodeBinary(process.execPath)).toBe(process.execPath);
  expect(nodeBinary(process.versions.node.split('.')[0]!)).toBe(process.execPath);
  expect(() => nodeBinary('/nothing/here')).toThrow(/--node \/nothing\/here: /);
});

test('an unknown measurement or option is an error before anything is measured', () => {
  for (const [words, message] of [
    [['no-such'], 'unknown measurement "no-such": start-up, pacing'],
    [['--rounds', '0'], '--rounds must be a number, not "0"'],
    [['--no-such'], "Unknown option '--no-such'"],
    [['--node', '/nothing/here'], '--node /nothing/here: '],
  ] as const) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [RUN, ...words], { encoding: 'utf8' });
    expect(stderr).toContain(message);
    expect([status, stdout]).toEqual([2, '']);
  }
});
