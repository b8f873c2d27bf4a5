import { conversationJson } from '../../output/history/json.ts';
import { visibleLine, visibleText } from '../../output/text/visible.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import { findConversation } from './find-conversation.ts';
import { openHistory } from './open.ts';
import {
  type DeleteOptions,
  type OneOptions,
  parseDelete,
  parseOne,
  parsePath,
  parsePrune,
  parseRename,
  type PruneOptions,
  type RenameOptions,
} from './options.ts';
import { showJson } from '../show-table.ts';

/** `orx history fork` */
export const forkHistory = { parse: parseOne, run: runFork };

async function runFork({ settings, prefix, isJson }: OneOptions, context: Context): Promise<number> {
  const store = await openHistory(settings, context);
  const { id } = findConversation(store, prefix);
  const copy = { id: context.stores.newId(), at: context.clock.now() };
  store.fork(id, copy);
  if (isJson) await showJson(context, [], conversationJson(findConversation(store, copy.id)));
  else await write(context.terminal.streams.stdout, `${copy.id}\n`);
  return 0;
}

/** `orx history rename` */
export const renameHistory = { parse: parseRename, run: runRename };

async function runRename({ settings, prefix, title, isJson }: RenameOptions, context: Context): Promise<number> {
  const store = await openHistory(settings, context);
  const { id } = findConversation(store, prefix);
  store.rename(id, title);
  if (isJson) await showJson(context, [], conversationJson(findConversation(store, id)));
  else await write(context.terminal.streams.stderr, `${id} is now: ${visibleLine(title)}\n`);
  return 0;
}

/** `orx history remove`: removes all named conversations, or none if one of the names matches none or several. */
export const deleteHistory = { parse: parseDelete, run: runDelete };

async function runDelete({ settings, prefixes, isJson }: DeleteOptions, context: Context): Promise<number> {
  const store = await openHistory(settings, context);
  const named = [...new Map(prefixes.map((prefix) => findConversation(store, prefix)).map((one) => [one.id, one])).values()];
  const deleted = store.remove(named.map(({ id }) => id));
  if (isJson) await showJson(context, [], { deleted, ids: named.map(({ id }) => id) });
  else
    for (const { id, title } of named)
      await write(context.terminal.streams.stderr, `deleted: ${visibleLine(`${title} (${id})`)}\n`);
  return 0;
}

/** `orx history prune` */
export const pruneHistory = { parse: parsePrune, run: runPrune };

async function runPrune({ settings, before, isJson }: PruneOptions, context: Context): Promise<number> {
  const store = await openHistory(settings, context);
  const deleted = store.prune(before);
  if (isJson) await showJson(context, [], { deleted });
  else await write(context.terminal.streams.stderr, `${deleted} ${deleted === 1 ? 'conversation' : 'conversations'} deleted\n`);
  return 0;
}

/** `orx history path` */
export const printHistoryPath = { parse: parsePath, run: runPath };

async function runPath({ settings, isJson }: ReturnType<typeof parsePath>, context: Context): Promise<number> {
  const { path } = await context.stores.for(settings).openConversations();
  if (isJson) await showJson(context, [], { path });
  else await write(context.terminal.streams.stdout, `${shown(path, context)}\n`);
  return 0;
}

function shown(path: string, { terminal }: Context): string {
  const { stdout } = terminal.streams;
  return stdout.isTTY ? visibleText(path) : path;
}
