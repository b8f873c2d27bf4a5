import { type Command, type FlagsOf, Option } from '../commander.ts';

export const DEFAULT_PORT = '4141';

export const LOG_FORMATS = ['text', 'json'] as const;

export const CACHE_PLACES = ['memory', 'disk'] as const;

export type ServeFlags = FlagsOf<typeof serveFlags>;

export function serveFlags(command: Command) {
  return command
    .option('--config <file>', "models, routing and limits; LiteLLM's config.yaml works too")
    .option('--check-config', 'print the effective configuration and exit')
    .option('--port <number>', 'port on 127.0.0.1; 0 takes any free port', DEFAULT_PORT)
    .addOption(new Option('--log-format <format>', 'a line for each request on stderr, also on a terminal').choices(LOG_FORMATS))
    .option('--log-content', 'log prompts and answers too; needs --log-format json')
    .addOption(new Option('--cache <where>', 'answer identical requests from memory or disk').choices(CACHE_PLACES))
    .option('--cache-ttl <span>', 'how long an answer is kept (default: 1h)')
    .option('-q, --quiet', 'no line for each request');
}
