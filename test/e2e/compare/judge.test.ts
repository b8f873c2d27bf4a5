import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type JudgeScript, shownAnswers, startJudgeServer } from '../../support/judge-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const KEY = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef' };
const ANSWERS = { 'a/one': 'Rayleigh scattering.', 'b/two': 'Because.', 'j/three': 'The sea.' };
const verdict = (value: string): string => JSON.stringify({ reason: 'because of that', verdict: value });
const prefersRayleigh = (prompt: string): string => verdict(shownAnswers(prompt).a.startsWith('Rayleigh') ? 'A' : 'B');

function compare(url: string, args: readonly string[], home = tempFolder(), env: Record<string, string> = {}) {
  return runOrx(['compare', 'Why is the sky blue?', '-m', 'a/one,b/two', '--base-url', url, '--retries', '0', ...args], {
    env: { ...KEY, ...env },
    home,
  });
}

/** The fields of the JSON output that these tests read. */
interface Judged {
  judge: {
    results: {
      first: string;
      second: string;
      winner: string;
      consistent: boolean | null;
      games: { state: string; why?: string }[];
    }[];
    lanes: { lane: string; wins: number; ties: number; losses: number; undecided: number; conclusion: string | null }[];
    consistency: { share: number } | null;
    same_vendor: string[];
    cost: string;
    requests: number;
  };
  ranking: { cost: string }[];
}

describe('orx compare --judge', () => {
  it('a judge that always prefers the first answer only produces ties, and a warning', async () => {
    const server = await startJudgeServer(ANSWERS, () => verdict('A'));
    const home = tempFolder();
    const { code, stdout, stderr } = await compare(server.url, ['-m', 'j/three', '--judge', 'j/judge'], home);
    expect(code).toBe(0);
    expect(stdout).toMatch(/b\/two : a\/one → tie \(the order decided\)/);
    expect(stdout).toMatch(/\nmodel +won +tied +lost +unreadable\nb\/two +0 +1 +0 +0\nj\/three +0 +1 +0 +0\n$/);
    expect(stderr).toContain('the same verdict in both orders for 0 of 2 pairs (0%), below 70%');
    expect(stderr).toContain('the judge and j/three are from the same vendor');
    expect(stderr).toContain('one prompt is not enough for a ranking by quality');
    expect(stderr).toContain('cost of the judge: $0.00800 · 4 requests');
    const stored = readFileSync(join(home, 'data', 'verdicts.jsonl'), 'utf8');
    expect(
      stored
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { winner: string }).winner),
    ).toEqual(['tie', 'tie']);
    expect(stored).not.toMatch(/Why is the sky|Rayleigh|because of that/);
    // The cost of judging stays apart in the ledger too.
    const usage = await runOrx(['usage', '--by', 'command', '-o', 'csv'], { env: KEY, home });
    expect(usage.stdout).toMatch(/^judge,4,/m);
    expect(usage.stdout).toMatch(/^compare,3,/m);
    const board = await runOrx(['compare', '--board', 'judge', '--json'], { home });
    expect(JSON.parse(board.stdout)).toMatchObject({
      sections: [{ source: 'judge', judge: 'j/judge', decisions: 2, prompts: 1, both_orders: 2, consistent: 0 }],
    });
  });

  it('shows both answers blind, in both orders, with the criteria of a file, and prints everything as data', async () => {
    const server = await startJudgeServer(ANSWERS, prefersRayleigh);
    const folder = tempFolder();
    writeFileSync(join(folder, 'criteria.txt'), 'Physics only.\n');
    const rubric = `@${join(folder, 'criteria.txt')}`;
    const { code, stdout } = await compare(
      server.url,
      ['--json', '--judge', 'j/judge', '--rubric', rubric, '--against', 'b/two'],
      folder,
      { ORX_HISTORY: 'false' },
    );
    expect(code).toBe(0);
    const { judge, ranking } = JSON.parse(stdout) as Judged;
    expect(judge.results).toMatchObject([{ first: 'a/one', second: 'b/two', winner: 'first', consistent: true }]);
    expect(judge.lanes).toMatchObject([{ lane: 'a/one', wins: 1, ties: 0, losses: 0, conclusion: 'too-few' }]);
    expect([judge.cost, judge.requests, judge.same_vendor]).toEqual(['0.004', 2, []]);
    expect(ranking.map(({ cost }) => cost)).toEqual(['0.0004', '0.0004']);
    const prompts = server.requests.filter(({ body }) => body.includes('j/judge')).map(({ body }) => body);
    expect(prompts).toHaveLength(2);
    const shown = prompts.map((body) => {
      const { messages } = JSON.parse(body) as { messages: { content: string }[] };
      const prompt = messages.map(({ content }) => content).join('\n');
      expect(prompt).not.toMatch(/a\/one|b\/two/);
      expect(prompt).toContain('Criteria of the decision:\nPhysics only.');
      return shownAnswers(prompt).a;
    });
    expect(shown.toSorted()).toEqual(['Because.', 'Rayleigh scattering.']);
    // Without a history, nothing about the prompt is stored.
    expect(() => readFileSync(join(folder, 'data', 'verdicts.jsonl'))).toThrow('ENOENT');
  });

  it.each<[string, JudgeScript, string]>([
    ['prose', () => 'Both have their charm.', 'the reply has no verdict, twice'],
    ['a reply that is cut off', () => ({ cut: '{"reason": "Answer A is [[A]]' }), 'the reply was cut off at 16000 tokens, twice'],
  ])('%s is unreadable: no tie, no win, and exit 7', async (_, reply, why) => {
    const server = await startJudgeServer(ANSWERS, reply);
    const { code, stdout, stderr } = await compare(server.url, ['--json', '--judge', 'j/judge']);
    expect(code).toBe(7);
    expect(stderr).toContain('error: j/judge gave no readable verdict\nhint: use another judge: --judge MODEL');
    const { judge } = JSON.parse(stdout) as Judged;
    expect(judge.results[0]).toMatchObject({
      winner: 'undecided',
      consistent: null,
      games: [{ state: 'unreadable', why }, { why }],
    });
    expect(judge.lanes[0]).toMatchObject({ wins: 0, ties: 0, losses: 0, undecided: 1, conclusion: null });
    expect([judge.requests, judge.consistency]).toEqual([4, null]);
  });

  it('without an answer of the lane that the others are compared with, nothing is judged, and the judge is not blamed', async () => {
    const { 'a/one': _, ...answers } = ANSWERS;
    const server = await startJudgeServer(answers, () => verdict('A'));
    const failed = await compare(server.url, ['-m', 'j/three', '--judge', 'j/judge']);
    expect(failed.code).toBe(0);
    expect(failed.stderr).toContain(
      'note: a/one has no answer to compare with (--against names another lane), so there was nothing to judge\n',
    );
    expect(failed.stderr).not.toMatch(/readable verdict|cost of the judge/);
    const data = await compare(server.url, ['-m', 'j/three', '--judge', 'j/judge', '--json']);
    expect([data.code, (JSON.parse(data.stdout) as { judge: unknown }).judge]).toEqual([0, null]);
    const other = await compare(server.url, ['-m', 'j/three', '--judge', 'j/judge', '--against', 'b/two']);
    expect(other.stdout).toMatch(/\nj\/three +0 +1 +0 +0\n$/);
  });

  it('a judge that fails keeps the answers and ends with its exit code', async () => {
    const server = await startJudgeServer(ANSWERS, () => 402);
    const { code, stdout, stderr } = await compare(server.url, ['--judge', 'j/judge']);
    expect(code).toBe(4);
    expect(stdout).toContain('Rayleigh scattering.');
    expect(stderr).toContain('error: ');
  });

  it('Ctrl-C stops the judge, keeps the verdicts that came, and exits with 130', async () => {
    let asked = 0;
    const home = tempFolder();
    let stop = (): void => undefined;
    const server = await startJudgeServer(ANSWERS, () => {
      asked += 1;
      // The first pair is judged completely; nothing more comes after that.
      if (asked <= 2) return verdict('tie');
      if (asked === 4) stop();
      return undefined;
    });
    const args = ['compare', 'Why?', '-m', 'a/one,b/two', '-m', 'j/three', '--base-url', server.url, '--retries', '0', '--json'];
    const { code, stdout } = await runOrx([...args, '--judge', 'j/judge'], {
      env: KEY,
      home,
      isAlone: true,
      onStart: (child) => void (stop = () => child.kill('SIGINT')),
    });
    expect(code).toBe(130);
    const { judge } = JSON.parse(stdout) as { judge: { error: string; requests: number } };
    expect([judge.error, judge.requests]).toEqual(['stopped', 4]);
  });

  it('a judge that decided nothing has no table of zeros, only its cost', async () => {
    const server = await startJudgeServer(ANSWERS, () => 402);
    const { stdout, stderr } = await compare(server.url, ['--judge', 'j/judge']);
    expect(stdout).not.toMatch(/won +tied +lost/);
    expect(stderr).toContain('judge j/judge: against a/one, in both orders\ncost of the judge: ');
    expect(stderr).not.toContain('0 prompts');
  });

  it('a wrong lane, a missing file or flags without a judge cost nothing', async () => {
    const server = await startJudgeServer(ANSWERS, () => verdict('A'));
    const wrong = await compare(server.url, ['--judge', 'j/judge', '--against', 'c/none']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('error: --against c/none names no lane')]);
    const missing = await compare(server.url, ['--judge', 'j/judge', '--rubric', '@nowhere.txt']);
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('nowhere.txt')]);
    const without = await compare(server.url, ['--rubric', 'short']);
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('error: --rubric needs a judge')]);
    expect(server.requests).toEqual([]);
  });
});

describe('orx compare --board', () => {
  const record = (prompt: string, names: readonly string[], choice: unknown): string =>
    JSON.stringify({
      type: 'vote',
      version: 1,
      at: 1,
      prompt,
      lanes: names.map((name) => ({ name, model: name })),
      slots: [0, 1],
      choice,
      shownMs: 1,
      orx: '1',
    });

  it('empty, one vote, and islands', async () => {
    const home = tempFolder();
    const empty = await runOrx(['compare', '--board'], { home });
    expect([empty.code, empty.stdout]).toEqual([0, expect.stringMatching(/^No votes and no verdicts yet\.\nvote: orx compare /)]);
    const { openDecisions } = await import('../../../src/storage/decisions/decision-file.ts');
    const store = openDecisions({ folder: join(home, 'data'), suffix: '' });
    store.addVote(JSON.parse(record('p', ['a/one', 'b/two'], { best: 0 })) as Parameters<typeof store.addVote>[0]);
    const one = await runOrx(['compare', '--board', '-o', 'markdown'], { home });
    expect(one.stdout).toMatch(
      /^\| rank \| model \| rating \| 95% \| .*\n.*\n\| – \| a\/one \| \d+ \| \d+–\d+ \| 1 \| 1 \| 0 \| 0 \| provisional \|\n/,
    );
    const lines = ['x', 'y', 'z'].map((prompt) => `${record(prompt, ['c/three', 'd/four'], 'alike')}\n`);
    writeFileSync(
      join(home, 'data', 'votes.jsonl'),
      `${record('p', ['a/one', 'b/two'], { best: 0 })}\n${lines.join('')}not JSON\n`,
    );
    const islands = await runOrx(['compare', '--board'], { home });
    expect(islands.stdout).toMatch(/^group +rank +model[^\n]*\n +1 +– +c\/three[^\n]*\n +1 +– +d\/four[^\n]*\n +2 +– +a\/one/);
    expect(islands.stderr).toContain('groups were never compared with each other');
    expect(islands.stderr).toContain('votes.jsonl: 1 line could not be read');
  });

  it.each([
    [['--board', '--judge', 'x'], '--board and --judge'],
    [['--board', 'people'], 'people'],
    [['--board', 'votes', 'a prompt'], '--board takes no prompt'],
    [['--board', '-o', 'text'], '-o must be one of'],
    [['-o', 'csv', '-m', 'a/b,c/d', 'hi'], '-o csv needs --prompts or --board'],
    [['-o', 'html', '-m', 'a/b,c/d', 'hi'], 'hint: put the prompt into a file: orx compare --prompts FILE -o html'],
  ])('%j is an error', async (args, message) => {
    const { code, stderr } = await runOrx(['compare', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
