import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { usageError } from '../../errors.ts';
import type { UserCertificates } from '../../http/tls.ts';
import { readFailure } from '../../text/file-failure.ts';

/** Larger than any bundle of certificates. */
const LARGEST_BYTES = 16 * 1024 * 1024;

/** Reads the certificates that the settings name; undefined if they name none. Throws a usage error for a file that cannot be read. */
export function readTlsFiles(
  settings: ConnectionSettings,
  env: Readonly<Record<string, string | undefined>>,
): UserCertificates | undefined {
  const { 'ca-cert': ca, 'client-cert': certificate, 'client-key': key } = settings;
  if (certificate === undefined && key !== undefined)
    throw usageError('client-key needs a client certificate', 'name the certificate, too: --client-cert FILE');
  if (ca === undefined && certificate === undefined) return undefined;
  return {
    ca: ca === undefined ? undefined : readFile('ca-cert', ca),
    client:
      certificate === undefined
        ? undefined
        : {
            origin: new URL(settings['base-url']).origin,
            certificate: readFile('client-cert', certificate),
            key: key === undefined ? undefined : readFile('client-key', key),
            password: env['ORX_CLIENT_KEY_PASSWORD'] || undefined,
          },
  };
}

function readFile(setting: string, path: string): Buffer {
  try {
    const bytes = readFileSync(resolve(path));
    if (bytes.length <= LARGEST_BYTES) return bytes;
  } catch (error) {
    throw usageError(
      `cannot read the file of ${setting}: ${path} (${readFailure(error)})`,
      `name another file: --${setting} FILE`,
    );
  }
  throw usageError(`the file of ${setting} is too large: ${path}`, `name another file: --${setting} FILE`);
}
