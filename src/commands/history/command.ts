import { Option } from 'commander';
import { addFlagAlias } from '../flag-aliases.ts';
import type { RegisterCommand } from '../register.ts';
import { TIME_HELP } from '../time-help.ts';
import { withJson } from '../with-json.ts';

const HELP = `
Conversations of orx chat, on this machine alone. An id is given by its beginning. To go on with one:
orx chat --session ID. To keep nothing of a question: orx chat -n; for good: orx config set history false

Examples:
  orx history                                the latest
  orx history search "connection pool" timeout
  orx history show 01k9 --last 2
  orx history export 01k9 -o html --out-file talk.html
  orx history prune --before 365d`;

export const registerHistory: RegisterCommand = (program, execute) => {
  const history = program
    .command('history')
    .description('Past conversations: list, show, search, export, and delete them.')
    .addHelpText('after', HELP);
  withJson(
    history
      .command('list', { isDefault: true })
      .description('The latest conversations (also without a word behind history).')
      .option('--since <when>', 'changed from then on, such as 30d, 2026-11-01 or month')
      .option('--until <when>', 'changed up to then')
      .addHelpText('after', TIME_HELP)
      .option('--model <name>', 'only of a model whose name contains this')
      .option('--project <folder>', 'only of this project; . is where you are')
      .option('--limit <count>', 'no more than this', '20'),
    'a list of objects',
  ).action(execute(async (input, context) => (await import('./list.ts')).listHistory(input, context)));
  history
    .command('show <id>')
    .description('Print a conversation.')
    .addOption(new Option('-o, --output <format>', 'how it is written').choices(['text', 'json', 'markdown']).default('text'))
    .option('--json', 'the same as -o json')
    .option('--last <count>', 'only this many messages of its end')
    .action(execute(async (input, context) => (await import('./show.ts')).showConversation(input, context)));
  withJson(
    history
      .command('search <words...>')
      .description('Find messages that hold all the words. A word is found by its beginning, "words in quotes" as they are.')
      .option('--since <when>', 'in conversations changed from then on')
      .option('--until <when>', 'in conversations changed up to then')
      .addHelpText('after', TIME_HELP)
      .option('--model <name>', 'only of a model whose name contains this')
      .option('--project <folder>', 'only of this project; . is where you are')
      .option('--limit <count>', 'no more than this', '20'),
    'a list of objects',
  ).action(execute(async (input, context) => (await import('./list.ts')).searchHistory(input, context)));
  const exported = history
    .command('export <id>')
    .description('Write a conversation as Markdown, as JSON with everything that is known, or as a page for a browser.')
    .addOption(new Option('-o, --output <format>', 'how it is written').choices(['markdown', 'json', 'html']).default('markdown'))
    .option('--json', 'the same as -o json')
    .option('--out-file <file>', 'write to this file')
    .option('--force', 'let --out-file replace a file');
  addFlagAlias(exported, '--out <file>', 'outFile').action(
    execute(async (input, context) => (await import('./show.ts')).exportConversation(input, context)),
  );
  withJson(history.command('fork <id>').description('Copy a conversation. Prints the id of the copy.'), 'one object').action(
    execute(async (input, context) => (await import('./changes.ts')).forkHistory(input, context)),
  );
  withJson(history.command('rename <id> <title...>').description('Give a conversation another title.'), 'one object').action(
    execute(async (input, context) => (await import('./changes.ts')).renameHistory(input, context)),
  );
  withJson(history.command('delete <ids...>').description('Delete conversations for good.'), 'one object').action(
    execute(async (input, context) => (await import('./changes.ts')).deleteHistory(input, context)),
  );
  withJson(
    history
      .command('prune')
      .description('Delete old conversations for good.')
      .requiredOption('--before <when>', 'not changed since then, such as 365d or 2026-01-01')
      .addHelpText('after', TIME_HELP),
    'one object',
  ).action(execute(async (input, context) => (await import('./changes.ts')).pruneHistory(input, context)));
  withJson(history.command('path').description('Print where conversations are stored.'), 'one object').action(
    execute(async (input, context) => (await import('./changes.ts')).printHistoryPath(input, context)),
  );
};
