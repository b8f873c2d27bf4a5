import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sendJson, startApiServer } from '../../support/api-server.ts';
import { startAnthropic, startCompatible } from '../../support/keyed-vendors.ts';
import { ollamaServer } from '../../support/ollama-server.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';

const KEY = 'sk-ant-api03-0123456789abcdef';
const stored = (home: string): any => JSON.parse(readFileSync(join(home, 'config.json'), 'utf8'));
const said = ({ stdout, stderr }: RunResult): string => stdout + stderr;

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('add', () => {
  test('a typed key is not shown, is checked, and is stored privately next to other settings', async () => {
    const { origin, requests } = await startAnthropic(KEY);
    const home = tempFolder();
    writeFileSync(join(home, 'config.json'), JSON.stringify({ model: 'openai/gpt-4o', vendors: { groq: { model: 'x' } } }), {
      mode: 0o644,
    });
    const terminal = openTerminal(['vendors', 'add', 'anthropic'], { home, columns: 120, env: { ANTHROPIC_BASE_URL: origin } });
    await terminal.waitFor('key of Anthropic (not shown)');
    terminal.type(`${KEY}\r`);
    expect(await terminal.exit).toBe(0);
    expect(terminal.raw()).not.toContain('0123456789');
    expect(requests.map(({ url }) => url.split('?')[0])).toEqual(['/v1/models']);
    expect(stored(home)).toEqual({
      model: 'openai/gpt-4o',
      vendors: { groq: { model: 'x' }, anthropic: { key: KEY, keyOrigin: origin } },
    });
    expect(statSync(join(home, 'config.json')).mode & 0o777).toBe(0o600);
    for (const path of filesOf(home).filter((one) => !one.endsWith('config.json')))
      expect(readFileSync(path, 'utf8')).not.toContain(KEY);
  });

  test('a piped key is stored and then used', async () => {
    const { origin, requests } = await startAnthropic(KEY);
    const options = { home: tempFolder(), env: { ANTHROPIC_BASE_URL: origin } };
    const added = await runOrx(['vendors', 'add', 'anthropic'], { ...options, stdin: `${KEY}\n` });
    expect([added.code, added.stdout]).toEqual([0, '']);
    expect(added.stderr).toMatch(
      /^stored Anthropic with the key sk-…cdef in .*\nask it: orx chat -m anthropic:claude-sonnet-4-6\n$/,
    );
    const { code, stdout, stderr } = await runOrx(['chat', 'hi'], options);
    expect([code, stdout]).toEqual([0, 'From Anthropic.\n']);
    expect(stderr).toContain('no key for OpenRouter; using anthropic:claude-sonnet-4-6 (the key of Anthropic)');
    expect(requests.at(-1)!.headers['x-api-key']).toBe(KEY);
  });

  test('a key that the vendor rejects is not stored, and never shown', async () => {
    const { origin } = await startAnthropic(KEY);
    const home = tempFolder();
    const wrong = 'sk-ant-api03-wrong-wrong-wrong';
    const result = await runOrx(['vendors', 'add', 'anthropic', '--verbose'], {
      home,
      env: { ANTHROPIC_BASE_URL: origin },
      stdin: wrong,
    });
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('rejected this key; it was not stored');
    expect(said(result)).not.toContain('wrong-wrong');
    expect(() => stored(home)).toThrow('ENOENT');
  });

  test('a key that cannot be checked now is stored, with a notice', async () => {
    const { origin } = await startApiServer((_, response) => sendJson(response, 503, { error: { message: 'overloaded' } }));
    const home = tempFolder();
    const result = await runOrx(['vendors', 'add', 'openai'], {
      home,
      env: { OPENAI_BASE_URL: origin },
      stdin: 'sk-proj-0123456789',
    });
    expect([result.code, stored(home).vendors.openai.key]).toEqual([0, 'sk-proj-0123456789']);
    expect(result.stderr).toMatch(
      /warning: the key could not be checked: .*overloaded.*; check it later: orx vendors test openai/,
    );
  });

  test('a key does not follow a redirect, and goes to no other host than it was stored for', async () => {
    const thief = await startCompatible(undefined, []);
    const { origin } = await startApiServer((_, response) => {
      response.writeHead(307, { location: `${thief.origin}/v1/models` });
      response.end();
    });
    const home = tempFolder();
    const added = await runOrx(['vendors', 'add', 'openai'], {
      home,
      env: { OPENAI_BASE_URL: origin },
      stdin: 'sk-proj-0123456789',
    });
    expect(added.code).toBe(0);
    const elsewhere = { home, env: { OPENAI_BASE_URL: `${thief.origin}/v1` } };
    const results = await Promise.all([
      runOrx(['chat', '-m', 'openai:gpt-4o', 'hi'], elsewhere),
      runOrx(['vendors', 'test', 'openai'], elsewhere),
    ]);
    expect(results.map(({ code }) => code)).toEqual([3, 3]);
    for (const { stderr } of results) expect(stderr).toContain('is for a different host');
    // What orx itself knows is still shown.
    const models = await runOrx(['models', '--vendor', 'openai', '--refresh'], elsewhere);
    expect([models.code, models.stdout]).toEqual([0, expect.stringContaining('openai:gpt-')]);
    const listed = await runOrx(['vendors'], elsewhere);
    expect(listed.stdout).toMatch(/^openai +stored key is for another host/m);
    expect(thief.connections()).toBe(0);
  });

  test('a key command runs once per command, never for a dry run, and its children do not see keys in their arguments', async () => {
    const key = 'sk-from-command-0123';
    const { origin, requests } = await startCompatible(key, ['qwen3']);
    const home = tempFolder();
    const runs = join(home, 'runs');
    // The command also records what it can see of the processes around it.
    const command = `echo run >>'${runs}'; cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' >'${runs}.seen'; printf '%s\\nmore\\n' sk-from-command-"$((123 + 0))" | sed s/-123/-0123/`;
    const count = (): number => readFileSync(runs, 'utf8').split('\n').length - 1;
    const added = await runOrx(['vendors', 'add', 'lab', '--base-url', `${origin}/v1`, '--key-command', command], { home });
    expect([added.code, count()]).toEqual([0, 1]);
    expect(stored(home).vendors.lab).toEqual({ baseUrl: `${origin}/v1`, keyCommand: command, keyOrigin: origin });
    const dry = await runOrx(['chat', '-m', 'lab:qwen3', '--dry-run', 'hi'], { home });
    expect([dry.code, count()]).toEqual([0, 1]);
    expect(dry.stdout).toContain('Bearer (hidden)');
    const listed = await runOrx(['vendors', '--json'], { home });
    expect([listed.code, count()]).toEqual([0, 1]);
    const chat = await runOrx(['compare', 'hi', '-m', 'lab:qwen3', '-m', 'lab:other'], { home });
    expect([chat.code, count()]).toEqual([0, 2]);
    expect(requests.at(-1)!.headers.authorization).toBe(`Bearer ${key}`);
    expect(readFileSync(`${runs}.seen`, 'utf8')).not.toContain(key);
    for (const result of [added, dry, listed, chat]) expect(said(result)).not.toContain(key);
    for (const path of filesOf(home)) expect(readFileSync(path, 'latin1')).not.toContain(key);
  });

  test('a failing key command reports why, and nothing is sent', async () => {
    const { origin, requests } = await startCompatible('sk', []);
    const result = await runOrx([
      'vendors',
      'add',
      'lab',
      '--base-url',
      `${origin}/v1`,
      '--key-command',
      'echo locked >&2; exit 3',
    ]);
    expect([result.code, requests]).toEqual([3, []]);
    expect(result.stderr).toContain('locked');
  });

  test('the key comes from a custom variable, and is hidden when the server repeats it', async () => {
    const { origin, requests } = await startCompatible('sk-right', ['qwen3']);
    const options = { home: tempFolder(), env: { LAB_KEY: 'sk-lab-wrong-0123456789' } };
    const base = ['vendors', 'add', 'lab', '--base-url', `${origin}/v1`, '--key-variable', 'LAB_KEY'];
    const added = await runOrx(base, options);
    expect(added.code).toBe(3);
    expect(said(added)).not.toContain('wrong-0123');
    const again = await runOrx(base, { ...options, env: { LAB_KEY: 'sk-right' } });
    expect([again.code, stored(options.home).vendors.lab]).toEqual([0, { baseUrl: `${origin}/v1`, keyVariable: 'LAB_KEY' }]);
    expect(requests.at(-1)!.headers.authorization).toBe('Bearer sk-right');
    const missing = await runOrx(['vendors', 'list', '--json'], { home: options.home });
    expect(JSON.parse(missing.stdout).find(({ name }: { name: string }) => name === 'lab')).toMatchObject({
      key: null,
      key_variables: ['LAB_KEY'],
    });
  });

  test('a host without a key, with a model named like a variant, answers as the default', async () => {
    const { origin, requests } = await startCompatible(undefined, ['free', 'qwen3']);
    const home = tempFolder();
    const added = await runOrx(['vendors', 'add', 'lab', '--base-url', `${origin}/v1`, '--no-key', '--model', 'free'], { home });
    expect(added.stderr).toContain('ask it: orx chat -m lab::free\n');
    const { code, stdout, stderr } = await runOrx(['chat', 'hi'], { home });
    expect([code, stdout]).toEqual([0, 'From the compatible host.\n']);
    expect(stderr).toContain('using lab::free (lab needs no key)');
    expect(requests.at(-1)!.json().model).toBe('free');
    expect(requests.at(-1)!.headers.authorization).toBeUndefined();
    const models = await runOrx(['models', '--vendor', 'lab'], { home });
    expect(models.stdout).toMatch(/^lab::free .*unknown/m);
    const missed = await runOrx(['chat', '-m', 'lab:free', 'hi'], { home });
    expect([missed.code, missed.stderr]).toEqual([6, expect.stringContaining('lab::free')]);
    // The vendor's other settings stay when only its model changes.
    const changed = await runOrx(['vendors', 'add', 'lab', '--model', 'qwen3'], { home });
    expect([changed.code, stored(home).vendors.lab]).toEqual([0, { baseUrl: `${origin}/v1`, model: 'qwen3' }]);
  });

  test('a host that requires a key is not stored without one', async () => {
    const { origin } = await startCompatible('sk', []);
    const home = tempFolder();
    const result = await runOrx(['vendors', 'add', 'lab', '--base-url', origin, '--no-key'], { home });
    expect([result.code, result.stderr]).toEqual([3, expect.stringContaining('lab requires a key; nothing was stored')]);
    expect(() => stored(home)).toThrow('ENOENT');
  });

  test.each([
    [['add', 'nowhere'], 'a base URL is needed'],
    [['add', 'openrouter'], 'orx auth login'],
    [['add', 'a b', '--base-url', 'http://x'], 'a vendor name must start with a letter'],
    [['add', 'lab', '--base-url', 'localhost:8000'], 'http or https URL'],
    [['add', 'lab', '--base-url', 'http://x', '--no-key', '--key-variable', 'X'], 'use only one of'],
    [['add', 'lab', '--base-url', 'http://x', '--key-variable', 'sk-secret'], 'environment variable'],
    [['remove', 'lab'], 'is not stored'],
    [['test'], 'no vendor has a key'],
  ])('%j fails with a hint', async (args, text) => {
    const result = await runOrx(['vendors', ...args]);
    expect([result.code, result.stderr]).toEqual([2, expect.stringContaining(text)]);
  });

  test('two concurrent additions are both stored', async () => {
    const { origin } = await startCompatible(undefined, []);
    const home = tempFolder();
    const names = ['one', 'two', 'three', 'four'];
    const results = await Promise.all(
      names.map((name) => runOrx(['vendors', 'add', name, '--base-url', `${origin}/${name}`, '--no-key'], { home })),
    );
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(Object.keys(stored(home).vendors).toSorted()).toEqual(names.toSorted());
  });
});

describe('an invalid stored entry', () => {
  test('fails only its own vendor, and can be replaced or removed', async () => {
    const { origin } = await startAnthropic(KEY);
    const home = tempFolder();
    const env = { ANTHROPIC_BASE_URL: origin, ANTHROPIC_API_KEY: KEY, OLLAMA_HOST: 'my host' };
    writeFileSync(join(home, 'config.json'), JSON.stringify({ vendors: { lab: 5, 'Bad Name': {} } }));
    const chat = await runOrx(['chat', 'hi'], { home, env });
    expect([chat.code, chat.stdout]).toEqual([0, 'From Anthropic.\n']);
    const list = await runOrx(['vendors'], { home, env });
    expect(list.code).toBe(0);
    expect(list.stdout).toMatch(/^ollama +OLLAMA_HOST must be/m);
    expect(list.stdout).toMatch(/^lab +cannot read the stored vendor lab/m);
    const asked = await runOrx(['chat', '-m', 'lab:x', 'hi'], { home, env });
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('orx vendors remove lab')]);
    const tested = await runOrx(['vendors', 'test', '--json'], { home, env });
    expect(tested.code).toBe(2);
    expect(JSON.parse(tested.stdout).map(({ name, ok }: any) => [name, ok])).toEqual([
      ['anthropic', true],
      ['ollama', false],
      ['Bad Name', false],
      ['lab', false],
    ]);
    expect((await runOrx(['vendors', 'remove', 'Bad Name'], { home, env })).code).toBe(0);
    expect((await runOrx(['vendors', 'add', 'lab', '--base-url', 'http://127.0.0.1:1/v1', '--no-key'], { home, env })).code).toBe(
      0,
    );
    expect(Object.keys(stored(home).vendors)).toEqual(['lab']);
  });

  test('an invalid value in place of all entries can be removed or replaced', async () => {
    const home = tempFolder();
    writeFileSync(join(home, 'config.json'), JSON.stringify({ vendors: 'none', model: 'a/b' }));
    const list = await runOrx(['vendors'], { home });
    expect([list.code, list.stderr]).toEqual([2, expect.stringContaining('orx vendors remove vendors')]);
    expect((await runOrx(['vendors', 'remove', 'vendors'], { home })).code).toBe(0);
    expect(stored(home)).toEqual({ model: 'a/b' });
  });
});

/** A port that accepts connections and sends nothing. */
async function silentPort(): Promise<string> {
  const server: Server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

describe('list', () => {
  test('finds servers on this machine, and does not wait for a silent one', async () => {
    const ollama = await startApiServer(ollamaServer({ models: [{ name: 'llama3.2:3b' }], answer: () => ({ text: 'x' }) }));
    const studio = await startCompatible(undefined, ['qwen3', 'gemma']);
    const home = tempFolder();
    const vendors = { lmstudio: { baseUrl: studio.origin }, vllm: { baseUrl: await silentPort() } };
    writeFileSync(join(home, 'config.json'), JSON.stringify({ vendors }));
    const start = Date.now();
    const { code, stdout } = await runOrx(['vendors', 'list'], { home, env: { OLLAMA_HOST: ollama.origin } });
    expect(Date.now() - start).toBeLessThan(15_000);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ollama +running, 1 model /m);
    expect(stdout).toMatch(/^lmstudio +running, 2 models /m);
    expect(stdout).toMatch(/^vllm +not running /m);
    expect(stdout).toMatch(/^openai +no key: OPENAI_API_KEY /m);
    const chat = await runOrx(['chat', '-m', 'ollama:llama3.2:3b', 'hi'], { home, env: { OLLAMA_HOST: ollama.origin } });
    expect([chat.code, chat.stdout]).toEqual([0, 'x\n']);
  });

  test('sends requests only to servers on this machine, and shows no key completely', async () => {
    const { origin, connections } = await startAnthropic(KEY);
    const env = { ANTHROPIC_BASE_URL: origin, ANTHROPIC_API_KEY: KEY };
    const [table, json] = await Promise.all([runOrx(['vendors'], { env }), runOrx(['vendors', '--json'], { env })]);
    expect(table.stdout).toMatch(/^anthropic +ready +sk-…cdef ANTHROPIC_API_KEY /m);
    const row = JSON.parse(json.stdout).find(({ name }: { name: string }) => name === 'anthropic');
    expect(row).toMatchObject({
      base_url: `${origin}/v1`,
      key: 'sk-…cdef',
      key_source: 'environment',
      state: 'ready',
      default_model: 'claude-sonnet-4-6',
      is_custom: false,
    });
    expect(said(table) + said(json)).not.toContain(KEY);
    expect(connections()).toBe(0);
  });

  test.each([60, 80, 120, 200])('fits %i columns', async (columns) => {
    const terminal = openTerminal(['vendors'], { columns, env: { ANTHROPIC_API_KEY: KEY, OLLAMA_HOST: 'my host' } });
    expect(await terminal.exit).toBe(0);
    const lines = (await terminal.everything()).filter((line) => line !== '');
    expect(lines.every((line) => stringWidth(line) <= columns)).toBe(true);
    // A wrapped line would begin with something other than a vendor.
    expect(lines.slice(1).map((line) => line.trim().split(' ')[0])).toEqual(
      'openai anthropic google mistral deepseek xai groq together fireworks cerebras cohere ollama lmstudio llamacpp vllm'.split(
        ' ',
      ),
    );
    expect(lines.find((line) => line.includes('anthropic'))).toMatch(/ready/);
    expect(terminal.raw()).not.toContain(KEY);
  });
});

describe('test and remove', () => {
  test('checks all vendors with a key, or the named ones; a failure sets the exit code', async () => {
    const anthropic = await startAnthropic(KEY);
    const openai = await startCompatible('sk-right', ['gpt-4o']);
    const env = {
      ANTHROPIC_BASE_URL: anthropic.origin,
      ANTHROPIC_API_KEY: KEY,
      OPENAI_BASE_URL: `${openai.origin}/v1`,
      OPENAI_API_KEY: 'sk-proj-wrong-0123456789',
    };
    const all = await runOrx(['vendors', 'test'], { env });
    expect(all.code).toBe(3);
    expect(all.stdout).toMatch(/^anthropic +ok +2 /m);
    expect(all.stdout).toMatch(/^openai +.*Incorrect API key/m);
    expect(all.stderr).toContain('1 of 2 vendors failed');
    expect(said(all)).not.toContain('wrong-0123');
    expect((await runOrx(['vendors', 'test', 'anthropic'], { env })).code).toBe(0);
    const json = await runOrx(['vendors', 'test', 'openai', '--json'], { env });
    expect(json.code).toBe(3);
    expect(JSON.parse(json.stdout)).toEqual([
      {
        name: 'openai',
        ok: false,
        models: null,
        milliseconds: expect.any(Number),
        error: expect.objectContaining({ status: 401 }),
      },
    ]);
    expect((await runOrx(['vendors', 'test', 'nobody'], { env })).code).toBe(6);
  });

  test('removal deletes the key from the file and says where another one remains', async () => {
    const home = tempFolder();
    const vendors = { anthropic: { key: KEY }, lab: { baseUrl: 'http://localhost:1/v1' } };
    writeFileSync(join(home, 'config.json'), JSON.stringify({ vendors, model: 'a/b' }));
    const env = { ANTHROPIC_API_KEY: 'sk-ant-of-the-environment' };
    const removed = await runOrx(['vendors', 'remove', 'Anthropic'], { home, env });
    expect([removed.code, removed.stderr]).toEqual([0, expect.stringContaining('ANTHROPIC_API_KEY is set in the environment')]);
    expect(stored(home)).toEqual({ vendors: { lab: vendors.lab }, model: 'a/b' });
    expect((await runOrx(['vendors', 'remove', 'lab'], { home })).code).toBe(0);
    expect(stored(home)).toEqual({ model: 'a/b' });
  });
});
