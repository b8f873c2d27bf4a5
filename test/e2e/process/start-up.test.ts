import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

/** Records the hash of V8's flags, which V8 writes into compiled code, at start and at exit. */
const RECORD_FLAGS = `
const { Script } = require('node:vm');
const { writeFileSync } = require('node:fs');
const flagHash = () => new Script('0').createCachedData().subarray(12, 16).toString('hex');
const first = flagHash();
process.on('exit', () => writeFileSync(process.env.FLAG_FILE, first + ' ' + flagHash()));
`;

test('the flags of V8 are the same after a chat, so that it accepts the compiled code of Node and of orx', async () => {
  const home = tempFolder();
  const [hook, file] = [join(home, 'hook.cjs'), join(home, 'flags')];
  writeFileSync(hook, RECORD_FLAGS);
  const env = { NODE_OPTIONS: `--require ${hook}`, FLAG_FILE: file, ORX_SANDBOX_SPEED: '100000' };
  const run = await runOrx(['--sandbox', 'chat', 'hi'], { home, env });
  expect(run.code).toBe(0);
  const [first, last] = readFileSync(file, 'utf8').split(' ');
  expect(last).toBe(first);
});
