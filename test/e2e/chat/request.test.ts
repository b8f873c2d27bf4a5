import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answerPieces, type ApiServer, chunk, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { runOrx, type RunOptions, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { startToolApi } from '../../support/tool-api.ts';
import { openTerminal } from '../../support/terminal.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mN40WmDFTEMLQkAEz5rQftw/egAAAAASUVORK5CYII=',
  'base64',
);
const PDF = Buffer.from('%PDF-1.4\n\0binary');
const WAV = Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVEfmt '), Buffer.alloc(20)]);
const MP4 = Buffer.concat([Buffer.from('\0\0\0\x18ftypisom'), Buffer.alloc(20)]);

const answering = (pieces: readonly string[]): Promise<ApiServer> =>
  startApiServer((request, response) => {
    if (request.url === '/page.html') {
      response.writeHead(200, { 'content-type': 'text/html; charset=iso-8859-1' });
      response.end(Buffer.from('<p>caf\xe9</p>', 'latin1'));
    } else if (request.url.includes('/models')) sendJson(response, 200, { data: [] });
    else return sendPieces(response, pieces);
  });

const chat = (server: ApiServer, args: readonly string[], options: RunOptions = {}): Promise<RunResult> =>
  runOrx(['chat', ...args], {
    ...options,
    env: { OPENROUTER_API_KEY: KEY, OPENROUTER_BASE_URL: server.url, ORX_MODEL: 'test/model', ORX_RETRIES: '0', ...options.env },
  });

const sent = (server: ApiServer): any => server.requests.find(({ method }) => method === 'POST')?.json();
const homeWith = (files: Readonly<Record<string, string | Uint8Array>>): string => {
  const home = tempFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(home, name, '..'), { recursive: true });
    writeFileSync(join(home, name), content);
  }
  return home;
};

describe('-f', () => {
  test('files, patterns, folders, URLs and standard input, each under its name, before the prompt', async () => {
    const server = await answering(answerPieces(['ok']));
    const home = homeWith({ 'a.md': 'has\n```\na fence', 'src/b.ts': 'b', 'src/c.ts': 'c', 'src/.hidden': '' });
    const args = [
      '-f',
      'a.md',
      '-f',
      'src/*.ts',
      '-f',
      'src',
      '-f',
      `${server.origin}/page.html`,
      '--allow-private',
      '-f',
      '-',
      'why?',
    ];
    expect(await chat(server, args, { home, stdin: 'piped' })).toMatchObject({ code: 0, stderr: '' });
    expect(sent(server).messages[0].content).toBe(
      [
        'a.md:\n````\nhas\n```\na fence\n````',
        'src/b.ts:\n```\nb\n```',
        'src/c.ts:\n```\nc\n```',
        'src:\n```\nb.ts\nc.ts\n```',
        `${server.origin}/page.html:\n\`\`\`\n<p>caf\u00e9</p>\n\`\`\``,
        'standard input:\n```\npiped\n```',
        'why?',
      ].join('\n\n'),
    );
    // orx requests the page without the key.
    expect(server.requests.find(({ url }) => url === '/page.html')?.headers.authorization).toBeUndefined();
  });

  test.each<[string, readonly string[], string]>([
    ['an image', ['-f', 'a.png'], 'attach it: -a a.png'],
    ['what is no text', ['-f', 'zero'], 'not text'],
    ['a device', ['-f', '/dev/zero'], 'is a device'],
    ['a pattern that fits nothing', ['-f', '*.none'], 'no files match'],
    ['a file that is not there', ['-f', 'none'], 'does not exist'],
    ['an address of this machine', ['-f', 'http://127.0.0.1:9/x'], '--allow-private'],
    ['a name of this machine', ['-f', 'http://localhost:9/x'], '--allow-private'],
    ['an address with a password', ['-f', 'https://me:word@example.com/'], 'user name or password'],
    ['text as an attachment', ['-a', 'text'], 'add it as text: -f text'],
    ['an archive', ['-a', 'zip'], 'ZIP archive'],
    ['an empty file', ['-a', 'empty'], 'is empty'],
    ['a template that is not there', ['-t', 'none'], 'orx templates list'],
    ['a value without a template', ['-p', 'a=b'], '-t'],
    ['a field with a flag of its own', ['-O', 'temperature=1'], '--temperature'],
    ['a schema that is none', ['--schema', 'name, age years'], '"age years"'],
    ['a schema that refers to nowhere', ['--schema', '{"$ref":"#/x"}'], 'invalid schema'],
    ['a pattern in a schema that is none', ['--schema', '{"anyOf":[{"items":{"pattern":"("}}]}'], 'at /anyOf/0/items/pattern'],
    ['a schema that is not JSON', ['--schema', '{"type":"object",}'], 'is not valid JSON'],
    ['a mistyped level', ['--effort', 'hgh'], 'did you mean high?'],
    ['a mistyped format', ['-o', 'jsn'], 'did you mean json?'],
    ['a mistyped level in a template', ['-t', './level.md'], '(template level)'],
    ['two kinds of reasoning limit', ['--effort', 'low', '--reasoning-tokens', '5'], 'cannot be combined'],
  ])('%s is an error, and nothing is sent', async (_name, args, message) => {
    const server = await answering([]);
    const home = homeWith({
      'a.png': PNG,
      zero: 'a\0b',
      text: 'words',
      zip: 'PK\x03\x04',
      empty: '',
      'level.md': '---\nverbosity: lo\n---\nhi',
    });
    const result = await chat(server, [...args, 'hi'], { home });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(message);
    expect(server.requests).toHaveLength(0);
  });
});

test('-a: media typed by their content, text first', async () => {
  const server = await answering(answerPieces(['ok']));
  const home = homeWith({ 'x.txt': PNG, 'dir/b.pdf': PDF, c: WAV, d: MP4 });
  const args = ['-a', 'x.txt', '-a', 'dir/b.pdf', '-a', 'c', '-a', 'd', '-a', '-', '-a', 'https://youtu.be/abc', 'look'];
  expect(await chat(server, args, { home, stdin: PNG })).toMatchObject({ code: 0, stderr: '' });
  const picture = { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG.toString('base64')}` } };
  expect(sent(server).messages[0].content).toEqual([
    { type: 'text', text: 'look' },
    picture,
    { type: 'file', file: { filename: 'b.pdf', file_data: `data:application/pdf;base64,${PDF.toString('base64')}` } },
    { type: 'input_audio', input_audio: { data: WAV.toString('base64'), format: 'wav' } },
    { type: 'video_url', video_url: { url: `data:video/mp4;base64,${MP4.toString('base64')}` } },
    picture,
    { type: 'video_url', video_url: { url: 'https://youtu.be/abc' } },
  ]);
});

test('-e: the editor receives the prompt but no key, in a temporary file', async () => {
  const server = await answering(answerPieces(['ok']));
  const home = homeWith({});
  const editor = join(home, 'editor.sh');
  writeFileSync(editor, `#!/bin/sh\nenv > seen.env\nls -l "$2" > seen.mode\necho "$2" > seen.path\nprintf ' and more' >> "$2"\n`);
  chmodSync(editor, 0o755);
  const result = await chat(server, ['-e', 'words'], { home, env: { VISUAL: `${editor} --wait`, EDITOR: 'false' } });
  expect(result).toMatchObject({ code: 0, stdout: 'ok\n' });
  expect(sent(server).messages[0].content).toBe('words and more');
  expect(readFileSync(join(home, 'seen.env'), 'utf8')).not.toContain(KEY);
  expect(readFileSync(join(home, 'seen.mode'), 'utf8')).toMatch(/^-rw-------/);
  expect(existsSync(readFileSync(join(home, 'seen.path'), 'utf8').trim())).toBe(false);
  expect((await chat(server, ['-e'], { home, env: { EDITOR: 'false' } })).stderr).toContain('nothing was sent');
});

describe('templates', () => {
  const TEXT =
    '---\nmodel: a/b\ntemperature: 0.2\nstop: ["a,b"]\nsystem: You are {{who}}.\ndefaults:\n  who: terse\noptions:\n  user: me\nschema: word\n---\nSay in {{to}}: {{input}}\n';

  test('are created, used, recorded under their name and removed', async () => {
    const server = await answering(answerPieces(['{"word":"bon"}']));
    const home = tempFolder();
    const run = (args: readonly string[], stdin?: string): Promise<RunResult> => runOrx(['templates', ...args], { home, stdin });
    expect((await run(['new', 'say'], TEXT)).code).toBe(0);
    expect(await run(['new', 'say'], TEXT)).toMatchObject({ code: 2 });
    expect((await run(['show', 'say'])).stdout).toBe(TEXT);
    expect(JSON.parse((await run(['list', '--json'])).stdout)).toMatchObject([
      { name: 'say', variables: ['who', 'to'], schema: 'word' },
    ]);
    const used = await chat(server, ['-t', 'say', '-p', 'to=French', '--temperature', '1', 'good {{to}}'], { home });
    expect(used).toMatchObject({ code: 0, stderr: 'warning: answered by test/model, not a/b ($0.000412)\n' });
    expect(sent(server)).toMatchObject({
      model: 'a/b',
      temperature: 1,
      stop: ['a,b'],
      user: 'me',
      response_format: { type: 'json_schema' },
      messages: [
        { role: 'system', content: 'You are terse.' },
        { role: 'user', content: 'Say in French: good {{to}}' },
      ],
    });
    expect((await runOrx(['ledger', 'export'], { home })).stdout).toContain('"template":"say"');
    const path = (await run(['path', 'say'])).stdout.trim();
    expect((await chat(server, ['-t', path, 'x'], { home })).stderr).toContain('-p to=VALUE');
    expect((await run(['remove', 'say'])).code).toBe(0);
    expect(existsSync(path)).toBe(false);
  });

  test('edit opens the file itself', async () => {
    const home = homeWith({ 'templates/t.md': 'one' });
    const editor = join(home, 'ed.sh');
    writeFileSync(editor, '#!/bin/sh\nprintf two > "$1"\n');
    chmodSync(editor, 0o755);
    expect((await runOrx(['templates', 'edit', 't'], { home, env: { EDITOR: editor } })).code).toBe(0);
    expect(readFileSync(join(home, 'templates/t.md'), 'utf8')).toBe('two');
  });
});

describe('the answer', () => {
  test('--schema: an answer that does not match is printed, and exit 7 says where it differs', async () => {
    const server = await answering(answerPieces(['{"name":"x","age":"old"}']));
    const result = await chat(server, ['--schema', 'name, age int', 'hi']);
    expect(result).toMatchObject({ code: 7, stdout: '{"name":"x","age":"old"}\n' });
    expect(result.stderr).toContain('at age');
    expect(sent(server).response_format.json_schema).toMatchObject({ strict: true, schema: { required: ['name', 'age'] } });
    const json = await chat(server, ['--schema', 'name, age int', 'hi', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ content: '{"name":"x","age":"old"}', error: { code: 'schema-mismatch' } });
  });

  test('--schema: a file', async () => {
    const schema = { type: 'object', properties: { a: { type: 'number', minimum: 1 } } };
    const server = await answering(answerPieces(['{"a":2}']));
    const result = await chat(server, ['--schema', './s.json', 'hi'], { home: homeWith({ 's.json': JSON.stringify(schema) }) });
    expect(result).toMatchObject({ code: 0, stdout: '{"a":2}\n' });
    expect(sent(server).response_format.json_schema.schema).toEqual(schema);
  });

  test('--schema -x: the code block is validated and printed', async () => {
    const said = async (text: string, ...args: string[]): Promise<RunResult> =>
      chat(await answering(answerPieces([text])), ['--schema', 'name, age int', ...args, 'hi']);
    const fenced = 'Here it is:\n\n1. so:\n   ```json\n   {"name":"Ada","age":36}\n   ```\n';
    expect(await said(fenced, '-x')).toMatchObject({ code: 0, stdout: '{"name":"Ada","age":36}\n', stderr: '' });
    const wrong = '```json\n{"name":"Ada","age":"old"}\n```';
    const misfit = await said(wrong, '-x');
    expect(misfit).toMatchObject({ code: 7, stdout: '' });
    expect(misfit.stderr).toMatch(
      /^```json\n\{"name":"Ada","age":"old"\}\n```\nerror: the response does not match the schema: at age/,
    );
    // The message says what would have helped.
    expect((await said(fenced)).stderr).toMatch(/only a code block in it does\n.*-x/);
    expect((await said('{"name":"Ada","age":36}', '-x')).stderr).toMatch(/contains no code block\n.*omit -x/);
  });

  test('--schema with tools: standard output gets only the last answer, even if it does not match', async () => {
    const home = homeWith({
      'tools.yaml': 'tools:\n  look:\n    description: Looks.\n    command: [/bin/echo, seen]\n',
    });
    const args = ['--schema', 'sky', '--tool', '*', '--allow-tool', '*', 'hi'];
    for (const [answer, code] of [
      ['{"sky":"blue"}', 0],
      ['It is blue.', 7],
    ] as const) {
      const server = await startToolApi([[{ name: 'look', arguments: {} }]], answer);
      const result = await chat(server, args, { home });
      expect([result.code, result.stdout]).toEqual([code, `${answer}\n`]);
      // The text before the call is not lost.
      expect(result.stderr).toContain('Let me see.');
      const extracted = await chat(await startToolApi([[{ name: 'look', arguments: {} }]], answer), ['-x', ...args], { home });
      expect(extracted.stdout).toBe('');
    }
  });

  test("--schema in OpenAI's wrapper: name, strict and schema are sent", async () => {
    const server = await answering(answerPieces(['{}']));
    const wrapped = { name: 'city', strict: false, schema: { type: 'object' } };
    expect(await chat(server, ['--schema', JSON.stringify(wrapped), 'hi'])).toMatchObject({ code: 0, stdout: '{}\n' });
    expect(sent(server).response_format).toEqual({ type: 'json_schema', json_schema: wrapped });
  });

  test('-x and --xl: only the code block; without one the answer is not lost', async () => {
    const server = await answering(answerPieces(['a\n```sh\nfirst\n```\nb\n~~~\nlast\n~~~\n']));
    expect(await chat(server, ['-x', 'hi'])).toMatchObject({ code: 0, stdout: 'first\n', stderr: '' });
    expect(await chat(server, ['--xl', 'hi'])).toMatchObject({ code: 0, stdout: 'last\n' });
    expect(JSON.parse((await chat(server, ['-x', '--json', 'hi'])).stdout)).toMatchObject({ extracted: 'first\n' });
    const none = await chat(await answering(answerPieces(['no block'])), ['-x', 'hi']);
    expect(none).toMatchObject({ code: 7, stdout: '' });
    expect(none.stderr).toContain('no block\n');
  });

  test('--dry-run: the exact request with the key hidden; nothing is sent or recorded', async () => {
    const server = await answering(answerPieces(['ok']));
    const home = tempFolder();
    const args = ['--top-k', '5', '-O', 'tomorrow={"a":[1]}', '-O', 'user=me', 'hi'];
    const dry = await chat(server, ['--dry-run', '--json', ...args], { home });
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout + (await chat(server, ['--dry-run', ...args], { home })).stdout).not.toContain(KEY);
    expect(server.requests).toHaveLength(0);
    expect((await runOrx(['ledger', 'export'], { home })).stdout).toBe('');
    await chat(server, args, { home });
    // Each of them would have been a separate conversation.
    const { session_id: _, ...body } = sent(server);
    expect(JSON.parse(dry.stdout)).toMatchObject({ url: `${server.url}/chat/completions`, body });
    expect(Object.keys(JSON.parse(dry.stdout).body)).toEqual(Object.keys(sent(server)));
    expect(sent(server)).toMatchObject({ tomorrow: { a: [1] }, user: 'me', top_k: 5 });
  });

  test('--copy: without a terminal or a desktop orx warns and still prints the answer', async () => {
    const server = await answering(answerPieces(['ok']));
    const result = await chat(server, ['--copy', 'hi']);
    expect(result.stdout).toBe('ok\n');
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('clipboard');
    const home = homeWith({ 'bin/wl-copy': '#!/bin/sh\ncat > "$ORX_HOME/copied"\n' });
    chmodSync(join(home, 'bin/wl-copy'), 0o755);
    const env = { WAYLAND_DISPLAY: 'w', PATH: `${join(home, 'bin')}:${process.env['PATH']}` };
    expect(await chat(server, ['--copy', 'hi'], { home, env })).toMatchObject({ code: 0, stdout: 'ok\n' });
    expect(readFileSync(join(home, 'copied'), 'utf8')).toBe('ok');
  });

  test.each(['exit 1', 'exit 0', 'sleep 60 <&0 & echo $! > "$ORX_HOME/left"; exit 0'])(
    '--copy: a program that ends before it reads (%s) has copied nothing; orx tries the next one',
    async (script) => {
      const server = await answering(answerPieces(['x'.repeat(1_000_000)]));
      const home = homeWith({
        'bin/wl-copy': `#!/bin/sh\n${script}\n`,
        'bin/tmux': '#!/bin/sh\ncat > "$ORX_HOME/copied"\n',
      });
      for (const name of ['wl-copy', 'tmux']) chmodSync(join(home, 'bin', name), 0o755);
      const env = { WAYLAND_DISPLAY: 'w', TMUX: 't', PATH: `${join(home, 'bin')}:${process.env['PATH']}` };
      onTestFinished(() => {
        if (existsSync(join(home, 'left'))) process.kill(Number(readFileSync(join(home, 'left'), 'utf8')), 'SIGKILL');
      });
      const result = await chat(server, ['--copy', 'hi'], { home, env });
      expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining('copied to the clipboard (tmux)') });
      expect(readFileSync(join(home, 'copied'), 'utf8')).toHaveLength(1_000_000);
    },
  );

  describe('on a terminal', () => {
    const LARGE = Buffer.concat([PNG, Buffer.alloc(9000, 7)]);
    const open = async (env: Record<string, string>, args: readonly string[] = []) => {
      const image_url = { url: `data:image/png;base64,${LARGE.toString('base64')}` };
      const image = chunk({ images: [{ type: 'image_url', image_url }] });
      const server = await answering([image, ...answerPieces(['a **picture**'])]);
      const terminal = openTerminal(['chat', 'hi', '--copy', ...args], {
        env: { OPENROUTER_API_KEY: KEY, OPENROUTER_BASE_URL: server.url, SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22', ...env },
      });
      expect(await terminal.exit).toBe(0);
      const text = (await terminal.everything()).join('\n');
      expect(text).toMatch(/orx-\d{8}-\d{6}\.png/);
      expect(text).toContain('copied to the clipboard (the terminal)');
      return terminal.raw();
    };
    const copied = '\u001b]52;c;YSAqKnBpY3R1cmUqKg==\u0007';

    test('with image support, an image is shown below the answer, and copying works over SSH', async () => {
      const raw = await open({ KITTY_WINDOW_ID: '1' });
      const pieces = [...raw.matchAll(/\u001b_G(?:a=T,f=100,)?q=2,m=[01];([^\u001b]*)\u001b\\/g)];
      expect(Buffer.from(pieces.map(([, data]) => data).join(''), 'base64')).toEqual(LARGE);
      expect(raw.indexOf('\u001b_G')).toBeGreaterThan(raw.indexOf('picture'));
      expect(raw.split(copied)).toHaveLength(2);
      expect(raw).not.toContain('\u001bP');
    });

    test('iTerm2 uses its own protocol, and JSON output has no image', async () => {
      const raw = await open({ TERM_PROGRAM: 'iTerm.app' });
      expect(raw).toContain(`\u001b]1337;File=inline=1;size=${LARGE.length}:${LARGE.toString('base64')}\u0007`);
      expect(await open({ TERM_PROGRAM: 'iTerm.app' }, ['--json'])).not.toContain('\u001b]1337');
    });

    test('in tmux no image is shown, and the copy sequence is wrapped for the outer terminal', async () => {
      const raw = await open({ TERM_PROGRAM: 'iTerm.app', KITTY_WINDOW_ID: '1', TMUX: '/nonexistent/tmux,1,0' });
      expect(raw).not.toMatch(/\u001b_G|\u001b\]1337/);
      expect(raw).toContain(`${copied}\u001bPtmux;\u001b${copied}\u001b\\`);
    });
  });

  test('images and audio are written to new files, and orx prints their names', async () => {
    const url = `data:image/jpeg;base64,${PNG.toString('base64')}`;
    const server = await answering([
      chunk({
        images: [
          { type: 'image_url', image_url: { url } },
          { type: 'image_url', image_url: { url } },
        ],
      }),
      chunk({ audio: { data: Buffer.from('ab').toString('base64'), transcript: 'said' } }),
      chunk({ audio: { data: Buffer.from('cd').toString('base64') } }),
      ...answerPieces([]),
    ]);
    const home = tempFolder();
    const result = await chat(server, ['--out-dir', 'out', '--voice', 'alloy', 'hi'], { home });
    expect(result).toMatchObject({ code: 0, stdout: 'said\n' });
    const names = readdirSync(join(home, 'out')).toSorted();
    expect(names).toHaveLength(3);
    const paths = [...result.stderr.matchAll(/^(?:image|audio): (.+)$/gm)].map(([, path]) => path!);
    expect(paths.map((path) => path.replace('out/', '')).toSorted()).toEqual(names);
    expect(readFileSync(join(home, paths[0]!))).toEqual(PNG);
    const sound = readFileSync(join(home, paths[2]!));
    expect([sound.toString('latin1', 0, 4), sound.toString('latin1', 44)]).toEqual(['RIFF', 'abcd']);
    expect(sent(server)).toMatchObject({ modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'pcm16' } });
  });
});

test('several answers per request are an error before anything is sent, by flag and by template; one is allowed', async () => {
  const server = await answering(answerPieces(['ok']));
  const home = homeWith({ 'templates/many.yaml': 'prompt: hi\noptions:\n  n: 3\n' });
  for (const args of [
    ['-O', 'n=2', 'hi'],
    ['-O', 'n=many', 'hi'],
    ['-t', 'many'],
  ]) {
    const result = await chat(server, args, { home });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/one request gives one response[\s\S]*run the command once for each response/);
  }
  expect(sent(server)).toBeUndefined();
  expect(await chat(server, ['-O', 'n=1', 'hi'])).toMatchObject({ code: 0, stdout: 'ok\n' });
});

test('if a server sends several answers without being asked, orx shows the first one completely and reports the others', async () => {
  const message = (content: string, index: number) => ({ index, message: { role: 'assistant', content }, finish_reason: 'stop' });
  const whole = { id: 'gen-1', model: 'test/model', choices: [message('red apple', 0), message('blue plum', 1)] };
  const server = await startApiServer((request, response) => {
    if (request.method !== 'POST') return sendJson(response, 404, {});
    if (request.json().stream !== true) return sendJson(response, 200, whole);
    const part = (index: number, content: string): string => chunk({ content }, {}, { index });
    return sendPieces(response, [part(0, 'red '), part(1, 'blue '), part(0, 'apple'), part(1, 'plum'), ...answerPieces([''])]);
  });
  for (const args of [[], ['--no-stream'], ['--json'], ['--no-stream', '--json'], ['-o', 'stream-json']]) {
    const { code, stdout, stderr } = await chat(server, [...args, 'hi']);
    expect([code, stdout.includes('red apple'), /blue|plum/.test(stdout)]).toEqual([0, true, false]);
    expect(stderr).toContain('warning: the server sent 2 responses; only the first is shown');
  }
});

test('every parameter reaches the wire, by flag', async () => {
  const server = await answering(answerPieces(['ok']));
  const flags =
    '--top-p .9 --top-k 4 --min-p .1 --top-a .2 --frequency-penalty -1 --presence-penalty 1 --repetition-penalty 1.1 --seed 7 --stop END --stop FIN --logit-bias 5=-100 --effort high --exclude-reasoning --verbosity low --modalities text,image --service-tier flex';
  expect(await chat(server, [...flags.split(' '), 'hi'])).toMatchObject({ code: 0, stderr: '' });
  expect(sent(server)).toEqual({
    model: 'test/model',
    messages: [{ role: 'user', content: 'hi' }],
    session_id: expect.stringMatching(/^\w{26}$/),
    stream: true,
    top_p: 0.9,
    top_k: 4,
    min_p: 0.1,
    top_a: 0.2,
    frequency_penalty: -1,
    presence_penalty: 1,
    repetition_penalty: 1.1,
    seed: 7,
    stop: ['END', 'FIN'],
    logit_bias: { 5: -100 },
    reasoning: { effort: 'high', exclude: true },
    verbosity: 'low',
    modalities: ['text', 'image'],
    service_tier: 'flex',
  });
});
