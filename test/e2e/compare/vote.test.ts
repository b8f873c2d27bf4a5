import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StoredVote } from '../../../src/storage/decisions/records.ts';
import { startJudgeServer } from '../../support/judge-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';

const KEY = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef', ORX_HISTORY: 'false' };
const ANSWERS = { 'a/one-model': 'Rayleigh **scattering**.', 'b/two-model': 'Because it is.' };
const ASK = 'best answer: 1-2';

async function vote(home: string, args: readonly string[] = ['-m', 'a/one-model,b/two-model']) {
  const server = await startJudgeServer(ANSWERS, () => 400);
  const words = ['compare', 'Why is the sky blue?', '--vote', '--base-url', server.url, '--retries', '0', ...args];
  return openTerminal(words, { columns: 80, rows: 24, home, env: KEY });
}

const votesOf = (home: string): StoredVote[] =>
  readFileSync(join(home, 'data', 'votes.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as StoredVote);

describe('orx compare --vote at 80 columns', () => {
  it('shows the answers without names, speed and cost, records the vote, and then names the models', async () => {
    const home = tempFolder();
    const run = await vote(home);
    await run.waitFor(ASK);
    const before = (await run.everything()).join('\n');
    expect(before).not.toMatch(/one-model|two-model|\$0|tok\/s|throughput/);
    expect(before).toMatch(/## Answer 1\n[^]*## Answer 2\n/);
    expect(before).toContain('Rayleigh scattering.');
    run.type('1');
    expect(await run.exit).toBe(0);
    const after = (await run.everything()).join('\n');
    expect(after).toContain('vote recorded: orx compare --board votes');
    expect(after).toMatch(/1 {2}[ab]\/(?:one|two)-model\n2 {2}[ab]\/(?:one|two)-model\n/);
    expect(after).toMatch(/first token .*cost/);
    expect(after.indexOf('first token')).toBeGreaterThan(after.indexOf(ASK));
    const [stored] = votesOf(home);
    const first = stored!.lanes[stored!.slots[0]!]!;
    expect(stored).toMatchObject({
      type: 'vote',
      version: 1,
      choice: { best: stored!.slots[0] },
      lanes: [{ model: 'a/one-model' }, { model: 'b/two-model' }],
    });
    expect(after).toContain(`1  ${first.name}`);
    expect(before.indexOf('Rayleigh') < before.indexOf('Because')).toBe(first.name === 'a/one-model');
    expect(JSON.stringify(stored)).not.toMatch(/Why is the sky|Rayleigh/);
    expect(statSync(join(home, 'data', 'votes.jsonl')).mode & 0o777).toBe(0o600);
    const board = await runOrx(['compare', '--board', 'votes', '-o', 'csv'], { home });
    expect(board.stdout).toContain(`votes,,1,,${first.name},`);
  });

  it.each([
    ['=', 'alike'],
    ['-', 'bad'],
  ])('the key %s is a tie of all answers', async (key, choice) => {
    const home = tempFolder();
    const run = await vote(home);
    await run.waitFor(ASK);
    run.type(key);
    expect(await run.exit).toBe(0);
    expect(votesOf(home)).toMatchObject([{ choice }]);
  });

  it('s skips the vote, and one answer alone is no vote', async () => {
    const home = tempFolder();
    const skipped = await vote(home);
    await skipped.waitFor(ASK);
    skipped.type('s');
    expect(await skipped.exit).toBe(0);
    await skipped.waitFor('no vote recorded');
    const alone = await vote(home, ['-m', 'a/one-model,c/unknown']);
    expect(await alone.exit).toBe(0);
    await alone.waitFor('there is no vote with fewer than two answers');
    expect(() => votesOf(home)).toThrow('ENOENT');
  });

  it('Ctrl-C in place of a vote ends the command with the ranking: no judge, no question', async () => {
    const home = tempFolder();
    const server = await startJudgeServer(ANSWERS, () => 400);
    const words = ['compare', 'Why?', '--vote', '--base-url', server.url, '-m', 'a/one-model,b/two-model', '--judge', 'j/judge'];
    for (const more of [[], ['--rank-by', 'quality']]) {
      const run = await openTerminal([...words, ...more], { columns: 80, rows: 40, home, env: { ...KEY, ORX_HISTORY: 'true' } });
      await run.waitFor(ASK);
      run.type('\u0003');
      expect(await run.exit).toBe(130);
      const after = (await run.everything()).join('\n');
      expect(after).toMatch(/no vote recorded[^]*first token .*cost/);
      expect(after).not.toMatch(/judge j\/judge|continue with/);
    }
    expect(server.requests.filter(({ body }) => body.includes('j/judge'))).toEqual([]);
    expect(() => votesOf(home)).toThrow('ENOENT');
  });

  it.each(['\u001b', '\u0004'])('the key %j skips the vote, and the command continues', async (key) => {
    const run = await vote(tempFolder());
    await run.waitFor(ASK);
    run.type(key);
    expect(await run.exit).toBe(0);
    expect((await run.everything()).join('\n')).toContain('no vote recorded');
    expect(run.raw()).not.toContain('␛');
  });

  it('needs a terminal', async () => {
    const { code, stderr } = await runOrx(['compare', 'hi', '-m', 'a/b,c/d', '--vote'], { env: KEY });
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('error: --vote needs a terminal\nhint: let a model judge the answers'),
    ]);
  });
});
