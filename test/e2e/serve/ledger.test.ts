import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { expect, test } from 'vitest';
import { MESSAGE_COST, sayMessage, startMessagesServer } from '../../support/messages-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { runServe } from '../../support/run-serve.ts';
import { tempFolder } from '../../support/temp-home.ts';

const SONNET = 'anthropic:claude-sonnet-4-6';

/** Returns the ledger file, wherever it is below the home folder. */
function ledgerIn(home: string): string {
  const path = readdirSync(home, { recursive: true }).find((name) => String(name).endsWith('ledger.db'));
  return join(home, String(path));
}

function entriesOf(jsonl: string): Record<string, unknown>[] {
  return jsonl
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

// The gateway's two threads open the same file. SQLite deletes the write-ahead log when the last process closes a database; it must not take another
// process for the last one.
test('changes to the ledger by other commands and by the running gateway end up in one ledger', async () => {
  const vendor = await startMessagesServer(sayMessage('Because of scattering.'));
  const home = tempFolder();
  const env = { ...vendor.env, ORX_RETRIES: '0' };
  const { url } = await runServe([], { home, env, isAlone: true });
  const log = statSync(`${ledgerIn(home)}-wal`).ino;
  const other = (...args: string[]) => runOrx(args, { home, env, isAlone: true });
  const ask = (max_tokens: number) =>
    fetch(`${url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
      body: JSON.stringify({ model: SONNET, messages: [{ role: 'user', content: 'hi' }], max_tokens }),
    });
  expect((await other('budget', 'add', '--request', '0.01')).code).toBe(0);
  expect(statSync(`${ledgerIn(home)}-wal`).ino).toBe(log);
  expect((await ask(100_000)).status).toBe(402);
  const answer = await ask(100);
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('scattering')]);
  await expect
    .poll(async () => entriesOf((await other('ledger', 'export', '-o', 'jsonl')).stdout))
    .toMatchObject([{ outcome: 'complete', cost: MESSAGE_COST }]);
  expect((await other('ledger', 'check')).code).toBe(0);
});

test('a ledger locked by another program blocks no answer, and gets its entry afterwards', async () => {
  const vendor = await startMessagesServer(sayMessage('Because of scattering.'));
  const home = tempFolder();
  const env = { ...vendor.env, ORX_RETRIES: '0' };
  const { url, stderr, stop } = await runServe([], { home, env });
  const path = ledgerIn(home);
  expect(existsSync(path)).toBe(true);
  const other = new Libsql(path);
  other.exec('BEGIN IMMEDIATE');
  for (const stream of [true, false]) {
    const answer = await fetch(`${url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
      body: JSON.stringify({ model: SONNET, messages: [{ role: 'user', content: 'hi' }], stream }),
    });
    expect(await answer.text()).toContain('scattering');
  }
  other.exec('COMMIT');
  other.close();
  await stop();
  const { stdout } = await runOrx(['ledger', 'export', '-o', 'jsonl'], { home, env });
  const entries = entriesOf(stdout);
  expect(entries).toHaveLength(2);
  for (const entry of entries) expect(entry).toMatchObject({ outcome: 'complete', cost: MESSAGE_COST });
  expect(stderr()).not.toContain('ledger');
});
