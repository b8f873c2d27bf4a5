import { type Command, type FlagsOf, Option } from '../commander.ts';

export const DEFAULT_PORT = '4141';

export const LOG_FORMATS = ['text', 'json'] as const;

export const CACHE_PLACES = ['memory', 'disk'] as const;

export type ServeFlags = FlagsOf<typeof serveFlags>;

export function serveFlags(command: Command) {
  const repeated = (text: string, before: string[] = []): string[] => [...before, text];
  return command
    .option('--config <file>', "configuration file (LiteLLM's config.yaml works too)")
    .option('--check-config', 'print the effective configuration and exit')
    .option('--port <number>', `port, 0 for any free port (default: ${DEFAULT_PORT})`)
    .option('--host <address>', 'listen address (default: 127.0.0.1)')
    .option('--tls-cert <file>', 'TLS certificate chain (PEM)')
    .option('--tls-key <file>', 'private key of the certificate (PEM)')
    .option('--allow-host <name>', 'host name that clients may use (repeatable)', repeated)
    .option('--allow-origin <origin>', 'web origin that may send requests (repeatable)', repeated)
    .addOption(new Option('--log-format <format>', 'log each request to stderr as text or json').choices(LOG_FORMATS))
    .option('--log-content', 'also log prompts and answers (--log-format json)')
    .addOption(new Option('--cache <where>', 'cache identical requests in memory or on disk').choices(CACHE_PLACES))
    .option('--cache-ttl <span>', 'lifetime of cached answers (default: 1h)')
    .option('-q, --quiet', 'do not log requests');
}
