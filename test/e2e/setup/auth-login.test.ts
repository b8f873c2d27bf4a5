import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sendJson, startApiServer } from '../../support/api-server.ts';
import { fakeBrowser, GRANTED_KEY, startAuthSite } from '../../support/auth-site.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { pause } from '../../support/turns.ts';
import { tempFolder } from '../../support/temp-home.ts';

const storedKey = (home: string): unknown => {
  try {
    return (JSON.parse(readFileSync(join(home, 'config.json'), 'utf8')) as Record<string, unknown>)['api-key'];
  } catch {
    return undefined;
  }
};

describe('login with a key from a pipe', () => {
  test('checks it, stores it privately, shows its limits and never the key', async () => {
    const site = await startAuthSite();
    const home = join(tempFolder(), 'new');
    const env = { OPENROUTER_BASE_URL: site.url, ORX_HOME: home };
    const { code, stdout, stderr } = await runOrx(['auth', 'login'], {
      env,
      stdin: `${GRANTED_KEY}\nurl: https://openrouter.ai\n`,
    });
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toBe(
      `stored the key sk-or-v1-…6789 in ${join(home, 'config.json')}\nlabel  sk-or-v1-gra...789\nused   $1.25\nlimit  $20.00, $18.75 left\ntier   paid\n`,
    );
    expect(storedKey(home)).toBe(GRANTED_KEY);
    expect([statSync(home).mode & 0o777, statSync(join(home, 'config.json')).mode & 0o777]).toEqual([0o700, 0o600]);
    expect(site.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /api/v1/key']);
  });

  test('a key that the API rejects is not stored, and an older one stays', async () => {
    const site = await startAuthSite();
    const home = tempFolder();
    writeFileSync(join(home, 'config.json'), '{"api-key":"sk-or-v1-older-older-older"}');
    const { code, stdout, stderr } = await runOrx(['auth', 'login'], {
      home,
      env: { OPENROUTER_BASE_URL: site.url },
      stdin: 'sk-or-v1-wrong-wrong-wrong',
    });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^error: the API rejected this key; it was not stored\n {2}User not found\.\n/);
    expect(storedKey(home)).toBe('sk-or-v1-older-older-older');
  });

  test.each([
    ['the network is dead', undefined, /could not be checked: .*refused the connection/],
    ['the API is down', 503, /could not be checked: .*overloaded/],
    ['a gateway knows no GET /key', 404, /could not be checked: .*overloaded/],
  ])('if %s, it is stored with a notice', async (_, status, said) => {
    const server = await startApiServer((__, response) =>
      sendJson(response, status ?? 500, { error: { code: status, message: 'overloaded' } }),
    );
    const url = status === undefined ? 'http://127.0.0.1:1/api/v1' : server.url;
    const home = tempFolder();
    const { code, stderr } = await runOrx(['auth', 'login'], { home, env: { OPENROUTER_BASE_URL: url }, stdin: GRANTED_KEY });
    expect(code).toBe(0);
    expect(stderr).toMatch(said);
    expect(stderr).toContain('orx auth status');
    expect(storedKey(home)).toBe(GRANTED_KEY);
  });

  test.each([
    ['nothing', '', /no key on standard input/],
    ['blank lines', '\n\n', /no key on standard input/],
    ['two words', 'not a key\n', /contains an invalid character/],
    ['escape codes', '\u001b[31mkey\n', /contains an invalid character/],
  ])('%s is not a key: exit 2, nothing stored', async (_, stdin, said) => {
    const site = await startAuthSite();
    const home = tempFolder();
    const { code, stderr } = await runOrx(['auth', 'login'], { home, env: { OPENROUTER_BASE_URL: site.url }, stdin });
    expect(code).toBe(2);
    expect(stderr).toMatch(said);
    expect([storedKey(home), site.requests]).toEqual([undefined, []]);
  });

  test('a variable that overrides the stored key is named', async () => {
    const site = await startAuthSite();
    const env = { OPENROUTER_BASE_URL: site.url, OPENROUTER_API_KEY: 'sk-or-v1-from-the-environment' };
    const { code, stderr } = await runOrx(['auth', 'login'], { env, stdin: GRANTED_KEY });
    expect(code).toBe(0);
    expect(stderr).toContain('warning: OPENROUTER_API_KEY is set in the environment and overrides the stored key');
    expect(site.requests[0]?.headers.authorization).toBe(`Bearer ${GRANTED_KEY}`);
  });

  test('the sandbox needs none', async () => {
    const { code, stderr } = await runOrx(['--sandbox', 'auth', 'login'], { stdin: GRANTED_KEY });
    expect(code).toBe(2);
    expect(stderr).toContain('--no-sandbox');
  });

  test('orx waits for a silent pipe until an interrupt', async () => {
    const site = await startAuthSite();
    const interruptedAfter = (ms: number): Promise<RunResult> =>
      runOrx(['auth', 'login'], {
        env: { OPENROUTER_BASE_URL: site.url },
        stdin: 'idle',
        onStart: (child) => void pause(ms).then(() => child.kill('SIGINT')),
      });
    // Nothing shows that it waits. An interrupt that came too early ended it in another way, and the next attempt waits longer.
    let result = await interruptedAfter(500);
    for (let ms = 1000; result.signal === 'SIGINT'; ms *= 2) result = await interruptedAfter(ms);
    const { code } = result;
    expect(code).toBe(130);
  });
});

describe('login with the browser', () => {
  test('grants a key with PKCE, and the browser gets no key in its environment', async () => {
    const site = await startAuthSite();
    const browser = fakeBrowser();
    const home = tempFolder();
    const env = {
      OPENROUTER_BASE_URL: site.url,
      BROWSER: browser.command,
      OPENROUTER_KEY: 'sk-or-v1-from-the-environment',
      ANTHROPIC_API_KEY: 'other-key',
      STORED: 'yes',
    };
    const { code, stdout, stderr } = await runOrx(['auth', 'login', '--browser'], { home, env, stdin: 'idle' });
    expect([code, stdout]).toEqual([0, '']);
    expect(storedKey(home)).toBe(GRANTED_KEY);

    const page = site.pages[0]!;
    expect(site.pages).toHaveLength(1);
    expect(page.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect(page.searchParams.get('callback_url')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback\/[\w-]{32}$/);
    expect(stderr).toContain(`${site.origin}${page.pathname}${page.search}`);
    const exchange = site.requests.find(({ url }) => url === '/api/v1/auth/keys')!;
    expect(exchange.method).toBe('POST');
    expect(exchange.headers.authorization).toBeUndefined();
    expect(Object.keys(exchange.json() as object).sort()).toEqual(['code', 'code_challenge_method', 'code_verifier']);
    expect(stderr).not.toContain((exchange.json() as Record<string, string>)['code_verifier']);

    const { words, env: childEnv } = browser.seen();
    expect(words).toEqual([`${site.origin}${page.pathname}${page.search}`]);
    expect(childEnv['STORED']).toBe('yes');
    expect(JSON.stringify(childEnv)).not.toMatch(/sk-or|other-key/);
    await expect(fetch(page.searchParams.get('callback_url')!)).rejects.toThrow();
  });

  test('if no browser can be started, orx prints the URL to open by hand', async () => {
    const site = await startAuthSite();
    const home = tempFolder();
    const result = await runOrx(['auth', 'login', '--browser'], {
      home,
      env: { OPENROUTER_BASE_URL: site.url, BROWSER: '/no/such/browser' },
      stdin: 'idle',
      onStart(child) {
        let said = '';
        child.stderr.on('data', (piece: Buffer) => {
          said += piece.toString();
          const url = /^ {2}(http\S+)\n/m.exec(said)?.[1];
          if (url !== undefined && site.pages.length === 0) void fetch(url).then((reply) => reply.text());
        });
      },
    });
    expect(result.code).toBe(0);
    expect(storedKey(home)).toBe(GRANTED_KEY);
  });

  test('Ctrl-C while waiting exits with 130 and stores nothing', async () => {
    const site = await startAuthSite();
    const home = tempFolder();
    const { code } = await runOrx(['auth', 'login', '--browser'], {
      home,
      env: { OPENROUTER_BASE_URL: site.url, BROWSER: 'true' },
      onStart: (child) => child.stderr.on('data', (piece: Buffer) => piece.includes('Waiting') && child.kill('SIGINT')),
    });
    expect([code, storedKey(home)]).toEqual([130, undefined]);
  });
});

describe('login without a local browser', () => {
  test('the page has no callback, and the code from standard input is exchanged', async () => {
    const site = await startAuthSite();
    const home = tempFolder();
    const { code } = await runOrx(['auth', 'login', '--no-browser'], {
      home,
      env: { OPENROUTER_BASE_URL: site.url },
      stdin: 'idle',
      onStart(child) {
        child.stderr.on('data', (piece: Buffer) => {
          const url = /^ {2}(http\S+)\n/m.exec(piece.toString())?.[1];
          if (url !== undefined) void fetch(url).then(async (reply) => child.stdin.end(`${await reply.text()}\n`));
        });
      },
    });
    expect(code).toBe(0);
    expect(site.pages[0]!.searchParams.has('callback_url')).toBe(false);
    expect(storedKey(home)).toBe(GRANTED_KEY);
  });

  test.each([
    ['wrong', 'code-99\n', 3, /the API rejected the login code\n {2}Invalid code or code_verifier\nhint: .*ten minutes/],
    ['missing', '\n', 2, /no login code given/],
  ])('a %s code stores nothing', async (_, stdin, exit, said) => {
    const site = await startAuthSite();
    const home = tempFolder();
    const { code, stderr } = await runOrx(['auth', 'login', '--no-browser'], {
      home,
      env: { OPENROUTER_BASE_URL: site.url },
      stdin,
    });
    expect(code).toBe(exit);
    expect(stderr).toMatch(said);
    expect(storedKey(home)).toBeUndefined();
  });
});
