import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answerPieces, type ApiServer, chunk, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { wireModel } from '../../support/catalogue.ts';
import { openConversations } from '../../../src/storage/conversations/open-conversations.ts';
import { cleanEnvironment, ORX, runOrx, type RunOptions, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const MODELS = {
  data: [
    wireModel('test/model', {}, { context_length: 3000, top_provider: { context_length: 3000 } }),
    wireModel('anthropic/claude-sonnet-4.6'),
  ],
};
const environment = (server: ApiServer) => ({
  OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef',
  OPENROUTER_BASE_URL: server.url,
  ORX_MODEL: 'test/model',
  ORX_RETRIES: '0',
});

/** Starts a server that answers every chat; each test has its own home. */
async function setUp(answer = 'ok') {
  const server = await startApiServer((request, response) =>
    request.url.includes('/models') ? sendJson(response, 200, MODELS) : sendPieces(response, answerPieces([answer])),
  );
  const home = tempFolder();
  const orx = (args: readonly string[], options: RunOptions = {}): Promise<RunResult> =>
    runOrx(args, { home, ...options, env: { ...environment(server), ...options.env } });
  const asked = () => server.requests.filter(({ method }) => method === 'POST').map((request) => request.json());
  const history = async () => JSON.parse((await orx(['history', '--json'])).stdout) as Record<string, any>[];
  return { server, home, orx, asked, history };
}

describe('continuing a conversation', () => {
  test('-c sends the earlier messages, with the same session id, model and system prompt', async () => {
    const { orx, asked, history } = await setUp('blue');
    const first = await orx(['chat', 'why?', '--json', '-s', 'be brief', '-m', 'test/other']);
    const { session_id: id } = JSON.parse(first.stdout) as { session_id: string };
    const second = await orx(['chat', '-c', 'really?', '-o', 'stream-json']);
    const lines = second.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect([lines[0], lines.at(-1)]).toMatchObject([
      { type: 'start', session_id: id },
      { type: 'result', session_id: id },
    ]);
    expect(asked()[1]).toEqual({
      model: 'test/other',
      messages: [
        { role: 'system', content: 'be brief' },
        { role: 'user', content: 'why?' },
        { role: 'assistant', content: 'blue' },
        { role: 'user', content: 'really?' },
      ],
      stream: true,
      session_id: id,
    });
    expect(asked()[0].session_id).toBe(id);
    await orx(['chat', '-c', 'and you?', '-m', 'test/third']);
    expect(asked()[2]).toMatchObject({ model: 'test/third', messages: { length: 6 } });
    expect(await history()).toMatchObject([{ id, title: 'why?', model: 'test/third', messages: 6, cost: '0.001236' }]);
    const cost = JSON.parse((await orx(['cost', id, '--json'])).stdout) as { entries: unknown[] };
    expect(cost.entries).toHaveLength(3);
  });

  test('--session accepts the start of an id, --fork leaves the original unchanged, -c stays in the project', async () => {
    const { home, orx, asked, history } = await setUp();
    await orx(['chat', 'one']);
    await orx(['chat', 'two']);
    const [two, one] = await history();
    await orx(['chat', '--session', one!['id'], 'go on']);
    await orx(['chat', '--cid', two!['id'].slice(0, 12), '--fork', 'elsewhere']);
    expect(
      asked()
        .slice(2)
        .map(({ messages }) => messages[0].content),
    ).toEqual(['one', 'two']);
    const listed = await history();
    expect(listed.map(({ title, messages, forked_from: from }) => [title, messages, from])).toEqual([
      ['two', 4, two!['id']],
      ['one', 4, null],
      ['two', 2, null],
    ]);
    expect(asked().at(-1).session_id).toBe(listed[0]!['id']);
    mkdirSync(join(home, '.git'));
    writeFileSync(join(home, '.git', 'HEAD'), '');
    expect((await orx(['chat', '--session', '0', 'x'])).stderr).toMatch(
      /"0" matches more than one conversation id\nhint: use a longer prefix: 0\w+, 0\w+/,
    );
    expect((await orx(['chat', '--session', 'zz', 'x'])).stderr).toContain('no conversation id starts with "zz"');
    const elsewhere = await runOrx(['chat', '-c', 'x'], { env: { OPENROUTER_API_KEY: 'k' } });
    expect(elsewhere).toMatchObject({ code: 2, stdout: '' });
    expect(elsewhere.stderr).toContain('no conversation in this project yet');
  });

  test.each([
    [['--fork'], '--fork needs a conversation to copy'],
    [['-c', '--session', 'a'], '-c and --session cannot be combined'],
    [['-c', '-n'], 'cannot be continued'],
    [['-c', '--no-history'], 'cannot be continued'],
  ])('%j is a usage error', async (flags, sentence) => {
    const { orx, asked } = await setUp();
    const result = await orx(['chat', ...flags, 'x']);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(sentence);
    expect(asked()).toEqual([]);
  });
});

describe('a kill -9 mid-stream', () => {
  test('loses nothing that was written: -c continues with the received part, and history marks it', async () => {
    let isFirst = true;
    const server = await startApiServer(async (_, response) => {
      if (!isFirst) return sendPieces(response, answerPieces(['the rest']));
      isFirst = false;
      return sendPieces(response, [chunk({ role: 'assistant', content: 'the first ' }), chunk({ content: 'half' })], {
        end: false,
      });
    });
    const home = tempFolder();
    const env = environment(server);
    const child = spawn(process.execPath, [ORX, 'chat', 'tell me'], {
      env: cleanEnvironment(home, env),
      cwd: home,
      stdio: 'ignore',
    });
    const exit = new Promise((resolve) => child.on('close', resolve));
    const store = await openConversations({ folder: join(home, 'data'), name: 'conversations', now: Date.now });
    onTestFinished(() => store.close());
    const stored = () => store.list({}).flatMap(({ id }) => store.messages(id))[1];
    await expect.poll(() => stored()?.message.content, { interval: 20 }).toBe('the first half');
    expect(stored()?.state).toBe('streaming');
    const busy = await runOrx(['chat', '-c', 'me too'], { home, env });
    expect(busy.code).toBe(2);
    expect(busy.stderr).toContain('the conversation is in use by another orx');
    child.kill('SIGKILL');
    await exit;
    const shown = await runOrx(['history', 'show', '0'], { home, env });
    expect(shown.stdout).toContain('[stopped]\nthe first half\n');
    const next = await runOrx(['chat', '--continue', 'go on'], { home, env });
    expect(next).toMatchObject({ code: 0, stdout: 'the rest\n' });
    expect(server.requests.findLast(({ method }) => method === 'POST')?.json().messages).toEqual([
      { role: 'user', content: 'tell me' },
      { role: 'assistant', content: 'the first half' },
      { role: 'user', content: 'go on' },
    ]);
    expect(stored()).toMatchObject({ state: 'stopped', generationId: 'gen-1', provider: 'TestProvider' });
  });
});

describe('requests that are not recorded', () => {
  test('-n writes no file and sends no session id; --no-history is in the ledger but not in the history', async () => {
    const { home, orx, asked } = await setUp('answer-zebra');
    expect(await orx(['chat', '-n', 'question-zebra', '--json'])).toMatchObject({ code: 0 });
    await orx(['chat', 'question-zebra'], { env: { ORX_HISTORY: 'false' } });
    expect(asked()[0]).not.toHaveProperty('session_id');
    const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)).toString('latin1')).join('')).not.toContain(
      'zebra',
    );
    expect(existsSync(join(home, 'data', 'conversations.db'))).toBe(false);
    const cost = JSON.parse((await orx(['cost', 'today', '--json'])).stdout) as { entries: unknown[] };
    expect(cost.entries).toHaveLength(1);
  });

  test('under a budget -n is an error, --no-history is not', async () => {
    const { orx, asked } = await setUp();
    await orx(['budget', 'add', '--day', '5']);
    const refused = await orx(['chat', '-n', 'x']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--no-history');
    expect(asked()).toEqual([]);
    expect((await orx(['chat', '--no-history', 'x'])).code).toBe(0);
  });

  test.each(['json', 'stream-json'])('a conversation that cannot be written has no id in %s', async (format) => {
    const { home, orx } = await setUp();
    await orx(['chat', 'x']);
    const database = new Libsql(join(home, 'data', 'conversations.db'));
    database.exec("CREATE TRIGGER full BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'no room'); END");
    database.close();
    const { stdout, stderr } = await orx(['chat', 'x', '-o', format]);
    expect(stderr).toContain('this conversation is not stored');
    const lines =
      format === 'json'
        ? [JSON.parse(stdout)]
        : stdout
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line));
    const ids = lines.flatMap((line: object) => ('session_id' in line ? [line.session_id] : []));
    expect(new Set(ids)).toEqual(new Set([null]));
  });

  test('a file that is not a database does not lose the answer', async () => {
    const { home, orx } = await setUp();
    mkdirSync(join(home, 'data', 'conversations.db'), { recursive: true });
    const { stdout, stderr } = await orx(['chat', 'x', '--json']);
    const files = readdirSync(join(home, 'data'), { recursive: true }).map(String);
    expect({ stderr, files }).toMatchObject({
      stderr: expect.stringContaining('this conversation is not stored'),
      files: expect.arrayContaining(['conversations.db']),
    });
    expect(JSON.parse(stdout)).toMatchObject({ content: 'ok', session_id: null });
    expect((await orx(['chat', 'x', '-q'])).stderr).toContain('this conversation is not stored');
    expect((await orx(['chat', 'x', '-q', '--no-history'])).stderr).toBe('');
  });
});

describe('prompt caching', () => {
  test('Anthropic models get cache markers in a long conversation, from its second turn on, unless caching is off', async () => {
    const { orx, asked } = await setUp('word '.repeat(900));
    const model = ['-m', 'anthropic/claude-sonnet-4.6'];
    await orx(['chat', 'word '.repeat(900), ...model]);
    await orx(['chat', '-c', 'more']);
    await orx(['chat', '-c', 'more', '--no-prompt-cache']);
    await orx(['chat', '-c', 'more', '-m', 'test/big']);
    expect(asked().map(({ cache_control: marker }) => marker)).toEqual([undefined, { type: 'ephemeral' }, undefined, undefined]);
  });
});

describe('a conversation that does not fit', () => {
  test('token counts of short prompts do not block a long one', async () => {
    const { orx, asked } = await setUp();
    for (let times = 0; times < 12; times += 1) await orx(['chat', 'hi']);
    const long = 'word '.repeat(3300);
    expect(await orx(['chat', long])).toMatchObject({ code: 0, stdout: 'ok\n' });
    expect(asked()).toHaveLength(13);
    // The same command, as if the provider had never counted any tokens.
    const { stderr } = await orx(['chat', long]);
    const { stderr: unlearned } = await orx(['chat', '--no-ledger', long], { home: tempFolder() });
    expect(stderr).toMatch(/^warning: this may not fit: about [\d,]+ tokens, and test\/model accepts 3,000\n/);
    expect(stderr.split('\n')[0]).toBe(unlearned.split('\n')[0]);
  });

  test('fails before it is sent and says what to do; --drop-oldest drops whole turns and keeps them dropped', async () => {
    const { server, home, asked } = await setUp();
    // The reply has no usage, so sizes are orx's own estimates.
    const plain = [
      chunk({ role: 'assistant', content: 'ok' }),
      chunk({ content: '' }, {}, { finish_reason: 'stop' }),
      'data: [DONE]\n\n',
    ];
    const other = await startApiServer((request, response) =>
      request.url.includes('/models') ? sendJson(response, 200, MODELS) : sendPieces(response, plain),
    );
    const orx = (args: readonly string[]) => runOrx(args, { home, env: environment(other) });
    const words = (name: string, count: number) => `${name} ${'word '.repeat(count)}`;
    const asks = [
      ['first', 2600, ''],
      ['second', 1200, 'warning: this may not fit: about 3,'],
      ['third', 750, 'warning: this may not fit: about 4,'],
    ] as const;
    for (const [name, count, warning] of asks) {
      const { code, stderr } = await orx(['chat', ...(name === 'first' ? [] : ['-c']), words(name, count)]);
      expect([code, stderr.slice(0, warning.length)]).toEqual([0, warning]);
    }
    const refused = await orx(['chat', '-c', words('fourth', 750)]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(
      /does not fit: about 5,\d\d\d tokens, and test\/model accepts 3,000\nhint: drop the 2 oldest turns: --drop-oldest\n/,
    );
    const sent = () =>
      other.requests
        .filter(({ method }) => method === 'POST')
        .map((request) => request.json().messages.map((one: any) => one.content.split(' ')[0]));
    expect(sent()).toHaveLength(3);
    const dropped = await orx(['chat', '-c', '--drop-oldest', words('fourth', 750)]);
    expect(dropped.code).toBe(0);
    expect(dropped.stderr).toMatch(/^warning: the 2 oldest turns are no longer sent/);
    await orx(['chat', '-c', 'fifth']);
    expect(sent().slice(3)).toEqual([
      ['third', 'ok', 'fourth'],
      ['third', 'ok', 'fourth', 'ok', 'fifth'],
    ]);
    const alone = await orx(['chat', '--drop-oldest', words('huge', 6000)]);
    expect(alone.code).toBe(2);
    expect(alone.stderr).toContain('--min-context');
    expect([asked(), server.requests.length]).toEqual([[], 0]);
  });
});

describe('orx history', () => {
  test('list, show, search, export, fork, rename, delete, prune, path: as text and as JSON', async () => {
    const { home, orx, history } = await setUp('The pool is exhausted:\n\n```ts\nconst a = 1 < 2;\n```\n');
    await orx(['chat', 'why does the pool hang?']);
    await orx(['chat', 'a second conversation']);
    const [second, first] = await history();
    const id = first!['id'] as string;
    const text = async (...args: string[]) => (await orx(['history', ...args])).stdout;
    const json = async (...args: string[]) => JSON.parse(await text(...args, '--json')) as any;

    expect(await text()).toMatch(/^conversation +id +changed +model +messages +cost\na second conversation +01\w{24} /);
    expect(await text('list', '--limit', '1', '--model', 'TEST', '--project', '.', '--since', 'today')).toMatch(/\na second/);
    expect(await json('--project', '/nowhere')).toEqual([]);
    expect(await text('show', id)).toContain(
      '\nyou\nwhy does the pool hang?\n\ntest/model · TestProvider · $0.000412\nThe pool is exhausted:',
    );
    expect(await text('show', id, '--last', '1')).not.toContain('why does the pool hang?\n\ntest');
    expect(await json('show', id)).toMatchObject({
      id,
      messages: [
        { role: 'user', content: 'why does the pool hang?' },
        {
          role: 'assistant',
          state: 'complete',
          provider: 'TestProvider',
          generation_id: 'gen-1',
          cost: '0.000412',
          usage: { prompt_tokens: 1204 },
        },
      ],
    });
    expect(await text('search', 'hang', 'pool')).toMatch(
      /^01\w+ · why does the pool hang\? · you · .+\nwhy does the \*\*pool\*\* \*\*hang\*\*\?\n$/,
    );
    expect(await json('search', 'the pool is', '--limit', '1')).toMatchObject([{ role: 'assistant', hits: ['The pool is'] }]);
    expect(await orx(['history', 'search', 'nowhere'])).toMatchObject({ code: 0, stdout: '', stderr: 'nothing found\n' });
    expect(await text('export', id)).toMatch(
      /^# why does the pool hang\?\n\n.+\n\n## you\n\nwhy does the pool hang\?\n\n## test\/model · TestProvider · \$0.000412\n\nThe pool/,
    );
    expect(await json('export', id)).toEqual(await json('show', id));
    expect(await orx(['history', 'export', id, '-o', 'html', '--out', 'chat.html'])).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(join(home, 'chat.html'), 'utf8')).toContain('<pre title="ts"><code>const a = 1 &lt; 2;</code></pre>');
    expect((await orx(['history', 'export', id, '--out', 'chat.html'])).stderr).toContain('--force');

    const copy = (await text('fork', id)).trim();
    expect(await json('show', copy)).toMatchObject({ forked_from: id, cost: null });
    expect(await json('rename', copy, 'another', 'name')).toMatchObject({ id: copy, title: 'another name' });
    expect(await orx(['history', 'remove', copy, id])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('deleted: another name'),
    });
    expect((await history()).map((one) => one['id'])).toEqual([second!['id']]);
    expect(await orx(['history', 'remove', second!['id'], 'zz'])).toMatchObject({ code: 2 });
    expect(await json('prune', '--before', '30d')).toEqual({ deleted: 0 });
    expect((await orx(['history', 'prune', '--before', 'all'])).code).toBe(2);
    expect(await json('path')).toEqual({ path: join(home, 'data', 'conversations.db') });
  });

  test('hostile text is made visible', async () => {
    const hostile = '\u001b]0;owned\u0007\u001b[2J<script>x</script>\u202e and needle';
    const { orx } = await setUp(hostile);
    await orx(['chat', `${hostile} asked`]);
    for (const args of [
      ['list'],
      ['show', '0'],
      ['show', '0', '--json'],
      ['search', 'needle'],
      ['search', 'needle', '--json'],
      ['export', '0'],
      ['export', '0', '-o', 'html'],
    ]) {
      const { stdout, code } = await orx(['history', ...args]);
      expect(code).toBe(0);
      expect(stdout.length).toBeGreaterThan(50);
      expect(stdout).not.toMatch(/[\u001b\u0007\u202e]/);
      expect(args.includes('html') && stdout.includes('<script')).toBe(false);
    }
  });

  test('the sandbox has its own conversations', async () => {
    const { orx, history } = await setUp();
    await orx(['--sandbox', 'chat', 'play', '-q', '-m', 'deepseek/deepseek-chat'], { env: { ORX_SANDBOX_SPEED: '100000' } });
    expect(await history()).toEqual([]);
    expect(JSON.parse((await orx(['--sandbox', 'history', '--json'])).stdout)).toMatchObject([{ title: 'play' }]);
  });
});
