import { type Command, withFlags } from '../commander.ts';
import { exportFlags, historyFilterFlags, pruneFlags, showFlags } from '../history/flags.ts';
import { addFlagAlias } from '../flag-aliases.ts';
import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';

const HELP = {
  examples: [
    'orx history',
    'orx history search "connection pool" timeout',
    'orx history show 01k9 --last 2',
    'orx history export 01k9 -o html --out-file chat.html',
  ],
  notes: `
The start of an id is enough. orx chat --session ID continues a conversation.
orx chat -n records nothing of a request; orx config set history false turns the history off.`,
};

function listFlags(command: Command) {
  return historyFilterFlags(command).option('--static', 'print the list and exit, also on a terminal');
}

export const registerHistory: RegisterCommand = (program, execute) => {
  const history = withHelp(program.command('history'), HELP);
  const list = withJson(
    withFlags(
      history.command('list', { isDefault: true }).description('Browse conversations; in a pipe, list the latest'),
      listFlags,
    ),
    'an array of conversations',
  );
  execute(
    withHelp(list, { examples: ['orx history list --project . --since 30d'], notes: SEE_TIMES }),
    async () => (await import('./run.ts')).historyCommand,
  );
  const show = withFlags(history.command('show <id>').description('Print a conversation'), showFlags);
  execute(
    withHelp(show, { examples: ['orx history show 01k9 --last 2'] }),
    async () => (await import('../history/show.ts')).showHistory,
  );
  const search = withJson(
    withFlags(history.command('search <words...>').description('Search messages for all of these words'), historyFilterFlags),
    'an array of matches',
  );
  execute(
    withHelp(search, {
      examples: ['orx history search pool timeout', `orx history search '"connection pool"'`],
      notes: `\nA word also finds longer words that start with it. Quoted words match exactly.${SEE_TIMES}`,
    }),
    async () => (await import('../history/list.ts')).searchHistory,
  );
  const exported = withFlags(
    history.command('export <id>').description('Export a conversation as Markdown, JSON or HTML'),
    exportFlags,
  );
  execute(
    withHelp(addFlagAlias(exported, '--out <file>', 'outFile'), {
      examples: ['orx history export 01k9 -o html --out-file chat.html'],
    }),
    async () => (await import('../history/show.ts')).exportHistory,
  );
  execute(
    withHelp(withJson(history.command('fork <id>').description('Copy a conversation and print the id of the copy')), {
      examples: ['orx history fork 01k9'],
    }),
    async () => (await import('../history/changes.ts')).forkHistory,
  );
  execute(
    withHelp(withJson(history.command('rename <id> <title...>').description('Rename a conversation')), {
      examples: ['orx history rename 01k9 Connection pools'],
    }),
    async () => (await import('../history/changes.ts')).renameHistory,
  );
  execute(
    withHelp(
      withJson(history.command('remove <ids...>').aliases(['delete', 'rm']).description('Delete conversations permanently')),
      { examples: ['orx history remove 01k9'] },
    ),
    async () => (await import('../history/changes.ts')).deleteHistory,
  );
  const prune = withFlags(history.command('prune').description('Delete old conversations permanently'), pruneFlags);
  execute(
    withHelp(withJson(prune), { examples: ['orx history prune --before 365d'], notes: SEE_TIMES }),
    async () => (await import('../history/changes.ts')).pruneHistory,
  );
  execute(
    withHelp(withJson(history.command('path').description('Print the path of the conversation database')), {
      examples: ['orx history path'],
    }),
    async () => (await import('../history/changes.ts')).printHistoryPath,
  );
};

const SEE_TIMES = `
Formats of times: orx help times`;
