import { type Command, type FlagsOf, Option } from '../commander.ts';

export const DEFAULT_PORT = '4141';

export const LOG_FORMATS = ['text', 'json'] as const;

export const CACHE_PLACES = ['memory', 'disk'] as const;

export type ServeFlags = FlagsOf<typeof serveFlags>;

export function serveFlags(command: Command) {
  const repeated = (text: string, before: string[] = []): string[] => [...before, text];
  return command
    .option('--config <file>', "models, routing and limits; LiteLLM's config.yaml works too")
    .option('--check-config', 'print the effective configuration and exit')
    .option('--port <number>', 'port; 0 takes any free port', DEFAULT_PORT)
    .option('--host <address>', 'listen address; beyond loopback, client keys are required')
    .option('--tls-cert <file>', 'serve HTTPS with this certificate and its chain (PEM)')
    .option('--tls-key <file>', 'private key of the certificate (PEM)')
    .option('--allow-host <name>', 'host name that clients use; can be repeated', repeated)
    .option('--allow-origin <origin>', 'site whose pages may ask; can be repeated', repeated)
    .addOption(new Option('--log-format <format>', 'a line for each request on stderr, also on a terminal').choices(LOG_FORMATS))
    .option('--log-content', 'log prompts and answers too; needs --log-format json')
    .addOption(new Option('--cache <where>', 'answer identical requests from memory or disk').choices(CACHE_PLACES))
    .option('--cache-ttl <span>', 'how long an answer is kept (default: 1h)')
    .option('-q, --quiet', 'no line for each request');
}
