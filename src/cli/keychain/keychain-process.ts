import { readFileSync } from 'node:fs';
import type { KeychainReply, KeychainRequest } from './keychain.ts';

// A program of its own (keychain.ts starts it): it reads a request from standard input and writes the reply to standard output. Nothing else
// loads the compiled library.

/** The kernel's own key store, to which the library could fall back on Linux, forgets everything when the machine restarts. */
const OPTIONS = { linux: { store: 'secret-service' } } as const;

process.stdout.write(JSON.stringify(await answer(JSON.parse(readFileSync(0, 'utf8')) as KeychainRequest)));

async function answer({ action, service, account, key = '' }: KeychainRequest): Promise<KeychainReply> {
  const library = await import('@napi-rs/keyring').catch(() => undefined);
  if (library === undefined) return { fault: 'unsupported' };
  try {
    const entry = new library.Entry(service, account, OPTIONS);
    if (action === 'read') return { key: entry.getPassword() };
    if (action === 'store') entry.setPassword(key);
    else entry.deletePassword();
    return {};
  } catch (error) {
    return { fault: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
