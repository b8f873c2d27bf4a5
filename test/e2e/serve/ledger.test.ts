import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { expect, onTestFinished, test } from 'vitest';
import { MESSAGE_COST, sayMessage, startMessagesServer } from '../../support/messages-server.ts';
import { cleanEnvironment, ORX, runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const SONNET = 'anthropic:claude-sonnet-4-6';

/** The ledger's file, wherever below the home folder it is. */
function ledgerIn(home: string): string {
  const path = readdirSync(home, { recursive: true }).find((name) => String(name).endsWith('ledger.db'));
  return join(home, String(path));
}

test('a ledger that another program holds stops no answer, and has its entry afterwards', async () => {
  const vendor = await startMessagesServer(sayMessage('Because of scattering.'));
  const home = tempFolder();
  const env = { ...vendor.env, ORX_RETRIES: '0' };
  const child = spawn(process.execPath, [ORX, 'serve', '--port', '0'], { env: cleanEnvironment(home, env) });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const url = await new Promise<string>((resolve) =>
    child.stdout.once('data', (piece: Buffer) => resolve(piece.toString().trim())),
  );
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
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGINT');
  await ended;
  const { stdout } = await runOrx(['ledger', 'export', '-o', 'jsonl'], { home, env });
  const entries = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(entries).toHaveLength(2);
  for (const entry of entries) expect(entry).toMatchObject({ outcome: 'complete', cost: MESSAGE_COST });
  expect(stderr).not.toContain('ledger');
});
