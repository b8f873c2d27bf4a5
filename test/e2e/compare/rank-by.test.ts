import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type JudgeScript, shownAnswers, startJudgeServer } from '../../support/judge-server.ts';
import { startMatrixServer } from '../../support/matrix-server.ts';
import { cleanEnvironment, ORX, runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const KEY = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef' };
const ANSWERS = { 'a/one': 'fair', 'b/two': 'good', 'c/three': 'bad' };
const WORTH = ['bad', 'fair', 'good'];
const LANES = 'a/one,b/two,c/three';
const asVerdict = (value: string): string => JSON.stringify({ reason: 'as it is', verdict: value });
const byWorth = (prompt: string): string => {
  const { a, b } = shownAnswers(prompt);
  return asVerdict(WORTH.indexOf(a) > WORTH.indexOf(b) ? 'A' : WORTH.indexOf(a) < WORTH.indexOf(b) ? 'B' : 'tie');
};
const single = (prompt: string): string => /:\n<<<(\w+)\n(bad|fair|good)\n\1>>>/.exec(prompt)?.[2] ?? '';

interface Row {
  rank: number | null;
  requested_model: string;
  quality: { measure: string; estimate: number; lower: number | null; upper: number | null; spread?: { low: number } } | null;
}

async function compared(judge: JudgeScript, args: readonly string[], answers: Readonly<Record<string, string>> = ANSWERS) {
  const server = await startJudgeServer(answers, judge);
  const all = ['compare', 'Why?', '-m', LANES, '--base-url', server.url, '--retries', '0', '--rank-by', 'quality', ...args];
  return { ...(await runOrx([...all, '--judge', 'j/judge'], { env: KEY, home: tempFolder() })), server };
}

const ranksIn = (stdout: string) =>
  (JSON.parse(stdout) as { ranking: Row[] }).ranking.map(({ rank, requested_model, quality }) => [
    rank,
    requested_model,
    quality?.estimate ?? null,
  ]);

describe('orx compare --rank-by quality', () => {
  it('prints the ranking after the judge: share of wins with its interval and the judge', async () => {
    const { code, stdout } = await compared(byWorth, ['--repeat', '4']);
    expect(code).toBe(0);
    const [, ranking = ''] = stdout.split(/(?<=\nmodel +won[^]*?)\n\n/);
    expect(ranking.replaceAll(/ {2,}/g, '  ')).toMatch(
      new RegExp(
        [
          '^  model  win share  95%  first token  tok/s  tokens  cost  ×',
          '  1  b/two  100%  51%–100%  .*',
          '  min–max of 4 answers  100%  .*',
          '  2  a/one  50%  reference  .*',
          '  min–max of 4 answers  –  .*',
          '  3  c/three  0%  0%–49%  .*',
          '  min–max of 4 answers  0%  .*',
          '  judge j/judge: share of wins against a/one, a tie is half a win',
          '  lanes whose 95% intervals overlap can share a rank\n$',
        ].join('\n'),
      ),
    );
  });

  it('lanes with overlapping intervals share a rank, and one prompt stays too few', async () => {
    const { stdout, stderr } = await compared(byWorth, []);
    expect(stdout).toMatch(
      /\n +1 {2}b\/two +100% +21%–100% [^]*\n +1 {2}a\/one +50% +reference [^]*\n +1 {2}c\/three +0% +0%–79% /,
    );
    expect(stderr).toContain('one prompt is not enough for a ranking by quality');
  });

  it('--json has the same order, with shares, intervals and spreads', async () => {
    const { code, stdout } = await compared(byWorth, ['--repeat', '4', '--json']);
    expect(code).toBe(0);
    const { ranked_by, ranking, judge } = JSON.parse(stdout) as { ranked_by: string; ranking: Row[]; judge: { model: string } };
    expect([ranked_by, judge.model]).toEqual(['quality', 'j/judge']);
    expect(ranksIn(stdout)).toEqual([
      [1, 'b/two', 1],
      [2, 'a/one', 0.5],
      [3, 'c/three', 0],
    ]);
    expect(ranking[0]!.quality).toMatchObject({ measure: 'win_share', upper: 1, answers: 4, spread: { low: 1, values: 4 } });
    expect(ranking[0]!.quality!.lower).toBeCloseTo(0.5101, 4);
    expect(ranking[1]!.quality).toMatchObject({ reference: true, lower: null });
  });

  it('ranks scores by their mean, and shares over all pairs', async () => {
    let asked = 0;
    const scores = await compared(
      (prompt) => JSON.stringify({ reason: 'so', score: 3 * WORTH.indexOf(single(prompt)) + 1 + (asked++ % 2) }),
      ['--repeat', '6', '--judge-score', '--json'],
    );
    const { ranking } = JSON.parse(scores.stdout) as { ranking: Row[] };
    expect(ranking.map(({ requested_model }) => requested_model)).toEqual(['b/two', 'a/one', 'c/three']);
    expect(ranking.map(({ rank }) => rank)).toEqual([1, 2, 3]);
    expect(ranking.every(({ quality }) => quality!.measure === 'score' && quality!.lower !== null)).toBe(true);
    const pairs = await compared(byWorth, ['--judge-pairs', '--json']);
    expect(ranksIn(pairs.stdout)).toEqual([
      [null, 'b/two', 1],
      [null, 'a/one', 0.5],
      [null, 'c/three', 0],
    ]);
  });

  it('an estimate without an interval ranks nothing, and equal scores are no certainty', async () => {
    const once = await compared(
      (prompt) => JSON.stringify({ reason: 'so', score: 9 - WORTH.indexOf(single(prompt)) }),
      ['--judge-score'],
    );
    expect(once.stdout).toMatch(/\n +– {2}c\/three +9\.0 +– [^]*\n +– {2}a\/one +8\.0 +– [^]*\n +– {2}b\/two +7\.0 +– /);
    expect(once.stdout).toContain('no ranks without intervals, which need several answers of each lane: --repeat 5');
    const equal = await compared(
      (prompt) => JSON.stringify({ reason: 'so', score: 9 - WORTH.indexOf(single(prompt)) }),
      ['--judge-score', '--repeat', '3', '--json'],
    );
    expect(ranksIn(equal.stdout).map(([rank]) => rank)).toEqual([null, null, null]);
  });

  it('lanes that failed or whose verdicts cannot be read have no rank', async () => {
    const unreadable: JudgeScript = (prompt) => {
      const { a, b } = shownAnswers(prompt);
      return [a, b].includes('bad') ? 'Both have their charm.' : byWorth(prompt);
    };
    const { code, stdout } = await compared(unreadable, ['--json']);
    expect(code).toBe(0);
    expect(ranksIn(stdout)).toEqual([
      [1, 'b/two', 1],
      [1, 'a/one', 0.5],
      [null, 'c/three', null],
    ]);
    const { 'b/two': _, ...without } = ANSWERS;
    const failed = await compared(byWorth, ['--repeat', '4'], without);
    expect(failed.stdout).toMatch(/\n +1 {2}a\/one [^]*\n +2 {2}c\/three [^]*\n {2}– {2}b\/two · #1 .*400/);
  });

  it('without enough answers to judge, and after an error of the judge, the ranking still has the other figures', async () => {
    const { code, stdout, stderr } = await compared(byWorth, [], { 'a/one': 'fair' });
    expect(code).toBe(0);
    expect(stderr).toContain('note: fewer than two answers, so there was nothing to judge');
    expect(stdout).toMatch(/\n +– {2}a\/one +– +– .*\$0\.000400/);
    const refused = await compared(() => 402, []);
    expect(refused.code).toBe(4);
    expect(refused.stdout.match(/\n +– {2}\w\/\w+ +– +– .*\$0\.000400/g)).toHaveLength(3);
    const none = await compared(byWorth, [], {});
    expect(none.code).not.toBe(0);
    expect(none.stdout.match(/\n {2}– {2}\w\/\w+ /g)).toHaveLength(3);
    expect(none.server.requests.filter(({ body }) => body.includes('j/judge'))).toEqual([]);
  });

  it('Ctrl-C while the judge decides keeps the ranking', async () => {
    let stop = (): void => undefined;
    const server = await startJudgeServer(ANSWERS, (prompt) => {
      if (!shownAnswers(prompt).a.includes('bad') && !shownAnswers(prompt).b.includes('bad')) return byWorth(prompt);
      stop();
      return undefined;
    });
    const args = ['compare', 'Why?', '-m', LANES, '--base-url', server.url, '--rank-by', 'quality', '--judge', 'j/judge'];
    const child = spawn(ORX, args, { env: { ...cleanEnvironment(tempFolder()), ...KEY }, stdio: ['ignore', 'pipe', 'pipe'] });
    stop = () => void child.kill('SIGINT');
    let stdout = '';
    child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
    const code = await new Promise((resolve) => void child.on('close', resolve));
    expect(code).toBe(130);
    expect(stdout).toContain('  judge j/judge: share of wins against a/one');
    expect(stdout).toMatch(/\n +– {2}c\/three +– +– /);
  });

  it.each([
    [['Why?'], '--rank-by quality needs a judge'],
    [['Why?', '--dry-run'], '--rank-by quality needs a judge'],
  ])('%j without a judge is a usage error', async (words, message) => {
    const { code, stderr } = await runOrx(['compare', ...words, '-m', LANES, '--rank-by', 'quality'], { env: KEY });
    expect(code).toBe(2);
    expect(stderr).toBe(`error: ${message}\nhint: name a model: --judge openai/gpt-4o-mini\n`);
  });
});

describe('orx compare --prompts --rank-by', () => {
  const COSTS: Readonly<Record<string, number>> = { 'a/one': 0.003, 'b/two': 0.001, 'c/three': 0.002 };

  async function run(file: string, args: readonly string[]) {
    const home = tempFolder();
    const server = await startMatrixServer({
      models: [...LANES.split(','), 'j/judge'],
      reply({ model, body }) {
        if (model !== 'j/judge') return { text: ANSWERS[model as keyof typeof ANSWERS], cost: COSTS[model]! };
        const { messages } = body as { messages: { content: string }[] };
        return { text: byWorth(messages.map(({ content }) => content).join('\n')), cost: 0 };
      },
    });
    const path = join(home, 'cases.csv');
    writeFileSync(path, file);
    const all = ['compare', '--prompts', path, '-m', LANES, '--base-url', server.url, '--exit-zero', ...args];
    return { ...(await runOrx(all, { env: KEY, home })), server, path };
  }

  const QUESTIONS = Array.from({ length: 12 }, (_, index) => `question ${index}`);
  const PLAIN = `prompt\n${QUESTIONS.join('\n')}\n`;
  const EXPECTING = `prompt,expected\n${QUESTIONS.map((one) => `${one},good`).join('\n')}\n`;
  const order = (stdout: string): string[] =>
    [...stdout.matchAll(/^ *([–\d]) {2}(\w\/\w+) /gm)].map(([, rank, lane]) => `${rank} ${lane}`);

  it('without the flag, the lanes keep their order and have no rank', async () => {
    const { stdout } = await run(PLAIN, []);
    expect(stdout).toMatch(/^lane +answered[^]*\na\/one [^]*\nb\/two [^]*\nc\/three /);
    expect(stdout).not.toContain('ranked by');
  });

  it('orders the lanes by the cost of an answer', async () => {
    const { stdout } = await run(PLAIN, ['--rank-by', 'cost']);
    expect(order(stdout)).toEqual(['1 b/two', '2 c/three', '3 a/one']);
    expect(stdout).toContain('  ranked by cost of an answer, lowest first\n');
  });

  it('quality is the pass rate of expectations', async () => {
    const { stdout } = await run(EXPECTING, ['--rank-by', 'quality']);
    expect(order(stdout)).toEqual(['1 b/two', '2 a/one', '2 c/three']);
    expect(stdout).toContain('  ranked by pass rate; lanes whose 95% intervals overlap can share a rank\n');
  });

  it('quality is the share of wins of a judge that compares the lanes, with the same values in every format', async () => {
    const table = await run(PLAIN, ['--rank-by', 'quality', '--judge', 'j/judge']);
    expect(table.stdout).toMatch(/^rank {2}lane +win share +95% +answered /);
    expect(order(table.stdout)).toEqual(['1 b/two', '2 a/one', '3 c/three']);
    expect(table.stdout).toMatch(/1 {2}b\/two +100% +76%–100% [^]*2 {2}a\/one +50% +reference [^]*3 {2}c\/three +0% +0%–24% /);
    expect(table.stdout).toContain(
      '  ranked by share of wins of judge j/judge; lanes whose 95% intervals overlap can share a rank\n',
    );
    const json = await run(PLAIN, ['--rank-by', 'quality', '--judge', 'j/judge', '--json']);
    const data = JSON.parse(json.stdout) as {
      ranked_by: string;
      ranking: { rank: number; lane: string; quality: { lower: number; upper: number; estimate: number } }[];
      judge: { lanes: { lane: string; lower: number; upper: number; win_share: number }[] };
    };
    expect(data.ranked_by).toBe('quality');
    expect(data.ranking.map(({ rank, lane }) => `${rank} ${lane}`)).toEqual(['1 b/two', '2 a/one', '3 c/three']);
    const [best] = data.ranking;
    expect(data.judge.lanes.find(({ lane }) => lane === 'b/two')).toMatchObject({
      win_share: best!.quality.estimate,
      lower: best!.quality.lower,
      upper: best!.quality.upper,
    });
    const markdown = await run(PLAIN, ['--rank-by', 'quality', '--judge', 'j/judge', '-o', 'markdown']);
    expect(markdown.stdout).toMatch(/\| *rank \| lane[^]*\| *1 \| b\/two[^]*\| *2 \| a\/one/);
    const page = await run(PLAIN, ['--rank-by', 'quality', '--judge', 'j/judge', '-o', 'html']);
    expect(page.stdout).toMatch(/<bdi>b\/two<\/bdi><\/th><td class="right">1<\/td><td class="right">100%<br><small>\(76%–100%\)/);
  });

  it('without anything that measures quality, sends nothing and says what to do', async () => {
    const { code, stderr, server } = await run(PLAIN, ['--rank-by', 'quality']);
    expect(code).toBe(2);
    expect(stderr).toContain(
      'error: --rank-by quality needs expectations or a judge: no case has an expected text\nhint: let a model',
    );
    expect(server.asked).toEqual([]);
    const filtered = await run(PLAIN, ['--rank-by', 'quality', '--filter', 'nothing']);
    expect([filtered.code, filtered.stderr]).toEqual([2, expect.stringContaining('error: no case of ')]);
    const silent = await run(PLAIN, ['--rank-by', 'quality', '--judge', 'j/judge', '--judge-score']);
    expect(silent.stdout).toContain('  ranked by mean score of judge j/judge; no lane has a known quality\n');
    expect(order(silent.stdout)).toEqual(['– a/one', '– b/two', '– c/three']);
  });
});
