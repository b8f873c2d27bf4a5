import type { Command } from 'commander';

/** Adds `--json` and says what it gives. */
export function withJson(command: Command, description: string): Command {
  return command.option('--json', description);
}
