import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { watchLongAnswer } from '../../../src/commands/turn/long-answer.ts';
import { openJournal } from '../../../src/storage/journal/journal.ts';
import { testConversations } from '../../support/conversations.ts';
import { testLedger } from '../../support/ledger.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

/** A journal, and what happens to the process and to the databases, in order. */
function openParts() {
  const folder = tempFolder();
  const calls: string[] = [];
  const journal = openJournal({
    place: { folder, name: 'ledger' },
    uses: { ledger: true, conversations: true },
    openLedger() {
      calls.push('ledger');
      return testLedger({ folder });
    },
    openConversations() {
      calls.push('conversations');
      return testConversations({ folder });
    },
  })!;
  const note = (name: string) => () => {
    calls.push(name);
    return () => void calls.push(`not ${name}`);
  };
  const length = watchLongAnswer({ answerLong: note('long'), saveMemory: note('small') }, journal);
  const see = (text: string): void => length.see({ type: 'text-delta', text });
  return { journal, see, end: length.end, calls };
}

const PREPARED = ['long', 'small'];
const RESTORED = ['not long', 'not small'];

test('the process is prepared from the first event to the end of an answer, except while the databases are opened', async () => {
  const { journal, see, end, calls } = openParts();
  for (let events = 0; events < 3; events += 1) {
    see('a word ');
    journal.begin();
  }
  expect(calls).toEqual(PREPARED);
  await journal.flush();
  for (const name of ['ledger', 'conversations']) {
    const at = calls.indexOf(name);
    expect(calls.slice(at - 2, at + 3)).toEqual([...RESTORED, name, ...PREPARED]);
  }
  expect(calls.slice(-2)).toEqual(PREPARED);
  end();
  expect(calls.slice(-2)).toEqual(RESTORED);
  await journal.close();
});

test('databases that are opened after the end of the answer leave the process as it is', async () => {
  const { journal, see, end, calls } = openParts();
  see('a word ');
  end();
  see('another one');
  await journal.flush();
  expect(calls).toEqual([...PREPARED, ...RESTORED, 'conversations', 'ledger']);
  await journal.close();
});

test('a very long answer does not save memory, also after the databases are opened', async () => {
  const { journal, see, end, calls } = openParts();
  const megabyte = 'x'.repeat(1024 * 1024);
  see(megabyte);
  expect(calls).toEqual(PREPARED);
  see('y');
  expect(calls).toEqual([...PREPARED, ...RESTORED, 'long']);
  see(megabyte);
  await journal.flush();
  expect(calls.filter((call) => call === 'small')).toHaveLength(1);
  expect(calls.at(-1)).toBe('long');
  end();
  expect(calls.at(-1)).toBe('not long');
  await journal.close();
});

// Newer versions of Node keep their flags.
test.runIf(Number.parseInt(process.versions.node, 10) < 22)('a piped chat has its own flags again at its end', async () => {
  const folder = tempFolder();
  const [hook, log] = [join(folder, 'hook.cjs'), join(folder, 'flags')];
  writeFileSync(
    hook,
    `const binding = process.binding('v8');
     const set = binding.setFlagsFromString;
     binding.setFlagsFromString = (flag) => { require('node:fs').appendFileSync(${JSON.stringify(log)}, flag + '\\n'); set(flag); };`,
  );
  const env = { ORX_SANDBOX_SPEED: '100000', NODE_OPTIONS: `--no-deprecation --require ${hook}` };
  const run = await runOrx(['--sandbox', 'chat', '-q', 'hi'], { home: folder, isAlone: true, env });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  for (const [name, own] of [
    ['interrupt-budget', '67584'],
    ['semi-space-growth-factor', '2'],
  ]) {
    const values = [...readFileSync(log, 'utf8').matchAll(new RegExp(`^--${name}=(\\d+)$`, 'gm'))].map(([, value]) => value);
    expect(values.length).toBeGreaterThan(1);
    expect(values[0]).not.toBe(own);
    expect(values.at(-1)).toBe(own);
  }
});
