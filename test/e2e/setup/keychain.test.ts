import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerPieces, type ApiServer, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { startCompatible } from '../../support/keyed-vendors.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { type SecretService, startSecretService } from '../../support/secret-service.ts';
import { tempFolder } from '../../support/temp-home.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';
const OTHER = 'sk-or-v1-ffffffffffffffffffffffffffffffff';
const stored = (home: string): Record<string, any> => JSON.parse(readFileSync(join(home, 'config.json'), 'utf8'));

interface Machine {
  home: string;
  api: ApiServer;
  orx: (args: readonly string[], stdin?: string, env?: Record<string, string>) => Promise<RunResult>;
  /** The keys with which chats came since the last call. */
  keys: () => (string | undefined)[];
}

/** A home, an API, and a session bus at this address. */
async function machine(address: string): Promise<Machine> {
  const home = tempFolder();
  const api = await startApiServer((request, response) =>
    request.url.endsWith('/key')
      ? sendJson(response, 200, { data: { label: 'a key', usage: 1, limit: null } })
      : sendPieces(response, answerPieces(['hello'])),
  );
  return {
    home,
    api,
    orx: (args, stdin = '', env = {}) =>
      runOrx(args, { home, stdin, env: { OPENROUTER_BASE_URL: api.url, DBUS_SESSION_BUS_ADDRESS: address, ...env } }),
    keys: () =>
      api.requests
        .splice(0)
        .filter(({ url }) => url.endsWith('/chat/completions'))
        .map(({ headers }) => headers.authorization?.replace('Bearer ', '')),
  };
}

// Tests of other systems would write into the developer's own keychain.
describe.skipIf(process.platform !== 'linux')('a key in the system keychain', () => {
  let service: SecretService;
  const start = async (): Promise<Machine> => machine((service = await startSecretService()).address);
  const none = (): Promise<Machine> => machine(`unix:path=${join(tempFolder(), 'no-bus')}`);

  test('is stored by a login, used by other processes, shown by no list, and removed by a logout', async () => {
    const { home, orx, keys } = await start();
    const account = `api-key in ${home}`;
    const login = await orx(['auth', 'login', '--keychain'], KEY);
    expect(login).toMatchObject({ code: 0, stdout: '' });
    expect(login.stderr).toContain(`stored the key sk-or-v1-…cdef in the system keychain (${account})\n`);
    expect(stored(home)).toEqual({ 'api-key': { keychain: account } });
    expect(service.secrets()).toEqual({ [`orx ${account}`]: KEY });
    expect(service.wasEncrypted()).toBe(true);
    keys();

    expect((await orx(['chat', 'hi'])).stdout).toBe('hello\n');
    expect(keys()).toEqual([KEY]);
    expect((await orx(['auth', 'status'])).stdout).toMatch(/^key +sk-or-v1-…cdef, from the system keychain\n/);
    const { checks } = JSON.parse((await orx(['doctor', '--offline', '--json'])).stdout) as { checks: any[] };
    expect(checks.find(({ name }) => name === 'key')).toMatchObject({
      status: 'ok',
      message: 'sk-or-v1-…cdef, from the system keychain; not checked with the API',
    });

    // A list does not ask the user to unlock the keychain.
    const { length } = service.calls;
    expect((await orx(['config', 'list'])).stdout).toMatch(/^api-key +\(in the system keychain\) +keychain$/m);
    expect(JSON.parse((await orx(['config', 'get', 'api-key', '--json'])).stdout)).toEqual({
      key: 'api-key',
      value: '(in the system keychain)',
      source: 'keychain',
    });
    // Nor does a command with another key.
    await orx(['chat', 'hi'], '', { OPENROUTER_API_KEY: OTHER });
    expect(keys().at(-1)).toBe(OTHER);
    expect(service.calls.length).toBe(length);

    expect((await orx(['auth', 'logout'])).stderr).toBe('removed the key from the system keychain\n');
    expect([stored(home), service.secrets()]).toEqual([{}, {}]);
    expect((await orx(['chat', 'hi'])).code).toBe(3);
  });

  test('of a profile is apart, and goes with the profile', async () => {
    const { home, orx, keys } = await start();
    await orx(['auth', 'login', '--keychain'], KEY);
    await orx(['profile', 'set', 'work']);
    const login = await orx(['--profile', 'work', 'auth', 'login', '--keychain'], OTHER);
    expect(login.stderr).toContain(`in the profile work, in the system keychain (profile work in ${home})\n`);
    keys();
    await orx(['chat', 'hi']);
    await orx(['--profile', 'work', 'chat', 'hi']);
    expect(keys()).toEqual([KEY, OTHER]);
    expect(JSON.parse((await orx(['profile', 'show', 'work', '--json'])).stdout)).toMatchObject({
      has_key: true,
      settings: { 'api-key': '(in the system keychain)' },
    });
    await orx(['profile', 'delete', 'work']);
    expect(Object.values(service.secrets())).toEqual([KEY]);
    await orx(['config', 'unset', 'api-key']);
    expect([stored(home), service.secrets()]).toEqual([{}, {}]);
  });

  test('of a vendor goes only to the host for which it was stored', async () => {
    const { home, orx } = await start();
    const lab = await startCompatible(KEY, ['m']);
    const add = await orx(['vendors', 'add', 'lab', '--base-url', lab.origin, '--with-key', '--keychain'], KEY);
    expect(add).toMatchObject({ code: 0, stderr: expect.stringContaining(`in the system keychain (vendor lab in ${home})`) });
    expect(stored(home)['vendors'].lab).toEqual({
      baseUrl: lab.origin,
      keyOrigin: lab.origin,
      keychain: `vendor lab in ${home}`,
    });
    expect((await orx(['chat', '-m', 'lab:m', 'hi'])).stdout).toBe('From the compatible host.\n');
    expect((await orx(['vendors', 'list'])).stdout).toMatch(/^lab +ready +in the keychain /m);
    const other = await startCompatible(undefined, ['m']);
    const { lab: entry } = stored(home)['vendors'];
    writeFileSync(join(home, 'config.json'), JSON.stringify({ vendors: { lab: { ...entry, baseUrl: other.origin } } }));
    expect(await orx(['chat', '-m', 'lab:m', 'hi'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('different host'),
    });
    await orx(['vendors', 'remove', 'lab']);
    expect([stored(home), service.secrets()]).toEqual([{}, {}]);
    expect(await orx(['vendors', 'add', 'lab', '--base-url', lab.origin, '--no-key', '--keychain'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: --keychain stores a key, and none is given\nhint: /),
    });
  });

  test('takes the place of one in the file only if the user asks for it, and the other way round', async () => {
    const { home, orx, keys } = await start();
    await orx(['auth', 'login'], KEY);
    expect([stored(home)['api-key'], service.calls]).toEqual([KEY, []]);
    await orx(['auth', 'login', '--keychain'], OTHER);
    expect(readFileSync(join(home, 'config.json'), 'utf8')).not.toContain('sk-or');
    await orx(['auth', 'login'], KEY);
    expect([stored(home)['api-key'], service.secrets()]).toEqual([KEY, {}]);
    keys();
    await orx(['chat', 'hi']);
    expect(keys()).toEqual([KEY]);
  });

  test('that is gone, or that the user does not unlock, is an error with a way out', async () => {
    const { home, orx, api } = await start();
    service.put(`api-key in ${home}`, KEY);
    writeFileSync(join(home, 'config.json'), JSON.stringify({ 'api-key': { keychain: `api-key in ${home}` } }));
    service.lock('dismisses');
    const locked = await orx(['chat', 'hi']);
    expect([locked.code, locked.stdout, api.requests]).toEqual([3, '', []]);
    expect(locked.stderr).toMatch(
      /^error: cannot read the key from the system keychain\n {2}.*dismissed\nhint: store the key again: orx auth login --keychain\nhint: use a key without the keychain: /,
    );
    expect((await orx(['chat', 'hi'], '', { OPENROUTER_API_KEY: OTHER })).code).toBe(0);
    const logout = await orx(['auth', 'logout']);
    expect(logout).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^warning: the key stays in the system keychain \(orx, api-key in .*\): .*dismissed\n/),
    });

    writeFileSync(join(home, 'config.json'), JSON.stringify({ 'api-key': { keychain: 'gone' } }));
    service.lock('unlocks');
    const { checks } = JSON.parse((await orx(['doctor', '--offline', '--json'])).stdout) as { checks: any[] };
    expect(checks.find(({ name, status }) => name === 'settings' && status !== 'ok')).toBeUndefined();
    expect(checks.find(({ name }) => name === 'key')).toMatchObject({
      status: 'failed',
      message: 'the key is not in the system keychain: there is no entry orx, gone',
      fixes: ['store the key again: orx auth login --keychain', expect.any(String)],
    });
  });

  test('without a keychain: an error if the user asks for one, otherwise a private file', async () => {
    const { home, orx, api } = await none();
    const asked = await orx(['auth', 'login', '--keychain'], KEY);
    // Before anything is requested: a browser would grant a key in vain.
    expect([asked.code, asked.stdout, api.requests]).toEqual([3, '', []]);
    expect(asked.stderr).toMatch(
      /^error: cannot use the system keychain\n {2}.*no-bus.*\nhint: omit --keychain to store the key in a file/,
    );

    await orx(['config', 'set', 'keychain', 'true']);
    const login = await orx(['auth', 'login'], KEY);
    expect(login.code).toBe(0);
    expect(login.stderr).toMatch(/^warning: the key is stored in a file: cannot store the key in the system keychain: .*no-bus/m);
    expect(stored(home)).toEqual({ keychain: true, 'api-key': KEY });
    expect(statSync(join(home, 'config.json')).mode & 0o777).toBe(0o600);
    expect((await orx(['auth', 'login', '--no-keychain'], OTHER)).stderr).not.toContain('warning');
    expect(stored(home)['api-key']).toBe(OTHER);
  });
});
