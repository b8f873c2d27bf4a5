import type { Command } from 'commander';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { withJson } from '../with-json.ts';

export const registerMcp: RegisterCommand = (program, execute) => {
  const mcp = program.command('mcp').description('Servers whose tools a model may ask for: orx chat --mcp NAME.');
  const add = (name: string, description: string): Command => mcp.command(name).description(description);
  const append = (word: string, words: readonly string[] = []): readonly string[] => [...words, word];

  add('add <name> [command...]', 'keep a server: a command behind --, or an address')
    .option('--url <address>', 'the server is reached by HTTP')
    .option('--header <text>', "a header, 'Name: value'; ${NAME} in it is an environment variable (repeatable)", append)
    .option('--env <name>', 'a variable that the command is given: NAME for your own value, or NAME=value (repeatable)', append)
    .option('--force', 'in place of the server of that name')
    .addHelpText(
      'after',
      `
Examples:
  orx mcp add files -- npx -y @modelcontextprotocol/server-filesystem .
  orx mcp add tracker --env TRACKER_TOKEN -- tracker-mcp
  orx mcp add docs --url https://mcp.example/mcp --header 'Authorization: Bearer \${DOCS_TOKEN}'`,
    )
    .action(execute(async (input, context) => (await import('./mcp-runs.ts')).addServer(input, context)));
  withJson(add('list', 'the servers and how they are reached'), 'an array of objects: name, type, command or url').action(
    execute(async (input, context) => (await import('./mcp-runs.ts')).listServers(input, context)),
  );
  const test = add('test <name>', 'connect, list the tools, and say how long it took')
    .option('--agree', 'let its tools be offered as they are now, also new and changed ones')
    .action(execute(async (input, context) => (await import('./mcp-test-run.ts')).testServer(input, context)));
  withJson(test, 'one object: name, title, milliseconds, tools');
  addSettingOptions(test, ['tool-timeout']);
  add('remove <name>', 'forget a server').action(
    execute(async (input, context) => (await import('./mcp-runs.ts')).removeServer(input, context)),
  );
};
