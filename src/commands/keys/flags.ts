import { type Command, type FlagsOf, Option } from '../commander.ts';

export type AddKeyFlags = FlagsOf<typeof addKeyFlags>;
export type SetKeyFlags = FlagsOf<typeof setKeyFlags>;

export function addKeyFlags(command: Command) {
  return command
    .option('--limit <usd>', 'most that the key may spend, in USD (default: no limit)')
    .addOption(new Option('--reset <period>', 'limit resets daily, weekly or monthly').choices(['daily', 'weekly', 'monthly']))
    .option('--byok-in-limit', 'count what providers charge to your own keys')
    .option('--expires <time>', 'expiry: a span such as 30d, or a date (default: never)');
}

export function setKeyFlags(command: Command) {
  return command
    .option('--name <name>', 'new name of the key')
    .option('--limit <usd>', 'most that the key may spend, in USD, or none')
    .addOption(
      new Option('--reset <period>', 'limit resets daily, weekly, monthly or none').choices([
        'daily',
        'weekly',
        'monthly',
        'none',
      ]),
    )
    .option('--byok-in-limit', 'count what providers charge to your own keys')
    .option('--no-byok-in-limit', 'count only what OpenRouter charges')
    .option('--disable', 'reject requests with the key')
    .option('--enable', 'accept requests with the key again');
}
