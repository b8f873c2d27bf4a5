import { withFlags } from '../commander.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { withJson } from '../with-json.ts';
import { addFlags, testFlags } from './mcp-flags.ts';

const ADD_HELP = `
Examples:
  orx mcp add files -- npx -y @modelcontextprotocol/server-filesystem .
  orx mcp add tracker --env TRACKER_TOKEN -- tracker-mcp
  orx mcp add docs --url https://mcp.example/mcp --header 'Authorization: Bearer \${DOCS_TOKEN}'`;

export const registerMcp: RegisterCommand = (program, execute) => {
  const mcp = program.command('mcp').description('Servers whose tools a model may ask for: orx chat --mcp NAME.');
  const add = withFlags(
    mcp.command('add <name> [command...]').description('keep a server: a command behind --, or an address'),
    addFlags,
  );
  execute(add.addHelpText('after', ADD_HELP), async () => (await import('./mcp-runs.ts')).addServer);
  const list = mcp.command('list').description('the servers and how they are reached');
  execute(
    withJson(list, 'an array of objects: name, type, command or url'),
    async () => (await import('./mcp-runs.ts')).listServers,
  );
  const test = withJson(
    withFlags(mcp.command('test <name>').description('connect, list the tools, and say how long it took'), testFlags),
    'one object: name, title, milliseconds, tools',
  );
  execute(addSettingOptions(test, ['tool-timeout']), async () => (await import('./mcp-test-run.ts')).testServer);
  const remove = mcp.command('remove <name>').description('forget a server');
  execute(remove, async () => (await import('./mcp-runs.ts')).removeServer);
};
