import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newGate } from '../../support/api-server.ts';
import { startMatrixServer } from '../../support/matrix-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';

const KEY = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef' };

test('a terminal shows the progress in one line; Ctrl-C waits for running answers, keeps them, and says how to continue', async () => {
  const gate = newGate();
  const server = await startMatrixServer({
    models: ['a/one'],
    reply: async ({ question }, nth) => {
      if (nth > 3) await gate.opened;
      return { text: `ok ${question}` };
    },
  });
  const home = tempFolder();
  writeFileSync(
    join(home, 'cases.csv'),
    `prompt,expected\n${Array.from({ length: 30 }, (_, index) => `q${index},ok\n`).join('')}`,
  );
  const args = ['compare', '--prompts', 'cases.csv', '-m', 'a/one', '--base-url', server.url];
  const run = openTerminal([...args, '--concurrency', '4'], { home, env: KEY, columns: 80, rows: 24 });
  await run.waitFor('3/30 cells · 4 running · $0.00300 of ');
  run.type('\u0003');
  await run.waitFor('stopping; waiting for 4 running requests; Ctrl-C again ends at once');
  await run.waitFor('to continue later: --resume ');
  gate.open();
  expect(await run.exit).toBe(130);
  expect(server.asked).toHaveLength(7);
  const screen = (await run.screen()).join('\n');
  expect(screen).toContain('7 of 30 passed');
  expect(screen).toMatch(/23 cells have no answer; to continue, repeat the command with --resume/);
  const resumed = await runOrx([...args, '--resume', '-q'], { home, env: KEY });
  expect([resumed.code, server.asked.length]).toEqual([0, 30]);
});

test('a second Ctrl-C ends at once, below the line of the progress, and the run can be continued', async () => {
  const gate = newGate();
  const server = await startMatrixServer({
    models: ['a/one'],
    reply: async ({ question }, nth) => {
      if (nth > 1) await gate.opened;
      return { text: `ok ${question}` };
    },
  });
  const home = tempFolder();
  writeFileSync(join(home, 'cases.csv'), 'prompt,expected\nq0,ok\nq1,ok\nq2,ok\n');
  const args = ['compare', '--prompts', 'cases.csv', '-m', 'a/one', '--base-url', server.url, '--concurrency', '1'];
  const run = openTerminal(args, { home, env: KEY, columns: 80, rows: 24 });
  await run.waitFor('1/3 cells · 1 running');
  run.type('\u0003');
  await run.waitFor('waiting for 1 running request; Ctrl-C again');
  await run.waitFor('to continue later: --resume ');
  run.type('\u0003');
  expect(await run.exit).toBe(130);
  const rows = (await run.screen()).map((row) => row.trimEnd()).filter((row) => row !== '');
  expect(rows.at(-1)).toMatch(/\^C$/);
  expect(run.raw().replace('\u001B[?25h', '')).toMatch(/\^C\r\n$/);
  const [, id = ''] = /--resume (\S+)/.exec(rows.join('\n')) ?? [];
  gate.open();
  const resumed = await runOrx([...args, '--resume', id, '-q'], { home, env: KEY });
  expect(resumed.code).toBe(0);
  expect(server.asked).toEqual(expect.arrayContaining(['a/one: q0', 'a/one: q1', 'a/one: q2']));
});
