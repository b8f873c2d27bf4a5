import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { OrxError } from '../errors.ts';

/** Certificates from the user's files. */
export interface UserCertificates {
  /** Certificate authorities in addition to Node's, as PEM. */
  ca?: Buffer | undefined;
  /** The user's own certificate. Only the server of this origin gets it. */
  client?: ClientCertificate | undefined;
}

export interface ClientCertificate {
  origin: string;
  /** PEM, or PKCS #12. */
  certificate: Buffer;
  /** PEM. Default: the key is in the file of the certificate. */
  key?: Buffer | undefined;
  /** Of an encrypted key. */
  password?: string | undefined;
}

/** Made contexts, with and without the client certificate: they are checked early and used later, and making one takes many milliseconds. */
const made = new WeakMap<UserCertificates, { plain?: SecureContext; own?: SecureContext }>();

/** Returns the TLS settings of connections to an origin. Undefined: Node's own. Throws a usage error for files that TLS cannot use. */
export function secureContextFor(origin: string, files: UserCertificates | undefined): SecureContext | undefined {
  const client = files?.client?.origin === origin ? files.client : undefined;
  if (files === undefined || (files.ca === undefined && client === undefined)) return undefined;
  const known = made.get(files) ?? {};
  made.set(files, known);
  return client === undefined
    ? (known.plain ??= withAuthorities(createSecureContext(), files.ca))
    : (known.own ??= withAuthorities(clientContext(client), files.ca));
}

function clientContext({ certificate, key, password }: ClientCertificate): SecureContext {
  const isPem = certificate.includes('-----BEGIN ');
  try {
    return createSecureContext({
      ...(isPem ? { cert: certificate, key: key ?? certificate } : { pfx: certificate }),
      ...(password !== undefined && { passphrase: password }),
    });
  } catch (error) {
    throw unusable('the client certificate cannot be used', error, [
      'check the certificate and its key: --client-cert FILE --client-key FILE',
      'for an encrypted key: export ORX_CLIENT_KEY_PASSWORD=PASSWORD',
    ]);
  }
}

/** TLS's option `ca` would replace Node's authorities and those of NODE_EXTRA_CA_CERTS. */
function withAuthorities(secure: SecureContext, pem: Buffer | undefined): SecureContext {
  if (pem === undefined) return secure;
  const { context } = secure;
  const certificates = pem
    .toString('latin1')
    .match(/-----BEGIN (TRUSTED )?CERTIFICATE-----[^-]+-----END (TRUSTED )?CERTIFICATE-----/g);
  const { addCACert } = context as { addCACert: (this: unknown, certificate: string) => void };
  try {
    if (certificates === null) throw new Error('no PEM certificate in it');
    for (const certificate of certificates) {
      // addCACert ignores what is no certificate.
      addCACert.call(context, new X509Certificate(certificate).toString());
    }
  } catch (error) {
    throw unusable('the file of certificate authorities cannot be used', error, ['name a PEM file: --ca-cert FILE']);
  }
  return secure;
}

function unusable(what: string, cause: unknown, hints: readonly string[]): OrxError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new OrxError(what, { kind: 'usage', code: 'tls-files', why, hints, cause });
}
