import { categories, headerText, nonEmpty } from './parsers.ts';
import { spec, withDefault } from './spec.ts';

/** Settings of how orx identifies itself to the API. */
export const APP = {
  'app-url': withDefault<string>({
    flags: '--app-url <url>',
    env: ['OPENROUTER_HTTP_REFERER'],
    default: 'https://orx.example',
    description: 'app URL sent to the API',
    parse: headerText('app-url'),
  }),
  'app-title': withDefault<string>({
    flags: '--app-title <name>',
    env: ['OPENROUTER_APP_TITLE'],
    default: 'orx',
    description: 'app name sent to the API',
    parse: headerText('app-title'),
  }),
  'app-categories': withDefault<string>({
    flags: '--app-categories <list>',
    env: ['OPENROUTER_APP_CATEGORIES'],
    default: 'cli-agent',
    description: 'app categories for the API (at most 2)',
    parse: categories('app-categories'),
  }),
} as const;

/** Files with certificates, of the server and of the user. */
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
