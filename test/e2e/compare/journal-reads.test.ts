import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startMatrixServer } from '../../support/matrix-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';
const COUNT_READS = fileURLToPath(new URL('../../support/count-reads.cjs', import.meta.url));

/** Stores a run whose answers have this length. Returns its journal, and a function that shows it and counts the bytes that are read from the journal. */
async function storedRun(answers: number, length: number) {
  const home = tempFolder();
  const server = await startMatrixServer({ models: ['a/one'], reply: () => ({ text: `no ${'word '.repeat(length / 5)}` }) });
  const path = join(home, 'cases.csv');
  const questions = Array.from({ length: answers }, (_, index) => `question ${index},ok\n`);
  writeFileSync(path, `prompt,expected\n${questions.join('')}`);
  const args = ['compare', '--prompts', path, '-m', 'a/one', '--base-url', server.url, '--exit-zero'];
  expect((await runOrx(args, { home, env: { OPENROUTER_API_KEY: KEY } })).code).toBe(0);
  const name = readdirSync(join(home, 'data/runs')).find((file) => file.endsWith('.jsonl'))!;
  const counts = join(home, 'reads');
  return {
    size: statSync(join(home, 'data/runs', name)).size,
    async readsOf(...more: readonly string[]): Promise<number> {
      const env = {
        OPENROUTER_API_KEY: KEY,
        NODE_OPTIONS: `--require ${COUNT_READS}`,
        COUNT_READS_OF: name,
        COUNT_READS_TO: counts,
      };
      const { code, stdout } = await runOrx([...args, '--resume', ...more], { home, env });
      expect([code, stdout.length > 0]).toEqual([0, true]);
      return Number(readFileSync(counts, 'utf8'));
    },
  };
}

/** Formats that go through all cells again after the summary, some several times. */
const FORMATS = ['table', 'json', 'csv', 'markdown', 'junit', 'html'];

test('the results of a small journal are read once, whatever shows them', async () => {
  const { size, readsOf } = await storedRun(300, 2000);
  expect(size).toBeGreaterThan(300 * 2000);
  expect(size).toBeLessThan(4 * 1024 * 1024);
  // The lanes alone need each result once.
  const once = await readsOf('-q');
  expect(once).toBeGreaterThan(size);
  // Each run adds a line to the journal. Reading the results again would read at least all of it.
  for (const format of FORMATS) {
    const more = (await readsOf('-o', format)) - once;
    expect([format, more < size / 10 || more]).toEqual([format, true]);
  }
});

test('the results of a large journal do not stay in memory: what shows them reads them again', async () => {
  const { size, readsOf } = await storedRun(6, 1_000_000);
  expect(size).toBeGreaterThan(4 * 1024 * 1024);
  const once = await readsOf('-q');
  expect(await readsOf('-o', 'csv')).toBeGreaterThanOrEqual(once + size * 0.9);
});
