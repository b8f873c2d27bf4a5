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
  const length = watchLongAnswer(() => {
    calls.push('long');
    return () => void calls.push('restored');
  }, journal);
  return { journal, length, calls };
}

test('the process is prepared from the first event to the end of an answer, except while the databases are opened', async () => {
  const { journal, length, calls } = openParts();
  for (let events = 0; events < 3; events += 1) {
    length.begin();
    journal.begin();
  }
  expect(calls).toEqual(['long']);
  await journal.flush();
  expect(calls.at(-1)).toBe('long');
  for (const name of ['ledger', 'conversations']) {
    const at = calls.indexOf(name);
    expect(calls.slice(at - 1, at + 2)).toEqual(['restored', name, 'long']);
  }
  length.end();
  expect(calls.at(-1)).toBe('restored');
  expect(calls.filter((call) => call === 'long')).toHaveLength(calls.filter((call) => call === 'restored').length);
  await journal.close();
});

test('databases that are opened after the end of the answer leave the process as it is', async () => {
  const { journal, length, calls } = openParts();
  length.begin();
  length.end();
  length.begin();
  await journal.flush();
  expect(calls).toEqual(['long', 'restored', 'conversations', 'ledger']);
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
  const budgets = readFileSync(log, 'utf8').match(/^--interrupt-budget=\d+$/gm)!;
  expect(budgets.length).toBeGreaterThan(1);
  expect(budgets.at(-1)).toBe('--interrupt-budget=67584');
  expect(budgets[0]).not.toBe(budgets.at(-1));
});
