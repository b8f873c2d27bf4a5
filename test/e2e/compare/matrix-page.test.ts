import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startMatrixServer } from '../../support/matrix-server.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const KEY = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef' };

test('-o html is one page with the command, prices and all answers; for a stored run it sends nothing', async () => {
  const home = tempFolder();
  const server = await startMatrixServer({
    models: ['a/one', 'b/two'],
    reply: ({ question }) => ({ text: `ok **${question}** <b>` }),
  });
  writeFileSync(join(home, 'cases.csv'), 'prompt,expected\none,ok\ntwo,ok\n');
  const compare = (...more: readonly string[]): Promise<RunResult> =>
    runOrx(['compare', '--prompts', 'cases.csv', '-m', 'a/one,b/two', '--base-url', server.url, '--seed', '7', ...more], {
      home,
      env: KEY,
    });
  const run = await compare('--out-file', 'page.html');
  expect([run.code, run.stdout]).toEqual([0, expect.stringContaining('lane')]);
  const page = readFileSync(join(home, 'page.html'), 'utf8');
  expect(page).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  expect(page).toContain('--prompts cases.csv --seed 7</dd>');
  expect(page).not.toContain(server.url);
  expect(page).toMatch(/<dt>1 a\/one<\/dt><dd>\$[\d.]+ in, \$[\d.]+ out per million tokens · seed 7<\/dd>/);
  expect(page).toContain(String.raw`ok \u003cstrong\u003eone\u003c/strong\u003e \u0026lt;b\u0026gt;`);
  // The script is the source of functions, which the build must keep.
  expect(page).toMatch(/<script>\(function [\w$]*\(\{views:/);
  const asked = server.asked.length;
  const again = await compare('--resume', '-o', 'html', '-q');
  expect([again.code, again.stderr]).toEqual([0, '']);
  const withoutTimes = (html: string): string => html.replace(/<footer[\s\S]*<\/footer>/, '');
  expect(withoutTimes(again.stdout)).toBe(withoutTimes(page));
  expect(server.asked).toHaveLength(asked);
});
