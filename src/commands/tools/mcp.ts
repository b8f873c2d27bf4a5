import { withFlags } from '../commander.ts';
import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { withJson } from '../with-json.ts';
import { addFlags, testFlags } from './mcp-flags.ts';

const ADD_EXAMPLES = [
  'orx mcp add files -- npx -y @modelcontextprotocol/server-filesystem .',
  'orx mcp add tracker --env TRACKER_TOKEN -- tracker-mcp',
  'orx mcp add docs --url https://mcp.example/mcp',
];

const ADD_NOTES = `
The command follows --. --env NAME passes your own value of NAME to it.
--header 'Authorization: Bearer \${TOKEN}' inserts the environment variable TOKEN.`;

export const registerMcp: RegisterCommand = (program, execute) => {
  const mcp = withHelp(program.command('mcp'), {
    examples: ['orx mcp', ADD_EXAMPLES[0]!, 'orx mcp test files', 'orx chat --mcp files "What is in this folder?"'],
  });
  const list = withJson(
    mcp.command('list', { isDefault: true }).description('List servers with their command or URL'),
    'an array: name, type, command or url',
  );
  execute(withHelp(list, { examples: ['orx mcp list'] }), async () => (await import('./mcp-runs.ts')).listServers);
  const add = withFlags(mcp.command('add <name> [command...]').description('Add a server by its command or URL'), addFlags);
  execute(withHelp(add, { examples: ADD_EXAMPLES, notes: ADD_NOTES }), async () => (await import('./mcp-runs.ts')).addServer);
  const test = withJson(
    withFlags(mcp.command('test <name>').description('Connect to a server and list its tools'), testFlags),
    'name, title, milliseconds, tools',
  );
  execute(
    withHelp(addSettingOptions(test, ['tool-timeout']), { examples: ['orx mcp test files'] }),
    async () => (await import('./mcp-test-run.ts')).testServer,
  );
  const remove = mcp.command('remove <name>').aliases(['rm', 'delete']).description('Remove a server');
  execute(withHelp(remove, { examples: ['orx mcp remove files'] }), async () => (await import('./mcp-runs.ts')).removeServer);
};
