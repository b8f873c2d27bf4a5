import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleWorker } from '../../support/bundle-worker.ts';
import { testConversations } from '../../support/conversations.ts';
import { tempFolder } from '../../support/temp-home.ts';

let program = '';
let home = '';
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'orx-worker-'));
  program = await bundleWorker('conversation-worker', home);
});
afterAll(() => rmSync(home, { recursive: true }));

const start = (args: readonly string[]) =>
  spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'], env: {} });

test('four processes create one file at once and write one conversation: every turn is there, question and answer together', async () => {
  const folder = tempFolder();
  const names = ['a', 'b', 'c', 'd'];
  const codes = await Promise.all(
    names.map(async (name) => (await once(start([folder, 'shared', name, '10']), 'close'))[0] as number),
  );
  expect(codes).toEqual([0, 0, 0, 0]);
  const store = await testConversations({ folder });
  expect(store.notices).toEqual([]);
  const texts = store.messages('shared').map(({ message }) => String(message.content));
  expect(texts).toHaveLength(80);
  for (let index = 0; index < texts.length; index += 2) expect(texts[index + 1]).toBe(texts[index]!.replace('asks', 'answers'));
  expect(new Set(texts).size).toBe(80);
});

test('killed while they write: the file is intact, and every answer is complete or stopped', async () => {
  const folder = tempFolder();
  await Promise.all(
    ['a', 'b', 'c'].map(async (name) => {
      const child = start([folder, name, name, 'crash']);
      await once(child.stdout, 'data');
      setTimeout(() => child.kill('SIGKILL'), Math.random() * 300);
      await once(child, 'close');
    }),
  );
  const store = await testConversations({ folder, now: Date.now });
  expect(store.notices).toEqual([]);
  store.closeLost();
  for (const { id } of store.list({})) {
    const messages = store.messages(id);
    expect(messages.length % 2).toBe(0);
    expect(messages.slice(0, -1).every(({ state }) => state === 'complete')).toBe(true);
    const last = messages.at(-1)!;
    const whole = `${id} answers ${messages.length / 2 - 1}`;
    const sofar = ['', `so ${id} `, `so ${id} it ${id} `, `so ${id} it ${id} is ${id} `];
    expect(last.state === 'complete' ? [whole] : sofar).toContain(last.message.content);
    expect(store.search([{ text: 'answers', isExact: false }], {}, 10).length).toBeGreaterThan(0);
  }
});
