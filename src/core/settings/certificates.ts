import { nonEmpty } from './parsers.ts';
import { spec } from './spec.ts';

/** Files for TLS. */
export const CERTIFICATES = {
  'ca-cert': spec<string>({
    flags: '--ca-cert <file>',
    env: ['ORX_CA_CERT'],
    description: 'additional certificate authorities (PEM file)',
    parse: nonEmpty('ca-cert'),
  }),
  'client-cert': spec<string>({
    flags: '--client-cert <file>',
    env: ['ORX_CLIENT_CERT'],
    description: 'client certificate for the base URL (PEM or PKCS #12)',
    parse: nonEmpty('client-cert'),
  }),
  'client-key': spec<string>({
    flags: '--client-key <file>',
    env: ['ORX_CLIENT_KEY'],
    description: 'private key of the client certificate (PEM file)',
    parse: nonEmpty('client-key'),
  }),
} as const;
