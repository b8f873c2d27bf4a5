import type { ConfigField } from './field.ts';

/** The longest lifetime of a cached answer: a year. */
export const LONGEST_CACHE_MS = 365 * 24 * 3_600_000;

const SERVER = {
  host: { kind: 'text', default: '127.0.0.1', description: 'address to listen on; beyond this machine, clients need a key' },
  port: { kind: 'count', default: 4141, min: 0, max: 65_535, description: 'port, 0 for any free port' },
  tls_cert: { kind: 'text', description: 'file with the TLS certificate and its chain (PEM)', otherwise: 'no TLS' },
  tls_key: { kind: 'text', description: 'file with the private key of the certificate (PEM)', otherwise: 'no TLS' },
  allow_hosts: { kind: 'names', description: 'host names that clients may use', otherwise: 'none' },
  allow_origins: {
    kind: 'names',
    description: 'web origins that may send requests, such as `https://app.example`',
    otherwise: 'none',
  },
} as const satisfies Record<string, ConfigField>;

const LOG = {
  format: {
    kind: 'choice',
    of: ['text', 'json', 'none'],
    description: 'format of the log on standard error; each request is a line',
    otherwise: 'the screen on a terminal, else `text`',
  },
  content: { kind: 'flag', default: false, description: 'also log prompts and answers; needs the format `json`' },
} as const satisfies Record<string, ConfigField>;

const CACHE = {
  store: { kind: 'choice', of: ['memory', 'disk'], description: 'where answers are cached', otherwise: 'no cache' },
  ttl: { kind: 'duration', default: '1h', max: LONGEST_CACHE_MS, description: 'lifetime of cached answers' },
} as const satisfies Record<string, ConfigField>;

const BUDGET = {
  request: { kind: 'amount', description: 'limit for one request', otherwise: 'none' },
  day: { kind: 'amount', description: 'limit for a calendar day', otherwise: 'none' },
  week: { kind: 'amount', description: 'limit for a week from Monday', otherwise: 'none' },
  month: { kind: 'amount', description: 'limit for a calendar month', otherwise: 'none' },
  total: { kind: 'amount', description: 'limit for everything in the ledger; never starts again', otherwise: 'none' },
  every: {
    kind: 'text',
    description: 'period of `limit`, such as `5h`, `14d` or `3mo`; it begins at a fixed time, not with the first request',
    otherwise: 'none',
  },
  limit: { kind: 'amount', description: 'limit for each period of `every`', otherwise: 'none' },
  key: { kind: 'text', description: 'only for requests with this client key', otherwise: 'all keys' },
  tag: { kind: 'text', description: 'only for requests with this tag', otherwise: 'all tags' },
  model: { kind: 'text', description: 'only for this model; `*` matches any text', otherwise: 'all models' },
  vendor: { kind: 'text', description: 'only for this vendor', otherwise: 'all vendors' },
  warn_at: { kind: 'number', default: 0.8, min: 0.01, max: 1, description: 'share of the limit from which orx warns' },
} as const satisfies Record<string, ConfigField>;

/** The keys of the file that say how the gateway runs, whatever it serves. Flags override all of them except budgets. */
export const SERVICE_FIELDS = {
  server: { kind: 'object', description: 'where the gateway listens', fields: SERVER },
  log: { kind: 'object', description: 'the log; a format alone is short for it', short: 'format', fields: LOG },
  cache: {
    kind: 'object',
    description: 'answers to repeated requests; a store alone is short for it',
    short: 'store',
    fields: CACHE,
  },
  budgets: {
    kind: 'list',
    description: 'limits of what requests cost, in USD; they are in force in the ledger while this file lists them',
    of: { kind: 'object', description: 'a budget, with one limit or several', fields: BUDGET },
  },
} as const satisfies Record<string, ConfigField>;
