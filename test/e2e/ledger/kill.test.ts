import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { decimal } from '../../../src/decimal.ts';
import { openConversations } from '../../../src/storage/conversations/open-conversations.ts';
import { openLedger } from '../../../src/storage/ledger/open-ledger.ts';
import { answerPieces, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { IS_LONG } from '../../support/long-tests.ts';
import { cleanEnvironment, ORX, runOrx } from '../../support/run-orx.ts';
import { serveSandbox } from '../../support/sandbox.ts';
import { tempFolder } from '../../support/temp-home.ts';

/** As many as the check has time for; `npm run test:long` runs more. */
const KILLS = IS_LONG ? 200 : 40;
/** These processes are started one by one, so each takes longer. */
const EARLY_KILLS = IS_LONG ? 200 : 12;
const AT_ONCE = 8;
const LIMIT = '5';

test(`${KILLS} kills at random moments and in the middle of answers: the ledger is whole, every bill of the API is found, and no money stays reserved`, async () => {
  // Slow enough for answers to be cut mid-stream.
  const served = await serveSandbox(['-q', '--no-ledger'], { env: { ORX_SANDBOX_SPEED: '8' } });
  const home = tempFolder();
  const env = { OPENROUTER_API_KEY: 'any', OPENROUTER_BASE_URL: served.url };
  await runOrx(['budget', 'add', '--day', LIMIT], { home, env });

  const chatAndKill = (index: number, when?: number | 'answering'): Promise<void> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [ORX, 'chat', `question ${index}`, '-m', 'openai/gpt-4o-mini'], {
        env: cleanEnvironment(home, env),
        cwd: home,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      if (when === 'answering') child.stdout.once('data', () => child.kill('SIGKILL'));
      else child.stdout.resume();
      const timer = typeof when === 'number' ? setTimeout(() => child.kill('SIGKILL'), Math.random() * when) : undefined;
      child.on('close', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  // From before anything is loaded until after the answer, however busy this machine is.
  const start = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => chatAndKill(-index)));
  const longestMs = performance.now() - start;
  let next = 0;
  const lane = async (): Promise<void> => {
    // Every second kill certainly hits an answer; the machine decides where the others hit.
    while (next < KILLS) await chatAndKill((next += 1), next % 2 === 0 ? 'answering' : longestMs);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));

  const { code } = await runOrx(['ledger', 'reconcile'], { home, env });
  expect(code).toBe(0);
  const ledger = await openLedger({ folder: join(home, 'data'), name: 'ledger' });
  onTestFinished(() => ledger.close());
  expect(ledger.check()).toMatchObject({ problems: [], open: 0, reservations: 0 });
  const entries = [...ledger.entries({})];
  const outcomes = new Set(entries.map(({ outcome }) => outcome));
  // The kills came before, during and after the answers.
  expect([...outcomes].toSorted()).toEqual(['complete', 'lost']);
  expect(entries.filter(({ costSource }) => costSource === 'unknown')).toEqual([]);

  // If the ledger has the generation id of an answer, its cost is exactly what the API billed.
  const known = entries.filter(({ generationId }) => generationId !== undefined);
  const bills = await Promise.all(
    known.map(async ({ generationId }) => {
      const reply = await fetch(`${served.url}/generation?id=${generationId}`, { headers: { authorization: 'Bearer any' } });
      return ((await reply.json()) as { data: { total_cost: number } }).data.total_cost;
    }),
  );
  expect(known.map(({ cost }) => decimal(cost!).toFixed(12))).toEqual(bills.map((bill) => decimal(String(bill)).toFixed(12)));
  expect(known.length).toBeGreaterThanOrEqual(KILLS / 2);
  // Whatever else the API billed is no more than the entries without a generation id can account for.
  const key = (await (await fetch(`${served.url}/key`, { headers: { authorization: 'Bearer any' } })).json()) as any;
  const sum = entries.map(({ cost }) => decimal(cost!)).reduce((total, cost) => total.plus(cost), decimal(0));
  expect(decimal(String(key.data.usage)).lte(sum.plus('0.000001'))).toBe(true);
  expect(ledger.sums({}).cost).toBe(sum.toFixed());
});

test(`${EARLY_KILLS} kills while the databases are not open yet: every request has one entry and one question, before it is sent and afterwards`, async () => {
  const home = tempFolder();
  const data = join(home, 'data');
  const children = new Map<string, ChildProcess>();
  const seen: string[] = [];
  const unrecorded: string[] = [];
  /** Returns whether the entry and the question of a request are in a pending file, or in the databases already. */
  const isRecorded = async (question: string): Promise<boolean> => {
    const names = readdirSync(data).filter((name) => name.includes('.pending-'));
    const texts = names.map((name) => (existsSync(join(data, name)) ? readFileSync(join(data, name), 'utf8') : ''));
    if (texts.some((text) => text.includes(`"${question}"`) && text.includes('"kind":"open"'))) return true;
    return (await stored()).some(([title, count]) => title === question && count === 1);
  };
  /** The question of each conversation, and its number of entries. */
  const stored = async (): Promise<[question: string, entries: number][]> => {
    const conversations = await openConversations({ folder: data, name: 'conversations', now: Date.now });
    const ledger = await openLedger({ folder: data, name: 'ledger' });
    try {
      return conversations.list({}).map(({ id, title }) => [title, ledger.sums({ conversation: id }).requests]);
    } finally {
      conversations.close();
      ledger.close();
    }
  };
  // Each request is killed at another point: before its answer, or some time after its first bytes.
  const server = await startApiServer(async (request, response) => {
    if (request.method === 'GET') return sendJson(response, 404, { error: { code: 404, message: 'not found' } });
    const question = request.json().messages.at(-1).content as string;
    seen.push(question);
    if (!(await isRecorded(question))) unrecorded.push(question);
    const kill = (): void => void children.get(question)?.kill('SIGKILL');
    const delayMs = Number(question.split(' ')[1]) % 4 === 0 ? 0 : Math.random() * 120;
    if (delayMs === 0) kill();
    else setTimeout(kill, delayMs);
    await sendPieces(response, answerPieces(['one ', 'two ']), { pauseMs: 20 });
  });
  const env = { OPENROUTER_API_KEY: 'any', OPENROUTER_BASE_URL: server.url };
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < EARLY_KILLS) {
      const question = `question ${(next += 1)}`;
      const child = spawn(process.execPath, [ORX, 'chat', question, '-m', 'a/model'], {
        env: cleanEnvironment(home, env),
        cwd: home,
        stdio: 'ignore',
      });
      children.set(question, child);
      await new Promise((resolve) => child.on('close', resolve));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));

  expect(unrecorded).toEqual([]);
  expect(seen).toHaveLength(EARLY_KILLS);
  // Any command takes over what is left.
  expect((await runOrx(['ledger', 'show'], { home, env })).code).toBe(0);
  expect(readdirSync(data).filter((name) => name.includes('.pending-'))).toEqual([]);
  const all = await stored();
  const order = (one: string, other: string): number => one.localeCompare(other);
  expect(all.map(([question]) => question).toSorted(order)).toEqual(seen.toSorted(order));
  expect(all.filter(([, entries]) => entries !== 1)).toEqual([]);
  const ledger = await openLedger({ folder: data, name: 'ledger' });
  onTestFinished(() => ledger.close());
  // Those that were killed while they wrote to the ledger itself.
  ledger.closeLost(Date.now());
  expect(ledger.check()).toMatchObject({ problems: [], entries: EARLY_KILLS, open: 0, reservations: 0 });
});
