import { withFlags } from '../commander.ts';
import { exportFlags, historyFilterFlags, pruneFlags, showFlags } from './flags.ts';
import { addFlagAlias } from '../flag-aliases.ts';
import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';

const HELP = `
Conversations of orx chat, on this machine alone. An id is given by its beginning. To go on with one:
orx chat --session ID. To keep nothing of a question: orx chat -n; for good: orx config set history false

Examples:
  orx history                                the latest
  orx history search "connection pool" timeout
  orx history show 01k9 --last 2
  orx history export 01k9 -o html --out-file chat.html
  orx history prune --before 365d`;

export const registerHistory: RegisterCommand = (program, execute) => {
  const history = program
    .command('history')
    .description('Past conversations: list, show, search, export, and delete them.')
    .addHelpText('after', HELP);
  const list = withJson(
    withFlags(
      history.command('list', { isDefault: true }).description('The latest conversations (also without a word behind history).'),
      (command) => historyFilterFlags(command, 'changed from then on, such as 30d, 2026-11-01 or month', 'changed up to then'),
    ),
    'a list of objects',
  );
  execute(list, async () => (await import('./list.ts')).listHistory);
  const show = withFlags(history.command('show <id>').description('Print a conversation.'), showFlags);
  execute(show, async () => (await import('./show.ts')).showHistory);
  const search = withJson(
    withFlags(
      history
        .command('search <words...>')
        .description('Find messages that hold all the words. A word is found by its beginning, "words in quotes" as they are.'),
      (command) => historyFilterFlags(command, 'in conversations changed from then on', 'in conversations changed up to then'),
    ),
    'a list of objects',
  );
  execute(search, async () => (await import('./list.ts')).searchHistory);
  const exported = withFlags(
    history
      .command('export <id>')
      .description('Write a conversation as Markdown, as JSON with everything that is known, or as a page for a browser.'),
    exportFlags,
  );
  execute(addFlagAlias(exported, '--out <file>', 'outFile'), async () => (await import('./show.ts')).exportHistory);
  execute(
    withJson(history.command('fork <id>').description('Copy a conversation. Prints the id of the copy.'), 'one object'),
    async () => (await import('./changes.ts')).forkHistory,
  );
  execute(
    withJson(history.command('rename <id> <title...>').description('Give a conversation another title.'), 'one object'),
    async () => (await import('./changes.ts')).renameHistory,
  );
  execute(
    withJson(history.command('delete <ids...>').description('Delete conversations for good.'), 'one object'),
    async () => (await import('./changes.ts')).deleteHistory,
  );
  const prune = withFlags(history.command('prune').description('Delete old conversations for good.'), pruneFlags);
  execute(withJson(prune, 'one object'), async () => (await import('./changes.ts')).pruneHistory);
  execute(
    withJson(history.command('path').description('Print where conversations are stored.'), 'one object'),
    async () => (await import('./changes.ts')).printHistoryPath,
  );
};
