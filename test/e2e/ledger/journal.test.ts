import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chunk, type SeenRequest, startApiServer } from '../../support/api-server.ts';
import { testLedger } from '../../support/ledger.ts';
import { runOrx, type RunOptions } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';
const LIBSQL = /libsql/;
/** A busy machine may open the databases before the server has looked at the process. */
const ATTEMPTS = 6;

/** A server that looks around before it answers, and a home for the programs that ask it. */
async function lookingServer(look: (request: SeenRequest) => void = () => undefined) {
  const home = tempFolder();
  const data = join(home, 'data');
  const server = await startApiServer((request, response) => {
    look(request);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const names = { id: 'gen-1', model: 'a/model' };
    const usage = { prompt_tokens: 12, completion_tokens: 2, total_tokens: 14, cost: 0.25 };
    response.end(
      `${chunk({ content: 'an answer' }, names)}${chunk({ content: '' }, { ...names, usage }, { finish_reason: 'stop' })}data: [DONE]\n\n`,
    );
  });
  const env = { OPENROUTER_API_KEY: KEY, OPENROUTER_BASE_URL: server.url };
  return {
    data,
    run: (args: string[], options: RunOptions = {}) => runOrx(args, { home, ...options, env: { ...env, ...options.env } }),
    entries: async () => [...(await testLedger({ folder: data })).entries({})],
  };
}

const pending = (data: string): string[] =>
  existsSync(data) ? readdirSync(data).filter((name) => name.includes('.pending-')) : [];

const databases = (data: string): string[] =>
  readdirSync(data)
    .filter((name) => name.endsWith('.db'))
    .toSorted();

describe('a question in a pipe', () => {
  test.runIf(process.platform === 'linux')(
    'is sent before SQLite is loaded, and after its entry and its text are on the disk',
    async () => {
      let pid = 0;
      const seen: { hasSqlite: boolean; records: any[] }[] = [];
      const { data, run, entries } = await lookingServer(() => {
        const files = pending(data).map((name) => readFileSync(join(data, name), 'utf8'));
        const records = files.flatMap((text) =>
          text
            .split('\n')
            .slice(1, -1)
            .map((line) => JSON.parse(line)),
        );
        seen.push({ hasSqlite: LIBSQL.test(readFileSync(`/proc/${pid}/maps`, 'utf8')), records });
      });
      const isFast = (): boolean => seen.some(({ hasSqlite }) => !hasSqlite);
      for (let attempt = 0; attempt < ATTEMPTS && !isFast(); attempt += 1) {
        const { code, stdout, stderr } = await run(['chat', 'what is it?', '-m', 'a/model'], {
          onStart: (child) => void (pid = child.pid!),
        });
        expect([code, stdout, stderr]).toEqual([0, 'an answer\n', '']);
      }
      expect(isFast()).toBe(true);
      const { records } = seen.at(-1)!;
      expect(records).toMatchObject([
        { kind: 'question', asked: [{ message: { role: 'user', content: 'what is it?' } }] },
        { kind: 'ledger', job: { kind: 'open', entry: { requestedModel: 'a/model' } } },
      ]);
      expect(records[1].job.entry.conversation).toBe(records[0].conversation.id);
      expect(pending(data)).toEqual([]);
      const all = await entries();
      expect(all).toHaveLength(seen.length);
      expect(all.at(-1)).toMatchObject({ id: records[1].job.entry.id, outcome: 'complete', cost: '0.25', generationId: 'gen-1' });
      const shown = await run(['history', 'show', records[0].conversation.id, '--json']);
      expect(shown.stdout).toContain('an answer');
    },
  );

  test('waits for the ledger where there are budgets', async () => {
    const seen: unknown[] = [];
    const { data, run } = await lookingServer(({ url }) => {
      if (url.endsWith('/chat/completions')) seen.push(pending(data), existsSync(join(data, 'ledger.db-wal')));
    });
    await run(['budget', 'add', '--day', '0']);
    expect((await run(['chat', 'hi', '-m', 'a/model'])).code).toBe(4);
    await run(['budget', 'rm', '1']);
    await run(['budget', 'add', '--day', '5', '--profile', 'other']);
    expect((await run(['chat', 'hi', '-m', 'a/model'])).code).toBe(0);
    expect(seen).toEqual([[], true]);
  });

  test('that is not recorded at all leaves no file, and no database', async () => {
    const { data, run } = await lookingServer();
    expect((await run(['chat', 'hi', '-m', 'a/model', '-n'])).code).toBe(0);
    expect(existsSync(data)).toBe(false);
    expect((await run(['chat', 'hi', '-m', 'a/model', '--no-ledger'])).code).toBe(0);
    expect(databases(data)).toEqual(['conversations.db']);
    expect((await run(['chat', 'hi', '-m', 'a/model'], { env: { ORX_HISTORY: 'false' } })).code).toBe(0);
    expect(databases(data)).toEqual(['conversations.db', 'ledger.db']);
  });

  test('whose flags are wrong leaves no file', async () => {
    const { data, run } = await lookingServer();
    expect((await run(['chat', 'hi', '-m', 'a/model'], { env: { OPENROUTER_API_KEY: '' } })).code).toBe(3);
    expect((await run(['chat', 'hi', '--dry-run', '-m', 'a/model'])).code).toBe(0);
    expect(pending(data)).toEqual([]);
  });
});

describe('a database that cannot be opened after the request is sent', () => {
  test('keeps the entry in a file, warns, and adds it when it can be opened', async () => {
    const { data, run, entries } = await lookingServer();
    // Prevents the creation of a ledger.
    mkdirSync(join(data, 'ledger.db.new'), { recursive: true });
    const { code, stdout, stderr } = await run(['chat', 'hi', '-m', 'a/model']);
    expect([code, stdout]).toEqual([0, 'an answer\n']);
    const [name] = pending(data);
    expect(stderr).toContain('warning: cannot record this request in the ledger: cannot write the ledger');
    expect(stderr).toContain(`the entry is in ${join(data, name!)} until a later command can add it to the ledger`);
    rmdirSync(join(data, 'ledger.db.new'));
    // The process of the test may still run; the file of an older request is taken over even then.
    const old = new Date(Date.now() - 3_600_000);
    utimesSync(join(data, name!), old, old);
    expect((await run(['ledger', 'show'])).stdout).toContain('entries  1');
    expect(pending(data)).toEqual([]);
    expect(await entries()).toMatchObject([{ outcome: 'complete', cost: '0.25', generationId: 'gen-1' }]);
  });

  test.each(['json', 'stream-json'])('is reported in %s: a conversation that is not stored has no id', async (format) => {
    const { data, run, entries } = await lookingServer();
    mkdirSync(join(data, 'conversations.db.new'), { recursive: true });
    const { code, stdout, stderr } = await run(['chat', 'hi', '-m', 'a/model', '-o', format]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/"session_id": ?null/);
    expect(stdout).not.toMatch(/"session_id": ?"/);
    expect(stderr).toContain('warning: this conversation is not stored: ');
    expect(pending(data)).toEqual([]);
    expect(await entries()).toMatchObject([{ outcome: 'complete' }]);
  });
});
