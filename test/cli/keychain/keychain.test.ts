import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createKeychain } from '../../../src/cli/keychain/keychain.ts';
import type { Keychain } from '../../../src/core/settings/keys/keychain.ts';
import { newGate } from '../../support/api-server.ts';
import { startSecretService } from '../../support/secret-service.ts';
import { tempFolder } from '../../support/temp-home.ts';

const PROGRAM = join(import.meta.dirname, '../../../dist/keychain-process.js');
const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';
const NEVER = new AbortController().signal;
const HINTS = ['do something'];

interface Opened {
  keychain: Keychain;
  secrets: string[];
}

function openAt(address: string, options: { program?: string; limitMs?: number } = {}): Opened {
  const secrets: string[] = [];
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], DBUS_SESSION_BUS_ADDRESS: address };
  return { keychain: createKeychain({ env, secrets, program: PROGRAM, ...options }), secrets };
}

// The library is the real one, and so is the protocol; the desktop's part of it is test/support/secret-service.ts.
describe.skipIf(process.platform !== 'linux')('the Secret Service', () => {
  test('has a key for other processes until it is removed, and sees it encrypted only', async () => {
    const service = await startSecretService();
    await openAt(service.address).keychain.store('api-key', KEY, NEVER);
    expect(service.secrets()).toEqual({ 'orx api-key': KEY });
    const { keychain, secrets } = openAt(service.address);
    expect(await keychain.read('api-key', HINTS, NEVER)).toBe(KEY);
    expect(secrets).toEqual([KEY]);
    expect(service.wasEncrypted()).toBe(true);

    // Each entry is read once.
    const { length } = service.calls;
    expect(await keychain.read('api-key', HINTS, NEVER)).toBe(KEY);
    expect(service.calls.length).toBe(length);

    await keychain.store('api-key', 'another-key', NEVER);
    expect(service.secrets()).toEqual({ 'orx api-key': 'another-key' });
    await keychain.remove('api-key', NEVER);
    expect(service.secrets()).toEqual({});
    // It is gone already.
    await keychain.remove('api-key', NEVER);
    await expect(keychain.read('api-key', HINTS, NEVER)).rejects.toMatchObject({
      kind: 'authentication',
      what: 'the key is not in the system keychain',
      why: 'there is no entry orx, api-key',
      hints: HINTS,
    });
  });

  test('that is locked asks the user, and waits for as long as the limit', async () => {
    const service = await startSecretService();
    await openAt(service.address).keychain.store('api-key', KEY, NEVER);
    service.lock('unlocks');
    expect(await openAt(service.address).keychain.read('api-key', HINTS, NEVER)).toBe(KEY);
    service.lock('dismisses');
    await expect(openAt(service.address).keychain.read('api-key', HINTS, NEVER)).rejects.toMatchObject({
      what: 'cannot read the key from the system keychain',
      why: expect.stringContaining('dismissed'),
    });
    service.lock('is-away');
    await expect(openAt(service.address, { limitMs: 500 }).keychain.read('api-key', HINTS, NEVER)).rejects.toMatchObject({
      why: 'it did not answer within 0.5 seconds, and may be locked',
      hints: ['unlock the keychain and run the command again', ...HINTS],
    });
    // This test's own thread is the service, and waits.
    expect(() => openAt(service.address, { limitMs: 500 }).keychain.readNow('api-key', HINTS)).toThrow(
      expect.objectContaining({ why: 'it did not answer within 0.5 seconds, and may be locked' }),
    );
  });

  test('that does not answer is left as soon as the user interrupts', async () => {
    const isAsked = newGate();
    const service = await startSecretService({ locked: 'is-away', onPrompt: isAsked.open });
    service.put('api-key', KEY);
    const interrupt = new AbortController();
    const reading = openAt(service.address).keychain.read('api-key', HINTS, interrupt.signal);
    await isAsked.opened;
    interrupt.abort(new Error('stop'));
    await expect(reading).rejects.toThrow('stop');
  });
});

test.skipIf(process.platform !== 'linux')(
  'without a session bus, the error has the reason, and nothing is stored elsewhere',
  async () => {
    const { keychain } = openAt(`unix:path=${join(tempFolder(), 'no-bus')}`);
    await expect(keychain.check(NEVER)).rejects.toMatchObject({ why: expect.stringContaining('no-bus') });
    await expect(keychain.store('api-key', KEY, NEVER)).rejects.toMatchObject({
      kind: 'authentication',
      what: 'cannot store the key in the system keychain',
    });
    await expect(keychain.remove('api-key', NEVER)).rejects.toMatchObject({
      what: 'cannot remove the key from the system keychain',
    });
  },
);

test('without its compiled library, there is no keychain', async () => {
  const program = join(tempFolder(), 'keychain-process.mjs');
  copyFileSync(PROGRAM, program);
  await expect(openAt('', { program }).keychain.check(NEVER)).rejects.toMatchObject({
    why: `the library for it is not installed (@napi-rs/keyring for ${process.platform}-${process.arch})`,
  });
  expect(() => openAt('', { program: join(tempFolder(), 'none.js') }).keychain.readNow('api-key', HINTS)).toThrow(
    expect.objectContaining({ kind: 'authentication', why: 'its library failed' }),
  );
});
